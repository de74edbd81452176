import type { Exchange, Row } from "../journeys/journey.ts";

/** What one call, page after page, claims to be so. */
export interface Claims {
  readonly name: string;
  readonly args: Row;
  readonly text: string;
  readonly isError: boolean;
  /** A list that ends with where to go on, and does not say how long it is. */
  readonly goesOn: boolean;
  /** It came on several pages, or more are to come. */
  readonly isPaged: boolean;
  /** Numbers and words beside the rows, by their path. */
  readonly told: ReadonlyMap<string, unknown>;
  /** Rows by their number. */
  readonly rows: ReadonlyMap<string, Row>;
  /** `54 people`, `overdue: 24`: what the text and the questions count. */
  readonly counts: ReadonlySet<string>;
  /** Full names that stand in it. */
  readonly names: ReadonlySet<string>;
  /** Sentences that say that something is not there. */
  readonly absent: readonly string[];
}

/** Says itself that not all of it is known. */
export const hedged =
  /\b(may be (?:cut|more|incomplete|missing|others|as it was|some)|could not (?:all )?be (?:read|counted|seen|looked|shown|checked)|cannot be (?:read|counted|told|seen|known)|not known|nobody knows|at least|unknown|not all(?! of (?:this|it) can be undone)|so far|was not (?:read|counted)|not (?:been )?(?:read|seen)|there may be|or more|not found out|only [\w ,-]+ counted|of a longer list came|verified: no|looked for to the end)\b/i;

const absence =
  /\b(no such|nobody|no one|not found|does not exist|do not exist|none\b|nothing (?:to|is|in|of|under|there|fits|matches)|(?:there (?:is|are)|has|have|with) no\b|no (?:person|people|course|courses|group|groups|record|records|user|users|path|paths|learner|learners|session|sessions|seat|manager|managers|member|members|enrollments?|registrations?|rows?|match|matches)\b|(?<![\d.,])0 (?:of|people|persons?|courses?|groups?|records?|rows?|enrollments?|members?|managers?)|(?:is|are|was|were) not (?:in|there|enrolled|registered|a member|on|known)|never\b|is gone|are gone|404)/i;
/** What a refusal says about itself. */
const ofTheCall =
  /\b(nobody was \w+ed\b|nothing (?:was|has been|is) (?:sent|changed|done|made)|nothing to (?:do|be done) (?:with|about)|no change)\b/i;

const months = "January|February|March|April|May|June|July|August|September|October|November|December";
const bare = (text: string): string =>
  text
    .replace(/\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?/g, "")
    .replace(/\b\d{2}\/\d{2}\/\d{4}\b/g, "")
    .replace(new RegExp(`\\b\\d{1,2} (?:${months})(?: \\d{4})?`, "g"), "")
    .replace(/\b\d{1,2}:\d{2}\b/g, "");

/** A row of a table is compared as structure. */
const prose = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !line.includes("\t"))
    .join("\n");

/** “240 any more”, “50 more than before”: what a call was given, said of by its proof. */
const ofTheProof = /^(?:any more|as given|more than|less than)/;
const numbersIn = (value: unknown): number[] =>
  typeof value === "object" && value !== null
    ? Object.values(value).flatMap(numbersIn)
    : typeof value === "number"
      ? [Math.abs(value)]
      : [];

/** How far a search came: not what it found. */
const howFar = /\bFor \d+ of \d+ people a manager was looked for to the end\b/g;

const ofTime = /^(?:second|minute|hour|call|byte|kb|token)s?$/i;

function countsIn(text: string, args: Row = {}): Set<string> {
  const given = new Set(numbersIn(args));
  const counts = new Set<string>();
  for (const [, n = "", what = ""] of bare(text).matchAll(
    /(?<![\w.@-]|\b(?:group|course|person|path|record|progress|timeslot|session|report|in) )(\d+(?:,\d{3})*(?:\.\d+)?%?) (?!it sent)([a-z][a-z'-]*(?: [a-z][a-z'-]*)?)/gi,
  ))
    if (
      !ofTime.test(what.split(" ")[0] ?? "") &&
      !/^(?:done|already)\b/.test(what) &&
      !(ofTheProof.test(what) && given.has(Number(n)))
    )
      counts.add(`${n} ${what.toLowerCase()}`);
  for (const [, what = "", n = ""] of bare(text).matchAll(/([a-z][a-z -]*): (\d+(?:,\d{3})*%?)(?![\w-])/gi))
    counts.add(`${what.toLowerCase()}: ${n}`);
  return counts;
}

const namesIn = (text: string): Set<string> =>
  new Set([...text.matchAll(/\b[A-Z][a-z]+(?: [A-Z][a-z]+)+\b/g)].map(([name]) => name));

const sentences = (text: string): string[] =>
  prose(text)
    .split(/(?<=[.!?:;])\s+|\n/)
    .map((one) => one.trim())
    .filter(Boolean);

/** What a reply shows of itself and not of the academy. */
const ofTheReply =
  /(?:^|\.)(?:next_cursor|cursor|plan|export|uri|notes|seq|handle|bytes|size|expires\w*|as_of|read_at|reading|run|change|until|age\w*)(?:\.|$)/;

function scalars(value: unknown, at: string, into: Map<string, unknown>): void {
  if (Array.isArray(value)) {
    into.set(`${at}.length`, value.length);
    for (const [n, one] of value.entries()) scalars(one, `${at}.${n}`, into);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, one] of Object.entries(value)) scalars(one, at ? `${at}.${name}` : name, into);
  } else if (value !== undefined) {
    into.set(at, value);
  }
}

/** A day in any form: as milliseconds; with `T` and an offset, the instant. */
function instantOf(text: string): { readonly at: number; readonly isDay: boolean } | undefined {
  const [, month, date, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text) ?? [];
  const iso = year === undefined ? text : `${year}-${month}-${date}`;
  if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.test(iso)) return undefined;
  return { at: Date.parse(iso), isDay: !/(Z|\d[+-]\d{2}:?\d{2})$/.test(iso) };
}

const bareText = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  return text === "null" || text === "" ? "nothing" : text.toLowerCase();
};

/** Whether two values say the same; a day says the same as an instant in it, wherever that is. */
export function alike(a: unknown, b: unknown): boolean {
  const [one, other] = [instantOf(String(a)), instantOf(String(b))];
  if (one === undefined || other === undefined) return bareText(a) === bareText(b);
  return one.isDay || other.isDay ? Math.abs(one.at - other.at) < 1.6 * 86_400_000 : one.at === other.at;
}

const pageless = ({ name, args: { cursor: _, ...args } }: Exchange): string => JSON.stringify([name, args]);

/** Calls that only go on to the next page, or ask the same again, are one. */
export function together(exchanges: readonly Exchange[]): Exchange[][] {
  const groups: Exchange[][] = [];
  for (const one of exchanges) {
    const last = groups.at(-1);
    if (last?.[0] && pageless(last[0]) === pageless(one)) last.push(one);
    else groups.push([one]);
  }
  return groups;
}

export function claimsOf(group: readonly Exchange[]): Claims {
  const [first] = group;
  const last = group.at(-1);
  if (!first || !last) throw new Error("no call");
  const rows = new Map<string, Row>();
  for (const { args, reply } of group) {
    // Asked anew, and not on: what was said before is no more.
    if (args.cursor === undefined) rows.clear();
    for (const [n, row] of ((reply.structured?.items ?? []) as Row[]).entries())
      rows.set(String(row.id ?? row.login ?? `#${rows.size + n}`), row);
  }
  const { items: _, ...beside } = last.reply.structured ?? {};
  const told = new Map<string, unknown>();
  scalars(beside, "", told);
  for (const path of told.keys()) if (ofTheReply.test(path)) told.delete(path);
  const text = [last.reply.text, ...group.flatMap(({ asked }) => asked)].join("\n");
  const { cursor: __, plan: ___, ...args } = first.args;
  return {
    name: first.name,
    args,
    text,
    isError: last.reply.isError,
    isPaged: group.length > 1 || last.reply.structured?.next_cursor !== undefined,
    goesOn:
      last.reply.structured?.next_cursor !== undefined && typeof last.reply.structured?.total !== "number",
    told,
    rows,
    counts: countsIn(prose(text).replace(howFar, ""), args),
    names: namesIn(text),
    absent: sentences(text).filter((one) => absence.test(one) && !ofTheCall.test(one)),
  };
}
