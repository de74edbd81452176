import type { Api } from "../api.ts";
import { Failure, type ParsedResponse, Rejected } from "../response.ts";
import type { Learnt } from "./learnt.ts";
import { type Asking, couldBePage, listIn, rowKey, send, withParameters } from "./rows.ts";

export interface WholeWorld {
  readonly api: Api;
  readonly learnt: Learnt;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long one call reads pages before it says how far it came. */
  readonly patienceMs: number;
}

/** Reads of lists that are meant whole. */
export interface WholeReader {
  read(asking: Asking): Promise<ParsedResponse>;
  /** Something was written: what was read of lists so far may not fit what follows. */
  forget(): void;
  /** How many the account says there are of these; undefined: it does not say. */
  countOf(asking: Asking): Promise<number | undefined>;
}

/** A list on its way: what was read of it stays for the next call. */
interface Standing {
  readonly rows: readonly unknown[];
  readonly seen: ReadonlySet<string>;
  readonly bytes: number;
  /** Of the page that is read next, from 1. */
  readonly page: number;
  readonly total: number | undefined;
  readonly begun: number;
  readonly at: number;
}

type Paged = {
  readonly by: "page" | "offset";
  readonly size: number;
  readonly asked?: boolean | undefined;
};

const fewest = 10;
/** As many as SkyPrep gives of training records. */
const largest = 100;
/** Whose page by number is the first again may still count rows: worth a look where the list has a usual page's length. */
const usual = new Set([10, 20, 25, 30, 40, 50, 100, 200, 250, 500, 1000]);
/** Of a longer list, counts of the account tell sooner than a second page. */
const long = 500;
const counted: Readonly<Record<string, string>> = {
  get_users: "users_count",
  get_courses: "courses_count",
  get_user_groups: "user_groups_count",
  get_learning_paths: "learning_paths_count",
};
const callsAMinute = 100;
const pauseMs = 120_000;
const wholeMs = 1_200_000;
const paging = ["page", "per_page", "limit", "offset"];

/**
 * Lists that SkyPrep's page promises whole, read to their end (people-come-whole, other-lists-come-whole). An answer
 * that could be a page is looked behind once; what it turns out to be is remembered by its route.
 */
export function createWholeReader({ api, learnt, now, patienceMs }: WholeWorld): WholeReader {
  const underway = new Map<string, Standing>();
  let writes = 0;

  async function read(asking: Asking): Promise<ParsedResponse> {
    const { route, form } = asking;
    const own = new URLSearchParams(form);
    if (paging.some((name) => own.has(name))) return send(api, asking, form);
    const { pages } = learnt.of(route);
    if (pages?.is === "paged") return toTheEnd(asking, pages, standingOf(asking));
    const first = await send(api, asking, form);
    const rows = listIn(first);
    if (rows === undefined || first.is !== "json") return first;
    // No records at all: nothing that stands behind them makes a list of it.
    if (rows.length > 0 && !rows.some((row) => typeof row === "object" && row !== null)) return first;
    const { total, follows, bytes } = first;
    const more = follows === true || (total !== undefined && total > rows.length);
    const known = pages?.rows ?? 0;
    if (!more && (total !== undefined || !mayBePage(asking, rows.length) || rows.length <= known))
      return asWhole(first, route, rows.length);
    if (!more && rows.length >= long && (await countOf(asking)) === rows.length)
      return asWhole(first, route, rows.length);
    const seen = new Set(rows.map(rowKey));
    const begun: Standing = { rows, seen, bytes, page: 2, total, begun: now(), at: now() };
    const second = await page(asking, { by: "page", size: rows.length }, 2);
    if (second === undefined || isSame(second.rows, seen)) {
      const worth = more || usual.has(rows.length);
      const by = { by: "offset", size: rows.length } as const;
      const next = worth ? await page(asking, by, 2) : undefined;
      if (next !== undefined && next.rows.length > 0 && !isSame(next.rows, seen))
        return toTheEnd(asking, by, added(begun, next));
    } else if (second.rows.length > 0) {
      return inLargerPages(asking, rows.length, added(begun, second));
    }
    if (total !== undefined && total > rows.length) return { ...first, isPart: true };
    if (follows && second !== undefined && second.rows.length > 0) return { ...first, isPart: true };
    // An empty second page tells that there is no more now, and nothing of how it will be.
    return second?.rows.length === 0 ? first : asWhole(first, route, rows.length);
  }

  /** So few people as a page of an odd size may hold are rare enough in an academy to be looked behind. */
  const mayBePage = ({ route, form }: Asking, rows: number): boolean =>
    couldBePage(rows) ||
    learnt.isPage(rows) ||
    (route === "get_users" && form === "" && rows > 0 && rows < largest);

  function asWhole(first: ParsedResponse, route: string, rows: number): ParsedResponse {
    const { pages } = learnt.of(route);
    if (pages?.is !== "paged") learnt.learn(route, { pages: whole(Math.max(rows, pages?.rows ?? 0)) });
    return first;
  }

  /** It pages by `size`; fewer calls where it can be asked for more. */
  async function inLargerPages(asking: Asking, size: number, so: Standing): Promise<ParsedResponse> {
    const plain: Paged = { by: "page", size };
    if (size >= largest) return toTheEnd(asking, plain, so);
    const asked: Paged = { by: "page", size: largest, asked: true };
    const one = await page(asking, asked, 1);
    if (one === undefined || one.rows.length <= size) return toTheEnd(asking, plain, so);
    const none: Standing = { ...so, rows: [], seen: new Set(), bytes: 0, page: 1 };
    return toTheEnd(asking, { ...asked, size: Math.max(size, largest) }, added(none, one));
  }

  async function toTheEnd(asking: Asking, how: Paged, from: Standing): Promise<ParsedResponse> {
    const { route, form, context } = asking;
    learnt.learn(route, { pages: { is: "paged", ...how } });
    const until = Math.min(now() + patienceMs, (context?.deadline ?? Number.POSITIVE_INFINITY) - lastCallMs);
    const key = `${route}\n${form}`;
    const then = writes;
    let so = from;
    for (;;) {
      if (writes === then) underway.set(key, so);
      if (so.total !== undefined && so.rows.length >= so.total) break;
      if (now() > until && so.page > 1) throw await stillReading(asking, so);
      const came = await page(asking, how, so.page);
      if (came === undefined)
        throw new Failure(`SkyPrep refused page ${so.page} of ${route}.`, tryAgain, "no");
      // Everything at once: it does not page after all.
      if (so.page === 1 && came.rows.length > how.size) {
        underway.delete(key);
        learnt.learn(route, { pages: whole(came.rows.length) });
        return { is: "json", value: came.rows, bytes: came.bytes };
      }
      const before = so.rows.length;
      so = added(so, came);
      if (so.rows.length === before) break;
      // Nobody chooses so few for a page: no next one is looked for.
      if (came.rows.length < Math.min(fewest, how.size) && so.total === undefined) break;
    }
    underway.delete(key);
    const { rows: value, bytes, total } = so;
    const isPart = total !== undefined && total > value.length;
    return { is: "json", value, bytes, ...(total !== undefined && { total }), ...(isPart && { isPart }) };
  }

  /** Undefined: SkyPrep refuses to be asked so, or what came is no list. */
  async function page(asking: Asking, { by, size, asked }: Paged, number: number) {
    const parameters =
      by === "offset"
        ? { offset: (number - 1) * size, limit: size }
        : { page: number, ...(asked && { per_page: size, limit: size }) };
    try {
      const reading = await send(api, asking, withParameters(asking.form, parameters));
      const rows = listIn(reading);
      if (rows === undefined || reading.is !== "json") return undefined;
      return { rows, bytes: reading.bytes, total: reading.total };
    } catch (error) {
      if (error instanceof Rejected && error.reached === "refused") return undefined;
      throw error;
    }
  }

  function standingOf({ route, form }: Asking): Standing {
    const key = `${route}\n${form}`;
    const kept = underway.get(key);
    const at = now();
    const isGood = kept && at - kept.at <= pauseMs && at - kept.begun <= wholeMs && at >= kept.at;
    if (isGood) return kept;
    return { rows: [], seen: new Set(), bytes: 0, page: 1, total: undefined, begun: at, at };
  }

  function added(
    so: Standing,
    came: { readonly rows: readonly unknown[]; readonly bytes: number; readonly total: number | undefined },
  ): Standing {
    const seen = new Set(so.seen);
    const rows = [...so.rows];
    for (const row of came.rows) {
      const key = rowKey(row);
      if (seen.has(key)) continue;
      seen.add(key);
      rows.push(row);
    }
    const total = came.total ?? so.total;
    return { ...so, rows, seen, bytes: so.bytes + came.bytes, page: so.page + 1, total, at: now() };
  }

  async function stillReading(asking: Asking, so: Standing): Promise<Failure> {
    const size = Math.ceil(so.rows.length / (so.page - 1));
    const total = so.total ?? (await countOf(asking));
    const all = total !== undefined && total > so.rows.length ? total : undefined;
    const minutes = all && Math.ceil((all - so.rows.length) / size / callsAMinute);
    return new Failure(
      `SkyPrep gives this list in pages of ${size}, and ${so.rows.length}${all ? ` of ${all}` : ""} rows were read so far${minutes ? `; the rest takes about ${minutes === 1 ? "a minute" : `${minutes} minutes`}` : ""}.`,
      "Call again now: it goes on where it stopped.",
      "no",
    );
  }

  /** How many the account says there are of these; people who were deleted may count. */
  async function countOf(asking: Asking): Promise<number | undefined> {
    const name = asking.form === "" ? counted[asking.route] : undefined;
    if (name === undefined) return undefined;
    try {
      const reading = await api("get_program", "", asking.signal, asking.context);
      const value = reading.is === "json" ? [reading.value].flat()[0] : undefined;
      const count = Number((value as Record<string, unknown> | null | undefined)?.[name]);
      return Number.isInteger(count) ? count : undefined;
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }

  function forget(): void {
    writes += 1;
    underway.clear();
  }

  return { read, forget, countOf };
}

const whole = (rows: number) => ({ is: "whole", rows }) as const;
const tryAgain = "Call again in a minute.";
/** Of a call's time, for what follows the list. */
const lastCallMs = 5_000;

const isSame = (rows: readonly unknown[], seen: ReadonlySet<string>): boolean =>
  rows.length > 0 && rows.every((row) => seen.has(rowKey(row)));
