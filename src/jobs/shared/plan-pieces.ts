import { type BoardTable, filled, type HeadlineNumber } from "../../pages/board.ts";
import { tableOf } from "../../pages/cells.ts";
import type { MakePieces } from "../../pages/pieces.ts";
import type { PageWords } from "../../pages/words/page-words.ts";
import { capital } from "../../text/english.ts";
import { countOf, type Plan, type PlanState } from "./plan.ts";
import { type Cost, costInWords, effectInWords, openInWords } from "./plan-text.ts";

interface PlanLooked {
  readonly name: string;
  readonly plan: Plan;
  readonly state: PlanState;
  readonly cost: Cost;
  /** Everybody and everything it is about and what becomes of them, as in the plan's file. */
  readonly columns: readonly string[];
  readonly rows: () => readonly (readonly string[])[];
  /** Those columns that people look at; left out: all. */
  readonly shown?: readonly string[];
  /** The file's address. */
  readonly resource?: string | undefined;
  /** Who is not in it; left out: those whom the plan leaves out. */
  readonly left?: Plan["left"];
  /** What the reply says besides, and no note of it. */
  readonly notes?: readonly string[];
}

/** What a plan would do, and to whom. It says that nothing was done, and nothing on it does any of it. */
export const planPieces =
  ({
    name,
    plan,
    state,
    cost,
    columns,
    rows,
    shown = columns,
    resource,
    left = plan.left,
    notes = [],
  }: PlanLooked): MakePieces =>
  ({ words, most }) => {
    const all = rows();
    const first = all.slice(0, most).map((cells) => named(columns, cells));
    return {
      kind: "plan",
      title: filled(words.titles.plan, { what: name }),
      about: planInWords(plan, state),
      aboutIn: "en",
      notDone: words.about.notYetDone,
      numbers: [
        ...sizesOf(plan, state, words),
        { label: words.plan.calls, value: cost.calls },
        { label: words.plan.mailed, value: cost.mailed },
      ],
      tables: [
        {
          ...tableOf(words.plan.steps, shown, first, { words, total: all.length }),
          ...(resource !== undefined && { resource }),
        },
        ...leftTable(left, words, most),
      ],
      notes: [effectInWords(plan, state), ...(plan.told?.facts.slice(1) ?? []), costInWords(cost), ...notes],
    };
  };

/** “Enroll 12 people …”: what its open steps come to. */
export function planInWords(plan: Plan, state: PlanState): string {
  const words = openInWords(plan, state).join(", ");
  return `${capital(words)}.`;
}

/** Who is not in a plan, and why; none where nobody is. */
export const leftTable = (left: Plan["left"], words: PageWords, most: number): readonly BoardTable[] =>
  left.length === 0
    ? []
    : [
        tableOf(words.plan.left, ["row", "who", "why"], left.slice(0, most), {
          words,
          total: left.length,
        }),
      ];

const done = ["enroll", "create", "change", "leave", "register", "reset"] as const;
/** What people would rather look at twice. */
const takesAway: ReadonlySet<string> = new Set(["leave", "reset"]);

/** How much it is about, as the reply counts it. */
function sizesOf(plan: Plan, state: PlanState, { figures, plan: words }: PageWords): HeadlineNumber[] {
  const open = plan.units.filter((_, unit) => state.marks[unit] === ".");
  const already = countOf(state, "=");
  return [
    ...(plan.told ? [{ label: toldOf(plan.told.one, words, figures), value: plan.told.lines.length }] : []),
    ...(plan.kind === "enrollment" ? [{ label: figures.people, value: plan.people.length }] : []),
    ...(plan.told ? [] : done).flatMap((what) => {
      const value = open.filter((unit) => unit.do === what).length;
      return value === 0
        ? []
        : [{ label: words[what], value, ...(takesAway.has(what) && { tone: "soon" as const }) }];
    }),
    ...(already > 0 ? [{ label: words.already, value: already }] : []),
  ];
}

const toldOf = (one: string, words: PageWords["plan"], figures: PageWords["figures"]): string =>
  one === "course" ? words.courses : one === "group" ? words.groups : figures.people;

const named = (columns: readonly string[], cells: readonly string[]): Record<string, string> =>
  Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ""]));
