import type { Api } from "../api.ts";
import type { JsonResponse } from "../json-response.ts";
import { Failure, NotNow, type ParsedResponse, Rejected } from "../response.ts";
import type { Learnt } from "./learnt.ts";
import { type Asking, couldBePage, listIn, rowKey, send, withParameters } from "./rows.ts";

export interface PagesWorld {
  readonly api: Api;
  readonly learnt: Learnt;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Reads of pages. */
export interface PageReader {
  read(asking: Asking): Promise<ParsedResponse>;
  /** Something was written: what was read by time so far may not fit what follows. */
  forget(): void;
}

type Rows = readonly unknown[];

/** A first page as it came, to know it again. */
interface First {
  readonly rows: Rows;
  readonly keys: ReadonlySet<string>;
}

/** What was read by time, newest change first, and how far that is. */
interface Timed {
  readonly rows: unknown[];
  readonly seen: Set<string>;
  before: string;
  bytes: number;
  /** `part`: what follows is not to be had. */
  ended?: "whole" | "part" | undefined;
  isBegun?: true;
  readonly begun: number;
}

const mostKept = 8;
const few = 5;
/** Windows of time that one page may cost, where pages are not to be had by number. */
const mostWindows = 40;
const windowRows = 100;
const [changedAfter, changedBefore] = ["updated_at_greater_than", "updated_at_less_than"];

/**
 * Pages as SkyPrep's page promises them (progress-pages): from 1, and of as many rows as asked for, however the
 * academy counts them. The first is asked for without a number until it is known from where they count.
 */
export function createPageReader({ api, learnt, now }: PagesWorld): PageReader {
  const firsts = new Map<string, First>();
  const timed = new Map<string, Timed>();
  let needsNumber = false;

  async function read(asking: Asking): Promise<ParsedResponse> {
    const own = new URLSearchParams(asking.form);
    const [page, size] = [Number(own.get("page") ?? "1"), Number(own.get("per_page"))];
    if (!own.has("per_page") || !Number.isInteger(page) || !Number.isInteger(size) || page < 1 || size < 1)
      return send(api, asking, asking.form);
    return page === 1 ? firstPage(asking, size) : laterPage(asking, page, size);
  }

  const ask = (asking: Asking, number: number | undefined, size: number) =>
    send(api, asking, withParameters(asking.form, { page: number, per_page: size }));

  /** By its place from 1. */
  function numbered(asking: Asking, place: number, size: number): Promise<ParsedResponse> {
    const { from } = learnt.of(asking.route);
    return ask(asking, place === 1 ? from : place - 1 + (from ?? 1), size);
  }

  async function firstPage(asking: Asking, size: number): Promise<ParsedResponse> {
    const { route } = asking;
    const { from, most } = learnt.of(route);
    if (most !== undefined && from !== undefined && size > most) return put(asking, 1, size, most);
    const reading = from === undefined ? await unnumbered(asking, size) : await ask(asking, from, size);
    const rows = listIn(reading);
    if (rows === undefined) return reading;
    const first = keep(asking, rows);
    // Without a number nothing is paged; or nothing comes, and a second look is to show that there is nothing.
    if (from === undefined && (rows.length > size || rows.length === 0))
      return firstByNumber(asking, size, first);
    if (rows.length === size) full(route, size);
    return rows.length < size && (toldMore(reading) || mayBeCut(asking, rows.length))
      ? uncut(asking, size, first, reading)
      : reading;
  }

  /** Where all records come for want of a number, they may be too many: then it is asked for as on the page. */
  async function unnumbered(asking: Asking, size: number): Promise<ParsedResponse> {
    try {
      return await ask(asking, needsNumber ? 1 : undefined, size);
    } catch (error) {
      needsNumber ||= !(error instanceof Rejected || error instanceof NotNow);
      throw error;
    }
  }

  async function firstByNumber(asking: Asking, size: number, all: First): Promise<ParsedResponse> {
    const reading = await ask(asking, 1, size);
    const rows = listIn(reading);
    // It does not page at all.
    if (rows === undefined || rows.length > size) return reading;
    const isEmpty = all.rows.length === 0;
    if (isEmpty && rows.length === 0) return reading;
    const isFromOne = isEmpty || (rows.length > 0 && rowKey(rows[0]) === rowKey(all.rows[0]));
    learnt.learn(asking.route, { from: isFromOne ? 1 : 0 });
    return firstPage(asking, size);
  }

  /** A short page, looked behind: one row that is known already tells that it is the right place. */
  async function uncut(
    asking: Asking,
    size: number,
    first: First,
    reading: ParsedResponse,
  ): Promise<ParsedResponse> {
    const { route } = asking;
    const { length } = first.rows;
    const last = rowKey(first.rows.at(-1));
    const { from: known } = learnt.of(route);
    for (const from of known === undefined ? ([1, 0] as const) : [known]) {
      const rows = listIn(await ask(asking, from + 1, length - 1)) ?? [];
      if (isFirst(rows, first)) {
        learnt.learn(route, { repeats: true, ...(rows.length === length && { cut: length }) });
        return byTime(asking, 1, size);
      }
      // Others altogether, where pages are known to count so: the size that is asked for goes unheard.
      if (known !== undefined && rows.length > 0 && !rows.some((row) => first.keys.has(rowKey(row)))) {
        learnt.learn(route, { most: length });
        return put(asking, 1, size, length, first.rows);
      }
      if (!rows.some((row) => rowKey(row) === last)) continue;
      learnt.learn(route, { from });
      if (rows.length === 1) full(route, length);
      else learnt.learn(route, { most: length });
      return rows.length === 1 ? reading : put(asking, 1, size, length, first.rows);
    }
    return reading.is === "json" && toldMore(reading) ? { ...reading, isPart: true } : reading;
  }

  async function laterPage(asking: Asking, page: number, size: number): Promise<ParsedResponse> {
    const { route } = asking;
    const isUnknown = learnt.of(route).from === undefined;
    let first = firsts.get(keyOf(asking));
    // Single ones are looks at how many there are: nothing is learnt for them.
    if (isUnknown && size > 1 && !learnt.of(route).repeats) {
      if (first === undefined) await firstPage(asking, size);
      first = firsts.get(keyOf(asking));
      if (first?.rows.length) await learnFrom(asking, first, (page - 1) * size);
    }
    const { repeats, most, from } = learnt.of(route);
    if (repeats) return byTime(asking, page, size);
    if (most !== undefined && from !== undefined && size > most) return put(asking, page, size, most);
    const reading = await numbered(asking, page, size);
    const rows = listIn(reading);
    // More than was asked for: SkyPrep does not page after all, and this is everything.
    if (rows === undefined || rows.length > size) return reading;
    if (first !== undefined && isFirst(rows, first)) {
      learnt.learn(route, { repeats: true });
      return byTime(asking, page, size);
    }
    const isSeen = first !== undefined && rows.some((row) => first.keys.has(rowKey(row)));
    if (from === undefined && isSeen) learnt.learn(route, { from: 1 });
    if (rows.length === size) full(route, size);
    return reading;
  }

  /** From where pages count: by a few rows whose place in the first page is known, unless what is asked for now shows it. */
  async function learnFrom(asking: Asking, first: First, start: number): Promise<void> {
    const { route } = asking;
    const { length } = first.rows;
    if (start < length) return;
    const size = Math.min(few, length);
    const isSeen = async (page: number, of: number) =>
      listIn(await ask(asking, page, of))?.some((row) => first.keys.has(rowKey(row)));
    const seen = await isSeen(Math.floor(length / size), size);
    // Rows may have moved meanwhile: a whole page of them has not.
    if (seen !== undefined) learnt.learn(route, { from: seen || (await isSeen(1, length)) ? 1 : 0 });
  }

  /** Whether what should stand behind the first page begins as it does. */
  const isFirst = (rows: Rows, first: First): boolean =>
    rows.length > 0 && first.rows.length > 0 && rowKey(rows[0]) === rowKey(first.rows[0]);

  async function freshFirst(asking: Asking, size: number): Promise<First | undefined> {
    await firstPage(asking, size);
    return firsts.get(keyOf(asking));
  }

  function keep(asking: Asking, rows: Rows): First {
    const key = keyOf(asking);
    const keys = new Set(rows.map(rowKey));
    const before = firsts.get(key);
    if (
      before === undefined ||
      before.rows.length !== rows.length ||
      !rows.every((row) => before.keys.has(rowKey(row)))
    )
      timed.delete(key);
    return set(firsts, key, { rows, keys });
  }

  function full(route: string, rows: number): void {
    if (rows > (learnt.of(route).full ?? 0)) learnt.learn(route, { full: rows });
  }

  /** A short page is the last only where pages of more rows have been seen, or where it is none that anybody would choose. */
  const mayBeCut = ({ route, form }: Asking, rows: number): boolean =>
    (couldBePage(rows) || learnt.isPage(rows) || (rows > 1 && isOfAll(form))) &&
    rows >= (learnt.of(route).full ?? 0);

  /** A page put together from those that the academy gives. */
  async function put(
    asking: Asking,
    page: number,
    size: number,
    most: number,
    read?: Rows,
  ): Promise<ParsedResponse> {
    const start = (page - 1) * size;
    const from = Math.floor(start / most);
    const rows: unknown[] = [];
    let bytes = 0;
    for (let at = from; at * most < start + size; at++) {
      let came = at === 0 ? read : undefined;
      if (came === undefined) {
        const reading = await numbered(asking, at + 1, most);
        came = listIn(reading);
        if (came === undefined || reading.is !== "json") return reading;
        bytes += reading.bytes;
      }
      if (at === 0) keep(asking, came);
      rows.push(...came);
      if (came.length < most) break;
    }
    const skipped = start - from * most;
    return jsonOf(rows.slice(skipped, skipped + size), bytes);
  }

  /**
   * Where every page is the first, what follows is asked for by time, newest change first. What the first page gave
   * stays in its place.
   */
  async function byTime(asking: Asking, page: number, size: number): Promise<ParsedResponse> {
    const kept = timed.get(keyOf(asking));
    const isGood = kept !== undefined && Math.abs(now() - kept.begun) < keepMs;
    const so = isGood ? kept : await beginning(asking, size);
    for (let windows = 0; so.rows.length < page * size && !so.ended; windows++) {
      if (windows === mostWindows) so.ended = "part";
      else if (!(await window(asking, so))) throw unread();
    }
    const value = so.rows.slice((page - 1) * size, page * size);
    const isPart = so.ended === "part" && so.rows.length < page * size;
    return { is: "json", value, bytes: so.bytes, ...(isPart && { isPart }) };
  }

  async function beginning(asking: Asking, size: number): Promise<Timed> {
    const form = new URLSearchParams(asking.form);
    const before = form.get(changedBefore);
    const isTimed = form.has(changedAfter) || before !== null;
    const first = isTimed ? undefined : (firsts.get(keyOf(asking)) ?? (await freshFirst(asking, size)));
    const rows = first?.rows.slice(0, size) ?? [];
    const ended = form.has("completion_date_less_than") ? "part" : undefined;
    const so = {
      rows,
      seen: new Set(rows.map(rowKey)),
      before: before ?? instant(now() + dayMs),
      bytes: 0,
      ended,
    } as const;
    return set(timed, keyOf(asking), { ...so, rows: [...rows], begun: now() });
  }

  /** One more of them; false: no list came. */
  async function window(asking: Asking, so: Timed): Promise<boolean> {
    const parameters = { page: undefined, per_page: windowRows, [changedBefore]: so.before };
    const reading = await send(api, asking, withParameters(asking.form, parameters));
    const came = listIn(reading);
    if (came === undefined || reading.is !== "json") return false;
    so.bytes += reading.bytes;
    const known = so.rows.length;
    for (const row of came) {
      const key = rowKey(row);
      if (so.seen.has(key)) continue;
      so.seen.add(key);
      so.rows.push(row);
    }
    const last = came.at(-1);
    if (last === undefined || !(toldMore(reading) || isCut(asking, came.length))) {
      so.ended = "whole";
      return true;
    }
    const oldest = Date.parse(String((last as Record<string, unknown>).updated_at));
    const next = Number.isNaN(oldest) ? so.before : instant(oldest + 1_000);
    // So many of one second that none behind them can be asked for, or the time is ignored.
    const isStuck = Date.parse(next) >= Date.parse(so.before) || (so.rows.length === known && so.isBegun);
    if (isStuck) so.ended = "part";
    so.before = next;
    so.isBegun = true;
    return true;
  }

  const isCut = (asking: Asking, rows: number): boolean => rows >= windowRows || mayBeCut(asking, rows);

  return { read, forget: () => timed.clear() };
}

/** What stands beside the rows says that they are not all. */
const toldMore = (reading: ParsedResponse): boolean =>
  reading.is === "json" &&
  (reading.follows === true ||
    (reading.total !== undefined && reading.total > (listIn(reading)?.length ?? 0)));

/** Everybody's records: few of them are more likely a page than all there are. */
const isOfAll = (form: string): boolean =>
  [...new URLSearchParams(form).keys()].every((name) => ["page", "per_page", changedBefore].includes(name));

/** As long as a list is kept. */
const keepMs = 60_000;
const dayMs = 86_400_000;
const instant = (ms: number): string =>
  `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;

function set<T>(kept: Map<string, T>, key: string, value: T): T {
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) break;
    kept.delete(oldest);
  }
  return value;
}

const unread = () =>
  new Failure("SkyPrep gave no list of training records.", "Call again in a minute.", "no");

const keyOf = ({ route, form }: Asking): string =>
  `${route}\n${withParameters(form, { page: undefined, per_page: undefined })}`;

const jsonOf = (value: Rows, bytes: number): JsonResponse => ({ is: "json", value, bytes });
