import { z } from "zod";
import type { Row } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { clean } from "../../reply/records.ts";
import type { Reply } from "../../reply/reply.ts";
import { count } from "../../text/english.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { clocksOf } from "../shared/as-of.ts";
import { field } from "../shared/input-fields.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import { countPeople, mostRead } from "./count-people.ts";
import type { OverviewPart } from "./part.ts";
import { lookAtSessions } from "./sessions.ts";
import { trainingNumbers } from "./training.ts";

const input = z.strictObject({
  days: field(z.int().min(1).max(365), "Days ahead; else 7, for training 30", 14).optional(),
});
type OverviewArgs = z.output<typeof input>;

const [soonDays, trainingDays] = [7, 30];

/** What an administrator wants to know first, in a dozen calls at most; what is not known is said, with what finds out. */
export const account_overview = defineJob({
  title: "Show what needs attention",
  description:
    "Call it first for an overview: totals, who signs in or loses access, coming sessions, unmarked attendance; overdue and expiring training only once training_status has run. Totals alone: get_program.",
  searchHint:
    "overview of our academy, dashboard, summary, status, active users, what is going on or needs attention today",
  alwaysLoad: true,
  effect: "read",
  idempotent: true,
  input,
  run: (args, world, inner) =>
    refuseOnReadFailure("There is no overview", () => overview(args, world, inner)),
});

async function overview(
  { days }: OverviewArgs,
  world: JobWorld,
  { signal, progress }: JobContext,
): Promise<Reply> {
  const steps = 4;
  progress(0, steps, "Reading the account.");
  const program = ([await world.read("get_program", {}, signal)].flat()[0] ?? {}) as Row;
  const numbers = {
    courses: countIn(program.courses_count),
    groups: countIn(program.user_groups_count),
    learning_paths: countIn(program.learning_paths_count),
  };
  progress(1, steps, "Counting people.");
  const total = countIn(program.users_count);
  const people = await countPeople(
    { total, admins: countIn(program.admin_count), soonDays: days ?? soonDays },
    world,
    signal,
  );
  progress(2, steps, "Looking at training.");
  const training = await trainingNumbers(world, signal, {
    access: (total ?? 0) <= mostRead,
    days: days ?? trainingDays,
  });
  progress(3, steps, "Looking at sessions.");
  const sessions = await lookAtSessions(world, signal, days ?? soonDays);
  const name = textIn(program.name);
  const domain = textIn(program.acct_key);
  const parts: OverviewPart[] = [people, training, sessions];
  const attention = parts.flatMap(({ attention }) => attention);
  const unknown = parts.flatMap(({ unknown }) => unknown);
  const clocks = await clocksOf(world, signal);
  const at = clocks.second(world.now());
  const told = Object.entries(numbers).flatMap(([what, n]) => {
    const many = what.replace("_", " ");
    return n === undefined ? [] : [count(n, many.slice(0, -1), many)];
  });
  return {
    outcome: "done",
    text: [
      `${name || "This account"}${domain ? ` (${domain})` : ""}, at ${at} (${clocks.zone}).`,
      ...people.lines,
      ...(told.length > 0 ? [`${told.join(", ")}.`] : []),
      ...training.lines,
      ...sessions.lines,
      ...(attention.length > 0
        ? ["Needs attention:", ...attention.map((one) => `- ${one}`)]
        : ["Nothing that was looked at needs attention."]),
      ...(unknown.length > 0 ? ["Not known:", ...unknown.map((one) => `- ${one}`)] : []),
    ].join("\n"),
    structured: {
      name,
      domain,
      at,
      zone: clocks.zone,
      ...numbers,
      ...Object.assign({}, ...parts.map(({ structured }) => structured)),
      attention,
      unknown,
    },
  };
}

const textIn = (value: unknown): string =>
  typeof value === "string" ? String(clean(value)).slice(0, 120) : "";

function countIn(value: unknown): number | undefined {
  const n = value === null || value === "" ? Number.NaN : Number(value);
  return Number.isSafeInteger(n) && n >= 0 ? n : undefined;
}
