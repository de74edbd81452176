import type { ListExtent } from "../json-response.ts";
import { errorInside } from "../response.ts";
import { isRecord } from "./is-record.ts";
import { keyedRows } from "./keyed-lists.ts";

/** What a route's answer is meant to be, and the names it may stand under where it does not come bare. */
export interface MeantAnswer {
  readonly as: "one" | "many" | "done" | "balances" | "file";
  /** Names of this very thing: `users`, `user`. */
  readonly own: ReadonlySet<string>;
  /** Fields of its record that are lists or records themselves: no wrapper. */
  readonly inner: ReadonlySet<string>;
  /** All fields of its record. */
  readonly fields: ReadonlySet<string>;
  /** Whether there may be no rows at all. */
  readonly mayBeNone: boolean;
  /** The key a record stands under on the page, too. */
  readonly inside?: string | undefined;
}

/** What stood in a wrapper, and what the wrapper told of the whole list. */
export interface Opened extends ListExtent {
  readonly value: unknown;
  /** By what name it stood there; undefined: it came bare. */
  readonly under?: "wrapped" | "data";
}

type Fields = Readonly<Record<string, unknown>>;

/** A wrapper has a few words beside what it holds; a record has more. */
const mostBeside = 20;
const mostWrappers = 3;
const anything = new Set(
  `data result results item items record records row rows response list entry entries content contents object objects
  collection payload body`.split(/\s+/),
);
const beside =
  /^(_?meta(data)?|pagination|paging|pager|page_info|_?links?|page|pages|per_page|page_size|limit|offset|size|total(_\w+)?|count|next(_\w+)?|prev(ious)?(_\w+)?|first(_page)?|last(_page)?|current(_page)?|has_\w+|more|cursor|status|status_code|code|success|ok|message|errors?|error_messages?|version|request_id|type|kind)$/;

const plain = (name: string): string => name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();

/**
 * What an answer is about, out of what it was put in: `{users: […], meta: {…}}`, `{data: {user: {…}}}`. Only where all
 * that is beside it speaks of pages or of success: anything else is a record, or says something of its own.
 */
export function opened(value: unknown, meant: MeantAnswer, deep = mostWrappers): Opened {
  if (deep === 0 || !isRecord(value) || "id" in value) return { value };
  const names = Object.keys(value);
  if (names.length > mostBeside || (meant.inside !== undefined && meant.inside in value)) return { value };
  const [name, ...more] = names.filter((one) => holds(one, value[one], meant));
  if (name === undefined || more.length > 0 || errorInside(value) !== undefined) return { value };
  const own = meant.own.has(plain(name));
  const listed = own && Array.isArray(value[name]);
  const others = names.filter((one) => one !== name);
  const quiet = others.every((one) => {
    if (beside.test(plain(one))) return saysNothingElse(plain(one), value[one]);
    // “of whom” may stand beside a list by its own name.
    return listed && !meant.fields.has(one) && typeof value[one] !== "object";
  });
  if (!quiet) return { value };
  const told = extentOf(value, others, value[name]);
  const within = opened(value[name], meant, deep - 1);
  return {
    under: own ? "wrapped" : "data",
    ...told,
    ...within,
    ...(!within.under && { under: own ? "wrapped" : "data" }),
  };
}

function holds(name: string, value: unknown, { as, own, inner }: MeantAnswer): boolean {
  if (typeof value !== "object" || value === null || inner.has(name)) return false;
  const called = plain(name);
  if (!own.has(called) && !anything.has(called)) return false;
  return as === "many" || isRecord(value) || (as === "one" && Array.isArray(value) && value.length === 1);
}

const good = /^(ok|200|true|1|success|.*\bsuccess(ful|fully)?\b.*)$/i;
const notGood = /\b(un|not|no|partial|partly|some|with|without|but|except|fail|warn|queue|pend)/i;

/** Words beside a record that take nothing back. */
function saysNothingElse(name: string, said: unknown): boolean {
  if (!/^(status|status_code|code|success|ok|message)$/.test(name)) return true;
  if (said === null || said === undefined || said === "" || said === true) return true;
  return good.test(String(said)) && !notGood.test(String(said));
}

const numberOf = (said: unknown): number | undefined => {
  const plainly = typeof said === "string" ? said.trim().replace(/,(?=\d{3}(,|$))/g, "") : said;
  const n = typeof plainly === "string" && /^\d{1,15}$/.test(plainly) ? Number(plainly) : plainly;
  return typeof n === "number" && Number.isSafeInteger(n) && n >= 0 ? n : undefined;
};
const isThere = (said: unknown): boolean =>
  said !== undefined && said !== null && said !== false && said !== "" && said !== 0 && said !== "false";

/** How many there are in all, and whether more follow, as far as the wrapper says. */
function extentOf(envelope: Fields, others: readonly string[], held: unknown): ListExtent {
  const words: Record<string, unknown> = {};
  for (const name of others) {
    const said = envelope[name];
    if (isRecord(said)) for (const [one, inside] of Object.entries(said)) words[plain(one)] ??= inside;
    else words[plain(name)] = said;
  }
  const rows = Array.isArray(held) ? held.length : (keyedRows(held, { haveIds: false })?.length ?? 0);
  const count = numberOf(words.count);
  // Alone, “count” may be of this page.
  const counted = count !== undefined && (count > rows || "next" in words) ? count : undefined;
  const named = Object.keys(words).find((name) =>
    /^total(_(count|entries|records|items|results|rows|\w+_count))?$/.test(name),
  );
  const total = [numberOf(named === undefined ? undefined : words[named]), counted].find(
    (n) => n !== undefined && n >= rows,
  );
  const [page, pages] = [
    numberOf(words.page ?? words.current_page ?? words.current),
    numberOf(words.total_pages ?? words.pages ?? words.last_page),
  ];
  const follows =
    [
      "next",
      "next_page",
      "next_page_url",
      "next_url",
      "next_link",
      "next_href",
      "next_cursor",
      "has_more",
      "has_next",
      "has_next_page",
      "more",
    ].some((name) => isThere(words[name])) ||
    (page !== undefined && pages !== undefined && page < pages);
  return { ...(total !== undefined && { total }), ...(follows && { follows: true }) };
}
