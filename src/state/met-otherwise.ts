import { z } from "zod";
import { createLock } from "./files/lock.ts";
import { createWriteCheck, makePrivateFolder, smallFile, version } from "./files/safe-files.ts";
import { placeIn } from "./state-places.ts";

const word = z.string().regex(/^[\w-]{1,60}$/);
const Met = z.object({ how: word, since: z.iso.date() });
const File = z.object({
  version: z.literal(version),
  account: word,
  /** Assumption → how it is otherwise, and the day that was first met. */
  met: z.record(word, Met).refine((met) => Object.keys(met).length <= mostKept),
});
const mostKept = 200;

/** What daily use met otherwise than assumed: ids and words of this program's, nothing that an answer said. */
export type MetOtherwise = Readonly<Record<string, z.output<typeof Met>>>;

const fileOf = (stateFolder: string, account: string) =>
  smallFile(placeIn(stateFolder, "sightings", `${account}.json`));

/** Empty where nothing was met, or what stands there is not of this account and version. */
export async function readMet(stateFolder: string, account: string): Promise<MetOtherwise> {
  try {
    const read = File.parse(JSON.parse((await fileOf(stateFolder, account).read()) ?? "null"));
    return read.account === account ? read.met : {};
  } catch {
    return {};
  }
}

/** Written only where it says something new: once for each assumption and way. Rejects with what the file system says. */
export async function noteMet(
  stateFolder: string,
  account: string,
  { id, how, since }: { readonly id: string; readonly how: string; readonly since: string },
): Promise<void> {
  const folder = placeIn(stateFolder, "sightings");
  createWriteCheck(folder, 1)();
  if ((await readMet(stateFolder, account))[id]?.how === how) return;
  makePrivateFolder(folder);
  await createLock(folder, { name: "sightings", levels: 1 })(async () => {
    const met = { ...(await readMet(stateFolder, account)), [id]: { how, since } };
    await fileOf(stateFolder, account).write(`${JSON.stringify({ version, account, met }, null, 1)}\n`);
  });
}
