import type { Consequence } from "../../tools/schema/operation.ts";

export type Kind = Consequence["kind"];

/** One question, ready to be put to a person. */
export interface Question {
  /** Short, unguessable; names it in the journal. */
  readonly id: string;
  readonly kind: Kind;
  /** The tool that would be called. */
  readonly tool: string;
  /** Facts and numbers, ours; one line each. */
  readonly facts: readonly string[];
  /** Text that people wrote, cleaned and cut, one a line, e.g. `Name as stored: "Sales Team"`. */
  readonly stored: readonly string[];
  /** What has to be typed; left out: a yes is enough. */
  readonly phrase?: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** What a person said. `typed` where a phrase was asked for. */
export type Answer =
  | { readonly said: "yes"; readonly typed?: string }
  | { readonly said: "no" | "cancelled" }
  /** The client or the page could not put the question. */
  | { readonly said: "failed" };
