import { rename } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

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
