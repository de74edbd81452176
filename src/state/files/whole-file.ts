import { open, rename, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** For its owner's eyes only. Whole or not at all; a link laid in the way is replaced, not followed. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const half = `${path}.part`;
  await rm(half, { force: true });
  try {
    const handle = await open(half, "wx", 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await replace(half, path);
  } catch (error) {
    await rm(half, { force: true }).catch(() => {});
    throw error;
  }
}

export interface ReplaceWorld {
  readonly platform?: string;
  readonly move?: (from: string, to: string) => Promise<void>;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** What Windows says of a file that somebody has open, and of one that may never be touched. */
const perhapsOpen = new Set(["EPERM", "EACCES", "EBUSY"]);
const patienceMs = 1_000;

/** Whether it may be over in a moment: only Windows keeps from its place what a reader, or a virus scanner, has open. */
export const isPassing = (error: unknown, platform: string = process.platform): boolean =>
  platform === "win32" && perhapsOpen.has((error as NodeJS.ErrnoException | undefined)?.code ?? "");

/** Puts a file in the place of another, which others may be reading. */
export async function replace(
  from: string,
  to: string,
  { platform = process.platform, move = rename, pause = sleep }: ReplaceWorld = {},
): Promise<void> {
  let waited = 0;
  for (let ms = 5; ; ms = Math.min(ms * 2, 100)) {
    try {
      return await move(from, to);
    } catch (error) {
      if (!isPassing(error, platform) || waited >= patienceMs) throw error;
    }
    await pause(ms);
    waited += ms;
  }
}
