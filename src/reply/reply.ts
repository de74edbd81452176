/**
 * What became of a write: `refused`, SkyPrep read it and said no, or it named strangers; `unsent`, it was never sent or was turned away
 * at the door; `unknown`, it may or may not have been done.
 */
export type Became = "done" | "refused" | "unsent" | "unknown";

/** What a tool answers: text for the model, the same as structure for the program around it. */
export interface Reply {
  readonly text: string;
  readonly structured?: Record<string, unknown>;
  /** A file that came of it, to be read as a resource. */
  readonly link?: {
    readonly uri: string;
    readonly name: string;
    readonly mimeType: string;
    readonly size: number;
  };
  readonly isError?: true;
  /** Of a write; for the job that made it, and never sent to a client. */
  readonly became?: Became;
  /** Of a write that was not sent: the people it names who are not who they were when it was planned. */
  readonly strangers?: readonly number[];
}

/** Contract §4: whichever is reached first cuts both alike. */
export const limits = { textBytes: 40_000, structuredBytes: 60_000 } as const;

/** A refusal or failure: what happened, and what to do next. */
export const refuse = (...lines: readonly string[]): Reply & { readonly isError: true } => ({
  text: lines.map((line) => (line.length > 2_000 ? `${line.slice(0, 1_999)}…` : line)).join("\n"),
  isError: true,
});
