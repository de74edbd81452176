import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { createLock } from "./files/lock.ts";
import {
  createWriteCheck,
  fileError,
  makePrivateFolder,
  smallFile,
  version,
  writeWhole,
} from "./files/safe-files.ts";

const tally = z.record(z.string(), z.int().nonnegative());
const figure = z.number().nonnegative();

/** What a run came to, in figures and names of tools: nothing that names a person. */
const Summary = z.object({
  run: z.string(),
  /** ISO 8601, UTC: of its first and its last call so far. */
  began: z.string(),
  ended: z.string(),
  /** Spent in calls. */
  minutes: figure,
  /** Requests to SkyPrep. */
  calls: figure,
  /** Changes that calls set out to make. */
  planned: figure,
  /** Of those that were sent, as the journal has it. */
  done: figure,
  failed: figure,
  unknown: figure,
  undone: figure,
  /** Calls that were refused. */
  refused: figure,
  /** Questions that were put to a person. */
  asked: figure,
  /** Calls that were done already in this run: nothing was sent. */
  skipped: figure,
  /** How each tool's calls ended. */
  tools: z.record(z.string(), tally),
});
export type RunSummary = z.output<typeof Summary>;

export interface RunSummaries {
  /** Undefined: there is none that can be read. */
  read(run: string): Promise<RunSummary | undefined>;
  /** Whole, and alone among all processes. Rejects with what the file system says. */
  change(run: string, change: (before: RunSummary | undefined) => RunSummary): Promise<void>;
  names(): Promise<readonly string[]>;
}

/** One file a run, for its owner's eyes only, in a folder one level below the state folder. */
export function createRunSummaries(folder: string): RunSummaries {
  const checkWritable = createWriteCheck(folder, 1);
  const lock = createLock(folder, { name: "runs", levels: 1 });
  const fileOf = (run: string) => join(folder, `${run}.json`);
  /** Of another run, where the file system takes capital letters for small ones: as if it were not there. */
  const read = async (run: string) => {
    const found = parsed(await smallFile(fileOf(run)).read());
    return found?.run === run ? found : undefined;
  };
  return {
    read: (run) => read(run).catch(() => undefined),
    async change(run, change) {
      checkWritable();
      makePrivateFolder(folder);
      await lock(async () => {
        const after = change(await read(run));
        const text = JSON.stringify({ version, ...after }, null, 2);
        if (Buffer.byteLength(text) > largest) throw fileError("EFBIG", fileOf(run));
        await writeWhole(fileOf(run), `${text}\n`);
      });
    },
    names: async () =>
      (await readdir(folder).catch(() => []))
        .flatMap((name) => /^([A-Za-z0-9][\w.-]*)\.json$/.exec(name)?.[1] ?? [])
        .sort(),
  };
}

const largest = 256 * 1024;

function parsed(text: string | undefined): RunSummary | undefined {
  try {
    return text === undefined ? undefined : Summary.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
