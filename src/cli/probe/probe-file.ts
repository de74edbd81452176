import { lstat, open } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

/** Where the result goes: beside whoever called, unless they say otherwise. */
export const placeOf = (out: string | undefined, { cwd, day }: { cwd: string; day: string }): string => {
  const named = out ?? `skyprep-mcp-probe-${day}.md`;
  return isAbsolute(named) ? named : join(cwd, named);
};

/** Whatever stands there, a link that leads nowhere included. */
export const isTaken = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** For its owner's eyes, and never over anything. Rejects with what the file system says, or EEXIST. */
export async function writeNew(path: string, text: string): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}
