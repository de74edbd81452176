import type { AgreedBy } from "../journal/line.ts";
import type { Asker } from "./channels/approval-channels.ts";
import type { Sight } from "./impact/assess-impact.ts";
import type { NotAgreed } from "./policy/decision.ts";

/** What a person may be asked about: one call, or all the steps of a job. */
export interface Matter<S extends Sight> {
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
export interface Yes<S extends Sight> {
  readonly sight: S;
  readonly by: AgreedBy;
  readonly question?: string;
}

/** Asks where that is deserved. Rejects with `Suspended`, CannotWrite, or the signal's reason. */
export type Agree = <S extends Sight>(
  matter: Matter<S>,
  asker: Asker,
  signal: AbortSignal,
) => Promise<Yes<S> | NotAgreed>;
