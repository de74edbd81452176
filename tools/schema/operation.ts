import type { z } from "zod";
import type { Output } from "./answer.ts";
import type { Consequence, Subject, Undo } from "./consequence.ts";
import type { Proof } from "./proof.ts";

/**
 * What a call does to the account. The one word for safety: hints, read-only filtering,
 * asking first and what may be tried again are all derived from it (contract §1).
 */
export type Effect = "read" | "add" | "change" | "remove" | "credential";

/** How one argument is written on the wire where that is not `name=value`, lists comma-joined, flags true/false. */
export interface WireRule {
  /** The parameter's name on the wire. */
  readonly as?: string;
  /** `brackets`: `name[]=1&name[]=2`; `semicolons`: `a;b`. */
  readonly list?: "brackets" | "semicolons";
  /** `digits`: a flag goes as 1 or 0. */
  readonly flag?: "digits";
  /** Never sent: it only helps the question that is put to a person. */
  readonly sent?: false;
}

/** How a route wants to be told which person is meant; an unknown spelling is looked up before the call. */
export interface PersonRule {
  readonly knows: "either" | "user_id" | "user_email";
  /** The parameter's name on the wire where it is neither (`email` in the balance reads). */
  readonly as?: string;
  readonly optional?: true;
}

export type Need =
  | { readonly exactlyOne: readonly string[] }
  | { readonly atLeastOne: readonly string[] }
  | { readonly atMostOne: readonly string[] }
  /** Two that must not be one and the same. */
  | { readonly different: readonly [string, string] };

/** Which rows a filter must have left; the service may ignore a filter it does not know. */
export interface FilterRule {
  readonly field: string;
  /**
   * `after`/`before`: the row's instant compared with the argument's; `until`: the day's end included; left
   * out: equal, or one of a list; `days`: not older than so many.
   */
  readonly test?: "after" | "before" | "until" | "contains" | "days";
  /** Said where it was given and nothing is found: what it may have been taken for. */
  readonly none?: string;
}

interface Common {
  /** What a button would say. */
  readonly title: string;
  /** What it does, when to use it and when not; at most 300 characters. */
  readonly description: string;
  /** A strict object of fields; each has a description and an example. */
  readonly input: z.ZodObject;
  /** What the answer is made of, as far as it is shown. */
  readonly output: Output;
  readonly person?: PersonRule;
  readonly needs?: readonly Need[];
  /** The argument that gives somebody a login: always, or only with this flag. */
  readonly newLogin?: { readonly argument: string; readonly when?: string };
  /** Without these the call reaches everybody: an empty one is no way to leave it out. */
  readonly widens?: readonly string[];
  readonly wire?: Readonly<Record<string, WireRule>>;
  readonly filters?: Readonly<Record<string, FilterRule>>;
  /** Columns that an argument brings, when it is true. */
  readonly brings?: Readonly<Record<string, string>>;
  /** An argument that asks for the newest first, by this field; sorted here too. */
  readonly newestFirst?: { readonly argument: string; readonly field: string };
  /** Where the API pages: its parameters for it, and the most rows a page has. Left out: it returns the whole list. */
  readonly paging?: { readonly page: string; readonly size: string; readonly most: number };
  /** Only where skyprep-api.md differs from the effect's rule: reads, changes and removals are, the rest are not. */
  readonly idempotent?: boolean;
  /** Of a read that begins work at SkyPrep, each time anew, though it changes nothing of the academy. */
  readonly starts?: true;
  /** What its tool was called before, and the minor version that renamed it (src/catalogue/former-names.ts). */
  readonly was?: Readonly<Record<string, string>>;
  /** What administrators call it, where its own words do not say so; for hosts that search before they show a tool. */
  readonly searchHint?: string;
  readonly alwaysLoad?: true;
  /** Optional fields that a first example should carry, in the order of the page's sample. */
  readonly example?: readonly string[];
}

/** What a record of a write says besides: whom it is about, what is kept of that, and the way back. */
interface Write {
  /** Named in the journal; the first is what was changed. */
  readonly about: readonly Subject[];
  /** Reads that show what was there before; their arguments are those of the call. */
  readonly keeps?: readonly string[];
  readonly proof: Proof;
  readonly undo: Undo;
  /** What an argument does not do, though its name may sound so; said of a write that carried it. */
  readonly besides?: Readonly<Record<string, string>>;
  /** What else such a call may be, besides its `consequence`. */
  readonly also?: readonly Consequence[];
}

/** One route of the API. Its key in the section is the route's name. */
export type Operation =
  | (Common & { readonly effect: "read" })
  | (Common & Write & { readonly effect: "add" | "change"; readonly consequence?: Consequence })
  | (Common & Write & { readonly effect: "remove" | "credential"; readonly consequence: Consequence });

/** An operation that changes the account, or hands a credential out. */
export type WriteOperation = Exclude<Operation, { readonly effect: "read" }>;

export type Section = Readonly<Record<string, Operation>>;
