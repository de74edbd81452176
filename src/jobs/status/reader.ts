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
  /** Pages that may be read while somebody waits; with 0 nothing is read on in the background either. */
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
    withLock: createLock(folder, { name: "pace" }),
    callsPerMinute: callsAMinute,
    now,
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
        lock: createLock(folder, { name: key }),
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

  return {
    async gather(needs, { signal, progress = () => {}, pages = mostPages }) {
      await sweepUp();
      const until = now() + patienceMs;
      const wanted = new Map<string, Sweep>();
      for (const need of needs) {
        const sweep = await covering(need);
        wanted.set(sweep.key, sweep);
      }
      let called = 0;
      let estimates = 0;
      const counted: Read = async (...asked) => {
        called += 1;
        await turns.take(now());
        return read(...asked);
      };
      const used: Used[] = [];
      for (const sweep of wanted.values()) {
        remember(sweep);
        const goOn = () => background.begin(sweep.key, (stop) => sweep.step(read, stop));
        let trouble = background.stopped(sweep.key);
        if (trouble !== undefined)
          trouble = `Reading on has stopped: ${trouble}. Call again to try once more.`;
        else if (!background.has(sweep.key)) {
          try {
            let more = true;
            while (more && called < pages && now() < until) {
              more = await sweep.step(counted, signal);
              progress(called, pages, "Reading training records.");
            }
            if (more && pages > 0) {
              if (estimates++ < mostEstimates) await sweep.estimate(counted, signal);
              goOn();
            }
          } catch (error) {
            signal.throwIfAborted();
            if (error instanceof LockTaken) goOn();
            else if (error instanceof Missing) trouble = "SkyPrep does not show some of these records.";
            else if (error instanceof Unread && (await sweep.look()) !== undefined)
              trouble = `SkyPrep could not be read just now (${cleanText(error.message)}).`;
            else throw error;
          }
        }
        used.push({
          standing: await sweep.look(),
          trouble,
          goesOn: background.has(sweep.key),
          unkept: sweep.unkept,
        });
      }
      const all = gathered(used, { folder, now: now(), called });
      ignoresPerson ||= all.ignored;
      return all;
    },
    ignoresPerson: () => ignoresPerson,
  };
}
