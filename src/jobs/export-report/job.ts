import { z } from "zod";
import type { JobContext } from "../../call/job-context.ts";
import { refuse } from "../../reply/reply.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { writtenSince } from "../shared/as-of.ts";
import { cursor, field, fresh, unlisted } from "../shared/input-fields.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import { answer, asksFor } from "./answer.ts";
import { openMade } from "./kept-report.ts";
import { obtain } from "./obtain.ts";
import { asksManager, isPeopleReport, peopleReport } from "./people-report.ts";
import { createMemory, type Made } from "./report-memory.ts";
import { meantBy } from "./which-report.ts";

const some = (words: string, example: string[]) =>
  field(z.array(z.string().trim().min(1).max(255)).min(1).max(40), words, example).optional();

/** Two comparisons of one field are both held. */
const comparing = <T extends z.ZodType>(schema: T): T => schema.meta({ ...schema.meta(), compares: true });

/** So long a question is answered from the file that is there already, unless it names a file itself. */
const goodForMs = 3_600_000;

const input = z.strictObject({
  report: field(
    z.string().trim().min(1).max(255),
    "people (fields, groups, manager, sign-in; where as in find), all_users, all_courses, single_user, single_course, single_exam, single_user_single_course, single_user_single_group, single_group_all_users, single_group_all_courses, or a saved report's name or number",
    "all_courses",
  ),
  of: some("Only for single_ types: names or numbers, in the type's order; exams by number", ["Sales Team"]),
  where: comparing(
    field(
      z.record(z.string().max(200), z.string().max(500)),
      "Only rows where a column (field) is: a value, a | b, <2026-08-31, >=80, !=x, empty",
      { status: "passed" },
    ),
  ).optional(),
  group_by: some("Count rows by these columns, not with columns; else rows", ["status"]),
  columns: some("Show only these; a refusal names all", ["user_email"]),
  limit: field(z.int().min(1).max(500), "Rows shown; else 20", 50).optional(),
  fresh: unlisted(fresh),
  cursor: cursor("AQ"),
});
type ReportArgs = z.output<typeof input>;

/** Any report as a file, and answers from it; what was made once is not fetched again for the next question. */
export const export_report = defineJob({
  title: "Export a report",
  description:
    "Any report as a whole file, big ones awaited; answers columns and first rows, or with where, group_by and columns only what is asked of it. Live figures, who is overdue: training_status.",
  searchHint:
    "download csv, excel, spreadsheet for auditors, quiz or exam results, failed or passed by department, statistics, user report, saved report, list of employees with manager and groups",
  effect: "read",
  idempotent: true,
  input,
  async run(args, world, inner) {
    if (args.group_by && args.columns) {
      return refuse("Give columns or group_by, not both: group_by shows the columns it names, with a count.");
    }
    return refuseOnReadFailure("The report was not exported", () => run(args, world, inner));
  },
});

async function run(asked: ReportArgs, world: JobWorld, inner: JobContext) {
  const memory = createMemory(world);
  const key = keyOf(asked);
  const made = asksFor(asked) ? await memory.made(key) : undefined;
  // A cursor belongs to the file it was given for.
  if (made && (asked.cursor !== undefined || (!asked.fresh && (await isGood(made, world))))) {
    const kept = await openMade(made, world);
    if (kept) return answer(selectedBefore(asked), { kept, account: world.account });
  }
  if (isPeopleReport(asked.report)) {
    if (asked.of) return refuse("people takes where, not of: where says who.");
    const came = await peopleReport(asked, world, inner, { key, memory });
    return "text" in came ? came : answer(selectedBefore(asked), { kept: came, account: world.account });
  }
  const meant = await meantBy(asked, world, inner.signal);
  if ("wrong" in meant) return refuse(...meant.wrong);
  if (meant.is === "export") {
    const kept = await openMade((await memory.of(meant.export.id)) ?? bare(meant.export.id), world);
    if (kept === undefined) return refuse("This export is an Excel file, or gone: export the report again.");
    return answer(asked, { kept, account: world.account });
  }
  const came = await obtain(meant, { key, memory }, world, inner);
  return "text" in came ? came : answer(asked, { kept: came, account: world.account });
}

/** Nothing was changed from here since. */
const isGood = async ({ at }: Made, world: JobWorld): Promise<boolean> =>
  world.now() - at <= goodForMs && (await writtenSince(at, world)).last === undefined;

/** Of people `where` said who is in the file: it is no question to it any more. */
const selectedBefore = (asked: ReportArgs): ReportArgs =>
  isPeopleReport(asked.report) ? { ...asked, where: undefined } : asked;

/** The same words are the same report; of people, also who, and whether with managers. */
const keyOf = ({ report, of = [], ...asked }: ReportArgs): string =>
  isPeopleReport(report)
    ? ["people", JSON.stringify(asked.where ?? {}), String(asksManager(asked))].join("\n")
    : [report, ...of].map((one) => one.trim().toLowerCase()).join("\n");

const bare = (id: string): Made => ({
  key: "",
  export: id,
  at: 0,
  title: "",
  hidden: [],
  dropped: [],
  problems: [],
  apart: [],
});
