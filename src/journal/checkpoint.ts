import { join } from "node:path";
import { z } from "zod";
import { putWhole, readWhole } from "./safe-file.ts";

/** Where the chain ended when it was last written: what makes a cut tail seen. */
const Checkpoint = z.object({
  seq: z.int().nonnegative(),
  hash: z.string(),
  /** The size of `journal.jsonl`. */
  bytes: z.int().nonnegative(),
});
export type Checkpoint = z.output<typeof Checkpoint>;

const pathOf = (folder: string) => join(folder, "journal.head");

/** Undefined where there is none that can be read. */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const json = await readWhole(pathOf(folder));
  try {
    return json && Checkpoint.safeParse(JSON.parse(json.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

/** Only for those who hold the lock. */
export const writeCheckpoint = (folder: string, checkpoint: Checkpoint): Promise<void> =>
  putWhole(pathOf(folder), JSON.stringify(checkpoint));
