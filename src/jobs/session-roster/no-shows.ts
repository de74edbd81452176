import { numberIn, type Reads, rowsIn } from "../../academy/reads.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { count, reading } from "../../text/english.ts";
import { instantIn, isSurelyToCome } from "../../text/instant.ts";
import type { JobWorld } from "../job.ts";
import { leftTold } from "../shared/left-out.ts";
import { createPeopleIndex, isGone, isQuiet, type Someone } from "../shared/people-index.ts";
import { type Plan, plansOf } from "../shared/plan.ts";
import { planPieces } from "../shared/plan-pieces.ts";
import { costInWords, costOf, doItWith } from "../shared/plan-text.ts";
import {
  freeSeats,
  isNoShow,
  isUnmarked,
  type Registration,
  registrationIn,
  type Session,
  sessionIn,
} from "../shared/session.ts";

/** Later sessions that are looked through: a call each. */
const mostLater = 20;
const mostOffered = 8;
const mostNamed = 12;

interface Later {
  readonly session: Session;
  readonly registrations: readonly Registration[];
}

interface NoShowsContext {
  /** `next`, or a session's number. */
  readonly to: string;
  readonly world: JobWorld;
  readonly reads: Reads;
  readonly signal: AbortSignal;
}

const printed = ({ id, name, starts }: Session): string => `session ${id} ${name}, ${starts}`;

/** A plan that registers whoever was marked absent for a session to come of the same training. @throws Unread */
export async function planNoShows(
  session: Session,
  registrations: readonly Registration[],
  { to, world, reads, signal }: NoShowsContext,
): Promise<Reply> {
  const which = `session ${session.id} ${session.name}, ${session.starts}`;
  if (isSurelyToCome(session.starts, world.now()))
    return no(`Session ${session.id} begins ${session.starts}: who does not come is known once it has.`);
  const absent = registrations.filter(({ status }) => isNoShow(status));
  const open = registrations.filter(({ status }) => isUnmarked(status)).length;
  const unmarked =
    open > 0
      ? [
          `${reading(open, { one: "1 person is", many: (n) => `${n} people are` })} not marked in it yet: mark them first with attended and absent, if they did not come.`,
        ]
      : [];
  if (absent.length === 0) {
    return {
      outcome: "done",
      text: [`No plan was made: nobody is marked absent in ${which}.`, ...unmarked].join("\n"),
      structured: { session: session.id, no_shows: 0, unmarked: open },
    };
  }

  const siblings = await siblingsOf(session, { world, signal });
  if (siblings === undefined)
    return no(`Which training session ${session.id} is of, SkyPrep does not show: say who with register.`);
  const later: Later[] = [];
  for (const one of siblings.slice(0, mostLater)) {
    const rows = await reads.rows("get_instructor_led_training_timeslot_registrations", {
      instructor_led_training_timeslot_id: one.id,
    });
    later.push({ session: one, registrations: rows.map(registrationIn) });
  }
  const coming = later.filter(({ session: { starts } }) => isSurelyToCome(starts, world.now()));
  const everyone = createPeopleIndex(await world.list("get_users", signal));
  const people: Someone[] = [];
  const left: Plan["left"] = [];
  for (const { person: id } of absent) {
    const person = everyone.byNumber(id);
    const why = whyNot(id, person, later, world.now());
    if (person !== undefined && why === undefined) people.push(person);
    else left.push({ who: `${id} ${person?.name ?? ""}`.trim(), why: why ?? "" });
  }
  if (people.length === 0) {
    const told = await leftTold(left, { kind: "no-shows" }, world);
    return {
      outcome: "done",
      text: [
        `No plan was made: of ${count(absent.length, "no-show")} of ${which} nobody is left to register.`,
        ...told.lines,
        ...unmarked,
      ].join("\n"),
      structured: { session: session.id, no_shows: absent.length, ...told.structured, unmarked: open },
    };
  }

  const chosen = choose(to, coming, people.length);
  if ("wrong" in chosen) return no(...chosen.wrong, ...unmarked);
  const { session: target, registrations: taken } = chosen.later;
  const plan: Plan = {
    kind: "no-shows",
    account: world.academy,
    at: world.now(),
    people: people.map((one) => ({
      id: one.id,
      login: one.login,
      name: one.name,
      ...(isQuiet(one) && { quiet: true as const }),
    })),
    targets: [{ kind: "session", id: target.id, name: target.name, at: target.starts }],
    units: people.map((_, p) => ({ do: "register", p, t: 0 })),
    left,
  };
  const state = { marks: ".".repeat(people.length), why: {} };
  const name = await plansOf(world).keep(plan, state);
  const told = await leftTold(left, name, world);
  const free = freeSeats(target, taken);
  const seats =
    free === undefined
      ? "no limit of seats"
      : `${count(free, "free seat")} before, ${free - people.length} after`;
  const cost = costOf(plan, state, world.records);
  const named = people.slice(0, mostNamed).map(({ id, name: who }) => `${id} ${who}`);
  const rest = people.length - named.length;
  return {
    outcome: "done",
    text: [
      `Plan ${name}: register ${count(people.length, "no-show")} of ${which} for ${printed(target)} (${seats}). Nothing was changed. ${doItWith(name)}`,
      `For ${named.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}.`,
      costInWords(cost),
      ...chosen.notes,
      ...told.lines,
      ...unmarked,
    ].join("\n"),
    structured: {
      plan: name,
      next: doItWith(name),
      session: session.id,
      into: {
        id: target.id,
        name: target.name,
        starts: target.starts,
        ...(free !== undefined && { free_seats: free }),
      },
      no_shows: absent.length,
      to_register: people.length,
      ...cost,
      ...told.structured,
      unmarked: open,
      ...(chosen.notes.length > 0 && { notes: chosen.notes }),
    },
    pieces: planPieces({
      ...{ name, plan, state, cost, columns },
      rows: () => people.map(({ id, login, name: who }) => [String(id), login, who, printed(target)]),
      notes: unmarked,
    }),
  };
}

const columns = ["person", "login", "name", "into"];

const no = (...lines: readonly string[]): Reply => refuse("No plan was made; nothing was changed.", ...lines);

/** The later sessions of the same training, the soonest first; undefined: SkyPrep does not show which it is. */
async function siblingsOf(
  { id, starts }: Session,
  { world, signal }: Pick<NoShowsContext, "world" | "signal">,
): Promise<readonly Session[] | undefined> {
  world.kept.renew("get_instructor_led_trainings");
  const trainings = rowsIn(await world.list("get_instructor_led_trainings", signal));
  const slots = trainings
    .map((row) => rowsIn(row.instructor_led_training_timeslots))
    .find((some) => some.some((row) => numberIn(row) === id));
  return slots
    ?.map(sessionIn)
    .filter((one) => one.id !== id && instantIn(one.starts) > instantIn(starts))
    .sort((a, b) => instantIn(a.starts) - instantIn(b.starts));
}

/** Why somebody is not registered anew; undefined: they are to be. */
function whyNot(
  id: number,
  person: Someone | undefined,
  later: readonly Later[],
  now: number,
): string | undefined {
  if (person === undefined) return "not in SkyPrep's list of people";
  if (isGone(person, now)) return "has no access any more";
  for (const { session, registrations } of later) {
    const own = registrations.find((one) => one.person === id && !isNoShow(one.status));
    if (own === undefined) continue;
    const day = session.starts.slice(0, 10);
    if (isUnmarked(own.status)) return `is registered for session ${session.id} of ${day} already`;
    return own.status === "attended"
      ? `attended session ${session.id} of ${day}`
      : `stands as “${own.status}” in session ${session.id} of ${day}`;
  }
  return undefined;
}

type Chosen =
  | { readonly later: Later; readonly notes: readonly string[] }
  | { readonly wrong: readonly string[] };

/** The soonest with room for all of them, or the one that was named. */
function choose(to: string, coming: readonly Later[], people: number): Chosen {
  const free = ({ session, registrations }: Later) => freeSeats(session, registrations);
  const fits = (one: Later) => (free(one) ?? people) >= people;
  const offered = coming.slice(0, mostOffered).map((one) => `${printed(one.session)}: ${seatsIn(free(one))}`);
  const whole = count(people, "person", "people");
  if (coming.length === 0) return { wrong: ["No later session of the same training is to come."] };
  if (to.trim().toLowerCase() !== "next") {
    const number = /^\D*(\d{1,15})$/.exec(to.trim())?.[1];
    const named = coming.find(({ session }) => session.id === Number(number));
    if (named === undefined)
      return {
        wrong: [
          `no_shows_to is next, or the number of a session to come of the same training: ${offered.join("; ")}.`,
        ],
      };
    return fits(named)
      ? { later: named, notes: [] }
      : {
          wrong: [
            `${printed(named.session)} has ${seatsIn(free(named))} for ${whole}.`,
            ...elsewhere(offered),
          ],
        };
  }
  const at = coming.findIndex(fits);
  const found = coming[at];
  if (found === undefined)
    return { wrong: [`No session to come has room for ${whole}.`, ...elsewhere(offered)] };
  const full = coming.slice(0, at);
  return {
    later: found,
    notes: full.map(
      (one) => `Sooner, but without room for all: ${printed(one.session)}, ${seatsIn(free(one))}.`,
    ),
  };
}

const elsewhere = (offered: readonly string[]): string[] => [`Sessions to come: ${offered.join("; ")}.`];

const seatsIn = (free: number | undefined): string =>
  free === undefined
    ? "no limit of seats"
    : reading(free, { none: "no free seat", one: "1 free seat", many: (n) => `${n} free seats` });
