import type { Read } from "../academy/reads.ts";
import type { AgreedBy, Journal, Use } from "../journal/line.ts";
import type { Approver, Asker, Pages } from "./channels/approval-channels.ts";
import type { Impact } from "./impact/assess-impact.ts";
import type { ApprovalSettings } from "./policy/approval-policy.ts";
import type { Approved, Denied, Write } from "./policy/decision.ts";
import type { PageQuestions } from "./question/page-questions.ts";
import type { StoredApprovals } from "./question/pending-approvals.ts";
import type { StoredAgreements } from "./question/stored-agreements.ts";

export interface GuardWorld {
  /** Of the account, in the journal. */
  readonly account: string;
  /** The same in every process: an answer given for one is good for no other. Left out: the account's. */
  readonly academy?: string;
  /** Many persons over HTTP, and any replica takes what comes back: no code, no page of this computer's. */
  readonly over?: "http" | undefined;
  /** Left out: every question dies with this process. */
  readonly stored?: StoredApprovals | undefined;
  /** Left out: what is left of a job waits in this process. */
  readonly agreements?: StoredAgreements | undefined;
  /** Over HTTP, where people can sign in; left out: forms alone ask. */
  readonly pageQuestions?: PageQuestions | undefined;
  readonly read: Read;
  readonly journal: Journal;
  /** Left out: no page can be served, as over a connection from elsewhere. */
  readonly pages?: Pages | undefined;
  readonly clean: (text: string) => string;
  /** The academy's zone, as far as it is known without asking, or from these rows. */
  readonly zone?: ((rows?: readonly unknown[]) => string | undefined) | undefined;
  readonly now: () => number;
  readonly after: (ms: number, then: () => void) => () => void;
  readonly bytes: (n: number) => Uint8Array;
}

export interface GuardSettings extends ApprovalSettings {
  readonly keepsImages: boolean;
  /** The built-in academy: a question says that nothing real is at stake. */
  readonly sandbox: boolean;
}

/** What a person may be asked about: one call, or all the steps of a job. */
export interface ApprovalRequest<S extends Impact> {
  /** The tool that was called. */
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The code that came with the call. */
  readonly code?: string | undefined;
  /** A digest of this very call. */
  readonly call: string;
  /** How it stands now. @throws Missing, Unread */
  readonly see: (signal: AbortSignal) => Promise<S>;
}

/** Agreed to as it was seen; by `nobody` where nobody had to be asked. */
export interface Yes<S extends Impact> {
  readonly impact: S;
  readonly by: AgreedBy;
  readonly question?: string;
  /** Where a page of the team's server asked. */
  readonly approver?: Approver | undefined;
  /** Uses it up in all processes; left out: it is, or nobody was asked. */
  readonly use?: Use;
}

/** Asks where that is deserved. Rejects with `InputRequired`, CannotWrite, or the signal's reason. */
export type Approve = <S extends Impact>(
  request: ApprovalRequest<S>,
  asker: Asker,
  signal: AbortSignal,
) => Promise<Yes<S> | Denied>;

/** Approves a write, or says why not. Rejects with `InputRequired`, CannotWrite, or the signal's reason. */
export type Guard = (write: Write, asker: Asker, signal: AbortSignal) => Promise<Approved | Denied>;
