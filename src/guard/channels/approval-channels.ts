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
  /** Whether the client can be given an address for its person to open, and how; left out: it cannot. */
  readonly link?: "suspends" | "refuses";
  /** What its person said to opening the address of this question (2026 era): nothing that was asked. */
  readonly opening?: {
    readonly question: string;
    readonly at: number;
    readonly said: "accept" | "decline" | "cancel";
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

/** Whoever said yes on a page of the team's server. */
export interface Approver {
  readonly person: string;
  /** To be kept, and read by nobody. */
  readonly sealed: string;
  /** Whether they may still, by the very grant that they had then. */
  readonly mayStill: () => boolean;
}

/** A question that stands where each replica finds it, for a page of the team's server. */
export interface KeptPage {
  readonly address: string;
  /** Epoch milliseconds, by the clock of whatever keeps it. */
  readonly until: number;
  /** Somebody else than who asks has to answer. */
  readonly others: boolean;
  /** It was answered, and not with a yes. */
  readonly ended?: "no" | "wrong";
  /** What whoever answered wrote. */
  readonly reason?: string;
  readonly approver?: Approver;
  burn(): Promise<void>;
  /** For one call of this process; `use`: of all. */
  take(): Promise<{ readonly use: () => Promise<boolean> } | "over" | "refused">;
}
