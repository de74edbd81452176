import { Missing, type Reads, Unread } from "../../academy/reads.ts";
import { reading } from "../../text/english.ts";
import { instantIn } from "../../text/instant.ts";
import type { Someone } from "./people-index.ts";
import { wordsOf } from "./search/words.ts";
import { isOver, type Session, sessionIn } from "./session.ts";

/** The sessions to come that name somebody as their instructor: that is a text, and stays when they leave. */
export interface Instructing {
  readonly sessions: readonly Session[];
  /** A sentence for whoever hands them over. */
  readonly note: string;
}

const mostNamed = 12;
const dayMs = 86_400_000;

export async function instructing(person: Someone, reads: Reads, now: number): Promise<Instructing> {
  // A day more: the academy's days are not UTC's.
  const start_date = new Date(now - dayMs).toISOString().slice(0, 10);
  try {
    const rows = await reads.rows("get_instructor_led_training_timeslots", { start_date });
    const sessions = rows
      .map(sessionIn)
      .filter((one) => !isOver(one, now) && isNamed(person, one.instructor))
      .sort((a, b) => instantIn(a.starts) - instantIn(b.starts));
    return { sessions, note: inWords(sessions) };
  } catch (error) {
    if (!(error instanceof Missing || error instanceof Unread)) throw error;
    return {
      sessions: [],
      note: "Whether sessions to come name them as instructor could not be read: get_ilt_timeslots lists them.",
    };
  }
}

/** By name or login, also beside others: “Pat Instructor, Jordan Manager”. */
function isNamed({ name, login, row }: Someone, instructor: string): boolean {
  const said = ` ${wordsOf(instructor).join(" ")} `;
  const [first, last] = [row.first_name, row.last_name].map((one) => (typeof one === "string" ? one : ""));
  return [name, `${first} ${last}`, `${last} ${first}`, login]
    .map((one) => wordsOf(one).join(" "))
    .some((one) => one !== "" && said.includes(` ${one} `));
}

function inWords(sessions: readonly Session[]): string {
  if (sessions.length === 0) return "No session to come names them as instructor.";
  const shown = sessions
    .slice(0, mostNamed)
    .map(({ id, name, starts }) => [id, name, `(${starts})`].filter(Boolean).join(" "));
  const left = sessions.length - shown.length;
  const which = `${shown.join("; ")}${left > 0 ? `; and ${left} more` : ""}`;
  return `${reading(sessions.length, {
    one: "1 session to come still names them as instructor",
    many: (n) => `${n} sessions to come still name them as instructor`,
  })}: ${which}. update_ilt_timeslot names somebody else.`;
}
