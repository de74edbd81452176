/**
 * What is looked at rather than read: the numbers and rows of one reply, in the academy's language. It is JSON through
 * and through: a page is made of it on this computer, and a host that shows apps is given it beside the text.
 */
export interface Board {
  readonly kind: "training" | "access" | "roster" | "letters" | "plan";
  /** Of the page, e.g. `Training by group`. */
  readonly title: string;
  /** Whom or what it is of, or what it says in one line. */
  readonly about: string;
  /** BCP 47, of `about`; left out: of our own words. */
  readonly aboutIn?: "en";
  /** What nobody may take this page for: that nothing of it was done yet, or was sent. */
  readonly notDone?: string;
  /** Of which days it speaks, where that is not today: `From Jan 1, 2026 to Mar 1, 2026`. */
  readonly time?: string;
  readonly locale: Locale;
  /** A sentence; left out where nothing tells. */
  readonly asOf?: string;
  readonly numbers: readonly HeadlineNumber[];
  readonly charts: readonly Chart[];
  readonly tables: readonly BoardTable[];
  /** Ready texts, e.g. of letters. */
  readonly texts: readonly { readonly heading: string; readonly text: string }[];
  /** What is to be known of these numbers: sentences of the reply, in English. */
  readonly notes: readonly string[];
  /** What stands on buttons and beside fields. */
  readonly words: Controls;
  /** A sentence at the top: of the pretend academy. */
  readonly pretend?: string;
}

export interface Locale {
  /** BCP 47; of numbers and dates. */
  readonly language: string;
  /** BCP 47; of our own words. */
  readonly words: string;
  readonly direction: "ltr" | "rtl";
}

export type Tone = "bad" | "soon" | "good";

export interface HeadlineNumber {
  readonly label: string;
  readonly value: number;
  /** `percent`: of 100. */
  readonly unit?: "percent";
  readonly tone?: Tone;
}

/** What a click calls, through the host: a read of ours and nothing else. */
export interface DrillDown {
  readonly tool: "training_status" | "session_roster" | "access_review";
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Of the people behind it. */
  readonly drill?: DrillDown;
}

/** `bars`: one under the other, of things with names. `columns`: side by side, of months. */
export interface Chart {
  readonly is: "bars" | "columns";
  readonly title: string;
  readonly unit?: "percent";
  readonly tone?: Tone;
  readonly bars: readonly Bar[];
  /** So many more are in the table only. */
  readonly more: number;
}

/**
 * `id`: a number that counts nothing. `day`: `2026-11-30`. `month`: `2026-11`. `percent`: of 100. `sign`: empty, and on
 * paper only, to be ticked or signed.
 */
export type ColumnKind = "text" | "id" | "number" | "percent" | "day" | "month" | "sign";

export interface BoardColumn {
  readonly label: string;
  readonly is: ColumnKind;
}
/** Empty: "". */
export type BoardCell = string | number;

export interface BoardTable {
  readonly title: string;
  readonly columns: readonly BoardColumn[];
  readonly rows: readonly (readonly BoardCell[])[];
  /** Of all there are, these rows are the first. */
  readonly total: number;
  /** Cells of numbers are the darker the higher they are. */
  readonly shaded?: true;
  /** At the end, whatever the order: of all, and of those who are counted apart. */
  readonly totals?: readonly (readonly BoardCell[])[];
  /** Gives the rows that follow. */
  readonly next?: DrillDown;
  /** The address of the file with all of it, of a plan. */
  readonly resource?: string;
}

/** `{n}`, `{total}` and `{column}` stand for what is not known before. */
export interface Controls {
  readonly search: string;
  readonly shown: string;
  readonly nothing: string;
  readonly sortBy: string;
  readonly more: string;
  readonly moreRows: string;
  readonly back: string;
  readonly loading: string;
  readonly failed: string;
  readonly openPlan: string;
  readonly made: string;
}

/** A sentence with a thing or two put in. */
export const filled = (sentence: string, parts: Readonly<Record<string, string>>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => parts[name] ?? whole);
