import { z } from "zod";
import { fileError, version } from "./files/safe-files.ts";
import type { SharedState, SharedText } from "./ports.ts";

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

/** One text a run. */
export function createRunSummaries(state: Pick<SharedState, "text" | "names" | "whereOf">): RunSummaries {
  const texts = new Map<string, SharedText>();
  // One for each, so that those who change it in one process take turns.
  const textOf = (run: string): SharedText => {
    const known = texts.get(run) ?? state.text("runs", `${run}.json`);
    texts.set(run, known);
    return known;
  };
  /** Of another run, where the file system takes capital letters for small ones: as if it were not there. */
  const read = async (run: string) => {
    const found = parsed(await textOf(run).read());
    return found?.run === run ? found : undefined;
  };
  return {
    read: (run) => read(run).catch(() => undefined),
    async change(run, change) {
      const file = textOf(run);
      await file.alone(async () => {
        const after = change(await read(run));
        const text = JSON.stringify({ version, ...after }, null, 2);
        if (Buffer.byteLength(text) > largest) throw fileError("EFBIG", state.whereOf("runs", `${run}.json`));
        await file.write(`${text}\n`);
      });
    },
    names: async () =>
      (await state.names("runs"))
        .flatMap(({ name }) => /^([A-Za-z0-9][\w.-]*)\.json$/.exec(name)?.[1] ?? [])
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
