import { columnsOf, fit, line } from "../../reply/records.ts";
import type { CallOutcome, Reply } from "../../reply/reply.ts";
import type { StepOutcome } from "./run-steps.ts";

const columns = ["what", "outcome", "verified", "why"];
const kinds = ["done", "already", "failed", "unknown", "not tried"] as const;

/** “3 done, 1 already”: only what there is. */
export function countsInWords(outcomes: readonly StepOutcome[]): string {
  const counts = kinds.flatMap((kind) => {
    const n = outcomes.filter(({ is }) => is === kind).length;
    return n > 0 ? [`${n} ${kind}`] : [];
  });
  return counts.length > 0 ? counts.join(", ") : "nothing to do";
}

/** How a job ended whose things stand like this. */
export function inOneWord(all: readonly StepOutcome["is"][]): CallOutcome {
  const some = (...kinds: StepOutcome["is"][]) => all.some((is) => kinds.includes(is));
  if (!some("failed", "unknown", "not tried")) return "done";
  if (some("done", "already")) return "partly";
  return some("unknown") ? "unknown" : some("failed") ? "failed" : "refused";
}

export interface OutcomeSummary {
  /** Whom or what it was about, and in words what came of it. */
  readonly first: string;
  readonly outcomes: readonly StepOutcome[];
  readonly notes?: readonly string[];
  /** Calling again would not help. */
  readonly final?: boolean;
  /** So many are shown at most, and of more those first that somebody has to look after; left out: as many as fit. */
  readonly most?: number;
  /** What the structure holds besides, and the text in these lines. */
  readonly lines?: readonly string[];
  readonly besides?: Readonly<Record<string, unknown>>;
}

/** Before what a job says of itself: who reads no further takes no part of it for the whole. */
const notWhole: Readonly<Partial<Record<CallOutcome, string>>> = {
  partly: "Only in part: ",
  unknown: "Not known to be done: ",
  failed: "Not done: ",
  refused: "Not done: ",
};

const shortWhy = 40;
/** A long reason stands once above those that share it: thirty times the same would be most of a reply. */
const saidOnce = (rows: readonly Omit<StepOutcome, "is">[]): Omit<StepOutcome, "is">[] =>
  rows.map((row, n) =>
    row.why !== undefined && row.why.length > shortWhy && row.why === rows[n - 1]?.why
      ? { ...row, why: "the same" }
      : row,
  );

/** How a job ended: an outcome for each thing; an error where not all of it is so now. */
export function tell({
  first,
  outcomes,
  notes = [],
  lines = [],
  besides = {},
  final = false,
  most = Number.POSITIVE_INFINITY,
}: OutcomeSummary): Reply {
  const isOpen = ({ is }: StepOutcome) => is !== "done" && is !== "already";
  const fitting = (some: readonly StepOutcome[]) =>
    fit(
      some.map(({ is: _, ...row }) => row),
      (row) => line(row, columns),
    );
  const inOrder = outcomes.length > most ? [] : fitting(outcomes);
  // Where not all can be shown, those that somebody has to look after are.
  const openFirst = [...outcomes.filter(isOpen), ...outcomes.filter((one) => !isOpen(one))];
  const shown = inOrder.length < outcomes.length ? fitting(openFirst.slice(0, most)) : inOrder;
  const left = openFirst.slice(shown.length);
  const present = columnsOf(shown, columns);
  const open = outcomes.some(isOpen);
  const goOn =
    open && !final
      ? ["Call again to go on: everything is looked at first, and nothing that was done is repeated."]
      : [];
  const more =
    left.length > 0
      ? [`And ${left.length} more${left.some(isOpen) ? "" : ", all of them done or so already"}.`]
      : [];
  const all = [...notes, ...goOn];
  const outcome = inOneWord(outcomes.map(({ is }) => is));
  return {
    text: [
      `${notWhole[outcome] ?? ""}${first}`,
      ...(shown.length > 0 ? [present.join("\t"), ...saidOnce(shown).map((row) => line(row, present))] : []),
      ...more,
      ...lines,
      ...all,
    ].join("\n"),
    structured: {
      ...besides,
      finished: !open,
      items: shown,
      ...(more.length > 0 && { total: outcomes.length }),
      ...(all.length > 0 && { notes: all }),
      ...(goOn.length > 0 && { next: goOn.join(" ") }),
    },
    outcome,
  };
}
