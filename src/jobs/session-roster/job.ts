import { z } from "zod";
import { createReads, type Reads } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { and, howTheyStand, reading, statusWords } from "../../text/english.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { peopleCalled, sessionCalled } from "../shared/called.ts";
import { confirm, field, fresh, moreLeft, unlisted, whole } from "../shared/input-fields.ts";
import { leftPage, leftTold } from "../shared/left-out.ts";
import { readingUntil } from "../shared/many-questions.ts";
import type { Someone } from "../shared/people-index.ts";
import { type MeantPeople as People, peopleMeant } from "../shared/people-meant.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import { isOver, type Registration, registrationIn, type Session, sessionNamed } from "../shared/session.ts";
import { countsInWords, tell } from "../steps/outcome-text.ts";
import { runSteps } from "../steps/run-steps.ts";
import { attendance, settled } from "./attendance.ts";
import { type Everybody, everybodyIn, exceptionsMeant, withEverybody } from "./everybody.ts";
import { planNoShows } from "./no-shows.ts";
import { showRoster } from "./roster-text.ts";
import { saysUnmarked, unmarkedSessions } from "./unmarked.ts";

/** So many are called by name. */
const fewPeople = 3;
/** As many enrollments would be asked about. */
const unaskedWrites = 25;
const people = (words: string) =>
  whole(
    field(z.array(z.string().trim().min(1).max(255)).min(1), words, ["nadia.clarke@example.com"]),
  ).optional();

const input = z.strictObject({
  session: field(
    z.string().trim().min(1).max(255),
    "Number, or its training's name; or unmarked: lists those not marked",
    "511",
  ),
  date: field(z.iso.date(), "Its day, YYYY-MM-DD, if several", "2026-12-01").optional(),
  register: people("Who: logins, names or numbers"),
  attended: people("Who came, likewise; or everybody, everybody but …"),
  absent: people("Who did not come, likewise"),
  no_shows_to: field(
    z.string().trim().min(1).max(40),
    "Plans the absent into the next session, or by number",
    "next",
  ).optional(),
  fresh: unlisted(fresh),
  cursor: unlisted(moreLeft),
  confirm,
});
type RosterArgs = z.output<typeof input>;

/** Who comes to a session; and, in one call, who is to come and who came. */
export const session_roster = defineJob({
  title: "Show or keep a session roster",
  description:
    "Who is registered for a session (timeslot), with managers and free seats; also registers several (all or none) and marks who came; overwriting asks first. May mail them; repeats change nothing; no lists: only reads. Unregister: destroy_ilt_timeslot_registrations. Move: update_ilt_timeslot.",
  searchHint:
    "who attended or signed up for the workshop, came, absent, mark or take attendance, classes with attendance not marked, no-shows to the next class, add three people to a class, register someone, webinar, attendance list, seats left",
  effect: "change",
  idempotent: true,
  input,
  board: "roster",
  run: ({ cursor, ...args }, world, inner) =>
    typeof cursor === "string"
      ? leftPage(cursor, world)
      : refuseOnReadFailure("Nothing was changed", () => roster(args, world, inner)),
});

async function roster(asked: RosterArgs, world: JobWorld, inner: JobContext): Promise<Reply> {
  const { signal } = inner;
  const began = world.now();
  const reads = createReads(world.read, signal);
  const marking = [asked.register, asked.attended, asked.absent].some((list) => list !== undefined);
  const wrongAtOnce = togetherWrong(asked, marking);
  if (wrongAtOnce.length > 0) return refuse("Nothing was changed; nothing was sent.", ...wrongAtOnce);
  if (saysUnmarked(asked.session)) return unmarkedSessions(world, inner, began, asked.fresh === true);
  const session = await sessionNamed(asked, world, reads, signal);
  const {
    lists: meant,
    all: spoken,
    unclear,
  } = await allMeant(asked, { ...world, read: reads.read }, signal);
  const isUnclear = unclear.length > 0 || Object.values(meant).some(({ left }) => left.length > 0);
  if ("wrong" in session || isUnclear) {
    const wrong = [...("wrong" in session ? [session.wrong] : []), ...unclear];
    for (const { left, notes } of Object.values(meant)) {
      const told = await leftTold(left, { kind: "enrollment" }, world, "Not plain who is meant");
      wrong.push(...notes, ...told.lines);
    }
    return refuse("Nothing was changed; nothing was sent.", ...wrong);
  }
  const registered = await registrationsOf(session, reads);
  if (asked.no_shows_to !== undefined)
    return planNoShows(session, registered, { to: asked.no_shows_to, world, reads, signal });
  if (!marking)
    return inner.reading(readingUntil(began, world), () =>
      showRoster(session, registered, { world, inner, began, reads, signal }),
    );

  const named = {
    register: meant.register?.people ?? [],
    attended: meant.attended?.people ?? [],
    absent: meant.absent?.people ?? [],
  };
  const filled =
    spoken && (await withEverybody(spoken, named, registered, { session, world, reads, signal }));
  if (filled && "wrong" in filled) return refuse("Nothing was changed; nothing was sent.", ...filled.wrong);
  const { marks, notes: keptNotes } = filled ?? { marks: named, notes: [] };
  const plan = attendance(session, registered, marks, world.now());
  if (plan.wrong.length > 0) return refuse("Nothing was changed; nothing was sent.", ...plan.wrong);
  const about = { session: session.id, name: session.name, starts: session.starts };
  const over = isOver(session, world.now());
  const seats = (taken: number) => {
    if (over) {
      const late = `It took place already: ${reading(taken, { one: "1 person was", many: (n) => `${n} people were` })} registered afterwards.`;
      return { besides: { ...about, took_place: true }, lines: taken > 0 ? [late] : [] };
    }
    if (plan.free === undefined) return { besides: about };
    const left = plan.free - taken;
    return {
      besides: { ...about, free_seats: left },
      lines: [
        reading(left, {
          none: "No free seat is left.",
          one: "1 free seat is left.",
          many: (n) => `${n} free seats left.`,
        }),
      ],
    };
  };
  const which = `session ${session.id} ${session.name}, ${session.starts}`;
  if (plan.jobSteps.length === 0) {
    const nothing = { first: `Nothing to do in ${which}.`, outcomes: plan.already, notes: keptNotes };
    return tell({ ...nothing, ...seats(0) });
  }
  const { jobSteps } = plan;
  const agreement = await inner.agree({
    asks: askFor(sessionCalled(session, world.zone), {
      registers: marks.register.filter(({ id }) =>
        jobSteps.slice(0, plan.registers).some((one) => one.person === id),
      ),
      attended: marked(jobSteps.slice(plan.registers), marks.attended),
      absent: marked(jobSteps.slice(plan.registers), marks.absent),
    }),
    facts: [
      overwritten(jobSteps.slice(plan.registers), registered),
      ...(over && plan.registers > 0 ? ["The session took place already."] : []),
      ...(plan.registers > 0 ? ["People who are registered may be emailed."] : []),
    ],
    // Few are named in the question itself.
    told: jobSteps.length <= fewPeople ? jobSteps.map(({ step }) => step) : [],
    steps: jobSteps.map(({ step }) => step),
    deserves: jobSteps.length > unaskedWrites ? "many" : undefined,
    code: asked.confirm,
  });
  if (!("run" in agreement)) return agreement;
  const done = await runSteps(jobSteps, agreement, inner);
  const outcomes = await settled(jobSteps, done.outcomes, () =>
    registrationsOf(session, createReads(world.read, signal)),
  );
  const all = [...outcomes, ...plan.already];
  const came = outcomes.slice(0, plan.registers).filter(({ is }) => is === "done").length;
  const first = `Of ${which}: ${countsInWords(all)}.`;
  return tell({ first, outcomes: all, notes: keptNotes, ...seats(came) });
}

/** What does not go together in one call. */
function togetherWrong({ session, no_shows_to: to, register }: RosterArgs, marking: boolean): string[] {
  const everybody = everybodyIn(register ?? []);
  return [
    ...(saysUnmarked(session) && (marking || to !== undefined)
      ? ["session unmarked only lists: name one session to mark or register."]
      : []),
    ...(to !== undefined && marking
      ? ["no_shows_to makes a plan of what is marked: mark in a call of its own, before."]
      : []),
    ...(everybody !== undefined ? ["register takes people by name, login or number, not everybody."] : []),
  ];
}

interface AttendanceChanges {
  readonly registers: readonly Someone[];
  readonly attended: readonly Someone[];
  readonly absent: readonly Someone[];
}

function askFor(session: string, { registers, attended, absent }: AttendanceChanges): string {
  const as = (people: readonly Someone[], word: string) =>
    people.length > 0 ? [`${peopleCalled(people)} as ${word}`] : [];
  const marks = [...as(attended, "attended"), ...as(absent, "absent")];
  if (registers.length === 0) return `Mark ${and(marks)} in ${session}?`;
  const more = marks.length > 0 ? `, and mark ${and(marks)}` : "";
  return `Register ${peopleCalled(registers)} for ${session}${more}?`;
}

const marked = (jobSteps: readonly { readonly person: number }[], people: readonly Someone[]): Someone[] =>
  people.filter(({ id }) => jobSteps.some(({ person }) => person === id));

/** What marking takes the place of. */
function overwritten(
  jobSteps: readonly { readonly person: number }[],
  registered: readonly Registration[],
): string {
  const before = registered.filter(({ person }) => jobSteps.some((one) => one.person === person));
  return before.length === 0
    ? "Nothing is overwritten."
    : `Their current status is overwritten: ${howTheyStand(before.map(({ status }) => statusWords(status)))}.`;
}

type Lists = Partial<Record<"register" | "attended" | "absent" | "but", People>>;

async function allMeant(
  asked: RosterArgs,
  world: JobWorld,
  signal: AbortSignal,
): Promise<{ readonly lists: Lists; readonly all?: Everybody; readonly unclear: readonly string[] }> {
  const lists: Lists = {};
  const unclear: string[] = [];
  let all: Everybody | undefined;
  for (const name of ["register", "attended", "absent"] as const) {
    const texts = asked[name];
    if (texts === undefined) continue;
    const everybody = everybodyIn(texts);
    if (everybody === undefined) {
      lists[name] = await peopleMeant({ people: texts }, world, signal);
      continue;
    }
    if ("wrong" in everybody) {
      unclear.push(everybody.wrong);
      continue;
    }
    if (all !== undefined) unclear.push("Everybody cannot be both attended and absent.");
    const but = await exceptionsMeant(everybody, world, signal);
    lists.but = but;
    if (everybody.others.length > 0)
      lists[name] = await peopleMeant({ people: everybody.others }, world, signal);
    all = { as: name === "absent" ? "absent" : "attended", but: but.people };
  }
  return { lists, ...(all && { all }), unclear };
}

const registrationsOf = async ({ id }: Session, reads: Reads) =>
  (
    await reads.rows("get_instructor_led_training_timeslot_registrations", {
      instructor_led_training_timeslot_id: id,
    })
  ).map(registrationIn);
