import type { Kind } from "../../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { Identity } from "../../academy/identity.ts";
import type { KnownPerson } from "../../academy/reads.ts";
import type { AgreedBy, Allow, Intent, Target, Use } from "../../journal/line.ts";

/** One write, checked, as it would be sent. */
export interface Write {
  readonly tool: string;
  readonly route: string;
  readonly operation: WriteOperation;
  readonly args: Readonly<Record<string, unknown>>;
  /** The code that came with the call. */
  readonly code?: string | undefined;
  /** Whom it is for, as the job that planned it knew them: checked again at the moment of sending. */
  readonly people?: readonly Identity[] | undefined;
  /** How it is taken back, where the job that planned it can do what the operation by itself cannot: a sentence. */
  readonly wayBack?: string | undefined;
}

/** What an operator's policy adds to what the guard decides by itself: it only makes it stricter. */
export interface OperatorPolicy {
  readonly name: string;
  /** Whom it means is read anew: a call begins, or a person took their time to answer. */
  renew(): void;
  /** Which rule forbids it, in a sentence; undefined: none does. */
  barred(write: Write, signal: AbortSignal): Promise<string | undefined>;
  /** Why all of these together are more than an hour or a day may have; undefined: they are not. */
  overLimits(writes: readonly Write[], signal: AbortSignal): Promise<string | undefined>;
  /** Whether a person is asked about this tool, also where nobody would be. */
  asks(tool: string): boolean;
  /** The same of what deserves a question of this kind. */
  asksKind(kind: Kind | undefined): boolean;
  refusesKind(kind: Kind | undefined): boolean;
}

/** The same policy at the moment a write is sent, and at the door. */
export interface PolicyAtSend {
  /** Which rule forbids it as things stand now; or what the journal keeps of it, and whether limits allow it. */
  hold(
    write: Pick<Write, "tool" | "route" | "operation" | "args">,
    signal: AbortSignal,
    /** The same of all steps of a job: whom one of them takes out of a group the others may still be about. */
    job: object | undefined,
  ): Promise<
    { readonly barred: string } | { readonly noted: Pick<Intent, "policy" | "counts">; readonly allow: Allow }
  >;
  /** Lets exactly this through the door, until it is taken back. */
  pass(route: string, form: string, job: object | undefined): () => void;
}

/** It may be sent, now, once. */
export interface Approved {
  readonly go: true;
  readonly kind?: Kind;
  readonly agreed: AgreedBy;
  readonly question?: string;
  /** Who agreed, where a page of the team's server asked. */
  readonly approver?: string;
  readonly pairs?: number;
  readonly targets: readonly Target[];
  readonly image?: Readonly<Record<string, unknown>>;
  readonly person?: KnownPerson;
  /** The same of all steps that were agreed to together. */
  readonly job?: object;
  /** Uses up the yes, before anything else when the intent is written; left out: it is, or nobody was asked. */
  readonly use?: Use;
  /** To be held once more when the intent is written: other processes may have filled the budget. */
  readonly allow: Allow;
}

/** It may not: what happened, and what to do next. */
export interface Denied {
  readonly go: false;
  readonly lines: readonly string[];
  /** A person said no, or closed the question: an answer, and no error. */
  readonly declined?: true;
  /** A question that waits for its answer. */
  readonly asked?: {
    readonly kind: Kind;
    readonly question: string;
    readonly page?: string;
    readonly confirm?: string;
    readonly expires_at: string;
  };
  /** Of such a question: who has to do what. */
  readonly next?: string;
  /** What it lacks, where that is known: somebody who says yes, or a time at which SkyPrep can be read. */
  readonly needs?: "person" | "time";
}

/** It may not, for some it names are not who they were when it was planned; the others could be. */
export interface Strange {
  readonly go: false;
  readonly strangers: readonly Identity[];
}

export const refusal = (...lines: string[]): Denied => ({ go: false, lines });
/** Refused for want of a person's yes. */
export const personNeeded = (...lines: string[]): Denied => ({ ...refusal(...lines), needs: "person" });
/** Refused for now: an hour or a day has had what it may. */
export const later = (...lines: string[]): Denied => ({ ...refusal(...lines), needs: "time" });
export const nothing = "Nothing was sent.";
/** What a person answered; that it was not done stands first, so that nobody tells it as done. */
export const declined = (said: string, next: string): Denied => ({
  go: false,
  declined: true,
  lines: [`Not done. ${said} ${nothing}`, next],
});

/** The same question would help nobody: what it was about may be another by now, and cannot be seen. */
export const unreadAgain = (tool: string): Denied => ({
  ...refusal(
    `${tool} was not sent: a person agreed, but how things stand could not be read again.`,
    `${nothing} Call again in a minute: a person is asked anew.`,
  ),
  needs: "time",
});
