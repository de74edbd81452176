import { count } from "../../guard/words.ts";
import { clean } from "../../reply/clean.ts";
import { cleanText } from "../../reply/clean-text.ts";
import type { JobWorld } from "../job.ts";
import { dayOf, dayThere, when } from "../status/when.ts";
import { orUnknown, type Part } from "./part.ts";

type Row = Readonly<Record<string, unknown>>;
interface Session {
  readonly id: number;
  readonly name: string;
  /** As SkyPrep writes it, in the account's own zone. */
  readonly starts: string;
  readonly begins: number;
  readonly ends: number;
  readonly registered: number;
  readonly capacity: number | undefined;
}

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
const mostShown = 8;
/** Rosters that are looked at: a call each. */
const mostRosters = 2;

/** The sessions of the week to come, with their seats, and whose attendance of the week past is not marked. */
export async function lookAtSessions(world: JobWorld, signal: AbortSignal): Promise<Part> {
  const now = world.now();
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  // A day more at both ends: the account's days are not UTC's.
  const window = { start_date: day(now - weekMs - dayMs), end_date: day(now + weekMs + dayMs) };
  const read = await orUnknown("sessions (get_ilt_timeslots)", async () => {
    const answer = await world.read("get_instructor_led_training_timeslots", window, signal);
    return [answer].flat().flatMap((row) => sessionIn(row));
  });
  if ("unknown" in read) return read;
  const coming = read
    .filter(({ ends, begins }) => ends > now && begins <= now + weekMs)
    .sort((a, b) => a.begins - b.begins);
  const past = read
    .filter(({ ends, registered }) => ends <= now && ends > now - weekMs && registered > 0)
    .sort((a, b) => b.ends - a.ends);
  const rosters = await unmarked(past, world, signal);
  const today = coming.filter((one) => isToday(one, now));
  const shown = coming.slice(0, mostShown);
  return {
    lines: [
      `${count(today.length, "session", "sessions")} today, ${coming.length} in the next 7 days${coming.length > 0 ? ":" : "."}`,
      ...shown.map((one) => `${one.id} ${one.starts} ${one.name}: ${seats(one)}`),
      ...(coming.length > shown.length
        ? [`and ${coming.length - shown.length} more: get_ilt_timeslots.`]
        : []),
    ],
    attention: rosters.attention,
    unknown: rosters.unknown,
    structured: {
      sessions_today: today.length,
      sessions_7_days: coming.length,
      sessions: shown.map(({ id, name, starts, registered, capacity }) => ({
        id,
        name,
        starts,
        registered,
        ...(capacity !== undefined && { capacity, free: Math.max(0, capacity - registered) }),
      })),
      unmarked: rosters.sessions,
    },
  };
}

async function unmarked(past: readonly Session[], world: JobWorld, signal: AbortSignal) {
  const sessions: { id: number; pending: number; registered: number }[] = [];
  const unknown: string[] = [];
  for (const { id } of past.slice(0, mostRosters)) {
    const read = await orUnknown(`attendance of session ${id} (session_roster)`, async () => {
      const asked = { instructor_led_training_timeslot_id: id };
      const answer = await world.read("get_instructor_led_training_timeslot_registrations", asked, signal);
      return [answer].flat().flatMap((row) => {
        const { status, instructor_led_training_timeslot_id: of } = (row ?? {}) as Row;
        return of === undefined || Number(of) === id ? [String(status ?? "")] : [];
      });
    });
    if ("unknown" in read) unknown.push(...read.unknown);
    else {
      const pending = read.filter((status) => /^(pending|registered|)$/i.test(status)).length;
      if (pending > 0) sessions.push({ id, pending, registered: read.length });
    }
  }
  const rest = past.slice(mostRosters);
  if (rest.length > 0) {
    unknown.push(
      `attendance of ${count(rest.length, "older session", "older sessions")} of the last 7 days (${rest
        .slice(0, 5)
        .map(({ id }) => id)
        .join(", ")}): session_roster`,
    );
  }
  const attention = sessions.map(
    ({ id, pending, registered }) =>
      `attendance of session ${id} is not marked for ${pending} of ${registered}: session_roster`,
  );
  return { sessions, unknown, attention };
}

function sessionIn(value: unknown): Session[] {
  const row = (value ?? {}) as Row;
  const [id, begins] = [Number(row.id), Date.parse(String(row.commencement_time))];
  if (!Number.isSafeInteger(id) || Number.isNaN(begins)) return [];
  const ends = Date.parse(String(row.end_time));
  const capacity = row.capacity === null || row.capacity === "" ? Number.NaN : Number(row.capacity);
  return [
    {
      id,
      name: String(clean(String(row.name ?? ""))).slice(0, 80),
      starts: cleanText(String(row.commencement_time)).slice(0, 30),
      begins,
      ends: Number.isNaN(ends) ? begins : ends,
      registered: Number(row.registration_count) || 0,
      capacity: Number.isSafeInteger(capacity) ? capacity : undefined,
    },
  ];
}

const seats = ({ registered, capacity }: Session): string =>
  capacity === undefined
    ? `${registered} registered`
    : `${Math.max(0, capacity - registered)} of ${capacity} seats free`;

/** Of the account's own day, which the instant's offset tells. */
function isToday({ starts }: Session, now: number): boolean {
  const there = when(starts);
  return there !== undefined && dayOf(there) === dayThere(now, there);
}
