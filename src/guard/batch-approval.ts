import type { Kind } from "../../tools/schema/consequence.ts";
import { fewPeople, loginKey, namedIn, strangersAmong } from "../academy/identity.ts";
import { type BoundedReads, Missing, Unread, unboundedReads, withLook } from "../academy/reads.ts";
import { createApprovalFlow, impactReadsOf } from "./approval-flow.ts";
import { linesFor, mostSaid } from "./batch-question.ts";
import type { Asker } from "./channels/approval-channels.ts";
import type { GuardSettings, GuardWorld, Yes } from "./guard.ts";
import { assessImpact, type Impact } from "./impact/assess-impact.ts";
import { batchReads } from "./impact/batched-reads.ts";
import { affectedByAll } from "./impact/findings/finding.ts";
import { newcomer } from "./impact/subjects.ts";
import { approvalFor, ofPolicy } from "./policy/approval-policy.ts";
import {
  type Approved,
  type Denied,
  later,
  nothing,
  type OperatorPolicy,
  refusal,
  type Strange,
  type Write,
} from "./policy/decision.ts";
import { callDigest, callerOf, digestsOf } from "./question/pending-approvals.ts";
import { storedOf } from "./question/question-text.ts";
import type { AgreedStep, TakenUp } from "./question/stored-agreements.ts";
import { isPart, partOf } from "./step-subset.ts";
import { type Promised, promiseForAll } from "./undo-plan/promise.ts";

/** A job as a whole: everything it would write, and what to say of it. */
export interface BatchApprovalRequest {
  /** The job's tool and its arguments, as it was called. */
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly code?: string | undefined;
  /** The question's first line: names that people wrote stand in quotes, cleaned. */
  readonly asks: string;
  /** Facts of the job's own, what is lost first; what its steps say comes after. */
  readonly facts?: readonly string[];
  /** Whom the first line names: steps call them “them”. */
  readonly them?: number | string | undefined;
  /** Whether it can be brought back, in the job's own words; left out: as its steps say it. */
  readonly back?: readonly string[] | undefined;
  /** Steps that the job's own words say whole. */
  readonly told?: readonly Write[];
  readonly steps: readonly Write[];
  /** Asked about as this kind, whatever its steps deserve by themselves. */
  readonly deserves?: Kind;
}

/** The approval of the steps of one job: each that was on the list, once. */
export interface StepApprovals {
  readonly go: true;
  /**
   * The approval of one of the steps; undefined: it was not on the list, or was taken already. Whom it is for is read
   * again. @throws Unread where that cannot be made out
   */
  take(write: Write, signal: AbortSignal): Promise<Approved | Strange | undefined>;
  /** The approval of a part of one of the steps, each part once: the same, with items left out of its lists. */
  part(of: Write, args: Write["args"], signal: AbortSignal): Promise<Approved | Strange | undefined>;
  /** Of a step that was taken nothing was sent: it may be taken again. */
  back(write: Write): void;
  /** Keeps what is left for the same call, repeated: it goes on under the same answer. */
  hold(): Promise<void>;
}

/** One question for all steps of a job that deserve one; the strictest kind wins (contract §5, Jobs). */
export type JobGuard = (
  plan: BatchApprovalRequest,
  asker: Asker,
  signal: AbortSignal,
) => Promise<StepApprovals | Denied>;

const partly = (line: string): Promised => ({ can: "part", line, loses: [], stays: [] });

/** As long as an answer waits for its call. */
const heldMs = 600_000;

/** Whether a step is about somebody whom an earlier one makes: they are not there yet. */
const isOf = (coming: ReadonlySet<string>, { args: { user_email } }: Write): boolean =>
  user_email !== undefined && coming.has(loginKey(user_email));

/** Whether anything of what was there before would be kept, or a person may have to be spelt another way. */
const needsLook = ({ keeps = [], person }: Write["operation"]): boolean =>
  keeps.length > 0 || person !== undefined;

interface JobImpact extends Impact {
  readonly steps: ReadonlyMap<string, Impact>;
  /** Seen as many: what costs a read of its own was left out. */
  readonly shared: boolean;
}

/** Keeps these steps, of what was agreed to, for the same call. */
type Hold = (approvals: StepApprovals, left: readonly string[], agreed: Yes<JobImpact>) => Promise<void>;

const agreedStep = (step: string, seen: Impact | undefined): AgreedStep | undefined =>
  seen && { step, binding: digestsOf(seen.bound), counts: seen.counts, kind: seen.kind };

export function createJobGuard(world: GuardWorld, settings: GuardSettings): JobGuard {
  // Used with a step's intent, it would stand again where that one is not written, while others go on.
  const agree = createApprovalFlow(world, settings, "at-once");
  const impactReads = impactReadsOf(world, settings);
  const digestOf = ({ route, args }: Write) => callDigest(callerOf(world), route, args);
  /** Of calls whose time was over before all steps were done, by the call: what was agreed to, and not done yet. */
  const held = new Map<
    string,
    { readonly approvals: StepApprovals; readonly left: readonly string[]; readonly until: number }
  >();

  return async (plan, asker, signal) => {
    const { tool, args, code, steps } = plan;
    const { policy } = settings;
    policy?.renew();
    const barred = policy && (await barredAmong(steps, policy, signal));
    if (barred !== undefined) return refusal(`${tool} was not done. ${barred} ${nothing}`, ofPolicy);
    const over = await policy?.overLimits(steps, signal);
    if (over !== undefined) return later(`${tool} was not done. ${over} ${nothing}`, ofPolicy);
    const wanted = policy !== undefined && [tool, ...steps.map((step) => step.tool)].some(policy.asks);
    const listed = steps.map(digestOf);
    const caller = callerOf(world);
    const own = callDigest(caller, tool, { args, client: asker.client });
    const before = held.get(own);
    held.delete(own);
    if (before && world.now() < before.until && isAmong(listed, before.left)) return before.approvals;
    const hold: Hold = async (approvals, left, { impact, by, question, approver }) => {
      if (world.agreements === undefined) held.set(own, { approvals, left, until: world.now() + heldMs });
      else if (by !== "nobody") {
        const agreed = left.flatMap((step) => agreedStep(step, impact.steps.get(step)) ?? []);
        const { shared } = impact;
        await world.agreements.hold(own, { by, question, approver: approver?.sealed, shared, steps: agreed });
      }
    };
    const elsewhere = await world.agreements?.take(own);
    // What came back with this call was said later, and may be a no.
    const mayGoOn = asker.returned === undefined && elsewhere?.covers(listed) === true;
    const again = mayGoOn && (await seenAgain(plan, elsewhere, wanted, signal));
    if (again) return approvalsFor(plan, again, hold);
    // What was agreed to is this list of steps, whatever the job was called with.
    const call = callDigest(caller, tool, { args, steps: listed });
    const see = (cancelled: AbortSignal) =>
      withLook(world, cancelled, (look) => seeAll(plan, batchReads(look, plan.steps), wanted));
    const verdict = await agree<JobImpact>({ tool, args, code, call, see }, asker, signal);
    if ("go" in verdict) return verdict;
    // Whoever left while a person thought about it is none of them: nothing of it is begun.
    if (verdict.by !== "nobody") policy?.renew();
    const left = policy && verdict.by !== "nobody" ? await barredAmong(steps, policy, signal) : undefined;
    if (left !== undefined) return refusal(`${tool} was not done. ${left} ${nothing}`, ofPolicy);
    return approvalsFor(plan, verdict, hold);
  };

  /** How what another process began stands now; undefined: otherwise than when it was agreed to, and it is asked anew. */
  async function seenAgain(
    plan: BatchApprovalRequest,
    { by, question, approver: sealed, shared, stands }: TakenUp,
    wanted: boolean,
    signal: AbortSignal,
  ): Promise<Yes<JobImpact> | undefined> {
    const approver = sealed === undefined ? undefined : world.pageQuestions?.approver(sealed);
    if (sealed !== undefined && approver?.mayStill() !== true) return undefined;
    try {
      const impact = await withLook(world, signal, (look) =>
        seeAll(plan, batchReads(look, plan.steps), wanted, shared),
      );
      const all = [...impact.steps].flatMap(([step, seen]) => agreedStep(step, seen) ?? []);
      return all.every(stands)
        ? { impact, by, approver, ...(question !== undefined && { question }) }
        : undefined;
    } catch (error) {
      if (error instanceof Missing || error instanceof Unread) return undefined;
      throw error;
    }
  }

  async function seeAll(
    { asks, facts = [], back, steps, deserves, them, told = [] }: BatchApprovalRequest,
    look: Parameters<typeof assessImpact>[3],
    wanted: boolean,
    shared = steps.length > 4,
  ): Promise<JobImpact> {
    const seen = new Map<string, Impact>();
    const before = await impactReads.unasked();
    let pairs = 0;
    const coming = new Set<string>();
    const given: string[] = [];
    const news: string[] = [];
    const silent = new Set<Impact>();
    const backs = new Map<string, Promised | undefined>();
    for (const step of steps) {
      // Many steps share the reads of one question: past those, a step is bound by its numbers.
      const unasked = async () => before + pairs;
      const own = {
        ...impactReads,
        unasked,
        shared,
        keepsImages: false,
        promises: true,
        them,
        bears:
          impactReads.bears === "missing" || isOf(coming, step) ? ("missing" as const) : ("unread" as const),
      };
      const impact = await assessImpact(step.operation, step.args, own, look);
      if (step.operation.about.includes("newcomer")) {
        coming.add(loginKey(step.args.email));
        const somebody = await newcomer(step.args, look, false);
        if (somebody) {
          const name = somebody.say({ clean: impactReads.clean });
          if (!asks.includes(name)) news.push(name);
          given.push(...storedOf(somebody.stored, impactReads.clean));
        }
      }
      if (told.includes(step)) silent.add(impact);
      pairs += impact.weight.pairs;
      seen.set(digestOf(step), impact);
      backs.set(digestOf(step), step.wayBack === undefined ? impact.back : partly(step.wayBack));
    }
    const all = [...seen.values()];
    const asking = all.filter((impact) => impact.asks);
    const kind =
      strictest([...(asking.length > 0 ? asking : all), { kind: deserves }]) ?? (wanted ? "many" : undefined);
    const phrases = [...new Set(asking.flatMap(({ phrase }) => phrase ?? []))];
    return {
      kind,
      asks: wanted || asking.length > 0 || deserves !== undefined,
      ...(wanted && { wanted }),
      facts: linesFor({ asks, facts, news }, asking, {
        silent,
        back:
          back ??
          [promiseForAll([...backs.values()].flatMap((one) => one ?? []))].flatMap((one) => one ?? []),
        pairs,
        before,
      }),
      stored: [...new Set([...given, ...asking.flatMap(({ stored }) => stored)])].slice(0, mostSaid),
      ...(phrases[0] !== undefined && {
        phrase: phrases.length === 1 ? phrases[0] : `delete ${phrases.length}`,
      }),
      bound: byStep(all.map(({ bound }) => bound)),
      counts: byStep(all.map(({ counts }) => counts)),
      weight: {
        deletions: sum(all, "deletions"),
        grants: sum(all, "grants"),
        pairs,
        people: affectedByAll(all, numbersOf(steps, all)),
      },
      affects: new Set(all.flatMap(({ affects }) => [...affects])),
      targets: all.flatMap(({ targets }) => targets),
      steps: seen,
      shared,
    };
  }

  function approvalsFor({ steps }: BatchApprovalRequest, agreed: Yes<JobImpact>, hold: Hold): StepApprovals {
    const { impact, by } = agreed;
    const listed = new Set(steps.map(digestOf));
    const left = steps.map(digestOf);
    const parts = new Set<string>();
    const job = {};
    /** Logins that steps of this very job gave to people: they are still who they were. */
    const given = new Map<number, string>();
    const strangersIn = async (write: Write, seen: Impact, now: Impact | undefined, look: BoundedReads) => {
      const { args, people = seen.person ? [seen.person] : [] } = write;
      const expected = namedIn(args, people);
      const [one] = expected;
      // Whom SkyPrep would take it for has to be among them.
      if (one && expected.length === 1 && now?.person && now.person.id !== one.id) return expected;
      const strangers = await strangersAmong(expected, args, look);
      const renamed = strangers.flatMap(({ id }) => {
        const login = given.get(id);
        return login === undefined ? [] : [{ id, login }];
      });
      const still = new Set((await strangersAmong(renamed, args, look)).map(({ id }) => id));
      const left = strangers.filter(({ id }) => !given.has(id) || still.has(id));
      if (one && left.length === 0 && typeof args.email === "string") given.set(one.id, args.email);
      return left;
    };
    const approval = async (seen: Impact, write: Write, signal: AbortSignal): Promise<Approved | Strange> => {
      const { operation, args, people = [] } = write;
      // What was there before is read when the step's turn comes: earlier steps have changed it since.
      const lookNow = (look: BoundedReads) =>
        assessImpact(
          operation,
          args,
          { ...impactReads, tells: "nothing", bears: "missing", unasked: async () => 0 },
          look,
        );
      const many = people.length > fewPeople;
      const { now, strangers } = await withLook(world, signal, async (look) => {
        const now = needsLook(operation) ? await lookNow(look) : undefined;
        const all = many ? unboundedReads(world.read, signal) : look;
        return { now, strangers: await strangersIn(write, seen, now, all) };
      });
      if (strangers.length > 0) return { go: false, strangers };
      const kept = {
        ...seen,
        ...(now?.image && { image: now.image }),
        ...(now?.person && { person: now.person }),
      };
      const seenNow = seen.asks || by !== "nobody" ? { ...kept, asks: true } : kept;
      return { ...approvalFor(seenNow, agreed, settings), job };
    };
    const approvals: StepApprovals = {
      go: true,
      async take(write, signal) {
        const digest = digestOf(write);
        const index = left.indexOf(digest);
        const seen = impact.steps.get(digest);
        if (index === -1 || seen === undefined) return undefined;
        left.splice(index, 1);
        return approval(seen, write, signal);
      },
      async part(of, args, signal) {
        const whole = digestOf(of);
        const seen = impact.steps.get(whole);
        const write = { ...of, args };
        const digest = digestOf(write);
        if (
          !listed.has(whole) ||
          seen === undefined ||
          !isPart(of.operation, of.args, args) ||
          parts.has(digest)
        )
          return undefined;
        parts.add(digest);
        const index = left.indexOf(whole);
        if (index !== -1) left.splice(index, 1);
        return approval(partOf(seen, write), write, signal);
      },
      back(write) {
        const digest = digestOf(write);
        if (listed.has(digest)) left.push(digest);
        else parts.delete(digest);
      },
      hold: () => hold(approvals, left, agreed),
    };
    return approvals;
  }
}

/** Why one of them may not be done; nobody is asked about what would be refused. */
async function barredAmong(
  steps: readonly Write[],
  policy: OperatorPolicy,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const step of steps) {
    const barred = await policy.barred(step, signal);
    if (barred !== undefined) return barred;
  }
  return undefined;
}

/** Each as often as it is left. */
function isAmong(wanted: readonly string[], left: readonly string[]): boolean {
  const rest = [...left];
  return wanted.every((one) => {
    const index = rest.indexOf(one);
    if (index !== -1) rest.splice(index, 1);
    return index !== -1;
  });
}

const numbersOf = (steps: readonly Write[], all: readonly Impact[]): ReadonlyMap<string, number> => {
  const known = [...steps.flatMap(({ people = [] }) => people), ...all.flatMap(({ person }) => person ?? [])];
  return new Map(known.map(({ id, login }) => [loginKey(login), id]));
};

/** What each step brings under names of its own. */
const byStep = <T>(all: readonly Readonly<Record<string, T>>[]): Readonly<Record<string, T>> =>
  Object.fromEntries(
    all.flatMap((own, n) => Object.entries(own).map(([name, value]) => [`${n} ${name}`, value])),
  );

const sum = (all: readonly Impact[], what: "deletions" | "grants"): number =>
  all.reduce((total, { weight }) => total + weight[what], 0);

const kinds: readonly Kind[] = ["irreversible", "credential", "power", "removing", "many"];
const strictest = (all: readonly Pick<Impact, "kind">[]): Kind | undefined =>
  kinds.find((kind) => all.some((impact) => impact.kind === kind));
