import { columnsOf, fit, line } from "../../reply/records.ts";
import type { Reply } from "../../reply/reply.ts";
import { exportOf, linkTo, placeOf } from "../../reply/report.ts";
import { cleanText } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { keepTableFile } from "../shared/keep-table.ts";
import {
  countOf,
  type Mark,
  markOf,
  type OpenedPlan,
  type Plan,
  type PlanState,
  type Unit,
  verifiedOf,
} from "../shared/plan.ts";
import { outcomesInWords, unitsWith, whomInWords } from "../shared/plan-text.ts";
import { inOneWord } from "../steps/outcome-text.ts";

const done: Readonly<Record<Exclude<Unit["do"], "step">, string>> = {
  enroll: "enrolled",
  create: "created",
  change: "changed",
  leave: "access ended",
  register: "registered",
  reset: "reset",
};
const others: Readonly<Record<Exclude<Mark, "+">, string>> = {
  ".": "not tried",
  "=": "already",
  "!": "failed",
  "?": "unknown",
};

interface PersonOutcome {
  readonly login: string;
  readonly name: string;
  readonly what: string;
  readonly outcome: string;
  readonly verified?: string;
  readonly why?: string;
}

function outcomesOf(plan: Plan, state: PlanState): (PersonOutcome & { readonly mark: Mark })[] {
  return plan.units.map((unit, n) => {
    const { login = "", name = "" } = plan.people[unit.p] ?? {};
    const target = unit.t === undefined ? undefined : plan.targets[unit.t];
    const mark = markOf(state, n);
    const why = state.why[n];
    const verified = verifiedOf(state, n);
    return {
      login: cleanText(login),
      name,
      what: unit.step?.what ?? (target ? `${target.kind} ${target.id} ${target.name}` : unit.do),
      outcome: mark === "+" ? doneOf(unit) : others[mark],
      ...(verified !== undefined && { verified: verified === "partly" ? "in part" : verified }),
      ...(why !== undefined && { why }),
      mark,
    };
  });
}

const doneOf = ({ do: what, step }: Unit): string => (what === "step" ? (step?.done ?? "done") : done[what]);

const standsFor: Readonly<Record<Mark, "done" | "already" | "failed" | "unknown" | "not tried">> = {
  "+": "done",
  "=": "already",
  "!": "failed",
  "?": "unknown",
  ".": "not tried",
};

const columns = ["login", "name", "what", "outcome", "verified", "why"] as const;
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
    outcome: inOneWord([...state.marks].map((mark) => standsFor[mark as Mark])),
  };
}
