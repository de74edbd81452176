import { type Read, Unread } from "../../../academy/reads.ts";
import { newerWrote, plainReason } from "../../../node/file-errors.ts";
import { asList } from "../../../reply/records.ts";
import { isNewerText } from "../../../state/files/safe-files.ts";
import { type FileMark, LockTaken, type SharedLines } from "../../../state/ports.ts";
import {
  type CacheContents,
  type CacheLine,
  firstLine,
  standingAt,
  standingIn,
  take,
  type Whose,
} from "./cache-file.ts";
import {
  type Cursor,
  type Filter,
  goOn,
  keyOf,
  pageRows,
  parametersOf,
  type Span,
} from "./change-pagination.ts";
import { keptAs, recordIn } from "./record.ts";

/** What was read is as good as new for so long, like a list that is kept. */
export const freshMs = 60_000;
/** A day, and an hour so that whoever asks every morning finds it. */
export const keepMs = 25 * 3_600_000;
/** What was deleted is not seen by looking at what changed: after so long all is read again. */
export const wholeMs = 7 * 24 * 3_600_000;
/** Clocks differ; what is read twice for that is known by its number. */
const slackS = 300;

export interface SyncOptions {
  readonly account: string;
  /** Of this sweep. */
  readonly file: SharedLines;
  readonly now: () => number;
  /** The academy's zone, where these rows' dates do not show it. */
  readonly zoneOf: (rows: readonly unknown[], signal: AbortSignal) => Promise<string | undefined>;
  /** Archived records are not listed with the others. */
  readonly archivedApart: () => boolean;
}

/** The records of one filter: read page by page, kept, and brought up to date. */
export interface Sync {
  readonly key: string;
  /** As it is kept, also by others; undefined: nothing that could be used. */
  look(): Promise<CacheContents | undefined>;
  /**
   * Reads one page, unless somebody else has; false: all is read and up to date, also with what was written at
   * `written` (epoch milliseconds). @throws Missing, Unread
   */
  step(read: Read, signal: AbortSignal, written?: number): Promise<boolean>;
  /** What was read to its end is forgotten, for the next step to begin anew; what is still being read is left to it. */
  renew(): Promise<void>;
  /** Whether there are no more than so many of these in SkyPrep; one look where it is not known. @throws Unread */
  atMost(n: number, read: Read, signal: AbortSignal): Promise<boolean>;
  /** Finds out about how many records there are, by reading single ones. @throws Unread */
  estimate(read: Read, signal: AbortSignal): Promise<void>;
  /** Why nothing can be kept, as the system calls it. */
  readonly unkept: string | undefined;
}

type Parameters = Record<string, string | number>;
interface Reading {
  readonly read: Read;
  readonly signal: AbortSignal;
}

export function createSync(filter: Filter, options: SyncOptions): Sync {
  const { account, file, now, zoneOf, archivedApart } = options;
  const whose: Whose = { account, key: keyOf(filter) };
  let standing: CacheContents | undefined;
  let mark: FileMark | undefined;
  let unkept: string | undefined;

  /** Takes in what this or another process has written. */
  async function load(): Promise<void> {
    if (unkept !== undefined) return;
    const came = await orUnkept(() => file.read(mark), undefined);
    if (unkept !== undefined) return;
    // A newer program's is left as it is; all is read again, and kept nowhere.
    if (came?.fresh && isNewerText(came.lines[0] ?? "")) {
      unkept = newerThere;
      standing = undefined;
      return;
    }
    if (came === undefined || came.fresh) standing = standingIn(came?.lines[0], whose);
    mark = came?.mark;
    for (const line of came?.lines.slice(came.fresh ? 1 : 0) ?? []) {
      if (standing !== undefined && !take(standing, line)) standing = undefined;
    }
    if (standing === undefined) mark = undefined;
  }

  function isGood({ begun, asOf }: CacheContents): boolean {
    const age = now() - (asOf ?? begun);
    return age <= keepMs && age > -keepMs && now() - begun <= wholeMs;
  }

  const beginning = (): Span => ({ after: filter.since ?? 0, upTo: Math.floor(now() / 1000) + 1 });

  async function begin(leg: Span): Promise<CacheContents> {
    const begun = now();
    const fresh = standingAt(begun, leg);
    standing = fresh;
    mark = await orUnkept(() => file.begin(firstLine(whose, begun, leg)), undefined);
    return fresh;
  }

  async function add(to: CacheContents, line: CacheLine): Promise<void> {
    const text = JSON.stringify(line);
    take(to, text);
    const after = mark;
    if (after !== undefined) mark = await orUnkept(() => file.append(text, after), undefined);
  }

  /** A folder that cannot be written costs what would be kept, not the answer. */
  async function orUnkept<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return unkept === undefined ? await work() : otherwise;
    } catch (error) {
      unkept = whyUnkept(error);
      return otherwise;
    }
  }

  async function alone<T>(work: () => Promise<T>): Promise<T> {
    let held = unkept !== undefined;
    try {
      if (held) return await work();
      return await file.alone(() => {
        held = true;
        return work();
      });
    } catch (error) {
      if (held || error instanceof LockTaken) throw error;
      unkept = whyUnkept(error);
      return work();
    }
  }

  async function rows(parameters: Parameters, { read, signal }: Reading): Promise<unknown[]> {
    const came = asList(await read("get_course_progresses", parameters, signal));
    if (came.length > 0 && !came.some((row) => recordIn(row))) throw new Unread("no list came");
    return came;
  }

  async function page(to: CacheContents, at: Cursor, reading: Reading): Promise<void> {
    // What left the filter must be seen too, or it would stay: statuses narrow only what is read first.
    const isApart = filter.statuses === "archived" && archivedApart();
    const asked = to.asOf === undefined || isApart ? filter : { ...filter, statuses: undefined };
    const raw = await rows(parametersOf(asked, to.leg, at), reading);
    const zone = await zoneOf(raw, reading.signal);
    const came = raw.flatMap((row) => recordIn(row, zone) ?? []);
    if (filter.person !== undefined && came.some(({ record }) => record.person !== filter.person)) {
      await add(to, { ignored: true, next: null });
      return;
    }
    const people: Record<string, readonly [string, string]> = {};
    const courses: Record<string, string> = {};
    for (const { record, person, course } of came) {
      const known = to.people.get(record.person);
      if (person && (known?.name !== person.name || known.login !== person.login))
        people[record.person] = [person.name, person.login];
      if (course !== undefined && to.courses.get(record.course) !== course) courses[record.course] = course;
    }
    await add(to, {
      next: goOn(
        came.map(({ record }) => record),
        raw.length,
        to.leg,
        at,
      ),
      records: came.map(({ record }) => keptAs(record)),
      people,
      courses,
    });
  }

  return {
    key: whose.key,
    get unkept() {
      return unkept;
    },
    async look() {
      await load();
      return standing && isGood(standing) ? standing : undefined;
    },
    renew: () =>
      alone(async () => {
        await load();
        if (standing?.asOf !== undefined) await begin(beginning());
      }),
    async atMost(n, read, signal) {
      await load();
      const known = standing?.asOf === undefined ? standing?.total : standing.records.size;
      if (known !== undefined) return known <= n;
      const { leg } = standingAt(now(), beginning());
      const asked = parametersOf(filter, leg, { before: leg.upTo, page: n + 1 });
      return (await rows({ ...asked, per_page: 1 }, { read, signal })).length === 0;
    },
    step: (read, signal, written = Number.NEGATIVE_INFINITY) =>
      alone(async () => {
        signal.throwIfAborted();
        await load();
        const kept = standing;
        const to = kept !== undefined && isGood(kept) ? kept : await begin(beginning());
        const { upTo } = beginning();
        if (to.ignored) return false;
        if (to.next === undefined) {
          // It was read in the second before the one it is known up to.
          const seen = to.asOf !== undefined && to.asOf - 1_000 > written;
          if (to.asOf !== undefined && seen && Math.abs(now() - to.asOf) < freshMs) return false;
          const after = Math.floor(Math.min(to.asOf ?? to.begun, now()) / 1000) - slackS;
          await add(to, { leg: { after, upTo }, next: { before: upTo, page: 1 } });
        }
        await page(to, to.next ?? { before: upTo, page: 1 }, { read, signal });
        return to.next !== undefined;
      }),
    estimate: (read, signal) =>
      alone(async () => {
        await load();
        const to = standing;
        if (to === undefined || to.asOf !== undefined || to.total !== undefined) return;
        const there = async (n: number) => {
          const asked = parametersOf(filter, to.leg, { before: to.leg.upTo, page: n });
          const came = await rows({ ...asked, per_page: 1 }, { read, signal });
          return came.length > 1 ? undefined : came.length === 1;
        };
        const total = await aboutHowMany(Math.max(pageRows, to.records.size), there);
        if (total !== undefined) await add(to, { total });
      }),
  };
}

const growth = 4;
const exactEnough = 1.15;
const mostGrowths = 7;

/** The number of the last that is there, by a few looks; undefined where looking tells nothing. */
async function aboutHowMany(
  known: number,
  there: (n: number) => Promise<boolean | undefined>,
): Promise<number | undefined> {
  let least = known;
  let most = known * growth;
  for (let tries = 0; ; tries++) {
    const found = await there(most);
    if (found === undefined || tries === mostGrowths) return undefined;
    if (!found) break;
    least = most;
    most *= growth;
  }
  while (most / least > exactEnough) {
    const middle = Math.round(Math.sqrt(least * most));
    if (await there(middle)) least = middle;
    else most = middle;
  }
  return Math.round((least + most) / 2);
}

const newerThere = `${newerWrote("there")}: update this one`;

/** A bug of ours keeps flying. */
function whyUnkept(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return code === "ENEWER" ? newerThere : plainReason(error);
}
