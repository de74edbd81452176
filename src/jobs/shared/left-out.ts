import { notOurs } from "../../reply/cursor.ts";
import { fit } from "../../reply/records.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { CannotKeepPlan } from "../../state/ports.ts";
import type { JobWorld } from "../job.ts";
import { type Plan, plansOf, readPlan } from "./plan.ts";
import { leftInWords, leftLine, mostListed } from "./plan-text.ts";

type Left = Plan["left"];
type LeftWorld = Pick<JobWorld, "account" | "state" | "owner" | "now">;

/** Whoever asks for more wants more than a first look. */
const mostNext = 100;

/** Who is left out: the first of them, and a cursor to the others. */
export interface LeftTold {
  readonly lines: readonly string[];
  readonly structured: Readonly<Record<string, unknown>>;
}

/**
 * `plan`: the name of the one that keeps them. Where none was made they are kept all the same, so that a list
 * need not be pasted again to see who of it was not found.
 */
export async function leftTold(
  left: Left,
  plan: string | Pick<Plan, "kind">,
  world: LeftWorld,
  what?: string,
): Promise<LeftTold> {
  const isAll = left.length <= mostListed;
  const name = isAll ? undefined : typeof plan === "string" ? plan : await keepLeft(left, plan, world);
  const next = name === undefined ? undefined : cursorAt(name, mostListed);
  return {
    lines: [...leftInWords(left, what), ...moreFollow(next)],
    structured: {
      left_out: left.slice(0, mostListed),
      left_out_total: left.length,
      ...(next && { next_cursor: next }),
    },
  };
}

/** A refusal that names who is left out, for programs as well. */
export async function refuseLeft(
  lines: readonly [string, ...string[]],
  left: Left,
  plan: Pick<Plan, "kind">,
  world: LeftWorld,
): Promise<Reply> {
  const told = await leftTold(left, plan, world);
  return {
    ...refuse(...lines, ...told.lines),
    ...(left.length > 0 && { structured: told.structured }),
  };
}

/** Those who follow a cursor. Nothing is looked up or planned anew for it. */
export async function leftPage(cursor: string, world: LeftWorld): Promise<Reply> {
  const [, name, from] = /^([a-z]+-\d+)\.(\d{1,9})$/.exec(cursor) ?? [];
  if (name === undefined) return refuse("Nothing was listed.", notOurs);
  const standing = await readPlan(plansOf(world), name);
  if (standing === undefined || standing.plan.account !== world.account)
    return refuse(
      "Nothing was listed.",
      "What that cursor belongs to is kept for a week, and no longer here: plan again.",
    );
  const { left, units } = standing.plan;
  const before = Math.min(Number(from), left.length);
  const shown = fit(left.slice(before, before + mostNext), leftLine);
  const reached = before + shown.length;
  const next = reached < left.length ? cursorAt(name, reached) : undefined;
  const where = shown.length === 0 ? "none here" : `${before + 1}–${reached}`;
  return {
    outcome: "done",
    text: [
      `Left out${units.length > 0 ? ` of plan ${name}` : ""}: ${left.length}, ${where}.`,
      ...shown.map(leftLine),
      ...moreFollow(next),
    ].join("\n"),
    structured: {
      ...(units.length > 0 && { plan: name }),
      left_out: shown,
      left_out_total: left.length,
      ...(next && { next_cursor: next }),
    },
  };
}

const cursorAt = (name: string, offset: number): string => `${name}.${offset}`;
const moreFollow = (next: string | undefined): string[] =>
  next === undefined ? [] : [`More follow: call again with cursor ${next} (the list need not be sent again)`];

/** Undefined where nothing can be kept: then the reply stands without the others. */
async function keepLeft(
  left: Left,
  { kind }: Pick<Plan, "kind">,
  world: LeftWorld,
): Promise<string | undefined> {
  const { account, now } = world;
  const plan: Plan = { kind, account, at: now(), people: [], targets: [], units: [], left };
  try {
    return await plansOf(world).keep(plan, { marks: "", why: {} });
  } catch (error) {
    if (error instanceof CannotKeepPlan) return undefined;
    throw error;
  }
}
