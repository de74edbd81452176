import { z } from "zod";
import type { JobContext } from "../../call/job-context.ts";
import { clean } from "../../reply/records.ts";
import type { Reply } from "../../reply/reply.ts";
import { count } from "../../text/english.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { clocksOf } from "../shared/as-of.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import type { Part } from "./part.ts";
import { countPeople, mostRead } from "./people.ts";
import { lookAtSessions } from "./sessions.ts";
import { trainingNumbers } from "./training.ts";

/** What an administrator wants to know first, in six calls at most; what is not known is said, with what finds out. */
export const account_overview = defineJob({
  title: "Show the account and what needs attention",
  description:
    "What this account is, its numbers, and what needs attention today: sessions, unmarked attendance, people; overdue and expiring once training_status has read them. Use it first.",
  effect: "read",
  idempotent: true,
  input: z.strictObject({}),
  run: (_, world, inner) => refuseOnReadFailure("There is no overview", () => overview(world, inner)),
});

type Row = Readonly<Record<string, unknown>>;

async function overview(world: JobWorld, { signal, progress }: JobContext): Promise<Reply> {
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
  const people = await countPeople({ total, admins: countIn(program.admin_count) }, world, signal);
  progress(2, steps, "Looking at training.");
  const training = await trainingNumbers(world, signal, { access: (total ?? 0) <= mostRead });
  progress(3, steps, "Looking at sessions.");
  const sessions = await lookAtSessions(world, signal);
  const name = textIn(program.name);
  const domain = textIn(program.acct_key);
  const parts: Part[] = [people, training, sessions];
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
