import { fold } from "../../call/search.ts";
import { Missing, Mistaken, type Row } from "../../guard/look.ts";
import { cleanText } from "../../reply/clean-text.ts";
import type { JobWorld } from "../job.ts";
import { numberIn, type Reads, rowsIn } from "../reads.ts";

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

export interface Meant {
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

const mostOffered = 8;

/** The one session that is meant, or why it is not plain which. @throws Unread */
export async function sessionNamed(
  { session: text, date }: Meant,
  { list }: Pick<JobWorld, "list">,
  reads: Reads,
  signal: AbortSignal,
): Promise<Session | { readonly wrong: string }> {
  const wanted = text.trim();
  if (/^\d{1,15}$/.test(wanted) && date === undefined) {
    const id = Number(wanted);
    try {
      const row = await reads.one("get_instructor_led_training_timeslot", {
        instructor_led_training_timeslot_id: id,
      });
      if (numberIn(row) === id) return sessionIn(row);
      throw new Mistaken(`another answer came than session ${wanted}`);
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      return { wrong: `There is no session ${wanted}.` };
    }
  }
  const trainings = rowsIn(await list("get_instructor_led_trainings", signal));
  const own = trainings.filter(
    (row) => numberIn(row) === Number(wanted) || fold(String(row.name)) === fold(wanted),
  );
  if (own.length === 0) {
    const near = trainings.filter(({ name }) => fold(String(name)).includes(fold(wanted)));
    return {
      wrong: `There is no training “${wanted}”.${near.length > 0 ? ` Near it: ${named(near)}.` : ""}`,
    };
  }
  const sessions = own
    .flatMap((row) => rowsIn(row.instructor_led_training_timeslots))
    .map(sessionIn)
    .sort((a, b) => Date.parse(a.starts) - Date.parse(b.starts));
  // A day is the session's own, where it is held.
  const that = date === undefined ? sessions : sessions.filter(({ starts }) => starts.startsWith(date));
  const [first, ...more] = that;
  if (first === undefined) {
    return {
      wrong: `“${wanted}” has no session ${date === undefined ? "" : `on ${date}`}.${offer(sessions)}`,
    };
  }
  return more.length === 0
    ? first
    : {
        wrong: `“${wanted}” has ${that.length} sessions${date === undefined ? "" : ` on ${date}`}.${offer(that)}`,
      };
}

const named = (rows: readonly Row[]): string =>
  rows
    .slice(0, mostOffered)
    .map((row) => `${numberIn(row)} ${words(row.name)}`)
    .join("; ");

function offer(sessions: readonly Session[]): string {
  if (sessions.length === 0) return "";
  const shown = sessions.slice(0, mostOffered).map(({ id, starts }) => `${id} at ${starts}`);
  const more = sessions.length > mostOffered ? ` and ${sessions.length - mostOffered} more` : "";
  return ` Say which by its number: ${shown.join("; ")}${more}.`;
}

/** Who is registered, as SkyPrep shows it. */
export interface Registration {
  readonly id: number;
  readonly person: number;
  readonly status: string;
}

export function registrationIn(row: Row): Registration {
  return {
    id: Number(row.id),
    person: Number(row.user_id),
    status: typeof row.status === "string" ? cleanText(row.status).slice(0, 40) : "",
  };
}
