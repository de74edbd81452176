import { createHash } from "node:crypto";
import { principalOfCall } from "../../access/principal.ts";
import type { AgreedBy, Use } from "../../journal/line.ts";
import type { Asker, KeptPage, Pages } from "../channels/approval-channels.ts";
import { sameCode } from "./confirm-code.ts";
import { type Answer, InputRequired, type Question } from "./question.ts";

/** How a form was answered faster than a person can read. */
export type AtOnce = "yes" | "no";

/** A question that was put, and what is known of it since. */
export interface Open {
  readonly question: Question;
  readonly call: string;
  /** How what it is about stood when it was put. */
  readonly binding: Binding;
  readonly counts: Readonly<Record<string, number>>;
  readonly args: Readonly<Record<string, unknown>>;
  /** Good for this call, once, where a code may be given. */
  readonly code?: string;
  /** Put by a form of one call: other calls, the same or not, have nothing to do with it. */
  readonly form?: true;
  /** A form with it was answered so, and that counted for nothing. */
  readonly atOnce?: AtOnce;
  /** Where a page shows it; `answered`: when `answer` is there. */
  page?:
    | {
        readonly url: string;
        readonly opened: boolean;
        readonly close: () => void;
        readonly answered: Promise<void>;
      }
    | undefined;
  /** Where it stands for all replicas, for a page of the team's server. */
  readonly onPage?: KeptPage;
  /** While the page is on its way: calls made at once share it. */
  putting?: Promise<Open["page"]> | undefined;
  answer?: { readonly said: Answer; readonly by: AgreedBy };
  /** The yes is in the journal. */
  agreed?: true;
  /** Whether another process can go on from it; left out: none can, and it dies with this one. */
  kept?: Promise<boolean>;
  /** The last no to this call that was known when the question was put: one that came since is this question's, too. */
  refusalBefore?: Promise<string | undefined>;
  /** Somebody said no to the same call since: it is good for nothing. */
  refused?: true;
  /** While the no that was said to it reaches all other questions of the call. */
  refusing?: Promise<void>;
  /** Put by another process: its digests are keyed, and those of now have to be to be compared. */
  readonly earlier?: (now: Binding) => Binding;
  /** Of one that another process put, whose phrase nobody here knows: whether this is what had to be typed. */
  readonly typed?: (given: string) => boolean;
}

/**
 * Questions that a code can answer, for hosts that start a process for each call (docs/decisions/016), and over HTTP all
 * that forms ask. No code, phrase, answer or page is kept, no text of a question, and nothing that tells whom it is about.
 */
export interface StoredApprovals {
  /** Whether what forms ask is kept. */
  readonly forms: boolean;
  /** Keeps what is needed later, in the place of what stood there for the same call. False: it could not. */
  keep(open: Open): Promise<boolean>;
  /** The question of this call that this code answers. Undefined: there is none, and what was wrongly used is burnt. */
  answered(call: string, code: string): Promise<Open | "edited" | "shut" | undefined>;
  /** The question that a form of this call was put with; undefined where none stands. */
  form(id: string, call: string): Promise<Open | undefined>;
  /** Whether it could be used now; uses nothing up. */
  stands(open: Open): Promise<boolean>;
  /** Uses it up, before anything is written down or sent. False: it was, here or elsewhere, or is over. */
  use(open: Open): Promise<boolean>;
  burn(open: Open): Promise<void>;
  /** Another question stands for this call, which dies with its process. */
  drop(call: string): Promise<EndedQuestion | undefined>;
  /** Somebody said no, to the question `by`: what is kept for this call is over, and every process can see that. */
  refuse(call: string, by: string): Promise<EndedQuestion | undefined>;
  /** The last no to this call, as text that differs from that of any other; undefined: there is none. */
  refusal(call: string): Promise<string | undefined>;
}

/** A question that is over, as the journal names it. */
export type EndedQuestion = Pick<Question, "id" | "kind" | "tool">;

/**
 * The questions of this process. An answer counts once, for ten minutes, for the call it was given to; what
 * was used wrongly is burnt. They die with the process, but for what is stored of those with a code.
 */
export interface PendingApprovals {
  open(open: Open): void;
  /** The question of this call that is still good, put by a page or a code. */
  of(call: string): Open | undefined;
  /** The question that a form was put with, by its name and the call it was put for. */
  byForm(id: string, call: string): Promise<Open | undefined>;
  byCode(code: string): Open | undefined;
  /** The question that another process put and this code answers. `edited`, `shut`: why it counts for nothing. */
  ofAnother(call: string, code: string): Promise<Open | "edited" | "shut" | undefined>;
  /**
   * Uses an answer up in this process, and hands back what does so in all others, for whoever writes down what is
   * sent on it. Otherwise it was used or burnt, is over, or somebody said no: nothing may be sent on it.
   */
  take(open: Open): Promise<{ readonly use: Use } | "over" | "refused">;
  burn(open: Open): Promise<void>;
  /**
   * A no to one question is a no to its call: every other that was put for it before is over, in this process and in
   * all others. `codes`: it may have been nobody's, so that a person may still say yes, but no code does.
   * Resolves to what it ended.
   */
  refuse(open: Open, what: "all" | "codes"): Promise<readonly EndedQuestion[]>;
}

export function createPendingApprovals(now: () => number, stored?: StoredApprovals): PendingApprovals {
  const questions = new Map<string, Open>();
  const isGood = ({ question }: Open) => question.expiresAt > now();
  const good = (open: Open | undefined) => (open && isGood(open) ? open : undefined);
  const first = (wanted: (open: Open) => boolean) =>
    [...questions.values()].find((open) => isGood(open) && wanted(open));
  const end = (open: Open) => {
    questions.delete(open.question.id);
    open.page?.close();
  };
  /** Whether somebody said no to the same call in another process since this was put. */
  const isRefusedElsewhere = async ({ call, refusalBefore }: Open) =>
    refusalBefore !== undefined && (await refusalBefore) !== (await stored?.refusal(call));

  return {
    open(open) {
      for (const one of questions.values()) {
        if (!isGood(one) || (!open.form && !one.form && one.call === open.call)) end(one);
      }
      questions.set(open.question.id, open);
      if (stored === undefined) return;
      if (!open.form && open.code === undefined) open.kept = stored.drop(open.call).then(() => false);
      else if (!open.form || stored.forms) open.kept = stored.keep(open);
      open.refusalBefore = Promise.resolve(open.kept).then(() => stored.refusal(open.call));
    },
    // Of one that another process put, nobody here knows the words: it waits for its code alone.
    of: (call) => first((open) => !open.form && !open.earlier && !open.refused && open.call === call),
    async byForm(id, call) {
      const own = questions.get(id);
      if (!stored?.forms) return good(own);
      const found = await stored.form(id, call);
      if (found === undefined) {
        if (own) end(own);
        return undefined;
      }
      // Whoever brings the same answer at once has the same question.
      const known = questions.get(id) ?? found;
      if (found.refused) known.refused = true;
      questions.set(id, known);
      return good(known);
    },
    byCode: (code) => first((open) => open.code !== undefined && sameCode(open.code, code)),
    async ofAnother(call, code) {
      const found = await stored?.answered(call, code);
      if (found === undefined || typeof found === "string") return found;
      // Of two calls that bring the same code at once, both have the same question.
      const known = questions.get(found.question.id) ?? found;
      questions.set(known.question.id, known);
      return good(known);
    },
    async take(open) {
      if (open.refused) return "refused";
      if (open.onPage) return open.onPage.take();
      if (questions.get(open.question.id) !== open || !isGood(open)) return "over";
      end(open);
      if (await isRefusedElsewhere(open)) return "refused";
      if ((await open.kept) && (await stored?.stands(open)) !== true) return "over";
      const use = async () => {
        if (await isRefusedElsewhere(open)) return false;
        return !(await open.kept) || (await stored?.use(open)) === true;
      };
      return { use };
    },
    async burn(open) {
      if (open.onPage) return open.onPage.burn();
      if (questions.get(open.question.id) === open) end(open);
      if (await open.kept) await stored?.burn(open);
    },
    async refuse({ call, question, kept }, what) {
      const others = [...questions.values()].filter(
        (one) =>
          one.call === call && one.question.id !== question.id && (what === "all" || one.code !== undefined),
      );
      for (const one of others) {
        one.refused = true;
        one.page?.close();
      }
      // What is on its way to the disk is ended there, too.
      await Promise.all([kept, ...others.map((one) => one.kept)]);
      const elsewhere = await (what === "all" ? stored?.refuse(call, question.id) : stored?.drop(call));
      const ended = new Map(
        [...others.map((one) => one.question), ...(elsewhere ? [elsewhere] : [])].map((one) => [one.id, one]),
      );
      ended.delete(question.id);
      return [...ended.values()];
    },
  };
}

export interface ApprovalChannels {
  readonly asker: Asker;
  readonly signal: AbortSignal;
  readonly questions: PendingApprovals;
  /** The page said no. */
  readonly refuse: (open: Open) => Promise<void>;
  readonly world: {
    readonly pages?: Pages | undefined;
    readonly now: () => number;
    readonly after: (ms: number, then: () => void) => () => void;
  };
}

/** A page is waited for so long before the reply says where it is; a form for as long as the question is good. */
const pageMs = 40_000;
const tickMs = 10_000;

/** `ms`: how long a form was open. */
type PersonAnswer = { readonly said: Answer; readonly by: AgreedBy; readonly ms?: number };

/** Nobody reads a question faster: a form that comes back sooner may have been answered by the program. */
const atOnceMs = 1_500;

/**
 * Whether this answer of a form came too fast to be told as a person's, be it a no or, where only theirs counts, a yes.
 * A clock that was set back meanwhile says nothing of a person either.
 */
export function answeredAtOnce(answer: Answer, ms: number, onlyPersons: boolean): AtOnce | undefined {
  if (ms >= atOnceMs || answer.said === "failed") return undefined;
  if (answer.said !== "yes") return "no";
  return onlyPersons ? "yes" : undefined;
}

/**
 * Puts a question on the best rung there is (contract §5). Undefined: nobody has answered yet, and the reply
 * carries the question. @throws InputRequired, or the signal's reason
 */
export async function askForApproval(
  open: Open,
  asking: ApprovalChannels,
): Promise<PersonAnswer | undefined> {
  const { asker, signal, questions } = asking;
  signal.throwIfAborted();
  const { now } = asking.world;
  if (asker.form === "suspends" && open.form) throw new InputRequired(open.question, open.call, now());
  if (typeof asker.form === "function" && open.form) {
    try {
      const began = now();
      const said = await ticking(asker.form(open.question, signal), "Waiting for a person's answer", asking);
      return { said, by: asker.by ?? "form", ms: now() - began };
    } catch (error) {
      await questions.burn(open);
      throw error;
    }
  }
  open.putting ??= open.page ? undefined : putPage(open, asking);
  const page = open.page ?? (await open.putting);
  open.putting = undefined;
  if (page === undefined) return undefined;
  // Where no browser could be opened, the address has to reach the person first; where nobody may be there, too.
  if (!page.opened || open.atOnce === "no") return open.answer;
  await ticking(
    firstOf(page.answered, pageMs, asking),
    "Waiting for the page in the person's browser",
    asking,
  );
  signal.throwIfAborted();
  return open.answer;
}

async function putPage(open: Open, { asker, refuse, world }: ApprovalChannels): Promise<Open["page"]> {
  if (world.pages === undefined) return undefined;
  const page = await world.pages.put(open.question, {
    client: asker.client,
    arguments: open.args,
    // Whoever said no to a form, if anybody did, is not asked again by a window that opens by itself.
    ...(open.atOnce === "no" && { quietly: true }),
  });
  const answered = page.answer.then((said) => {
    // An answer kept is good for the same call, repeated; one that failed leaves the other rungs.
    if (said.said === "failed") open.page = undefined;
    else if (open.answer === undefined || said.said !== "yes") open.answer = { said, by: "page" };
    // At once: the call that tells them so may never be repeated. Should it fail, that call does it again.
    if (said.said === "no") void refuse(open).catch(() => {});
  });
  if (page.url === "") return undefined;
  open.page = { url: page.url, opened: page.opened, close: page.close, answered };
  return open.page;
}

/** Ends when the work does, the time is over, or the call is cancelled; the work goes on. */
async function firstOf(work: Promise<void>, ms: number, { signal, world }: ApprovalChannels): Promise<void> {
  let done = () => {};
  const over = new Promise<void>((resolve) => {
    done = resolve;
  });
  const cancel = world.after(ms, done);
  signal.addEventListener("abort", done, { once: true });
  await Promise.race([work, over]);
  cancel();
  signal.removeEventListener("abort", done);
}

/** Tells every ten seconds that it still waits. */
async function ticking<T>(work: Promise<T>, text: string, { asker, world }: ApprovalChannels): Promise<T> {
  let cancel = () => {};
  const tick = () => {
    asker.tell(text);
    cancel = world.after(tickMs, tick);
  };
  tick();
  try {
    return await work;
  } finally {
    cancel();
  }
}

const digest = (value: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("base64url");

/** The same arguments in another order are the same call. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value === undefined ? null : value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}

/** This very call: the account, the operation and its exact arguments, `extra` too. */
export const callDigest = (account: string, route: string, args: Readonly<Record<string, unknown>>): string =>
  digest([account, route, args]);

type Calling = Readonly<{ academy?: string; account: string; over?: "http" | undefined }>;

/**
 * Whose call it is: what one person was asked is not another's to answer, nor to go on with.
 * @throws over HTTP, where nobody is known to call: then a question would be everybody's
 */
export function callerOf({ academy, account, over }: Calling): string {
  const own = academy ?? account;
  const person = principalOfCall()?.person;
  if (person === undefined && over === "http") throw new Error("a call over HTTP without a person");
  return person === undefined ? own : JSON.stringify([own, person]);
}

/** It could not be read: neither the same as before nor changed. */
export const unread = Symbol("unread");

/** What a call is about as that stands, part by part: an answer is good for these only (contract §5). */
export type Digests = Readonly<Record<string, unknown>>;

/** Each part by its digest: nothing of whom or what it is about is kept. */
export type Binding = ReadonlyMap<string, string | typeof unread>;

export const digestsOf = (bound: Digests): Binding =>
  new Map(Object.entries(bound).map(([part, value]) => [part, value === unread ? unread : digest([value])]));

/**
 * Whether things stand as they did. `unread`: nothing is known to have changed, but something that stood in the
 * question could not be read again. What could not be read then, and can be now, is a change: nobody was told.
 * A part that never stands for anything (a count) may come and go.
 */
export function compareBindings(before: Binding, now: Binding): "same" | "changed" | "unread" {
  let [found, lost] = [false, false];
  for (const part of new Set([...before.keys(), ...now.keys()])) {
    const [was, stands] = [before.get(part), now.get(part)];
    const counted = (was ?? unread) === unread && (stands ?? unread) === unread;
    if (was === stands || counted) continue;
    if (stands === unread) lost = true;
    else if ((was ?? unread) === unread) found = true;
    else return "changed";
  }
  // A new question would leave out what cannot be read now, and could promise too much.
  return lost ? "unread" : found ? "changed" : "same";
}

/** How a question that was put compares with how things stand now. */
export const comparedNow = ({ binding, earlier }: Open, now: Binding): ReturnType<typeof compareBindings> =>
  compareBindings(binding, earlier?.(now) ?? now);

/**
 * A count that has grown by more than 10% and 10 is a new question; one that could not be read before is, too.
 * One that cannot be read again is no change.
 */
export function hasGrown(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): boolean {
  return Object.entries(now).some(([name, n]) => {
    const was = before[name];
    return was === undefined ? n > 10 : n - was > 10 && n > was * 1.1;
  });
}
