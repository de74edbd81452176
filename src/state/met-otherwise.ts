import { z } from "zod";
import { version } from "./files/safe-files.ts";
import type { SharedState } from "./ports.ts";

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

/** Empty where nothing was met, or what stands there is not of this account and version. */
export async function readMet(state: Pick<SharedState, "text">, account: string): Promise<MetOtherwise> {
  return metIn(
    await textOf(state, account)
      .read()
      .catch(() => undefined),
    account,
  );
}

/** Written only where it says something new: once for each assumption and way. Rejects with what the file system says. */
export async function noteMet(
  state: Pick<SharedState, "text">,
  account: string,
  { id, how, since }: { readonly id: string; readonly how: string; readonly since: string },
): Promise<void> {
  if ((await readMet(state, account))[id]?.how === how) return;
  const file = textOf(state, account);
  await file.alone(async () => {
    const met = { ...metIn(await file.read().catch(() => undefined), account), [id]: { how, since } };
    await file.write(`${JSON.stringify({ version, account, met }, null, 1)}\n`);
  });
}

const textOf = (state: Pick<SharedState, "text">, account: string) =>
  state.text("sightings", `${account}.json`);

function metIn(text: string | undefined, account: string): MetOtherwise {
  try {
    const read = File.parse(JSON.parse(text ?? "null"));
    return read.account === account ? read.met : {};
  } catch {
    return {};
  }
}
