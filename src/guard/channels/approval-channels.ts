import type { Answer, Question } from "../question/question.ts";

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
