import { z } from "zod";
import { createWriteCheck, makePrivateFolder, smallFile, version } from "./files/safe-files.ts";
import { createLock } from "./files/shared-folder.ts";
import { placeIn } from "./state-places.ts";

export const kinds = ["learner", "course", "group", "path"] as const;
export type MadeKind = (typeof kinds)[number];

const ProbeMade = z.object({
  /** A digest of the account it was made in. */
  account: z.string(),
  kind: z.enum(kinds),
  /** The login or name it was made under: nobody else's begins so. */
  mark: z.string().regex(/^(?:skyprep-mcp probe |skyprep-mcp-probe-)[0-9A-Za-z]{12}/),
  /** ProbeLeft out: it was sent, and no answer told its number. */
  id: z.string().regex(/^\d+$/).optional(),
});
/** Something a probe made, or was about to make, and did not see gone yet. */
export type ProbeMade = z.output<typeof ProbeMade>;

const File = z.object({ version: z.literal(version), left: z.array(ProbeMade) });

export interface ProbeLeft {
  /** Of this account. Rejects where the file cannot be read. */
  of(account: string): Promise<ProbeMade[]>;
  /** On disk before it is sent; again with its number. */
  put(made: ProbeMade): Promise<void>;
  drop(made: ProbeMade): Promise<void>;
}

/** What stands in the academy because of a probe, kept so that the next one can name and remove it. */
export function createLeft(stateFolder: string): ProbeLeft {
  const file = smallFile(placeIn(stateFolder, "probe"));
  const alone = createLock(stateFolder, { name: "probe" });
  const check = createWriteCheck(stateFolder, 0);
  const read = async (): Promise<ProbeMade[]> => {
    const text = await file.read();
    if (text === undefined) return [];
    return File.parse(JSON.parse(text)).left;
  };
  const change = (how: (left: ProbeMade[]) => ProbeMade[]) => {
    check();
    makePrivateFolder(stateFolder);
    return alone(async () =>
      file.write(`${JSON.stringify({ version, left: how(await read()) }, null, 1)}\n`),
    );
  };
  const isOther = (one: ProbeMade) => (other: ProbeMade) =>
    other.mark !== one.mark || other.kind !== one.kind;
  return {
    of: async (account) => (await read()).filter((one) => one.account === account),
    put: (made) => change((left) => [...left.filter(isOther(made)), made]),
    drop: (made) => change((left) => left.filter(isOther(made))),
  };
}
