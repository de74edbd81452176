import { join } from "node:path";
import { z } from "zod";
import { refusal } from "../state/files/owner.ts";
import { isNewerText, version } from "../state/files/version.ts";
import { putWhole, readWhole } from "./safe-file.ts";

/** Where the chain ended when it was last written: what makes a cut tail seen. */
const Head = z.object({
  seq: z.int().nonnegative(),
  hash: z.string(),
  /** The size of `journal.jsonl`. */
  bytes: z.int().nonnegative(),
});
export type Head = z.output<typeof Head>;

const pathOf = (folder: string) => join(folder, "journal.head");

/** Undefined where there is none that can be read. */
export async function readHead(folder: string): Promise<Head | undefined> {
  return headIn(await readWhole(pathOf(folder)));
}

/** The same for whoever goes on from there. @throws ENEWER */
export async function headToGoOnFrom(folder: string): Promise<Head | undefined> {
  const json = await readWhole(pathOf(folder));
  if (json !== undefined && isNewerText(json.toString("utf8"))) throw refusal("ENEWER", pathOf(folder));
  return headIn(json);
}

function headIn(json: Buffer | undefined): Head | undefined {
  try {
    return json && Head.safeParse(JSON.parse(json.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

/** Only for those who hold the lock. */
export const writeHead = (folder: string, head: Head): Promise<void> =>
  putWhole(pathOf(folder), JSON.stringify({ version, ...head }));
