import type { Kind } from "../../tools/schema/consequence.ts";
import { createAgreement, type GuardSettings, type GuardWorld } from "./agreement.ts";
import type { Asker } from "./ask.ts";
import { callDigest } from "./binding.ts";
import { unaskedPairs } from "./budgets.ts";
import { eyesOf } from "./guard.ts";
import { leaveFor } from "./leave.ts";
import type { Yes } from "./matter.ts";
import { look, type Sight, withLook } from "./sight.ts";
import type { Agreed, NotAgreed, Write } from "./verdict.ts";
import { count } from "./words.ts";

/** A job as a whole: everything it would write, and what to say of it. */
export interface Plan {
  /** The job's tool and its arguments, as it was called. */
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly code?: string | undefined;
  /** The question's first line, ours: no text that people wrote. */
  readonly asks: string;
  /** Further facts of the job's own; what single steps would say comes after. */
  readonly facts?: readonly string[];
  readonly steps: readonly Write[];
}

/** Leave for the steps of one job: each that was on the list, once. */
export interface Leaves {
  readonly go: true;
  /** Leave for one of the steps; undefined: it was not on the list, or was taken already. */
  take(write: Write, signal: AbortSignal): Promise<Agreed | undefined>;
}

/** One question for all steps of a job that deserve one; the strictest kind wins (contract §5, Jobs). */
export type JobGuard = (plan: Plan, asker: Asker, signal: AbortSignal) => Promise<Leaves | NotAgreed>;

const mostSaid = 10;

interface JobSight extends Sight {
  readonly steps: ReadonlyMap<string, Sight>;
}

export function createJobGuard(world: GuardWorld, settings: GuardSettings): JobGuard {
  const agree = createAgreement(world, settings);
  const eyes = eyesOf(world, settings);
  const digestOf = ({ route, args }: Write) => callDigest(world.account, route, args);

  return async (plan, asker, signal) => {
    const { tool, args, code, steps } = plan;
    const listed = steps.map(digestOf);
    // What was agreed to is this list of steps, whatever the job was called with.
    const call = callDigest(world.account, tool, { args, steps: listed });
    const see = (cancelled: AbortSignal) => withLook(world, cancelled, (eye) => seeAll(plan, eye));
    const verdict = await agree<JobSight>({ tool, args, code, call, see }, asker, signal);
    return "go" in verdict ? verdict : leavesFor(plan, verdict);
  };

  async function seeAll(
    { asks, facts = [], steps }: Plan,
    eye: Parameters<typeof look>[3],
  ): Promise<JobSight> {
    const seen = new Map<string, Sight>();
    const before = await eyes.unasked();
    let pairs = 0;
    for (const step of steps) {
      // Many steps share the reads of one question: past those, a step is bound by its numbers.
      const unasked = async () => before + pairs;
      const own = {
        ...eyes,
        unasked,
        keepsImages: false,
        bears: eyes.bears === "missing" ? eyes.bears : ("unread" as const),
      };
      const sight = await look(step.operation, step.args, own, eye);
      pairs += sight.weight.pairs;
      seen.set(digestOf(step), sight);
    }
    const all = [...seen.values()];
    const asking = all.filter((sight) => sight.asks);
    const kind = strictest(asking.length > 0 ? asking : all);
    const phrases = [...new Set(asking.flatMap(({ phrase }) => phrase ?? []))];
    return {
      kind,
      asks: asking.length > 0,
      facts: [asks, ...facts, ...saidOf(asking, pairs)],
      stored: [...new Set(all.flatMap(({ stored }) => stored))].slice(0, mostSaid),
      ...(phrases[0] !== undefined && {
        phrase: phrases.length === 1 ? phrases[0] : `delete ${phrases.length}`,
      }),
      bound: all.flatMap(({ bound }) => bound),
      counts: Object.assign({}, ...all.map(({ counts }) => counts)),
      weight: {
        deletions: sum(all, "deletions"),
        grants: sum(all, "grants"),
        pairs,
        people: Math.max(0, ...all.map(({ weight }) => weight.people)),
      },
      targets: all.flatMap(({ targets }) => targets),
      steps: seen,
    };
  }

  function leavesFor({ steps }: Plan, { sight, by, question }: Yes<JobSight>): Leaves {
    const left = steps.map(digestOf);
    return {
      go: true,
      async take(write, signal) {
        const digest = digestOf(write);
        const index = left.indexOf(digest);
        const seen = sight.steps.get(digest);
        if (index === -1 || seen === undefined) return undefined;
        left.splice(index, 1);
        const { operation, args } = write;
        // What was there before is read when the step's turn comes: earlier steps have changed it since.
        const now = await withLook(world, signal, (eye) =>
          look(operation, args, { ...eyes, tells: "nothing", bears: "missing", unasked: async () => 0 }, eye),
        );
        const kept = {
          ...seen,
          ...(now.image && { image: now.image }),
          ...(now.person && { person: now.person }),
        };
        return leaveFor(
          seen.asks || by !== "nobody" ? { ...kept, asks: true } : kept,
          by,
          settings,
          question,
        );
      },
    };
  }
}

const sum = (all: readonly Sight[], what: "deletions" | "grants"): number =>
  all.reduce((total, { weight }) => total + weight[what], 0);

const kinds: readonly Kind[] = ["irreversible", "credential", "power", "removing", "many"];
const strictest = (all: readonly Sight[]): Kind | undefined =>
  kinds.find((kind) => all.some((sight) => sight.kind === kind));

/** What single steps would ask, each in its own words; enrollments as one number. */
function saidOf(asking: readonly Sight[], pairs: number): string[] {
  const single = asking.filter(({ kind }) => kind !== "many");
  const said = single.slice(0, mostSaid).flatMap(({ facts }) => facts);
  const more = single.length > mostSaid ? [`And ${single.length - mostSaid} more steps of this kind.`] : [];
  const enrolls =
    pairs > unaskedPairs
      ? [`In all: ${count(pairs, "enrollment", "enrollments")}; people may be mailed.`]
      : [];
  return [...said, ...more, ...enrolls];
}
