import type { ShownLimits } from "./text.ts";

/** Writes lines, and waits for whoever reads them. */
export type Print = (lines: readonly string[]) => Promise<void>;

/** What is to be done, checked. */
export interface JournalAsked extends ShownLimits {
  readonly command: "verify" | "show" | "export" | "forget" | "import";
  /** A login, or where to take in from. */
  readonly word: string;
  readonly desk: string | undefined;
}
