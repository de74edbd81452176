import { type Read, Unread } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import type { Change } from "../../journal/line.ts";
import { linkedAbort, worthStartingMs } from "../../skyprep/request.ts";
import { NotNow, Rejected } from "../../skyprep/response.ts";
import type { KeptAnswers } from "../../state/unfinished-reads.ts";
import type { JobWorld } from "../job.ts";
import { knownClocks, writtenSince } from "./as-of.ts";

/** What SkyPrep answers only one by one: asked as long as a call's time lasts, and gone on with in the next. */
export interface Questions {
  /** What was read for this question, in this call or in the one before; undefined: no time is left for it. @throws Missing, Unread */
  ask<T>(question: string, put: (read: Read) => Promise<T>): Promise<T | undefined>;
  /** Whether that costs nothing. */
  readonly knows: (question: string) => boolean;
  /** Whether a question was left for the next call. */
  readonly late: () => boolean;
  /** Why it was left, and how to have the rest, in words that end a sentence. */
  readonly goOn: () => string;
  /** Since when it was read, where that was before this call; a sentence for the reply. */
  readonly sinceWhen: () => string | undefined;
}

interface QuestionsWorld extends Pick<JobWorld, "now" | "after" | "unfinished" | "zone" | "account"> {
  readonly read: Read;
  readonly within: JobWorld["within"];
  readonly journal: JobWorld["journal"];
  readonly records: JobWorld["records"];
}

export interface QuestionsOf {
  /** The job, and all of its arguments that the questions depend on. */
  readonly work: readonly string[];
  /** Epoch milliseconds: the call's own reading is over by then. */
  readonly until: number;
  /** What was kept is not good enough. */
  readonly fresh?: boolean | undefined;
  /** All of it is kept on once it is there: steps follow that a call may have no time for. */
  readonly keepsAll?: boolean | undefined;
}

const isKept = "what was read is kept for 10 minutes";

/** However late a call comes to them, some are asked: else the next one would come no further. */
const leastMs = 2 * worthStartingMs;

/** A call may read for so long, where it writes nothing. */
export const readingUntil = (began: number, { patienceMs }: Pick<JobWorld, "patienceMs">): number =>
  began + Math.max(patienceMs, leastMs);

/** Where it has steps to take as well. */
export const readingBeforeSteps = (began: number, { timeoutMs }: Pick<JobWorld, "timeoutMs">): number =>
  began + timeoutMs / 2;

export async function withQuestions<T>(
  { work, until: wanted, fresh, keepsAll = false }: QuestionsOf,
  world: QuestionsWorld,
  { signal, reading }: Pick<JobContext, "signal" | "reading">,
  use: (questions: Questions) => Promise<T>,
): Promise<T> {
  const { now, after, unfinished } = world;
  const key = [world.account, ...work, await scopeIn(world, signal)].join("\n");
  if (fresh) unfinished.drop(key);
  const answers = await unlessWritten(unfinished.take(key), world);
  const before = answers.size === 0 ? undefined : Math.min(...[...answers.values()].map(({ at }) => at));
  const until = Math.max(wanted, now() + leastMs);
  const own = linkedAbort(signal);
  const callOff = after(until - now(), () => own.abort(new DOMException("out of time", "TimeoutError")));
  const read: Read = (route, parameters, both) => world.read(route, parameters, both);
  let got = 0;
  let late = false;
  let isLimited = false;
  let usedBefore = false;

  const questions: Questions = {
    async ask<T>(question: string, put: (read: Read) => Promise<T>): Promise<T | undefined> {
      const known = answers.get(question);
      if (known !== undefined) {
        usedBefore ||= before !== undefined && known.at < began;
        return known.value as T;
      }
      const at = now();
      if (late || at + worthStartingMs > until) {
        late = true;
        return undefined;
      }
      try {
        const value = await put((route, parameters) => read(route, parameters, own.signal));
        got += 1;
        answers.set(question, { value, at });
        return value;
      } catch (error) {
        signal.throwIfAborted();
        const isOver = own.signal.aborted;
        if (!isOver && !isTurnedAway(error)) throw error;
        // Whoever gets nowhere at all hears why.
        if (got === 0) throw isOver ? new Unread("it did not answer in time") : error;
        late = true;
        isLimited ||= !isOver;
        return undefined;
      }
    },
    knows: (question) => answers.has(question),
    late: () => late,
    goOn: () =>
      isLimited
        ? `SkyPrep's limit of calls a minute is used up. Call again in a minute to go on: ${isKept}`
        : `this call's time was over. Call again to go on: ${isKept}`,
    sinceWhen: () =>
      usedBefore && before !== undefined
        ? `read over several calls, the first at ${knownClocks(world).stamp(before)}.`
        : undefined,
  };
  const began = now();
  try {
    return await reading(until, () => use(questions));
  } finally {
    callOff();
    own.leave();
    if ((late || keepsAll) && answers.size > 0) unfinished.keep(key, answers);
    else unfinished.drop(key);
  }
}

/** The limit of calls a minute, ours or SkyPrep's: it passes. */
export function isTurnedAway(error: unknown): boolean {
  const why = error instanceof Unread ? error.cause : error;
  return why instanceof NotNow || (why instanceof Rejected && why.status === 429);
}

/** A write of this computer may have made it another matter. */
async function unlessWritten(answers: KeptAnswers, world: QuestionsWorld): Promise<KeptAnswers> {
  if (answers.size === 0) return answers;
  const { sent } = await writtenSince(Math.min(...[...answers.values()].map(({ at }) => at)), world);
  let left = answers;
  for (const { intent } of sent) {
    const touched = touchedBy(intent);
    left = new Map([...left].filter(([question]) => !touched(question)));
  }
  return left;
}

const ofOneGroup = /^(assign_manager_to|remove_manager_from|remove_user_from)_user_group$/;

/** Which questions a write may have made another matter: all of them, but for what jobs themselves do step by step. */
function touchedBy({ tool, arguments: args }: Change["intent"]): (question: string) => boolean {
  const { user_id, user_group_id } = args;
  const names = Object.keys(args);
  if (tool === "destroy_power_user") return () => false;
  // Training and memberships go along, rights do not.
  if (tool === "move_training_data") return (question) => !question.startsWith("manages ");
  if (tool === "update_user" && names.every((name) => name === "user_id" || name === "access_end_date"))
    return () => false;
  if (!ofOneGroup.test(tool) || typeof user_id !== "number" || typeof user_group_id !== "number")
    return () => true;
  return (question) => {
    const numbers = question.split(" ").filter((word) => /^\d+$/.test(word));
    return (
      numbers.includes(String(user_group_id)) ||
      question === groupsOfPerson(user_id) ||
      question === groupsOfEverybody
    );
  };
}

/** Questions, as they are kept. */
export const groupsOfEverybody = "groups of everybody";
export const groupsOfPerson = (person: number): string => `groups of ${person}`;
export const membersOfGroup = (group: number): string => `members of ${group}`;
export const coursesOfPath = (path: number): string => `courses of path ${path}`;
export const managesGroup = (person: number, group: number): string => `manages ${person} ${group}`;

/** What a policy lets be seen is part of the question. */
async function scopeIn({ within }: QuestionsWorld, signal: AbortSignal): Promise<string> {
  const scope = await within(signal);
  if (scope === undefined) return "";
  const { person, course, group } = scope;
  return [person?.ids, course, group].map((ids) => (ids ? [...ids].sort().join(",") : "all")).join(" ");
}

/** Works on several at once, in their order; ends early where one has no time left. */
export async function severalAtOnce<T, R>(
  all: readonly T[],
  work: (one: T) => Promise<R | undefined>,
  atOnce = mostAtOnce,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < all.length) {
      const at = next++;
      const result = await work(all[at] as T);
      if (result === undefined) return;
      results[at] = result;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker));
  return results.filter((one) => one !== undefined);
}
const mostAtOnce = 10;

/** Nothing can be done before all of it is known. */
export class StillAsking extends Unread {}
