import type { Column } from "./columns.ts";
import type { ColumnMeaning, PersonField } from "./header-names.ts";
import type { PersonRow } from "./row.ts";
import type { Record } from "./split.ts";

/** A list of people as somebody pasted it. */
export interface PeopleList {
  readonly rows: readonly PersonRow[];
  /** What its columns say; none where it has no header. */
  readonly meanings: ReadonlySet<ColumnMeaning>;
  readonly columns: readonly Column[];
  readonly fields: ReadonlySet<PersonField>;
  /** Headers that say nothing known; as they came. */
  readonly ignored: readonly string[];
  /** Why it may not be all, or not as it was meant: then nothing may be concluded from who is not in it. */
  readonly notWhole: readonly { readonly row?: number; readonly why: string }[];
  /** What was assumed, in words. */
  readonly notes: readonly string[];
  /** Rows that are nobody: a header repeated, a rule, a total. */
  readonly nobody: readonly number[];
  /** Nothing of it can be used, and why. */
  readonly refused?: string;
}

export interface ReadOptions {
  /** `ca_N` → the tenant's name for it. */
  readonly labels?: ReadonlyMap<string, string>;
  /** ISO: a day before it is past. */
  readonly today?: string;
}

export const understood = "Login (or Email), SkyPrep ID, Employee ID, Name, First name, Last name";
/** More than any academy has; a list beyond it is a mistake. */
export const mostRows = 100_000;
/** Rows between two breaths, so that other calls are not kept waiting. */
export const atOnce = 1_000;

export const tooMany = `It has more than ${mostRows.toLocaleString("en")} rows: paste it in parts, or only the people who are meant.`;

export const nobodyIn = (refused: string): PeopleList => ({
  rows: [],
  meanings: new Set(),
  columns: [],
  fields: new Set(),
  ignored: [],
  notWhole: [{ why: refused }],
  notes: [],
  nobody: [],
  refused,
});

export interface Parted {
  readonly above: readonly Record[];
  readonly header?: Record | undefined;
  readonly records: readonly Record[];
}

export interface Reading extends ReadOptions {
  readonly labels: ReadonlyMap<string, string>;
  readonly notWhole: readonly { readonly row?: number; readonly why: string }[];
  readonly notes: readonly string[];
  /** Its last line ends. */
  readonly ended: boolean;
}
