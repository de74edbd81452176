import type { AssumptionId, VariantOf } from "../../skyprep/assumptions.ts";
import type { Incoming } from "../../skyprep/send.ts";
import type { ListManners, World } from "../model/world.ts";
import type { Refusal, RouteAnswer } from "../server/route.ts";

/** What a request asks for, without its credentials; a switch may read it otherwise than it was meant. */
export interface Asked {
  readonly route: string;
  readonly form: URLSearchParams;
}

/** A list that comes in pages: how many rows where nobody asks for a number, and whether it says of how many. */
export interface Paging {
  readonly size: number;
  readonly total: boolean;
}

/** Where the rows of a list stand in the whole, as far as the academy says so: page, per_page, total. */
export type Standing = Readonly<Record<string, number>>;

/**
 * What one variant of one assumption does to an academy. Each stands at its own place on the way of a request and its
 * answer, so that any set of them makes one academy.
 */
export interface Switch {
  /** Over the limit; `seconds` until the next call is welcome. */
  over?: (seconds: number) => Incoming;
  /** A route that the key does not open. */
  shut?: (route: string) => Refusal | undefined;
  /** Reads what is asked for in its own way, or refuses it. */
  hears?: (asked: Asked) => void;
  lists?: Partial<ListManners>;
  /** Logins as they are kept. */
  login?: (login: string) => string;
  pages?: { readonly people?: Paging; readonly others?: Paging };
  /** Milliseconds until a write shows. */
  shownAfter?: number;
  /** Turns a whole record, before its fields are looked at. */
  record?: (record: Readonly<Record<string, unknown>>, route: string) => Record<string, unknown>;
  /** A field's value; undefined leaves it out. `inList`: the value is one of several. */
  field?: (name: string, value: unknown, inList: boolean) => unknown;
  /** Further fields of a record. */
  more?: (record: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  /** A list of records, as an answer or within a record. */
  inner?: (rows: readonly unknown[]) => unknown;
  /** What stands around one record. */
  one?: (record: unknown, name: string) => unknown;
  /** What stands around a list; without `standing` it came whole. */
  envelope?: (rows: unknown, name: string, standing: Standing | undefined) => unknown;
  /** What is answered where somebody or something is not there; undefined: it is refused as unknown. */
  absent?: (asked: Asked, world: World) => RouteAnswer | Incoming | Refusal | undefined;
  /** How a refusal is said. */
  error?: (status: number, words: string) => Incoming;
  /** How a write that was done is answered. */
  done?: () => Incoming;
  /** An answer over plain HTTP that sends elsewhere. */
  elsewhere?: true;
}

export type Switches<Id extends AssumptionId = AssumptionId> = {
  readonly [One in Id]: { readonly [Variant in VariantOf<One>]: Switch };
};
