import { version } from "../../../state/files/safe-files.ts";
import type { Cursor, Span } from "./change-pagination.ts";
import { type CachedRecord, type PersonName, recordKept, type TrainingRecord } from "./record.ts";

/** What was read of some records, and how far that is. Times in epoch milliseconds. */
export interface CacheContents {
  readonly begun: number;
  readonly records: Map<number, TrainingRecord>;
  readonly people: Map<number, PersonName>;
  readonly courses: Map<number, string>;
  /** What is under way, or was last. */
  leg: Span;
  /** Undefined: nothing is under way. */
  next: Cursor | undefined;
  /** Up to when changes are known; undefined until it was read to the end once. */
  asOf: number | undefined;
  pages: number;
  /** About how many there are; known where somebody looked. */
  total: number | undefined;
  /** SkyPrep does not know the filter: these records are not to be had apart from the others. */
  ignored: boolean;
}

interface First {
  readonly version: number;
  readonly account: string;
  readonly key: string;
  readonly begun: number;
  readonly leg: Span;
}

/** One page, or something learnt. */
export interface CacheLine {
  readonly leg?: Span;
  /** Null: the leg is at its end. */
  readonly next?: Cursor | null;
  readonly records?: readonly CachedRecord[];
  readonly people?: Readonly<Record<string, readonly [name: string, login: string]>>;
  readonly courses?: Readonly<Record<string, string>>;
  readonly total?: number;
  readonly ignored?: true;
}

export interface Whose {
  readonly account: string;
  readonly key: string;
}

export function firstLine({ account, key }: Whose, begun: number, leg: Span): string {
  const first: First = { version, account, key, begun, leg };
  return JSON.stringify(first);
}

/** Undefined where it is of another version or account, or no such line at all. */
export function standingIn(line: string | undefined, { account, key }: Whose): CacheContents | undefined {
  const first = parse(line) as Partial<First> | undefined;
  if (first?.version !== version || first.account !== account || first.key !== key) return undefined;
  if (typeof first.begun !== "number" || !isLeg(first.leg)) return undefined;
  return standingAt(first.begun, first.leg);
}

export const standingAt = (begun: number, leg: Span): CacheContents => ({
  begun,
  records: new Map(),
  people: new Map(),
  courses: new Map(),
  leg,
  next: { before: leg.upTo, page: 1 },
  asOf: undefined,
  pages: 0,
  total: undefined,
  ignored: false,
});

/** False where the line is none of ours; what it says must then not be believed, nor what follows. */
export function take(standing: CacheContents, text: string): boolean {
  const line = parse(text) as CacheLine | undefined;
  if (line === undefined) return false;
  const { leg, next, records = [], people = {}, courses = {}, total, ignored } = line;
  if (!Array.isArray(records) || (leg !== undefined && !isLeg(leg))) return false;
  if (next !== undefined && next !== null && !isCursor(next)) return false;
  for (const kept of records) {
    const record = recordKept(kept);
    if (record === undefined) return false;
    standing.records.set(record.id, record);
  }
  for (const [id, [name, login]] of Object.entries(people))
    standing.people.set(Number(id), { name: String(name), login: String(login) });
  for (const [id, name] of Object.entries(courses)) standing.courses.set(Number(id), String(name));
  if (leg !== undefined) standing.leg = leg;
  if (line.records !== undefined) standing.pages += 1;
  if (typeof total === "number") standing.total = total;
  if (ignored) standing.ignored = true;
  if (next !== undefined) {
    standing.next = next ?? undefined;
    if (next === null) standing.asOf = standing.leg.upTo * 1000;
  }
  return true;
}

function parse(text: string | undefined): unknown {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isLeg = (leg: unknown): leg is Span => {
  const { after, upTo } = (leg ?? {}) as Partial<Span>;
  return Number.isSafeInteger(after) && Number.isSafeInteger(upTo);
};
const isCursor = (cursor: unknown): cursor is Cursor => {
  const { before, page } = (cursor ?? {}) as Partial<Cursor>;
  return Number.isSafeInteger(before) && Number.isSafeInteger(page);
};
