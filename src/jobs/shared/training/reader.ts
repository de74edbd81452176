import { archivedListingOf } from "../../../academy/archived.ts";
import { Missing, type Read, Unread } from "../../../academy/reads.ts";
import { zoneIn } from "../../../academy/time-zone.ts";
import type { Progress } from "../../../call/call-deadline.ts";
import { createTurns, type Turns } from "../../../skyprep/rate-limit/turns.ts";
import { LockTaken } from "../../../state/ports.ts";
import { cleanText } from "../../../text/english.ts";
import type { JobWorld, Within } from "../../job.ts";
import { knownClocks, type LastWrites, writtenSince } from "../as-of.ts";
import { archivedOf, holdsArchived } from "./archived.ts";
import { type Filter, keyOf, pageRows, wider } from "./change-pagination.ts";
import { callsAMinute, type Gathered, gathered, type Used } from "./gathered.ts";
import { showOffset } from "./record.ts";
import { createSync, keepMs, type Sync, wholeMs } from "./sync.ts";

export interface TrainingReadOptions {
  readonly signal: AbortSignal;
  readonly progress?: Progress;
  /** Pages that may be read while somebody waits; what is missing is read on in the background. 0: it only looks at what is kept. */
  readonly pages?: number;
  /** Nothing that was kept is good enough. */
  readonly fresh?: boolean;
}

/** Training records, as they are kept and read on. */
export interface TrainingReader {
  /** @throws Unread where nothing is known at all */
  gather(needs: readonly Filter[], wanted: TrainingReadOptions): Promise<Gathered>;
  /** SkyPrep gave others' records where one person's were asked for. */
  ignoresPerson(): boolean;
  /** Whether it is kept, or so little that it is read in one call. */
  isLittle(needs: readonly Filter[], signal: AbortSignal): Promise<boolean>;
}

const mostPages = 20;
/** As many records as are read in one call. */
const little = mostPages * pageRows;
/** Of more than these, one look at the whole account tells more than one at each. */
const fewLooks = 3;
const patienceMs = 20_000;
const mostEstimates = 3;
const mostInMemory = 24;
const idleMs = 600_000;

// Each call has a world of its own; what they share tells whose server it is.
const readers = new WeakMap<JobWorld["read"], TrainingReader>();

/** One for each server: what reads on in it must not read the same twice. */
export function readerOf(world: JobWorld): TrainingReader {
  const known = readers.get(world.read) ?? createReader(world);
  readers.set(world.read, known);
  return known;
}

function createReader(world: JobWorld): TrainingReader {
  // What is kept is kept whole, whatever a policy lets be seen of it: its pages have to be counted.
  const { account, now, after, whole: read, state } = world;
  const status = ["jobs", world.owner, "status"] as const;
  const pace = state.text(...status, "pace.json");
  const turns = createTurns({
    file: pace,
    withLock: pace.alone,
    callsPerMinute: callsAMinute,
    now,
    after,
    onTrouble: () => {},
  });
  const background = createBackground(world, turns);
  const sweeps = new Map<string, Sync>();
  let callOff = () => {};
  let ignoresPerson = false;
  let askedForZone = false;
  const archived = archivedListingOf(read);

  /**
   * Few people tell where they are, and not where the academy is: sessions and the list of people are asked once,
   * where dates in UTC, or without an offset, leave the day open.
   */
  async function zoneOf(rows: readonly unknown[], signal: AbortSignal): Promise<string | undefined> {
    if (rows.length === 0 || showOffset(rows)) return undefined;
    const known = world.zone.known() ?? (askedForZone ? undefined : await world.zone(signal));
    askedForZone = true;
    return (known ?? zoneIn(rows))?.zone;
  }

  function sweepOf(filter: Filter): Sync {
    const key = keyOf(filter);
    return (
      sweeps.get(key) ??
      createSync(filter, {
        account,
        now,
        zoneOf,
        archivedApart: archived.isApart,
        file: state.lines(...status, `${key}.jsonl`),
      })
    );
  }

  function remember(sweep: Sync): void {
    sweeps.delete(sweep.key);
    sweeps.set(sweep.key, sweep);
    for (const key of sweeps.keys()) {
      if (sweeps.size <= mostInMemory) break;
      if (!background.has(key)) sweeps.delete(key);
    }
    callOff();
    callOff = after(idleMs, () => {
      for (const key of sweeps.keys()) if (!background.has(key)) sweeps.delete(key);
    });
  }

  /** What is kept whole and holds these records, itself first; else itself. */
  async function covering(need: Filter, { removed }: LastWrites): Promise<Sync> {
    const own = sweepOf(need);
    for (const filter of wider(need)) {
      if (archived.isApart() && !holdsArchived(filter, need)) continue;
      const sweep = keyOf(filter) === own.key ? own : sweepOf(filter);
      const standing = await sweep.look();
      if (standing?.asOf === undefined || standing.ignored) continue;
      if (!isBefore(standing, removed)) return sweep;
    }
    return own;
  }

  /** Nothing of what is kept counts where nobody wants it, or where records are gone that it still holds. */
  async function renewed(sweep: Sync, { removed }: LastWrites, fresh: boolean): Promise<string | undefined> {
    const standing = await sweep.look();
    if (standing?.asOf === undefined || background.has(sweep.key)) return undefined;
    const outdated = isBefore(standing, removed);
    if (!fresh && !outdated) return undefined;
    if (fresh || standing.records.size <= little) {
      await sweep.renew();
      return undefined;
    }
    return `All was read at ${knownClocks(world).stamp(standing.begun)}; what was removed from here since may still count. fresh: true reads all anew.`;
  }

  /** Of everybody who has asked for something else for a day. */
  async function sweepUp(): Promise<void> {
    if (!state.isWritable(...status)) return;
    for (const { name, changedAt } of await state.names(...status)) {
      if (!/\.jsonl(?:\.new)?$/.test(name)) continue;
      if (changedAt + keepMs < now()) await state.remove(...status, name);
    }
  }

  /** Reads of one sweep what may be read now; why not, where something stood in the way. */
  async function bring(
    sweep: Sync,
    at: AtOnce,
    { signal, fresh = false }: TrainingReadOptions,
  ): Promise<string | undefined> {
    const goOn = () => background.begin(sweep.key, (stop) => sweep.step(read, stop));
    const stopped = background.stopped(sweep.key);
    if (stopped !== undefined) return `Reading on has stopped: ${stopped}. Call again to try once more.`;
    if (background.has(sweep.key)) return undefined;
    try {
      const outdated = await renewed(sweep, at.written, fresh);
      let more = true;
      while (more && at.left()) more = await sweep.step(at.read, signal, at.written.last);
      if (!more) return outdated;
      if (at.estimates-- > 0) await sweep.estimate(at.read, signal);
      goOn();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Missing) return "SkyPrep does not show some of these records.";
      if (error instanceof Unread && ((await sweep.look())?.pages ?? 0) > 0)
        return `SkyPrep could not be read just now (${cleanText(error.message)}).`;
      // Another process is reading just this.
      if (!(error instanceof LockTaken)) throw error;
      goOn();
    }
    return undefined;
  }

  return {
    async gather(needs, wanting) {
      const { progress = () => {}, pages = mostPages, fresh = false } = wanting;
      await sweepUp();
      const written = await writtenSince(now() - wholeMs, world);
      const until = now() + patienceMs;
      let called = 0;
      const counted: Read = async (...asked) => {
        called += 1;
        progress(called, undefined, "Reading training records.");
        await turns.take(now());
        return read(...asked);
      };
      const left = () => called < pages && now() < until;
      const atOnce = { read: counted, left, estimates: mostEstimates, written };
      const used = new Map<string, Used>();
      // Of a part of the statuses nothing archived is missing, until it is brought up to date.
      let mayMiss = false;
      const take = async (need: Filter) => {
        const sweep = fresh ? sweepOf(need) : await covering(need, written);
        const known = used.get(sweep.key);
        if (known !== undefined) return known.standing;
        remember(sweep);
        const trouble = pages > 0 ? await bring(sweep, atOnce, wanting) : undefined;
        const goesOn = background.has(sweep.key);
        const standing = await sweep.look();
        used.set(sweep.key, { standing, trouble, goesOn, unkept: sweep.unkept });
        if (need.statuses !== "archived") archived.see(standing?.records.values() ?? []);
        const isFirst = sweep.key === keyOf(need) && standing?.leg.after === (need.since ?? 0);
        mayMiss ||= need.statuses === undefined || !isFirst;
        return standing;
      };
      const begun = new Map<Filter, number | undefined>();
      for (const need of needs) begun.set(need, (await take(need))?.begun);
      const isWhole = [...used.values()].every(({ standing }) => standing?.asOf !== undefined);
      if (isWhole && pages > 0 && mayMiss)
        await archived.find(counted, { signal: wanting.signal, now: now() });
      if (archived.isApart()) for (const [need, at] of begun) await take(archivedOf(need, at));
      const all = gathered([...used.values()], {
        where: state.whereOf(...status),
        now: now(),
        called,
        clocks: knownClocks(world),
        note: archived.note(),
      });
      ignoresPerson ||= all.ignored;
      return seenOf(all, await world.within(wanting.signal));
    },
    ignoresPerson: () => ignoresPerson || world.filters.isIgnored("get_course_progresses", "user_id"),
    async isLittle(needs, signal) {
      const looks = needs.length <= fewLooks ? needs : [{}];
      const look: Read = async (...asked) => {
        await turns.take(now());
        return read(...asked);
      };
      try {
        for (const one of looks) {
          const sweep = await covering(one, { last: undefined, removed: undefined, sent: [] });
          if ((await sweep.look())?.asOf !== undefined) continue;
          if (!(await sweep.atMost(Math.floor(little / looks.length), look, signal))) return false;
        }
        return true;
      } catch (error) {
        // What is kept of a part of them may still answer.
        if (error instanceof Unread || error instanceof Missing) return false;
        throw error;
      }
    },
  };
}

/** What a policy leaves in of it: nobody else's records, names or numbers. */
function seenOf(all: Gathered, within: Within | undefined): Gathered {
  if (within === undefined) return all;
  const isIn = (person: number) => within.person?.ids.has(person) !== false;
  const isSeen = (course: number) => within.course?.has(course) !== false;
  const records = all.records.filter(({ person, course }) => isIn(person) && isSeen(course));
  return {
    ...all,
    records,
    person: (id) => (isIn(id) ? all.person(id) : undefined),
    course: (id) => (isSeen(id) ? all.course(id) : undefined),
    total: all.share === 1 ? records.length : undefined,
  };
}

/** What may be read while somebody waits. */
interface AtOnce {
  readonly read: Read;
  readonly left: () => boolean;
  readonly written: LastWrites;
  estimates: number;
}

/** Whether it was read before something was removed that it may still hold. */
const isBefore = ({ begun }: { readonly begun: number }, removed: number | undefined): boolean =>
  removed !== undefined && begun <= removed;

/** Reads on while nobody waits, one page at a time. */
export interface Background {
  has(key: string): boolean;
  /** `step` until it says that there is no more. */
  begin(key: string, step: (signal: AbortSignal) => Promise<boolean>): void;
  /** Why it stopped; whoever is told has been told, and may begin it again. */
  stopped(key: string): string | undefined;
}

const apartMs = 1_000;
/** Another process is at it. */
const yieldMs = 5_000;

export function createBackground(
  { after, background, now }: Pick<JobWorld, "after" | "background" | "now">,
  turns: Turns,
): Background {
  const tasks = new Map<string, (signal: AbortSignal) => Promise<boolean>>();
  const stopped = new Map<string, string>();
  let armed = false;

  function arm(ms: number): void {
    if (armed || tasks.size === 0) return;
    armed = true;
    after(ms, () => void take());
  }

  async function take(): Promise<void> {
    const { waitMs } = await turns.take(Number.POSITIVE_INFINITY);
    if (waitMs > 0) after(waitMs, () => void go());
    else await go();
  }

  async function go(): Promise<void> {
    armed = false;
    const began = now();
    const [first] = tasks;
    if (first === undefined) return;
    const [key, step] = first;
    let wait = apartMs;
    try {
      const going = background(step);
      // The server is ending.
      if (going === undefined) return tasks.clear();
      if (!(await going)) tasks.delete(key);
    } catch (error) {
      if (error instanceof LockTaken) wait = yieldMs;
      else {
        tasks.delete(key);
        stopped.set(key, wordsOf(error));
      }
    }
    arm(Math.max(0, wait - Math.max(0, now() - began)));
  }

  return {
    has: (key) => tasks.has(key),
    begin(key, step) {
      stopped.delete(key);
      if (!tasks.has(key)) tasks.set(key, step);
      arm(apartMs);
    },
    stopped(key) {
      const why = stopped.get(key);
      stopped.delete(key);
      return why;
    },
  };
}

/** A defect of ours in the background has nobody to fly to: it is told like the rest. */
function wordsOf(error: unknown): string {
  if (error instanceof Unread) return `SkyPrep could not be read: ${cleanText(error.message)}`;
  if (error instanceof Missing) return "SkyPrep does not show these records any more";
  return `it met an error: ${cleanText(error instanceof Error ? error.message : String(error)).slice(0, 200)}`;
}
