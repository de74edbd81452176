import type { Change } from "../../journal/line.ts";
import type { JobWorld } from "../job.ts";
import { numberOf } from "../shared/number-of-login.ts";
import { loginIndexKey } from "../shared/people-index.ts";
import { markOf, type OpenedPlan, type PlannedPerson, type PlanTarget, type Unit } from "../shared/plan.ts";
import { already, type StepOutcome } from "../steps/run-steps.ts";
import { type Back, left, whatOf } from "./back.ts";
import { createEnrolledNow, type EnrolledNow } from "./enrolled-now.ts";

const massTool = "mass_enroll";

/** SkyPrep takes nobody off what many were enrolled in together but one by one. */
export const isTogether = ({ intent }: Change): boolean => intent.tool === massTool;

/** What lines of many enrollments come to, taken apart. */
export interface Together {
  /** By the line's number. */
  readonly of: ReadonlyMap<number, { readonly backs: readonly Back[]; readonly not: readonly StepOutcome[] }>;
  /** How they stand is read anew. */
  readonly renew: () => void;
}

interface Pair {
  readonly who: PlannedPerson & { readonly id: number };
  readonly target: PlanTarget;
}

/**
 * Each person × target that a plan enrolled and that was found out to be in before by nobody. Only these: what a plan
 * did not know it cannot take back.
 */
export async function takenBack(
  lines: readonly Change[],
  all: readonly Change[],
  opened: OpenedPlan | undefined,
  world: JobWorld,
  signal: AbortSignal,
): Promise<Together> {
  const taken = new Set<number>();
  const ids = new Map<string, number | undefined>();
  const pairs: {
    readonly change: Change;
    readonly pair: Pair;
    readonly what: string;
    readonly was: Unit["was"];
  }[] = [];
  const nots = new Map<number, StepOutcome[]>();
  const title = world.records.get(massTool)?.operation.title ?? massTool;
  for (const change of lines) {
    const not: StepOutcome[] = [];
    nots.set(change.seq, not);
    if (change.outcome?.is === "failed") continue;
    if (opened === undefined) {
      not.push(left(whatOf(change, title), "the plan is no longer kept: who was in before is not known"));
      continue;
    }
    for (const unit of unitsOf(change, opened)) {
      if (taken.has(unit)) continue;
      taken.add(unit);
      const { p, t = -1, was } = opened.plan.units[unit] ?? { p: -1 };
      const [who, target] = [opened.plan.people[p], opened.plan.targets[t]];
      if (who === undefined || target === undefined) continue;
      const what = `${who.login} in ${target.kind} ${target.id} ${target.name}`.slice(0, 160);
      const why = whyNot(opened, unit, was, target);
      if (why !== undefined) {
        not.push(left(what, why));
        continue;
      }
      const id = who.id ?? (await known(who.login));
      if (id === undefined) not.push(already(what, "nobody has this login any more"));
      else pairs.push({ change, pair: { who: { ...who, id }, target }, what, was });
    }
  }

  async function known(login: string): Promise<number | undefined> {
    if (!ids.has(login)) ids.set(login, await numberOf(login, world.read, signal));
    return ids.get(login);
  }

  const reader = () =>
    createEnrolledNow(
      pairs.map(({ pair }) => pair),
      world,
      signal,
    );
  let now: EnrolledNow = reader();
  const backs = new Map<number, Back[]>();
  for (const { change, pair, what, was } of pairs) {
    const stands = await now.of(pair.who.id, pair.target);
    if (stands.is === "out") {
      nots.get(change.seq)?.push(already(what, "not in it any more"));
      continue;
    }
    const own = backs.get(change.seq) ?? [];
    backs.set(change.seq, own);
    own.push(backOfPair({ change, pair, what, was }));
  }

  function backOfPair({ change, pair: { who, target }, what, was }: (typeof pairs)[number]): Back {
    const later = laterThan(change, all, who, target);
    const isGroup = target.kind === "group";
    return {
      change,
      what,
      step: {
        tool: isGroup ? "remove_user_from_user_group" : "remove_user_from_course",
        args: { user_id: who.id, [isGroup ? "user_group_id" : "course_id"]: target.id },
        people: [{ id: who.id, login: who.login }],
      },
      plan: {
        left: [],
        follows: [],
        stays: [],
        ...(isGroup && { loses: "progress made since in courses that came through the group" }),
      },
      names: [`person ${who.id}`, `${target.kind} ${target.id}`],
      takes: { who, target },
      since: async () => {
        if (later !== undefined) return [`Change ${later} put them in once more.`];
        const stands = await now.of(who.id, target);
        if (stands.is === "out") return ["It is not there any more."];
        return stands.is === "in" ? madeSince(stands.since, change, was) : [stands.why];
      },
      seen: async (reply) => reply,
    };
  }

  return {
    of: new Map(
      [...nots].map(([seq, not]) => [seq, { not, backs: (backs.get(seq) ?? []).toReversed() }] as const),
    ),
    renew: () => {
      now = reader();
    },
  };
}

/** The units of a plan that a line enrolled. */
function unitsOf({ intent: { arguments: args } }: Change, { plan }: OpenedPlan): number[] {
  const some = (name: string) => new Set([args[name] ?? []].flat().map((one) => loginIndexKey(String(one))));
  const [logins, ids] = [some("user_emails"), some("user_ids")];
  const targets = {
    course: some("course_ids"),
    group: some("user_group_ids"),
    "learning path": some("course_bundle_ids"),
  };
  return plan.units.flatMap(({ do: what, p, t = -1 }, unit) => {
    const [who, target] = [plan.people[p], plan.targets[t]];
    if (what !== "enroll" || who === undefined || target === undefined) return [];
    if (target.kind === "session") return [];
    const isOf = logins.has(loginIndexKey(who.login)) || ids.has(String(who.id));
    return isOf && targets[target.kind].has(String(target.id)) ? [unit] : [];
  });
}

function whyNot(
  { state }: OpenedPlan,
  unit: number,
  was: Unit["was"],
  target: PlanTarget,
): string | undefined {
  const mark = markOf(state, unit);
  if (mark === "?") return "whether it was done is not known: look with a read";
  if (mark !== "+") return "the plan did not enroll them";
  // When a record of a course was made tells who made it.
  if (was === "unknown" && target.kind === "group") return "whether they were in before was not known";
  if (was === "lapsed")
    return "they had it before, and it had ended: what SkyPrep does with that record is not known";
  if (was === "through") return "they had it before, through a group: the enrollment of their own stays";
  if (target.kind === "learning path") return "SkyPrep has no call that takes one person off a path";
  return undefined;
}

/** SkyPrep's clock and ours. */
const slackMs = 120_000;

/** Whoever was enrolled before the plan did it was so by somebody else. */
function madeSince(since: number | undefined, change: Change, was: Unit["was"]): string[] {
  if (was === "unknown" && since === undefined) return ["Whether they were in it before was not known."];
  return since !== undefined && since < Date.parse(change.at) - slackMs
    ? ["They were in it before the plan enrolled them."]
    : [];
}

/** A later change from here that put them in once more; whom one took out, this undoing among them, is seen to be out. */
function laterThan(
  { seq, intent: { plan } }: Change,
  all: readonly Change[],
  who: Pair["who"],
  target: PlanTarget,
): number | undefined {
  const key = target.kind === "group" ? "user_group_id" : "course_id";
  return all.find(
    (one) =>
      one.seq > seq &&
      one.intent.plan !== plan &&
      one.outcome?.is !== "failed" &&
      !one.intent.tool.startsWith("remove_") &&
      one.intent.targets.some(({ kind, id }) => kind === "person" && id === who.id) &&
      [one.intent.arguments[key], one.intent.arguments[`${key}s`]].flat().map(Number).includes(target.id),
  )?.seq;
}
