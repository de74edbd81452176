import type { AgreedBy } from "../../journal/line.ts";
import type { AtOnce, Open, PendingApprovals } from "../question/pending-approvals.ts";
import { type Answer, InputRequired, type Question } from "../question/question.ts";

/** How whoever calls can be asked. */
export interface Asker {
  /** As the client calls itself. */
  readonly client: string;
  /**
   * The client's own form, where it shows any. `suspends`: it can only be asked in the call's answer. Rejects
   * with the signal's reason; a form that fails resolves to `failed`.
   */
  readonly form?: "suspends" | ((question: Question, signal: AbortSignal) => Promise<Answer>);
  /** Where the form is asked at a terminal; left out: in a client's window. */
  readonly by?: "terminal";
  /** An answer that came back with this call, and the question, call and time it was sealed with (2026 era). */
  readonly returned?: {
    readonly question: string;
    readonly call: string;
    /** When the question went out; epoch milliseconds. */
    readonly at: number;
    readonly answer: Answer;
  };
  /** Tells whoever waits that a person is being waited for. */
  readonly tell: (text: string) => void;
}

/** One page for one question, in the person's browser or at an address they are given. */
export interface Page {
  readonly url: string;
  readonly opened: boolean;
  readonly answer: Promise<Answer>;
  readonly close: () => void;
}
export interface Pages {
  put(
    question: Question,
    asked: {
      readonly client: string;
      readonly arguments: Readonly<Record<string, unknown>>;
      /** Only serve it: no browser is opened. */
      readonly quietly?: boolean;
    },
  ): Promise<Page>;
}

export interface ApprovalChannels {
  readonly asker: Asker;
  readonly signal: AbortSignal;
  readonly questions: PendingApprovals;
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
type Said = { readonly said: Answer; readonly by: AgreedBy; readonly ms?: number };

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
 * carries the question. @throws Suspended, or the signal's reason
 */
export async function askForApproval(open: Open, asking: ApprovalChannels): Promise<Said | undefined> {
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

async function putPage(open: Open, { asker, questions, world }: ApprovalChannels): Promise<Open["page"]> {
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
    if (said.said === "no") void questions.endElsewhere(open);
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
