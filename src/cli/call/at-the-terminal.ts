import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Asker, Pages } from "../../guard/channels/approval-channels.ts";
import { type Answer, type Question, textOf } from "../../guard/question/question.ts";

export interface TerminalStreams {
  readonly stdin: Readable;
  readonly stderr: Writable;
}

/**
 * Asks whoever sits at the terminal, or whatever program pretends to: a terminal proves no person. Only the whole word
 * `yes`, or the phrase where one is asked for, is one.
 */
export function terminalAsker(streams: TerminalStreams, tell: (text: string) => void): Asker {
  let asking = false;
  return {
    client: "terminal",
    by: "terminal",
    // Nothing is written between a question and its answer.
    tell: (text) => (asking ? undefined : tell(text)),
    form: async (question, signal) => {
      asking = true;
      try {
        return await answerTo(question, signal, streams);
      } finally {
        asking = false;
      }
    },
  };
}

const wholeYes = "Type yes to go on. Anything else is a no.";

async function answerTo(question: Question, signal: AbortSignal, streams: TerminalStreams): Promise<Answer> {
  const { phrase } = question;
  streams.stderr.write(`\n${textOf(question)}\n${phrase === undefined ? `${wholeYes}\n` : ""}> `);
  const typed = await typedLine(streams, signal);
  if (typed === undefined) return { said: "cancelled" };
  // Whether it is the phrase is judged where every other answer is.
  if (phrase !== undefined) return typed.trim() === "" ? { said: "no" } : { said: "yes", typed };
  return { said: typed.trim().toLowerCase() === "yes" ? "yes" : "no" };
}

/** Undefined: the terminal was closed. Rejects with the signal's reason. */
function typedLine({ stdin, stderr }: TerminalStreams, signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted();
  // Not as a terminal: Ctrl+C stays a signal, which lets a write that is on its way finish.
  const lines = createInterface({ input: stdin, terminal: false });
  return new Promise<string | undefined>((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    lines.once("line", resolve);
    lines.once("close", () => {
      signal.removeEventListener("abort", stop);
      stderr.write("\n");
      resolve(undefined);
    });
  }).finally(() => lines.close());
}

/** How many pages wait for an answer, and the pages as a process has them that ends with its call. */
export interface CallPages {
  readonly pages: Pages;
  readonly waiting: () => boolean;
}

/**
 * A page dies with its process. It is put where a browser opened, or where somebody at the terminal is told its
 * address; the call then waits for it. Anywhere else nobody could answer it in time.
 */
export function pagesOfCall(pages: Pages, say: ((line: string) => void) | undefined): CallPages {
  let open = 0;
  return {
    waiting: () => open > 0,
    pages: {
      async put(question, asked) {
        const page = await pages.put(question, asked);
        if (!page.opened && say === undefined) {
          page.close();
          return { ...page, url: "", answer: new Promise(() => {}) };
        }
        if (!page.opened) say?.(`\n${textOf(question)}\nOpen this page to answer: ${page.url}`);
        open += 1;
        const over = () => {
          open -= 1;
        };
        page.answer.then(over, over);
        return { ...page, opened: true };
      },
    },
  };
}
