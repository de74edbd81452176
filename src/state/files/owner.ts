import { constants, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";

/** Who this process is; null on Windows, which knows no such numbers. */
export type Uid = number | null;
export const uidHere = (): Uid => process.getuid?.() ?? null;

/** Root may do all there is, so what is root's is no stranger's. */
export const isOwn = ({ uid }: { readonly uid: number }, own: Uid = uidHere()): boolean =>
  own === null || uid === own || uid === 0;

/** An error as the file system would give it. */
export const refusal = (code: string, path: string): Error =>
  Object.assign(new Error(`${code}: ${path}`), { code, path });

/**
 * The folder, or one it stands in, so many levels up, that somebody else owns: whoever owns it can put anything in
 * its place. Undefined: none, as far as they are there.
 */
export function strangersFolder(folder: string, levels = 0, own: Uid = uidHere()): string | undefined {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found !== undefined && !isOwn(found, own)) return folder;
  return levels === 0 ? undefined : strangersFolder(dirname(folder), levels - 1, own);
}

/** @throws EFOREIGN */
export function keepOutOfStrangers(folder: string, levels = 0): void {
  const theirs = strangersFolder(folder, levels);
  if (theirs !== undefined) throw refusal("EFOREIGN", theirs);
}

// Windows knows no such flags; whoever needs to looks before.
const careful = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a plain file, never through a link, and without waiting for whoever is at a pipe's other end. To write, only
 * one of ours. Nothing is cut off before that is known: no O_TRUNC here.
 * @throws ENOTFILE, EFOREIGN, or what the file system says
 */
export async function openPlain(path: string, flags: number, mode?: number): Promise<FileHandle> {
  const handle = await open(path, flags | careful, mode);
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw refusal("ENOTFILE", path);
    if ((flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0 && !isOwn(found))
      throw refusal("EFOREIGN", path);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}
