import type { JobContext } from "../../call/job-context.ts";
import type { Agreement } from "../../call/write/job-writes.ts";
import type { Reply } from "../../reply/reply.ts";
import { CannotKeepPlan, Overtaken, type Plans } from "../../state/ports.ts";
import { cleanText } from "../../text/english.ts";
import { lookedAt, marked, markOf, type OpenedPlan, readPlan, withMarksOf } from "../shared/plan.ts";
import { type Batch, halves, massArgs } from "../shared/plan-batches.ts";
import { type Stands, said, standing } from "../steps/run-steps.ts";
import { notTheSame } from "./strangers.ts";

/** How far it came; `stopped`: why it did not go on, in words. */
export interface CarriedOut {
  readonly standing: OpenedPlan;
  readonly stopped?: readonly string[];
}

export interface Carrying {
  readonly plans: Plans;
  readonly agreement: Agreement;
  readonly now: () => number;
  /** Whether a read shows that a unit of its own is so, for where SkyPrep refused it. */
  readonly isSo: (unit: number) => Promise<boolean>;
  readonly inner: Pick<JobContext, "signal" | "progress" | "late">;
}

/** What is being found out about: the people of a batch, or the targets of one person. */
interface Trying {
  taken: number;
  /** How many were refused by themselves. */
  alone: number;
  /** So many refused alone, and none taken: the rest is tried whole a few times more, and not one by one. */
  readonly most: number;
}
interface Part {
  readonly units: readonly number[];
  /** Whole, before. */
  readonly refused: boolean;
}
const people = (): Trying => ({ taken: 0, alone: 0, most: 3 });
const targets = (): Trying => ({ taken: 0, alone: 0, most: 2 });
/** Where good people stand around a few who are refused, one of the largest parts left is taken. */
const mostWholes = 3;
/** So often what became of something is written beside what somebody else writes. */
const mostOvertaken = 5;
const largest = (parts: readonly Part[]): Part | undefined =>
  parts.reduce<Part | undefined>(
    (most, part) => (most && most.units.length >= part.units.length ? most : part),
    undefined,
  );

/**
 * Does the steps in turn. What is about to be sent is marked as unknown on disk first and as what became of
 * it after, so that whoever goes on later never repeats what may have been done.
 */
export async function carryOut(
  start: OpenedPlan,
  steps: readonly Batch[],
  { plans, agreement, now, isSo, inner: { signal, progress, late } }: Carrying,
): Promise<CarriedOut> {
  let { state, revision } = start;
  let stopped: readonly string[] | undefined;
  const { name, plan } = start;
  const all = steps.reduce((sum, { units }) => sum + units.length, 0);
  const creates = new Map(
    plan.units.flatMap(({ do: what, p }, unit) => (what === "create" ? [[p, unit]] : [])),
  );
  let over = 0;

  const keep = async () => {
    revision = await plans.advance(name, revision, state);
  };

  async function send(
    units: readonly number[],
    run: () => Promise<Reply>,
  ): Promise<Stands | { readonly left: readonly number[] }> {
    signal.throwIfAborted();
    const before = state;
    state = { ...marked(state, units, "?"), sent: now() };
    try {
      await keep();
    } catch (error) {
      // Nothing was sent: what is told is not what stands there, or may.
      state = before;
      throw error;
    }
    const reply = await run();
    if (reply.strangers !== undefined) return withoutStrangers(units, reply.strangers);
    const stands = standing(reply);
    if (stands === "done") state = marked(state, units, "+");
    if (stands === "not tried") state = marked(state, units, ".");
    if (stands === "failed") {
      const [unit = -1] = units;
      const isAlready = plan.units[unit]?.do === "step" && (await isSo(unit));
      state = isAlready ? marked(state, units, "=") : marked(state, units, "!", said(reply));
    }
    // A success that a read does not bear out stops nobody else's turn.
    const doubted = stands === "unknown" && reply.outcome === "done";
    if (doubted) state = marked(state, units, "?", said(reply));
    if (reply.seen) state = lookedAt(state, units, reply.seen.verified);
    if ((stands === "unknown" && !doubted) || stands === "not tried")
      stopped = reply.text.split("\n").map(cleanText);
    // A batch that was refused is not over yet: its halves say what becomes of it.
    if (stands !== "failed" || halves(plan, units) === undefined) await keepOutcome(units);
    return stands;
  }

  /** Whoever else went on meanwhile does not know what became of these, and nobody but this call does. */
  async function keepOutcome(units: readonly number[]): Promise<void> {
    try {
      await keep();
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
      for (let tries = 0; tries < mostOvertaken; tries++) {
        const other = await readPlan(plans, name);
        if (other === undefined) break;
        const told = units.filter((unit) => markOf(other.state, unit) === "?");
        if (told.length === 0) break;
        try {
          await plans.advance(name, other.revision, withMarksOf(other.state, state, told));
          break;
        } catch (overtaken) {
          if (!(overtaken instanceof Overtaken)) throw overtaken;
        }
      }
      throw error;
    }
  }

  /** Nothing was sent: whoever is not who they were is out, and the others are still to come. */
  async function withoutStrangers(units: readonly number[], strangers: readonly number[]) {
    const isOut = (unit: number) => {
      const { id } = plan.people[plan.units[unit]?.p ?? -1] ?? {};
      return id !== undefined && strangers.includes(id);
    };
    const left = units.filter((unit) => !isOut(unit));
    const out = units.filter(isOut);
    state = marked(marked(state, left, "."), out.length > 0 ? out : units, "!", notTheSame);
    await keep();
    return { left: out.length > 0 ? left : [] };
  }

  /** Sends these parts of a batch in turn; of one that is refused its halves, down to whom or what it fails for. */
  async function attempt(batch: Batch, parts: readonly (readonly number[])[], trying: Trying): Promise<void> {
    let pending: Part[] = parts.map((units) => ({ units, refused: false }));
    let wholes = 0;
    while (pending.length > 0 && !stopped) {
      const over = late();
      if (over !== undefined) return outOfTime(over);
      const doubtful = trying.alone >= trying.most && trying.taken === 0;
      const next = doubtful ? largest(pending.filter(({ refused }) => !refused)) : pending[0];
      if (next === undefined || (doubtful && wholes >= mostWholes)) {
        return giveUp(
          pending.flatMap(({ units }) => units),
          trying.alone,
        );
      }
      pending = pending.filter((part) => part !== next);
      const { units } = next;
      if (!next.refused && units.length > 0) {
        const whole = units.length === batch.units.length;
        const stands = await send(units, () =>
          whole ? agreement.run(batch) : agreement.part(batch, massArgs(plan, units)),
        );
        if (typeof stands === "object") pending = [{ units: stands.left, refused: false }, ...pending];
        if (stands === "done") trying.taken += 1;
        if (stands !== "failed") continue;
      }
      const smaller = halves(plan, units);
      if (smaller === undefined) {
        trying.alone += units.length > 0 ? 1 : 0;
        continue;
      }
      state = marked(state, units, ".");
      if (doubtful) {
        wholes += 1;
        pending.push({ units, refused: true });
      } else if (isOnePerson(units)) {
        const own = targets();
        await attempt(batch, smaller, own);
        if (own.taken > 0) trying.taken += 1;
        else trying.alone += 1;
      } else pending = [...smaller.map((half) => ({ units: half, refused: false })), ...pending];
    }
  }

  async function giveUp(units: readonly number[], alone: number): Promise<void> {
    const why = `refused in a batch, and so were ${alone} of it alone: not tried one by one`;
    state = marked(state, units, "!", why);
    await keep();
  }

  /** What a refused batch left open is open on disk, too; all of it waits for the same call, under the same answer. */
  async function outOfTime(over: string): Promise<void> {
    stopped = [over];
    await keep();
    await agreement.hold();
  }

  const isOnePerson = (units: readonly number[]) =>
    new Set(units.map((unit) => plan.units[unit]?.p)).size === 1;

  try {
    for (const step of steps) {
      await attempt(step, [await unitsLeft(step)], people());
      if (stopped) break;
      over += step.units.length;
      progress(over, all, `${over} of ${all} of plan ${name} done.`);
    }
  } catch (error) {
    if (error instanceof Overtaken) {
      stopped = [`Plan ${name} is being applied by another call as well: this one stopped.`];
    } else if (error instanceof CannotKeepPlan) stopped = [error.message];
    else throw error;
  }
  return { standing: { name, plan, state, revision }, ...(stopped && { stopped }) };

  /** Nobody is enrolled whom SkyPrep would not create; nor before it is known that it did. So with what a step waits for. */
  async function unitsLeft({ units }: Batch): Promise<readonly number[]> {
    const refused: number[] = [];
    const waits: number[] = [];
    const left = units.filter((unit) => {
      const before = (plan.units[unit]?.step?.needs ?? []).map((one) => markOf(state, one));
      if (before.includes("!")) waits.push(unit);
      if (!before.every((mark) => mark === "+" || mark === "=")) return false;
      const made = creates.get(plan.units[unit]?.p ?? -1);
      if (made === undefined || made === unit) return true;
      if (markOf(state, made) === "!") refused.push(unit);
      return markOf(state, made) === "+";
    });
    if (refused.length > 0) state = marked(state, refused, "!", "the person was not created");
    if (waits.length > 0) state = marked(state, waits, "!", "what has to be done before it failed");
    if (refused.length + waits.length > 0) await keep();
    return left;
  }
}
