import { z } from "zod";
import type { Verification } from "../../reply/reply.ts";
import type { Plans } from "../../state/ports.ts";
import { unwrapped } from "../../text/typed.ts";
import type { JobWorld } from "../job.ts";

const PlannedPerson = z.object({
  login: z.string(),
  name: z.string(),
  /** Nobody has a number before SkyPrep gives one. */
  id: z.number().optional(),
  /** SkyPrep mails them nothing. */
  quiet: z.literal(true).optional(),
});
export type PlannedPerson = z.output<typeof PlannedPerson>;

const PlanTarget = z.object({
  kind: z.enum(["course", "group", "learning path", "session"]),
  id: z.number(),
  name: z.string(),
  /** When a session begins, as SkyPrep writes it. */
  at: z.string().exactOptional(),
});
export type PlanTarget = z.output<typeof PlanTarget>;

/** A call of its own, whatever it does. */
const Step = z.object({
  tool: z.string(),
  /** What it does something to, and what that is once it is done: “group 301 Sales Team”, “left”. */
  what: z.string(),
  done: z.string(),
  /** Units that have to be done before. */
  needs: z.array(z.number()).optional(),
});

/** Place of nobody: a unit that is about no person. */
export const nobody = -1;

/** One thing to be done, mostly for one person. */
const Unit = z.object({
  do: z.enum(["enroll", "create", "change", "leave", "register", "reset", "step"]),
  /** Place in `people`, and of whatever is about a target, in `targets`. */
  p: z.number(),
  t: z.number().optional(),
  /** Of a person created or changed, a record that is reset, and a step: what is sent. */
  args: z.record(z.string(), z.unknown()).optional(),
  /** Of a record that is reset: when it was completed, epoch seconds; 0 where it does not say. */
  completed: z.number().exactOptional(),
  step: Step.optional(),
  /**
   * Of an enrollment that was planned: they had it before and it ended; they have it through a group; or whether they
   * have it could not be read.
   */
  was: z.enum(["lapsed", "through", "unknown"]).optional(),
});
export type Unit = z.output<typeof Unit>;

/** How a plan of steps is told and asked about. */
const StepsTold = z.object({
  /** “offboard”, 7 “people”, “: end their access”; of few the names stand in the middle. */
  verb: z.string(),
  one: z.string(),
  many: z.string(),
  tail: z.string(),
  /** Asked about as this, whatever it deserves by itself. */
  deserves: z.literal("removing").optional(),
  /** These lines say all that is lost by a step: its own question adds nothing. */
  whole: z.literal(true).optional(),
  /** Whether it can be brought back; left out: as its steps say it. */
  back: z.array(z.string()).optional(),
  /** What is lost by all of it first, and what stays. */
  facts: z.array(z.string()),
  /** What each person or thing is called, what becomes of it, and the units that do it. */
  lines: z.array(z.object({ of: z.array(z.number()), name: z.string(), text: z.string() })),
  /** Administrators who lose their access: somebody else has to be left. */
  admins: z.array(z.number()).optional(),
});
export type StepsTold = z.output<typeof StepsTold>;

const Plan = z.object({
  kind: z.enum(["enrollment", "roster", "no-shows", "recertification", "steps"]),
  account: z.string(),
  at: z.number(),
  people: z.array(PlannedPerson),
  targets: z.array(PlanTarget),
  units: z.array(Unit),
  /** The group whose members its people are, where they were named so. */
  of: PlanTarget.optional(),
  /** The day enrollments end, or access does. */
  day: z.string().optional(),
  told: StepsTold.optional(),
  /** Who is not in the plan, and why. */
  left: z.array(z.object({ row: z.number().optional(), who: z.string(), why: z.string() })),
});
export type Plan = z.output<typeof Plan>;

/** How a unit stands: still open, done before the plan, done by it, refused, or nobody knows. */
export type Mark = "." | "=" | "+" | "!" | "?";

const PlanState = z.object({
  /** A mark for each unit. */
  marks: z.string().regex(/^[.=+!?]*$/),
  /** Unit → why it failed. */
  why: z.record(z.string(), z.string()),
  /** For each unit, what a read found afterwards: y as it should be, p of some in the same call, n not, . none was made. */
  seen: z
    .string()
    .regex(/^[ypn.]*$/)
    .optional(),
  /** When something was last sent; epoch milliseconds. */
  sent: z.number().optional(),
});
export type PlanState = z.output<typeof PlanState>;

export interface OpenedPlan {
  readonly name: string;
  readonly plan: Plan;
  readonly state: PlanState;
  readonly revision: number;
}

const days = 86_400_000;
export const goodForMs = days;

export const plansOf = ({ state, owner }: Pick<JobWorld, "state" | "owner">): Plans => state.plans(owner);

/** Oak 17, “oak‑17”., plan oak-17, "Plan oak-17: 3 enrollments": the name that is meant; the same of a name itself. */
export function planName(typed: string): string {
  const text = unwrapped(typed).toLowerCase();
  const [, tree, number] =
    /^\W*(?:plan\s*:?\s+)?\W*([a-z]{3,12})[\s_]*-?[\s_]*(\d{2,5})(?:[\s"').,;:]*$|:\s)/.exec(text) ?? [];
  return tree === undefined || number === undefined ? text : `${tree}-${number}`;
}

/** By its name, however it was typed. */
export async function readPlan(plans: Plans, typed: string): Promise<OpenedPlan | undefined> {
  const name = planName(typed);
  const kept = await plans.read(name);
  const plan = Plan.safeParse(kept?.plan);
  const state = PlanState.safeParse(kept?.state);
  if (kept === undefined || !plan.success || !state.success) return undefined;
  if (state.data.marks.length !== plan.data.units.length) return undefined;
  return { name, plan: plan.data, state: state.data, revision: kept.revision };
}

export const markOf = ({ marks }: PlanState, unit: number): Mark => (marks[unit] ?? ".") as Mark;

/** The state with these units marked anew. */
export function marked(state: PlanState, units: readonly number[], mark: Mark, why?: string): PlanState {
  const marks = [...state.marks];
  const reasons = { ...state.why };
  for (const unit of units) {
    marks[unit] = mark;
    if (why === undefined) delete reasons[unit];
    else reasons[unit] = why;
  }
  return { ...state, marks: marks.join(""), why: reasons };
}

/** The state with these units as they stand in another. */
export function withMarksOf(state: PlanState, other: PlanState, units: readonly number[]): PlanState {
  const seen = [...(state.seen ?? "").padEnd(state.marks.length, ".")];
  for (const unit of units) seen[unit] = other.seen?.[unit] ?? ".";
  return units.reduce<PlanState>(
    (all, unit) => marked(all, [unit], markOf(other, unit), other.why[unit]),
    state.seen === undefined && other.seen === undefined ? state : { ...state, seen: seen.join("") },
  );
}

const letters = { yes: "y", partly: "p", no: "n" } as const;

/** The same with what a read found of these units. */
export function lookedAt(
  state: PlanState,
  units: readonly number[],
  verified: Verification["verified"],
): PlanState {
  const seen = [...(state.seen ?? "").padEnd(state.marks.length, ".")];
  for (const unit of units) seen[unit] = letters[verified];
  return { ...state, seen: seen.join("") };
}

export const verifiedOf = ({ seen = "" }: PlanState, unit: number): Verification["verified"] | undefined =>
  (["yes", "partly", "no"] as const).find((verified) => letters[verified] === seen[unit]);

export const countOf = ({ marks }: PlanState, mark: Mark): number => marks.split(mark).length - 1;
