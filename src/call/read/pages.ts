import type { FilterRule } from "../../../tools/schema/operation.ts";
import { identity, isHidden, rowsOf } from "../../academy/reads.ts";
import { BadCursor, digest, type Position } from "../../reply/cursor.ts";
import { encode } from "../../skyprep/request.ts";
import { fold } from "../../text/fold.ts";
import { instantIn } from "../../text/instant.ts";
import type { Args } from "../check/check.ts";
import type { ListRequest, ListWorld } from "./list-request.ts";

export const changed =
  "The list has changed since that cursor was given: leave cursor out to start again from its first page.";
/** Pages of the API read for one call; where a filter is ignored, matching rows may be far between. */
const mostPages = 5;

export interface PageRow {
  readonly row: unknown;
  /** Rows of the API up to and with this one. */
  readonly end: number;
  /** Its own digest: a cursor behind it checks that it is still there. */
  readonly mark: string;
}

interface Pages {
  readonly found: readonly PageRow[];
  /** Where reading may go on; undefined at the end. */
  readonly reached: Position | undefined;
  readonly ignored: readonly string[];
  readonly sent: number;
  /** More follow that SkyPrep did not give. */
  readonly isPart: boolean;
}

/**
 * Reads the API's pages from where the cursor stands until enough rows match. The row before that place must
 * be the one it was: where rows came or went meanwhile, the next page would skip or repeat some.
 */
export async function readPages(
  { tool, asked, limit, search, at }: ListRequest,
  world: ListWorld,
  signal: AbortSignal,
): Promise<Pages> {
  const { page, size, most } = tool.operation.paging ?? { page: "page", size: "per_page", most: 100 };
  const fetch = async (number: number) => {
    const form = encode({ ...asked, [size]: most, [page]: number }, tool.operation.wire);
    const reading = await world.api(tool.route, form, signal);
    isPart ||= reading.is === "json" && reading.isPart === true;
    return rowsOf(reading);
  };
  let isPart = false;
  const found: PageRow[] = [];
  const ignored = new Set<string>();
  const seen = new Set<string>();
  let sent = 0;
  let offset = at?.offset ?? 0;
  let last = at?.mark;
  let before = offset > 0 && offset % most === 0 ? await fetch(offset / most) : [];
  if (before.length > 0) stillThere(before[(before.length > most ? offset : most) - 1], last);
  for (let pages = 0; pages < mostPages && found.length < limit; pages++) {
    const number = Math.floor(offset / most) + 1;
    const rows = await fetch(number);
    // More than was asked for: SkyPrep does not page after all, and this is everything.
    const skip = rows.length > most ? offset : offset % most;
    if (skip > 0) stillThere(rows[skip - 1], last);
    // The same page again, or nothing: there is no more.
    const again = skip === 0 && before.length > 0 && identity(rows[0]) === identity(before[0]);
    if (rows.length === 0 || again) return { found, reached: undefined, ignored: [...ignored], sent, isPart };
    before = rows;
    for (const row of rows.slice(skip)) {
      offset += 1;
      const id = identity(row);
      last = digest(id);
      if (isHidden(row)) continue;
      sent += 1;
      const kept = applyFilters([row], asked, tool.operation.filters, world.now());
      for (const name of kept.ignored) ignored.add(name);
      if (seen.has(id) || searched(kept.rows, search).length === 0) continue;
      seen.add(id);
      found.push({ row, end: offset, mark: last });
    }
    if (rows.length !== most) return { found, reached: undefined, ignored: [...ignored], sent, isPart };
  }
  return {
    found,
    reached: last === undefined ? undefined : { offset, mark: last },
    ignored: [...ignored],
    sent,
    isPart,
  };
}

function stillThere(row: unknown, mark: string | undefined): void {
  if (mark !== undefined && digest(identity(row)) !== mark) throw new BadCursor(changed);
}

/** Where people look for words: names, logins and codes, of every kind of record. */
const searchedFields = [
  "display_name",
  "first_name",
  "last_name",
  "name",
  "full_name",
  "email",
  "username",
  "user_identifier",
  "course_code",
  "course_name",
  "user_email",
  "code",
  "transaction_number",
];

/** The rows in which every word stands in some name, login or code. */
export function searched(rows: readonly unknown[], words: string | undefined): readonly unknown[] {
  if (words === undefined) return rows;
  const wanted = fold(words).split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = textOf(row);
    return wanted.every((word) => text.includes(word));
  });
}

function textOf(row: unknown): string {
  if (typeof row !== "object" || row === null) return "";
  const record = row as Record<string, unknown>;
  const texts = searchedFields.map((name) => record[name]).filter((one) => typeof one === "string");
  return fold(texts.join("\n"));
}

/**
 * Rows that a filter should have left out: SkyPrep may not know the filter (skyprep-api §6), so every row is
 * held against what was asked, and what does not match is left out here and said (contract §6).
 * A row that lacks the field is kept: nothing shows that it does not match.
 */
export function applyFilters(
  rows: readonly unknown[],
  args: Args,
  rules: Readonly<Record<string, FilterRule>> | undefined,
  now: number,
): { rows: readonly unknown[]; ignored: string[] } {
  const ignored: string[] = [];
  let kept = rows;
  for (const [argument, rule] of Object.entries(rules ?? {})) {
    const wanted = args[argument];
    if (wanted === undefined) continue;
    const matching = kept.filter((row) => matches(row, wanted, rule, now));
    if (matching.length < kept.length) ignored.push(argument);
    kept = matching;
  }
  return { rows: kept, ignored };
}

function matches(row: unknown, wanted: unknown, { field, test }: FilterRule, now: number): boolean {
  const value = (row as Record<string, unknown> | null)?.[field];
  if (value === undefined || value === null || value === "") return true;
  if (test === "contains") return lowered(value).includes(lowered(wanted));
  if (test !== undefined) {
    const at = instantIn(value);
    if (test === "days") {
      // `true` is the last 24 hours; a number may be meant in whole days.
      const oldest = now - (wanted === true ? wholeDay : (Number(wanted) + 1) * wholeDay);
      return wanted === false || Number.isNaN(at) || at >= oldest;
    }
    const bound = Date.parse(String(wanted));
    if (Number.isNaN(at) || Number.isNaN(bound)) return true;
    const slack = String(wanted).includes("T") ? 0 : widestOffset;
    if (test === "until") return at <= bound + slack + wholeDay;
    return test === "after" ? at >= bound - slack : at <= bound + slack;
  }
  return (Array.isArray(wanted) ? wanted : [wanted]).some((one) => lowered(one) === lowered(value));
}

/** A day begins in the account's time zone, which we do not know: up to 14 hours from UTC. */
const widestOffset = 14 * 3_600_000;
const wholeDay = 24 * 3_600_000;

const lowered = (value: unknown) => String(value).trim().toLowerCase();
