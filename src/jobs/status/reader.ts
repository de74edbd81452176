import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../../call/progress.ts";
import { Missing, type Read, Unread } from "../../guard/look.ts";
import { cleanText } from "../../reply/clean-text.ts";
import { createLock, LockTaken } from "../../store/lock.ts";
import { smallFile } from "../../store/small-file.ts";
import { createTurns } from "../../store/turns.ts";
import type { JobWorld } from "../job.ts";
import { callsAMinute, createBackground } from "./background.ts";
import { type Filter, keyOf, wider } from "./filter.ts";
import { type Gathered, gathered, type Used } from "./gathered.ts";
import { createSweep, keepMs, type Sweep } from "./sweep.ts";

export interface Wanted {
  readonly signal: AbortSignal;
  readonly progress?: Progress;
  /** Pages that may be read while somebody waits; what is missing is read on in the background. 0: it only looks at what is kept. */
  readonly pages?: number;
}

/** Training records, as they are kept and read on. */
export interface Reader {
  /** @throws Unread where nothing is known at all */
  gather(needs: readonly Filter[], wanted: Wanted): Promise<Gathered>;
  /** SkyPrep gave others' records where one person's were asked for. */
  ignoresPerson(): boolean;
}

const mostPages = 20;
const patienceMs = 20_000;
const mostEstimates = 3;
const mostInMemory = 24;
const idleMs = 600_000;

const readers = new WeakMap<JobWorld, Reader>();

/** One for each server: what reads on in it must not read the same twice. */
export function readerOf(world: JobWorld): Reader {
  const known = readers.get(world) ?? createReader(world);
  readers.set(world, known);
  return known;
}

function createReader(world: JobWorld): Reader {
  const { account, now, after, read } = world;
  const folder = join(world.folder, "status");
  const turns = createTurns({
    file: smallFile(join(folder, "pace.json")),
    withLock: createLock(folder, { name: "pace", levels: 3 }),
    callsPerMinute: callsAMinute,
    now,
    after,
    onTrouble: () => {},
  });
  const background = createBackground(world, turns);
  const sweeps = new Map<string, Sweep>();
  let callOff = () => {};
  let ignoresPerson = false;

  function sweepOf(filter: Filter): Sweep {
    const key = keyOf(filter);
    return (
      sweeps.get(key) ??
      createSweep(filter, {
        account,
        now,
        path: join(folder, `${key}.jsonl`),
        lock: createLock(folder, { name: key, levels: 3 }),
      })
    );
  }

  function remember(sweep: Sweep): void {
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
  async function covering(need: Filter): Promise<Sweep> {
    const own = sweepOf(need);
    for (const filter of wider(need)) {
      const sweep = keyOf(filter) === own.key ? own : sweepOf(filter);
      const standing = await sweep.look();
      if (standing?.asOf !== undefined && !standing.ignored) return sweep;
    }
    return own;
  }

  /** Of everybody who has asked for something else for a day. */
  async function sweepUp(): Promise<void> {
    for (const name of await readdir(folder).catch(() => [])) {
      if (!/\.jsonl(?:\.new)?$/.test(name)) continue;
      const found = await stat(join(folder, name)).catch(() => undefined);
      if (found && found.mtimeMs + keepMs < now()) await rm(join(folder, name), { force: true });
    }
  }

  /** Reads of one sweep what may be read now; why not, where something stood in the way. */
  async function bring(sweep: Sweep, at: AtOnce, signal: AbortSignal): Promise<string | undefined> {
    const goOn = () => background.begin(sweep.key, (stop) => sweep.step(read, stop));
    const stopped = background.stopped(sweep.key);
    if (stopped !== undefined) return `Reading on has stopped: ${stopped}. Call again to try once more.`;
    if (background.has(sweep.key)) return undefined;
    try {
      let more = true;
      while (more && at.left()) more = await sweep.step(at.read, signal);
      if (!more) return undefined;
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
    async gather(needs, { signal, progress = () => {}, pages = mostPages }) {
      await sweepUp();
      const until = now() + patienceMs;
      let called = 0;
      const counted: Read = async (...asked) => {
        called += 1;
        progress(called, undefined, "Reading training records.");
        await turns.take(now());
        return read(...asked);
      };
      const atOnce = { read: counted, left: () => called < pages && now() < until, estimates: mostEstimates };
      const wanted = new Map<string, Sweep>();
      for (const need of needs) {
        const sweep = await covering(need);
        wanted.set(sweep.key, sweep);
      }
      const used: Used[] = [];
      for (const sweep of wanted.values()) {
        remember(sweep);
        const trouble = pages > 0 ? await bring(sweep, atOnce, signal) : undefined;
        const goesOn = background.has(sweep.key);
        used.push({ standing: await sweep.look(), trouble, goesOn, unkept: sweep.unkept });
      }
      const all = gathered(used, { folder, now: now(), called });
      ignoresPerson ||= all.ignored;
      return all;
    },
    ignoresPerson: () => ignoresPerson,
  };
}

/** What may be read while somebody waits. */
interface AtOnce {
  readonly read: Read;
  readonly left: () => boolean;
  estimates: number;
}
