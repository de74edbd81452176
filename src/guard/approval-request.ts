import type { AgreedBy } from "../journal/line.ts";
import type { Asker } from "./channels/approval-channels.ts";
import type { Impact } from "./impact/assess-impact.ts";
import type { Denied } from "./policy/decision.ts";

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
  readonly sight: S;
  readonly by: AgreedBy;
  readonly question?: string;
}

/** Asks where that is deserved. Rejects with `Suspended`, CannotWrite, or the signal's reason. */
export type Approve = <S extends Impact>(
  matter: ApprovalRequest<S>,
  asker: Asker,
  signal: AbortSignal,
) => Promise<Yes<S> | Denied>;
