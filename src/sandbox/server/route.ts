import type { World } from "../model/world.ts";

/** A list whose rows are made only where they are shown. */
export interface RowsAnswer {
  readonly rows: readonly (() => unknown)[];
}

/** What a route answers: a value becomes JSON, `text` becomes the bare body (CSV, or `success`). */
export type RouteAnswer =
  | { json: unknown }
  | RowsAnswer
  | { text: string; contentType: string }
  | { bytes: Uint8Array; contentType: string };

/**
 * One route of the pretend API.
 * `page` lists the parameters the API page itself names for it; a strict sandbox ignores all others.
 */
export interface Route {
  page: readonly string[];
  answer: (input: Input, world: World) => RouteAnswer;
}

/** A refusal in SkyPrep's manner: a status and a plain text (skyprep-api §3.2: no JSON error shape is known). */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** The form a request carried; reading what is missing or malformed is a 422. */
export interface Input {
  has(name: string): boolean;
  text(name: string): string;
  optional(name: string): string | undefined;
  id(name: string): number;
  optionalId(name: string): number | undefined;
  number(name: string): number;
  flag(name: string): boolean | undefined;
  /** `1,2, 3` or repeated `name[]`, as numbers; absent is empty. */
  ids(name: string): number[];
  /** Comma (or another separator) lists and repeated `name[]`, as text. */
  list(name: string, separator?: string): string[];
  /** Whole form, after strictness has removed what it removes. */
  readonly all: ReadonlyMap<string, string>;
}
