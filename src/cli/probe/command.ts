import type { PolicyTool } from "../../catalogue/toolsets.ts";
import type { Config } from "../../config/read-config.ts";
import type { Pause } from "../../skyprep/request.ts";
import type { Send } from "../../skyprep/send.ts";
import type { Clients } from "../doctor/settings.ts";

export interface ProbeCommand extends Clients {
  /** What was found, for whoever reads. */
  readonly print: (line: string) => void;
  /** Progress and what is wrong. */
  readonly say: (line: string) => void;
  /** Where the state stands unless the settings say otherwise. */
  readonly stateFolder: string;
  readonly sections: readonly string[];
  readonly tools: readonly PolicyTool[];
  readonly version: string;
  /** The way to SkyPrep, or to the pretend academy. */
  readonly open: (config: Config) => { readonly send: Send; readonly close: () => void };
  /** A yes or no, no where nothing is typed; undefined: nobody sits at a terminal. */
  readonly yes: ((question: string, signal: AbortSignal) => Promise<boolean>) | undefined;
  /** Told to end: Ctrl+C and the like. */
  readonly onSignal: (end: () => void) => void;
  readonly now: () => number;
  readonly pause: Pause;
  readonly after: (ms: number, then: () => void) => () => void;
  readonly chance: () => number;
}
