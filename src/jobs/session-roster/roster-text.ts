import { Missing, type Reads } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { columnsOf, fit, line } from "../../reply/records.ts";
import type { Reply } from "../../reply/reply.ts";
import { cleanText, count, reading } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { openManagers } from "../shared/managers/kept-managers.ts";
import { readingUntil, withQuestions } from "../shared/many-questions.ts";
import { createPeopleIndex, isGone, type PeopleIndex, type Someone } from "../shared/people-index.ts";
import { freeSeats, isOver, type Registration, type Session } from "../shared/session.ts";
import { managersOf } from "./managers.ts";
import { rosterPieces } from "./pieces.ts";

const columns = ["registration", "person", "name", "login", "managers", "status"];
/** More are found in one list of everybody. */
const fewPeople = 4;

interface RosterContext {
  readonly world: JobWorld;
  readonly inner: JobContext;
  /** Epoch milliseconds: when the call began. */
  readonly began: number;
  readonly reads: Reads;
  readonly signal: AbortSignal;
}

/** A session with everybody who is registered. @throws Unread */
export async function showRoster(
  session: Session,
  registrations: readonly Registration[],
  { world, inner, began, reads, signal }: RosterContext,
): Promise<Reply> {
  const everyone = await everyoneIn(registrations, { world, reads, signal });
  const people = registrations.flatMap(({ person }) => everyone.byNumber(person) ?? []);
  const kept = await openManagers(world, { fresh: false });
  const managers = await withQuestions(
    { work: ["session_roster", String(session.id)], until: readingUntil(began, world) },
    world,
    inner,
    (questions) => managersOf(people, world, { questions, kept }, signal),
  ).finally(() => kept.keep());
  const rows = registrations.map(({ id, person, status }) =>
    rowOf(everyone.byNumber(person), { id, person, status }, managers.of),
  );
  const over = isOver(session, world.now());
  const free = over ? undefined : freeSeats(session, registrations);
  const shown = fit(rows, (row) => line(row, columns));
  const present = columnsOf(shown, columns);
  const cut =
    shown.length < rows.length
      ? `, the first ${shown.length} shown (get_ilt_timeslot_registrations pages them all)`
      : "";
  const gone = people.filter((one) => isGone(one, world.now())).length;
  const seats = over ? tookPlace(session) : seatsInWords(free, session);
  const about = [session.starts, session.ends && `to ${session.ends}`, session.place, session.instructor];
  return {
    outcome: "done",
    text: [
      `Session ${session.id} ${session.name}: ${about.filter(Boolean).join(", ")}.`,
      `${rows.length || "Nobody"} registered${cut}; ${seats}.${gone > 0 ? ` ${gone} of them cannot sign in any more.` : ""}`,
      ...(shown.length > 0 ? [present.join("\t"), ...shown.map((row) => line(row, present))] : []),
      ...managers.notes,
    ].join("\n"),
    structured: {
      session: {
        id: session.id,
        name: session.name,
        starts: session.starts,
        ends: session.ends,
        ...(session.place && { place: session.place }),
        ...(session.instructor && { instructor: session.instructor }),
        ...(session.seats !== undefined && { seats: session.seats }),
      },
      ...(over && { took_place: true }),
      ...(free !== undefined && { free_seats: free }),
      items: shown,
      total: rows.length,
      ...(gone > 0 && { without_access: gone }),
      ...(managers.notes.length > 0 && { notes: managers.notes }),
    },
    pieces: (say) => rosterPieces({ session, columns, rows, shown, free, gone })(say),
  };
}

/** Seats are free only as long as somebody could take one. */
const tookPlace = ({ seats }: Session): string =>
  seats === undefined ? "it took place already" : `${count(seats, "seat", "seats")}; it took place already`;

const seatsInWords = (free: number | undefined, { seats }: Session): string =>
  free === undefined
    ? "no limit of seats"
    : reading(free, {
        none: `no free seat of ${seats}`,
        one: `1 free seat of ${seats}`,
        many: (n) => `${n} free seats of ${seats}`,
      });

function rowOf(
  one: Someone | undefined,
  { id, person, status }: Registration,
  managersOf: (person: Someone) => readonly string[],
) {
  const managers = one ? managersOf(one) : [];
  return {
    registration: id,
    person,
    ...(one && { name: one.name, login: cleanText(one.login) }),
    ...(managers.length > 0 && { managers: managers.join(", ") }),
    status,
  };
}

/** Those who are registered, as the list of people has them. @throws Unread */
export async function everyoneIn(
  registrations: readonly Registration[],
  { world, reads, signal }: Pick<RosterContext, "world" | "reads" | "signal">,
): Promise<PeopleIndex> {
  if (registrations.length > fewPeople) return createPeopleIndex(await world.list("get_users", signal));
  const rows: unknown[] = [];
  for (const { person } of registrations) {
    try {
      rows.push(await reads.one("get_user", { user_id: person }));
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
    }
  }
  return createPeopleIndex(rows);
}
