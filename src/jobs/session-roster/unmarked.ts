import { rowsIn } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { columnsOf, fit, line } from "../../reply/records.ts";
import type { Reply } from "../../reply/reply.ts";
import { andMore, count, reading } from "../../text/english.ts";
import { instantIn } from "../../text/instant.ts";
import type { JobWorld } from "../job.ts";
import { readingUntil, severalAtOnce, withQuestions } from "../shared/many-questions.ts";
import { isOver, isUnmarked, registrationIn, type Session, sessionIn } from "../shared/session.ts";
import { unmarkedPieces } from "./pieces.ts";

const columns = ["session", "name", "starts", "unmarked", "registered"];
/** Before anybody had a SkyPrep academy. */
const firstDay = "2000-01-01";
const dayMs = 86_400_000;
const mostShown = 40;
const mostNamed = 8;

export const saysUnmarked = (session: string): boolean =>
  /^(?:all |every )?(?:unmarked|not marked|unmarked (?:attendances?|sessions?))$/i.test(session.trim());

interface LookedAt {
  readonly session: Session;
  readonly unmarked: number;
  readonly registered: number;
}

/** Every session that took place, however long ago, whose attendance is not all marked. @throws Unread */
export async function unmarkedSessions(
  world: JobWorld,
  inner: JobContext,
  began: number,
  fresh: boolean,
): Promise<Reply> {
  const window = {
    start_date: firstDay,
    end_date: new Date(world.now() + dayMs).toISOString().slice(0, 10),
  };
  const rows = await world.read("get_instructor_led_training_timeslots", window, inner.signal);
  const past = rowsIn(rows)
    .map(sessionIn)
    .filter((one) => one.registered > 0 && isOver(one, world.now()))
    .sort((a, b) => instantIn(b.starts) - instantIn(a.starts) || b.id - a.id);
  const questions = { work: ["session_roster", "unmarked"], until: readingUntil(began, world), fresh };
  return withQuestions(questions, world, inner, async ({ ask, goOn, sinceWhen }) => {
    const looked = await severalAtOnce(past, async (session): Promise<LookedAt | undefined> => {
      const statuses = await ask(`roster of ${session.id}`, async (read) => {
        const asked = { instructor_led_training_timeslot_id: session.id };
        const came = await read("get_instructor_led_training_timeslot_registrations", asked, inner.signal);
        return rowsIn(came).map((row) => registrationIn(row).status);
      });
      return (
        statuses && {
          session,
          unmarked: statuses.filter(isUnmarked).length,
          registered: statuses.length,
        }
      );
    });
    return told(past, looked, { left: goOn, since: sinceWhen() });
  });
}

function told(
  past: readonly Session[],
  looked: readonly LookedAt[],
  { left, since }: { readonly left: () => string; readonly since: string | undefined },
): Reply {
  const open = looked.filter(({ unmarked }) => unmarked > 0);
  const rows = open.map(({ session: { id, name, starts }, unmarked, registered }) => ({
    session: id,
    name,
    starts,
    unmarked,
    registered,
  }));
  const shown = fit(rows.slice(0, mostShown), (row) => line(row, columns));
  const present = columnsOf(shown, columns);
  const oldest = past.at(-1)?.starts.slice(0, 10);
  const of = reading(past.length, {
    none: "no session took place with anybody registered",
    one: `of the one that took place, on ${oldest}`,
    many: (n) =>
      looked.length < n
        ? `of ${looked.length} of ${n} that took place, back to ${oldest}`
        : `of ${n} that took place, back to ${oldest}`,
  });
  const rest = open.slice(shown.length).map(({ session: { id } }) => String(id));
  const notes = [
    ...(rest.length > 0
      ? [
          `Further ones: ${andMore(rest.slice(0, mostNamed), rest.length - Math.min(rest.length, mostNamed))}.`,
        ]
      : []),
    ...(looked.length < past.length ? [`Not all was looked at: ${left()}.`] : []),
    ...(since === undefined ? [] : [`Attendance: ${since}`]),
  ];
  return {
    outcome: "done",
    text: [
      `Attendance is not marked in ${open.length === 0 ? "no session" : count(open.length, "session")} (${of}).`,
      ...(shown.length > 0 ? [present.join("\t"), ...shown.map((row) => line(row, present))] : []),
      ...(open.length > 0
        ? ["Mark one: session_roster with its number and attended, absent; “everybody but …” is understood."]
        : []),
      ...notes,
    ].join("\n"),
    structured: {
      items: shown,
      total: open.length,
      looked_at: looked.length,
      took_place: past.length,
      ...(oldest && { looked_back_to: oldest }),
      ...(notes.length > 0 && { notes }),
    },
    pieces: unmarkedPieces({ columns, rows, lookedAt: looked.length, tookPlace: past.length }),
  };
}
