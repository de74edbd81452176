import type { Kind } from "../../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { Identity } from "../../academy/identity.ts";
import type { KnownPerson } from "../../academy/reads.ts";
import type { AgreedBy, Allow, Target } from "../../journal/line.ts";

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
}

/** It may be sent, now, once. */
export interface Approved {
  readonly go: true;
  readonly kind?: Kind;
  readonly agreed: AgreedBy;
  readonly question?: string;
  readonly pairs?: number;
  readonly targets: readonly Target[];
  readonly image?: Readonly<Record<string, unknown>>;
  readonly person?: KnownPerson;
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
