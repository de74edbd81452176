import type { MakePieces } from "../../pages/pieces.ts";
import { exportOf, placeOf } from "../../reply/report.ts";
import { cleanText, count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import type { JobStep } from "../steps/run-steps.ts";
import { keepTableFile } from "./keep-table.ts";
import { type LeftTold, leftTold } from "./left-out.ts";
import { isQuiet, type Someone } from "./people-index.ts";
import { nobody, type Plan, type PlanTarget, plansOf, type StepsTold, type Unit } from "./plan.ts";
import { planPieces } from "./plan-pieces.ts";
import { type Cost, costInWords, costOf, doItWith, openInWords } from "./plan-text.ts";

/** What is to be done for one person or with one thing, one step after the other. */
export interface PlannedSteps {
  readonly who?: Someone;
  /** What they are enrolled in first, by its place in `targets`: together with others, where that is fewer calls. */
  readonly joins?: readonly { readonly t: number; readonly was?: Unit["was"] }[];
  /** Not before all of that is done. */
  readonly steps: readonly JobStep[];
  /** As a question names it: in quotes, cleaned. */
  readonly name: string;
  /** What becomes of it, in the words of a question. */
  readonly text: string;
  /** The same as a row of the plan's file. */
  readonly row: readonly string[];
}

export interface StepsPlan {
  readonly all: readonly PlannedSteps[];
  readonly told: Omit<StepsTold, "lines">;
  readonly targets?: readonly PlanTarget[];
  readonly left: Plan["left"];
}

/** A plan whose units are calls of their own. */
export function stepsPlan(
  { all, told, targets = [], left }: StepsPlan,
  { academy, now }: Pick<JobWorld, "academy" | "now">,
): Plan {
  const places = new Map<number, number>();
  const people: Plan["people"] = [];
  const units: Unit[] = [];
  const lines: StepsTold["lines"] = [];
  for (const { who, joins = [], steps, name, text } of all) {
    const p = who === undefined ? nobody : (places.get(who.id) ?? people.length);
    if (who !== undefined && !places.has(who.id)) {
      places.set(who.id, p);
      people.push({
        id: who.id,
        login: who.login,
        name: who.name,
        ...(isQuiet(who) && { quiet: true as const }),
      });
    }
    const enrolls = joins.map((one) => units.push({ do: "enroll", p, ...one }) - 1);
    const at = new Map(steps.map((one, n) => [one, units.length + n] as const));
    for (const { step, things, needs = [] } of steps) {
      const [{ what, done } = { what: step.tool, done: "done" }] = things;
      const before = [...enrolls, ...needs.flatMap((one) => at.get(one) ?? [])];
      units.push({
        do: "step",
        p,
        args: { ...step.args },
        step: { tool: step.tool, what, done, ...(before.length > 0 && { needs: before }) },
      });
    }
    lines.push({ of: [...enrolls, ...at.values()], name, text });
  }
  return {
    kind: "steps",
    account: academy,
    at: now(),
    people,
    targets: [...targets],
    units,
    told: { ...told, lines },
    left,
  };
}

export interface KeptStepsPlan {
  readonly name: string;
  readonly plan: Plan;
  readonly cost: Cost;
  readonly left: LeftTold;
  /** The first lines of the reply. */
  readonly lines: readonly string[];
  /** Where all of it stands. */
  readonly file: readonly string[];
  readonly structured: Readonly<Record<string, unknown>>;
  readonly pieces: MakePieces;
}

export const mostShown = 40;

/** Keeps a plan of steps, and all it would do as a file. @throws CannotKeepPlan */
export async function keepStepsPlan(
  made: StepsPlan,
  columns: readonly string[],
  world: JobWorld,
): Promise<KeptStepsPlan> {
  const plan = stepsPlan(made, world);
  const state = { marks: ".".repeat(plan.units.length), why: {} };
  const name = await plansOf(world).keep(plan, state);
  const left = await leftTold(plan.left, name, world);
  const cost = costOf(plan, state, world.records);
  const rows = made.all.map(({ row }) => row);
  const kept = await keepTableFile(`Plan ${name}, what it does`, columns, rows, world.exports);
  const file = "exported" in kept ? exportOf(kept.exported) : undefined;
  const shown = plan.told?.lines.slice(0, mostShown) ?? [];
  const more = made.all.length - shown.length;
  return {
    name,
    plan,
    cost,
    left,
    lines: [
      `Plan ${name}: ${openInWords(plan, state).join(", ")}. Nothing was changed. ${doItWith(name)}`,
      costInWords(cost),
      ...whatBecomes(shown, made.told),
      ...(more > 0 ? [`And ${more} more: see the file.`] : []),
    ],
    file: "exported" in kept ? [`All of it ${placeOf(kept.exported)}`] : [kept.note],
    structured: {
      plan: name,
      next: doItWith(name),
      ...cost,
      items: rows
        .slice(0, mostShown)
        .map((row) => Object.fromEntries(columns.map((column, n) => [column, cleanText(row[n] ?? "")]))),
      ...file,
      ...left.structured,
    },
    pieces: planPieces({
      ...{ name, plan, state, cost, columns, resource: file?.export.uri },
      rows: () => rows,
    }),
  };
}

/** Of fewer, each has a line of their own. */
const sharedByMany = 4;

/** Each with what becomes of it; what becomes of many alike is said once. */
function whatBecomes(lines: StepsTold["lines"], { one, many }: StepsPlan["told"]): string[] {
  const alike = new Map<string, string[]>();
  for (const { name, text } of lines) alike.set(text, [...(alike.get(text) ?? []), name]);
  return [...alike].flatMap(([text, names]) =>
    names.length < sharedByMany
      ? names.map((name) => `${name}: ${text}`)
      : [`${count(names.length, one, many)}, each: ${text}.`, `${names.join(", ")}.`],
  );
}
