import { z } from "zod";
import { version } from "../../state/files/safe-files.ts";
import { LockTaken } from "../../state/ports.ts";
import type { JobWorld } from "../job.ts";

const Started = z.object({ account: z.string(), key: z.string(), number: z.int().min(1), at: z.number() });
const Made = z.object({
  key: z.string(),
  export: z.string(),
  /** When SkyPrep was asked for it: what changed later need not be in it. Epoch milliseconds. */
  at: z.number(),
  title: z.string(),
  hidden: z.array(z.string()),
  dropped: z.array(z.string()),
  problems: z.array(z.string()),
  /** Rows of people who cannot sign in any more, counted from 0. */
  apart: z.array(z.int()).default([]),
});
const MemoryFile = z.object({
  started: z.array(Started),
  made: z.array(Made.extend({ account: z.string() })),
});
type MemoryFile = z.output<typeof MemoryFile>;

/** An asynchronous report that SkyPrep is making. */
export interface Started {
  readonly number: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A file that was made for these words, and what is known of it besides. */
export type Made = z.output<typeof Made>;

/** What outlives a call: which reports are on their way, and which were made into which file. */
export interface Memory {
  started(key: string): Promise<Started | undefined>;
  /**
   * The report on its way, or a new one: all processes take turns, so that none starts what another has.
   * `kept` is false where nothing can be remembered. @throws LockTaken
   */
  start(key: string, start: () => Promise<number>): Promise<Started & { readonly kept: boolean }>;
  finished(key: string): Promise<void>;
  made(key: string): Promise<Made | undefined>;
  /** What is known of an export. */
  of(id: string): Promise<Made | undefined>;
  keep(made: Made): Promise<void>;
}

/** Nobody says how long SkyPrep keeps one (skyprep-api §6): a day old is out of date anyway. */
const startedForMs = 24 * 3_600_000;
/** As long as exports are kept. */
const madeForMs = 7 * 24 * 3_600_000;
const mostMade = 60;
const none: MemoryFile = { started: [], made: [] };

export function createMemory({
  state,
  owner,
  account,
  now,
}: Pick<JobWorld, "state" | "owner" | "account" | "now">): Memory {
  const file = state.text("jobs", owner, "reports.json");

  const read = async () => standing(await file.read().catch(() => undefined));
  /** @throws ENEWER */
  const readToChange = async () =>
    standing(
      await file.read().catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENEWER") throw error;
        return undefined;
      }),
    );

  function standing(text: string | undefined): MemoryFile {
    const kept = text === undefined ? none : (MemoryFile.safeParse(parsed(text)).data ?? none);
    return {
      started: kept.started.filter(({ at }) => now() - at < startedForMs),
      made: kept.made.filter(({ at }) => now() - at < madeForMs),
    };
  }

  const mine = <T extends { readonly account: string }>(rows: readonly T[]) =>
    rows.filter((one) => one.account === account);

  /** Whether it was written: a folder that cannot be costs the memory, not the report. */
  async function change(to: (kept: MemoryFile) => MemoryFile): Promise<boolean> {
    try {
      await file.alone(async () => file.write(JSON.stringify({ version, ...to(await readToChange()) })));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return false;
    }
  }

  const started = async (key: string) => mine((await read()).started).find((one) => one.key === key);

  return {
    started,
    async start(key, start) {
      let begun: Started | undefined;
      const work = async () => {
        const before = await started(key);
        if (before) return { ...before, kept: true };
        begun = { number: await start(), at: now() };
        const kept = await readToChange();
        await file.write(
          JSON.stringify({
            version,
            ...kept,
            started: [...kept.started, { account, key, ...begun }],
          } satisfies MemoryFile & { version: number }),
        );
        return { ...begun, kept: true };
      };
      try {
        return await file.alone(work);
      } catch (error) {
        const cannotWrite = (error as NodeJS.ErrnoException).code !== undefined;
        if (!cannotWrite || error instanceof LockTaken) throw error;
        return { ...(begun ?? { number: await start(), at: now() }), kept: false };
      }
    },
    async finished(key) {
      await change((kept) => ({
        ...kept,
        started: kept.started.filter((one) => one.key !== key || one.account !== account),
      }));
    },
    made: async (key) => mine((await read()).made).find((one) => one.key === key),
    of: async (id) => mine((await read()).made).find((one) => one.export === id),
    async keep(made) {
      await change((kept) => ({
        ...kept,
        made: [{ account, ...made }, ...kept.made].slice(0, mostMade),
      }));
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
