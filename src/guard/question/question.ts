import type { Kind } from "../../../tools/schema/consequence.ts";
import type { AgreedBy } from "../../journal/line.ts";

/** One question, ready to be put to a person. */
export interface Question {
  /** Short, unguessable; names it in the journal. */
  readonly id: string;
  readonly kind: Kind;
  /** The tool that would be called. */
  readonly tool: string;
  /**
   * Sentences of ours, one line each: the question itself, what is lost, whether it can be brought back, the rest.
   * Names that people wrote stand in them in quotes, cleaned and cut.
   */
  readonly facts: readonly string[];
  /** Other text that people wrote, cleaned and cut, one a line, e.g. `Job: “Clerk” now, “Detective” after.` */
  readonly stored: readonly string[];
  /** What has to be typed; left out: a yes is enough. */
  readonly phrase?: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** The academy's, where it is known: times are told in it. */
  readonly zone?: string;
}

/** What a person said. `typed` where a phrase was asked for. */
export type Answer =
  | { readonly said: "yes"; readonly typed?: string }
  | { readonly said: "no" | "cancelled" }
  /** The client or the page could not put the question. */
  | { readonly said: "failed" };

/** A form that a person closed is a no, too; a page is also closed by the program. */
export const isNo = ({ said }: Answer, by: AgreedBy): boolean =>
  said === "no" || (said === "cancelled" && by === "form");

export const typeThis = (phrase: string): string => `Type ${phrase} to go on.`;

/** The whole question: facts first, then what people wrote, then what to do (contract §5). */
export const textOf = ({ facts, stored, phrase }: Question): string =>
  [...facts, ...stored, ...(phrase === undefined ? [] : [typeThis(phrase)])].join("\n");

/** The client has to be asked in its answer (2026 era): the call ends here, and begins again with what was said. */
export class InputRequired extends Error {
  readonly question: Question;
  readonly call: string;
  /** When it went out; epoch milliseconds. */
  readonly at: number;
  /** Of a page that asks it, for the person to open; left out: in a form. */
  readonly address: string | undefined;
  constructor(question: Question, call: string, at: number, address?: string) {
    super("waits for an answer");
    this.address = address;
    this.question = question;
    this.call = call;
    this.at = at;
  }
}
