import { asList } from "../reply/records.ts";
import type { Api } from "../skyprep/api.ts";
import { errorInside, type ParsedResponse } from "../skyprep/response.ts";
import type { KeptLists } from "../state/kept-lists.ts";

/** An answer that is no list; the caller knows what to say of it. */
export class NotAList extends Error {
  readonly reading: ParsedResponse;
  constructor(reading: ParsedResponse) {
    super("not a list");
    this.reading = reading;
  }
}

/** The rows of an answer; what has none of the marks of a record is no list, whatever it looks like. */
export function rowsOf(reading: ParsedResponse): readonly unknown[] {
  const isList = reading.is === "json" && typeof reading.value === "object" && reading.value !== null;
  if (!isList || errorInside(reading.value) !== undefined) throw new NotAList(reading);
  const rows = asList(reading.value);
  if (rows.length > 0 && !rows.some(isRecord)) throw new NotAList(reading);
  return rows;
}

const isRecord = (row: unknown): boolean => typeof row === "object" && row !== null && "id" in row;

/** What tells one row from another. */
export const identity = (row: unknown): string => {
  const { id, created_at } = (row ?? {}) as Record<string, unknown>;
  return String(id ?? created_at);
};

interface ListOf {
  readonly api: Api;
  readonly kept: KeptLists<readonly unknown[]>;
}

const keyOf = (route: string, form: string): string => `${route}\n${form}`;

/** When a whole list was loaded that is kept; undefined where the next read loads it. Epoch milliseconds. */
export const keptSince = (route: string, form: string, { kept }: Pick<ListOf, "kept">): number | undefined =>
  kept.at(keyOf(route, form));

/** The lists without arguments that are kept, by route, and when each was loaded. */
export const keptLists = ({ kept }: Pick<ListOf, "kept">): ReadonlyMap<string, number> =>
  new Map([...kept.all()].flatMap(([key, at]) => (key.endsWith("\n") ? [[key.slice(0, -1), at]] : [])));

/** The rows of a list without arguments, where it is kept; nothing is read for it. */
export const keptRows = (route: string, { kept }: Pick<ListOf, "kept">): readonly unknown[] | undefined =>
  kept.peek(keyOf(route, ""));

/** Whoever asks next has it anew. */
export const renewList = (route: string, form: string, { kept }: Pick<ListOf, "kept">): void =>
  kept.renew(keyOf(route, form));

/** A list that SkyPrep returns whole, raw: kept, or one load for all who ask. */
export function wholeList(
  route: string,
  form: string,
  { api, kept }: ListOf,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const load = async (loading: AbortSignal) => {
    const reading = await api(route, form, loading);
    return { value: rowsOf(reading), bytes: reading.is === "json" ? reading.bytes : 0 };
  };
  return kept.read(keyOf(route, form), load, signal);
}
