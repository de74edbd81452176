import type { Row } from "../../academy/reads.ts";
import { clean } from "../../reply/records.ts";
import { and, cleanText, count, reading } from "../../text/english.ts";
import { instantIn } from "../../text/instant.ts";
import type { JobWorld } from "../job.ts";
import { isUnmarked } from "../shared/session.ts";
import { dayOf, dayThere, when } from "../shared/training/instants.ts";
import { type OverviewPart, orUnknown } from "./part.ts";

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
/** Attendance is marked late, however late: one call lists all sessions there ever were. */
const firstDay = "2000-01-01";
const mostShown = 8;
/** Rosters that are looked at: a call each. */
const mostRosters = 8;
/** Unmarked sessions that have a line each. */
const mostLines = 3;

/** The sessions of the days to come, with their seats, and whose attendance of those past is not marked. */
export async function lookAtSessions(
  world: JobWorld,
  signal: AbortSignal,
  days: number,
): Promise<OverviewPart> {
  const now = world.now();
  const aheadMs = days * dayMs;
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  // A day more: the account's days are not UTC's.
  const window = { start_date: firstDay, end_date: day(now + aheadMs + dayMs) };
  const read = await orUnknown("sessions (get_ilt_timeslots)", async () => {
    const answer = await world.read("get_instructor_led_training_timeslots", window, signal);
    return [answer].flat().flatMap((row) => sessionIn(row));
  });
  if ("unknown" in read) return read;
  const coming = read
    .filter(({ ends, begins }) => ends > now && begins <= now + aheadMs)
    .sort((a, b) => a.begins - b.begins);
  const past = read
    .filter(({ ends, registered }) => ends <= now && registered > 0)
    .sort((a, b) => b.ends - a.ends);
  const rosters = await unmarked(past, world, signal);
  const today = coming.filter((one) => isToday(one, now));
  const shown = coming.slice(0, mostShown);
  const oldest = past.slice(0, mostRosters).at(-1);
  return {
    lines: [
      `${reading(today.length, { none: "No session", one: "1 session", many: (n) => `${n} sessions` })} today, ${coming.length || "none"} in the next ${count(days, "day")}${coming.length > 0 ? ":" : "."}`,
      ...shown.map((one) => `${one.id} ${one.starts} ${one.name}: ${seats(one)}`),
      ...(coming.length > shown.length
        ? [`and ${coming.length - shown.length} more: get_ilt_timeslots lists them.`]
        : []),
      lookedBack(past),
    ],
    attention: rosters.attention,
    unknown: rosters.unknown,
    structured: {
      sessions_today: today.length,
      [`sessions_${days}_days`]: coming.length,
      sessions: shown.map(({ id, name, starts, registered, capacity }) => ({
        id,
        name,
        starts,
        registered,
        ...(capacity !== undefined && { capacity, free: Math.max(0, capacity - registered) }),
      })),
      ...(oldest && { looked_back_to: oldest.starts.slice(0, 10) }),
      unmarked: rosters.sessions,
    },
  };
}

const lookedBack = (past: readonly Session[]): string => {
  const looked = past.slice(0, mostRosters);
  const back = looked.at(-1)?.starts.slice(0, 10);
  return reading(past.length, {
    none: "No session that took place had anybody registered.",
    one: `Attendance was looked at in the one session that took place, of ${back}.`,
    two: `Attendance was looked at in both sessions that took place, back to ${back}.`,
    many: (n) =>
      `Attendance was looked at in ${n > mostRosters ? `the last ${mostRosters} of` : "all"} ${count(n, "session")} that took place, back to ${back}.`,
  });
};

async function unmarked(past: readonly Session[], world: JobWorld, signal: AbortSignal) {
  const sessions: { id: number; pending: number; registered: number }[] = [];
  const attention: string[] = [];
  const more: string[] = [];
  const unknown: string[] = [];
  for (const { id, name, starts } of past.slice(0, mostRosters)) {
    const read = await orUnknown(`attendance of session ${id} (session_roster shows it)`, async () => {
      const asked = { instructor_led_training_timeslot_id: id };
      const answer = await world.read("get_instructor_led_training_timeslot_registrations", asked, signal);
      return [answer].flat().flatMap((row) => {
        const { status, instructor_led_training_timeslot_id: of } = (row ?? {}) as Row;
        return of === undefined || Number(of) === id ? [String(status ?? "")] : [];
      });
    });
    if ("unknown" in read) unknown.push(...read.unknown);
    else {
      const pending = read.filter(isUnmarked).length;
      if (pending === 0) continue;
      sessions.push({ id, pending, registered: read.length });
      const day = starts.slice(0, 10);
      if (attention.length < mostLines) {
        attention.push(
          `attendance of session ${id} is not marked for ${pending} of ${read.length}: session_roster marks it (${[name, day].filter(Boolean).join(", ")})`,
        );
      } else more.push(`${id} of ${day} for ${pending} of ${read.length}`);
    }
  }
  if (more.length > 0) attention.push(`attendance is not marked in session ${and(more)} either`);
  const rest = past.length - mostRosters;
  if (rest > 0)
    unknown.push(
      `attendance of ${count(rest, "older session")}: session_roster with session unmarked looks at all there are`,
    );
  return { sessions, unknown, attention };
}

function sessionIn(value: unknown): Session[] {
  const row = (value ?? {}) as Row;
  const [id, begins] = [Number(row.id), instantIn(row.commencement_time)];
  if (!Number.isSafeInteger(id) || Number.isNaN(begins)) return [];
  const ends = instantIn(row.end_time);
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
