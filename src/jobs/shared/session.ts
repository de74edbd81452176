import { agrees, createMeanings } from "../../academy/name-matching.ts";
import { Missing, Mistaken, numberIn, type Reads, type Row, rowsIn } from "../../academy/reads.ts";
import { cleanText, count } from "../../text/english.ts";
import { instantIn } from "../../text/instant.ts";
import { printed } from "../../text/typed.ts";
import type { JobWorld } from "../job.ts";
import { shown } from "./search/columns.ts";
import { search } from "./search/search.ts";

/** One session of an instructor-led training, cleaned. */
export interface Session {
  readonly id: number;
  readonly name: string;
  readonly starts: string;
  readonly ends: string;
  readonly place: string;
  readonly instructor: string;
  /** Undefined: as many as want to come. */
  readonly seats: number | undefined;
  readonly registered: number;
}

export interface MeantSession {
  /** A session's number, or a training's name or number. */
  readonly session: string;
  readonly date?: string | undefined;
}

const words = (value: unknown): string => (typeof value === "string" ? cleanText(value).slice(0, 80) : "");

export function sessionIn(row: Row): Session {
  const seats = Number(row.capacity);
  return {
    id: numberIn(row),
    name: words(row.name),
    starts: words(row.commencement_time),
    ends: words(row.end_time),
    place: words(row.location),
    instructor: words(row.instructor),
    seats: row.capacity !== null && Number.isInteger(seats) && seats > 0 ? seats : undefined,
    registered: Number(row.registration_count) || 0,
  };
}

const hour = 3_600_000;
/** A time without its offset may be anywhere's: it is surely past, or to come, only so much later. */
const widestOffset = 14 * hour;
/** Whoever keeps the list at the door begins before the session does. */
const checkIn = hour;
const slack = (text: string) => (/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? 0 : widestOffset);

/** It is sure to have ended. */
export function isOver({ starts, ends }: Pick<Session, "starts" | "ends">, now: number): boolean {
  const at = ends || starts;
  return instantIn(at) + slack(at) <= now;
}

/** It is sure not to have begun. */
export const isToCome = ({ starts }: Pick<Session, "starts">, now: number): boolean =>
  instantIn(starts) - slack(starts) - checkIn > now;

const mostOffered = 8;

/** The one session that is meant, or why it is not plain which. @throws Unread */
export async function sessionNamed(
  { session: text, date }: MeantSession,
  world: Pick<JobWorld, "list" | "now">,
  reads: Reads,
  signal: AbortSignal,
): Promise<Session | { readonly wrong: string }> {
  const wanted = text.trim();
  if (/^\d{1,15}$/.test(wanted)) {
    const one = await sessionOf(Number(wanted), reads);
    if (one && (date === undefined || one.starts.startsWith(date))) return one;
    if (date === undefined) return { wrong: `There is no session ${wanted}.` };
  }
  const trainings = rowsIn(await world.list("get_instructor_led_trainings", signal));
  const meaning = createMeanings(trainings.map(nameable))(wanted);
  if (meaning.found.length === 0 || saysSession(wanted)) {
    const one = await sessionPrinted(wanted, { trainings, reads });
    if (one && (date === undefined || "wrong" in one || one.starts.startsWith(date))) return one;
    if (one) {
      return {
        wrong: `Session ${one.id} ${one.name} is on ${one.starts.slice(0, 10)}, not on ${date}: say which is meant by its number alone.`,
      };
    }
  }
  const own = meaning.found.map(({ row }) => row);
  if (own.length === 0) {
    const near = await trainingsNear(wanted, world, signal);
    const none = `There is no session or training “${wanted}”.`;
    if (near.length > 0) return { wrong: `${none} Near it: ${near.join("; ")}.` };
    const toCome = trainings
      .flatMap((row) => sessionsOf(row).map((one) => ({ ...one, name: one.name || words(row.name) })))
      .filter((one) => isToCome(one, world.now()))
      .sort(earliestFirst)
      .map(({ id, name, starts }) => `${id} ${name} at ${starts}`);
    return {
      wrong: toCome.length === 0 ? none : `${none} To come: ${listed(toCome)}. Say which by its number.`,
    };
  }
  const sessions = own.flatMap(sessionsOf).sort(earliestFirst);
  // A day is the session's own, where it is held.
  const that = date === undefined ? sessions : sessions.filter(({ starts }) => starts.startsWith(date));
  const [first, ...more] = that;
  if (first === undefined) {
    return {
      wrong: `“${wanted}” has no session${date === undefined ? "" : ` on ${date}`}.${offer(sessions)}`,
    };
  }
  return more.length === 0
    ? first
    : {
        wrong: `“${wanted}” has ${count(that.length, "session")}${date === undefined ? "" : ` on ${date}`}.${offer(that)}`,
      };
}

const earliestFirst = (a: Session, b: Session): number => instantIn(a.starts) - instantIn(b.starts);
const sessionsOf = (training: Row): Session[] =>
  rowsIn(training.instructor_led_training_timeslots).map(sessionIn);

const nameable = (row: Row) => ({
  row,
  id: numberIn(row),
  label: words(row.name),
  own: [String(numberIn(row)), ...(typeof row.name === "string" ? [row.name] : [])],
});

const saysSession = (text: string): boolean => /^(?:session|timeslot)$/.test(printed(text)?.kind ?? "");

async function sessionOf(id: number, reads: Reads): Promise<Session | undefined> {
  try {
    const row = await reads.one("get_instructor_led_training_timeslot", {
      instructor_led_training_timeslot_id: id,
    });
    // Whatever else came does not say that there is none.
    if (numberIn(row) !== id) throw new Mistaken(`another answer came than session ${id}`);
    return sessionIn(row);
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    return undefined;
  }
}

/** A session as our replies print it: 511 Onboarding Workshop, session 511, #511. */
async function sessionPrinted(
  text: string,
  { trainings, reads }: { readonly trainings: readonly Row[]; readonly reads: Reads },
): Promise<Session | { readonly wrong: string } | undefined> {
  const ours = printed(text);
  if (ours === undefined || ours.kind === "training") return undefined;
  const one = await sessionOf(ours.number, reads);
  if (one === undefined) return undefined;
  const training = trainings.find((row) =>
    rowsIn(row.instructor_led_training_timeslots).some((slot) => numberIn(slot) === one.id),
  );
  const own = [one.name, words(training?.name), one.starts, one.ends, one.place, one.instructor];
  if (agrees(ours.words, { id: one.id, label: one.name, own })) return one;
  return {
    wrong: `Session ${one.id} is ${one.name || words(training?.name)}, ${one.starts}, not “${cleanText(ours.words).slice(0, 80)}”: say which is meant by its number alone.`,
  };
}

/** Trainings that a text may mean, as find knows them. */
async function trainingsNear(
  text: string,
  world: Pick<JobWorld, "list">,
  signal: AbortSignal,
): Promise<string[]> {
  const { hits } = await search(["session"], text, world, signal);
  const trainings = hits.filter(({ entry: { kind } }) => kind === "training");
  return (trainings.length > 0 ? trainings : hits)
    .slice(0, mostOffered)
    .map((hit) =>
      `${hit.entry.kind === "session" ? "session " : ""}${hit.entry.id} ${shown(hit).name ?? ""}`.trim(),
    );
}

const offer = (sessions: readonly Session[]): string =>
  sessions.length === 0
    ? ""
    : ` Say which by its number: ${listed(sessions.map(({ id, starts }) => `${id} at ${starts}`))}.`;

const listed = (offered: readonly string[]): string =>
  `${offered.slice(0, mostOffered).join("; ")}${offered.length > mostOffered ? ` and ${offered.length - mostOffered} more` : ""}`;

/** Who is registered, as SkyPrep shows it. */
export interface Registration {
  readonly id: number;
  readonly person: number;
  readonly status: string;
}

/** Nobody has said yet whether they came. */
export const isUnmarked = (status: string): boolean => /^(?:pending|registered|)$/i.test(status.trim());

/** They were marked as not having come. */
export const isNoShow = (status: string): boolean =>
  /^(?:absent|missed|no[ _-]?show|(?:did[ _-])?not[ _-]attend(?:ed)?)$/i.test(status.trim());

export function registrationIn(row: Row): Registration {
  return {
    id: Number(row.id),
    person: Number(row.user_id),
    status: typeof row.status === "string" ? cleanText(row.status).slice(0, 40) : "",
  };
}

/** Seats that are free now; undefined: no limit. */
export const freeSeats = (
  { seats, registered }: Session,
  registrations: readonly Registration[],
): number | undefined =>
  seats === undefined ? undefined : Math.max(0, seats - Math.max(registrations.length, registered));
