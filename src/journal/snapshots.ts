import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { version } from "../state/files/write-check.ts";
import { prepare, putWhole, readWhole, remove } from "./safe-file.ts";

/** What was there before a change, one file each, under the number of its line. */
export interface Snapshots {
  /** Makes what is kept for a line exactly this: nothing, where nothing is given. */
  put(seq: number, image?: { readonly at: string; readonly image: unknown }): Promise<void>;
  /** Undefined where there is none, or no longer. */
  read(seq: number): Promise<unknown>;
  /** What stands on disk, expired or not, and be it only half readable. */
  whole(seq: number): Promise<unknown>;
  /** Erases those whose time is over. */
  sweep(): Promise<void>;
  erase(seq: number): Promise<void>;
  /** Lowest first. */
  all(): Promise<readonly number[]>;
}

const Kept = z.object({ at: z.iso.datetime(), image: z.unknown() });

export interface SnapshotsOptions {
  readonly folder: string;
  readonly now: () => number;
  readonly keepMs: number;
}

export function createSnapshots({ folder, now, keepMs }: SnapshotsOptions): Snapshots {
  const place = join(folder, "before");
  const fileOf = (seq: number) => join(place, `${seq}.json`);

  async function whole(seq: number): Promise<unknown> {
    const text = (await readWhole(fileOf(seq)).catch(() => undefined))?.toString("utf8") ?? "";
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  const kept = async (seq: number) => Kept.safeParse(await whole(seq)).data;
  const expired = ({ at }: { at: string }) => Date.parse(at) + keepMs <= now();
  async function erase(seq: number): Promise<void> {
    await remove(fileOf(seq));
    // Of a writer that died within it.
    await remove(`${fileOf(seq)}.part`);
  }

  async function all(): Promise<number[]> {
    const names = await readdir(place).catch(() => []);
    const numbers = names.flatMap((name) => /^([1-9]\d*)\.json$/.exec(name)?.[1] ?? []);
    return numbers.map(Number).sort((a, b) => a - b);
  }

  return {
    async put(seq, image) {
      // One of this number is left of a writer that died before its line.
      if (image === undefined) return erase(seq);
      prepare(place);
      await putWhole(fileOf(seq), JSON.stringify({ version, ...image }));
    },
    async read(seq) {
      const found = await kept(seq);
      return found && !expired(found) ? found.image : undefined;
    },
    async sweep() {
      // Numbers rise with time: behind the first that is kept, all are.
      for (const seq of await all()) {
        const found = await kept(seq);
        if (found !== undefined && !expired(found)) return;
        await erase(seq);
      }
    },
    whole,
    erase,
    all,
  };
}
