import { columnsOf, fit, line } from "../../reply/records.ts";
import type { Reply } from "../../reply/reply.ts";
import { exportOf, linkTo, placeOf } from "../../reply/report.ts";
import type { JobWorld } from "../job.ts";
import { keepTableFile } from "../shared/keep-table.ts";
import { countOf, type Mark, type OpenedPlan } from "../shared/plan.ts";
import { outcomesInWords, unitsWith, whomInWords } from "../shared/plan-text.ts";
import { inOneWord } from "../steps/outcome-text.ts";
import { columns, outcomesOf, type PersonOutcome } from "./outcomes.ts";
import { outcomePieces } from "./pieces.ts";

const standsFor: Readonly<Record<Mark, "done" | "already" | "failed" | "unknown" | "not tried">> = {
  "+": "done",
  "=": "already",
  "!": "failed",
  "?": "unknown",
  ".": "not tried",
};

const mostShown = 100;

/** How a plan ended, or where it stopped: the counts, whoever it did not work for, and all of it as a file. */
export async function report(
  { name, plan, state }: OpenedPlan,
  stopped: readonly string[] | undefined,
  { exports }: Pick<JobWorld, "exports">,
): Promise<Reply> {
  const all = outcomesOf(plan, state);
  const rows: PersonOutcome[] = [
    ...all.map(({ mark: _, ...one }) => one),
    ...plan.left.map(({ row, who, why }) => ({
      login: who,
      name: "",
      what: row === undefined ? "" : `row ${row}`,
      outcome: "not in the plan",
      why,
    })),
  ];
  const cells = rows.map((row) => columns.map((column) => row[column] ?? ""));
  const kept = await keepTableFile(`Plan ${name}`, columns, cells, exports);
  const notDone = all.filter(({ mark }) => mark === "!" || mark === "?").map(({ mark: _, ...one }) => one);
  const shown = fit(notDone.slice(0, mostShown), (row) => line({ ...row }, columns));
  const present = columnsOf(
    shown.map((row) => ({ ...row })),
    columns,
  );
  const open = countOf(state, ".") + countOf(state, "?");
  const first = `Plan ${name}${open > 0 ? ", not finished" : ""}: ${outcomesInWords(state)}.`;
  const goOn =
    open > 0 ? [`apply_plan with ${name} goes on from here, and repeats nothing that was done.`] : [];
  const place = "exported" in kept ? [`All outcomes ${placeOf(kept.exported)}`] : [kept.note];
  return {
    text: [
      first,
      ...whomInWords(plan, unitsWith(state, "+")),
      ...(stopped ?? []),
      ...goOn,
      ...place,
      ...(shown.length > 0 ? [present.join("\t"), ...shown.map((row) => line({ ...row }, present))] : []),
      ...(shown.length < notDone.length ? [`And ${notDone.length - shown.length} more: see the file.`] : []),
    ].join("\n"),
    structured: {
      plan: name,
      finished: open === 0,
      done: countOf(state, "+"),
      already: countOf(state, "="),
      failed: countOf(state, "!"),
      unknown: countOf(state, "?"),
      not_tried: countOf(state, "."),
      ...(stopped && { stopped: stopped.join(" ") }),
      items: shown,
      ...("exported" in kept && exportOf(kept.exported)),
      ...(goOn.length > 0 && { next: goOn.join(" ") }),
    },
    ...("exported" in kept && { link: linkTo(kept.exported) }),
    pieces: outcomePieces(
      { name, plan, state },
      "exported" in kept ? exportOf(kept.exported).export.uri : undefined,
    ),
    outcome: inOneWord([...state.marks].map((mark) => standsFor[mark as Mark])),
  };
}
