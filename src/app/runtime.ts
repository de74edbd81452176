import type { Pages } from "../guard/channels/approval-channels.ts";
import type { ApprovalsOfTeam } from "../guard/question/page-questions.ts";
import type { Send } from "../skyprep/send.ts";
import type { AppState } from "./state.ts";

/** What a server stands in: the network, the clock, chance, the disk and whoever reads what it says. */
export interface Runtime {
  readonly send: Send;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Calls back once, unless called off; keeps no process alive. */
  readonly after: (ms: number, then: () => void) => () => void;
  readonly random: () => string;
  /** At least 0, below 1. */
  readonly chance: () => number;
  /** So many that nobody can guess. */
  readonly bytes: (n: number) => Uint8Array;
  /** What is kept between runs. */
  readonly state: AppState;
  /** Names this run of a sandbox that begins anew each time: its changes are not those of an earlier one. */
  readonly run?: string;
  /** One line for people, never to stdout. */
  readonly say: (line: string) => void;
  /** Whether a person reads those lines as they come. */
  readonly terminal: boolean;
  /** Many persons over HTTP, each call at whichever replica; left out: one desk. */
  readonly over?: "http" | undefined;
  /** Over HTTP, where people can sign in: questions that wait for them. */
  readonly approvals?: ApprovalsOfTeam | undefined;
  /** Over HTTP: where whoever calls can look at a page that was kept for them. Undefined, or left out: nowhere. */
  readonly pageAt?: ((id: string) => string | undefined) | undefined;
  /** Left out: no page can ask anybody. */
  readonly pages?: Pages | undefined;
  /** Opens a kept page on the person's screen. Left out: there is no screen, or nobody wants that. */
  readonly openPage?: ((file: string) => Promise<boolean>) | undefined;
}
