import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from "node:fs";
import { type FileHandle, open, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SmallFile } from "../ports.ts";
import { placeIn, statePlaces } from "../state-places.ts";

/** The platform's own place for what a program keeps between runs. */
export function stateFolder(
  platform: string,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  if (platform === "win32") return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "skyprep-mcp");
  if (platform === "darwin") return join(home, "Library", "Application Support", "skyprep-mcp");
  return join(env.XDG_STATE_HOME || join(home, ".local", "state"), "skyprep-mcp");
}

/** Who this process is; null on Windows, which knows no such numbers. */
export type Uid = number | null;
export const uidHere = (): Uid => process.getuid?.() ?? null;

/** Root may do all there is, so what is root's is no stranger's. */
export const isOwn = ({ uid }: { readonly uid: number }, own: Uid = uidHere()): boolean =>
  own === null || uid === own || uid === 0;

/** An error as the file system would give it. */
export const fileError = (code: string, path: string): Error =>
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
  if (theirs !== undefined) throw fileError("EFOREIGN", theirs);
}

/**
 * Makes the folder where it is missing, for its owner's eyes only, and shuts others out of one that is there. In one
 * breath, so that those who then queue for a lock stand in it as they came.
 * @throws ELOOP, ENOTDIR, or what the file system says
 */
export function makePrivateFolder(folder: string): void {
  const before = lstatSync(folder, { throwIfNoEntry: false });
  if (before?.isSymbolicLink()) throw fileError("ELOOP", folder);
  if (before === undefined) makeFolders(folder);
  const found = before ?? lstatSync(folder);
  if (!found.isDirectory()) throw fileError("ENOTDIR", folder);
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

/** One by one: Node's own way of making all of them never ends below `/proc`. */
export function makeFolders(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  if (dirname(folder) !== folder) makeFolders(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

// Windows knows no such flags.
const noWaiting = constants.O_NONBLOCK ?? 0;
const noLinks = constants.O_NOFOLLOW ?? 0;

/**
 * Opens a plain file, never through a link, and without waiting for whoever is at a pipe's other end. To write, only
 * one of ours. Nothing is cut off before that is known: no O_TRUNC here.
 * @param noFollow the flag that shuts links out; 0, where the system has none: then it is looked before.
 * @throws ELOOP, ENOTFILE, EFOREIGN, or what the file system says
 */
export async function openPlain(
  path: string,
  flags: number,
  mode?: number,
  noFollow = noLinks,
): Promise<FileHandle> {
  if (noFollow === 0 && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    throw fileError("ELOOP", path);
  const handle = await open(path, flags | noWaiting | noFollow, mode);
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw fileError("ENOTFILE", path);
    if ((flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0 && !isOwn(found))
      throw fileError("EFOREIGN", path);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Throws where nothing may be written: EFOREIGN, ENEWER. */
export type WriteCheck = () => void;

/**
 * Asked before anything is made or changed in a folder that stands so many levels below the state folder. In one
 * breath, as those who queue for a lock have to stand in it as they came. The state folder is looked through once:
 * whoever writes over something looks at that by itself.
 */
export function createWriteCheck(folder: string, levels: number): WriteCheck {
  const state = Array.from({ length: levels }).reduce<string>(dirname, folder);
  let looked = false;
  return () => {
    keepOutOfStrangers(folder, levels);
    const newer = looked ? newerIn(placeIn(state, "state")) : newerFile(state);
    if (newer !== undefined) throw fileError("ENEWER", newer);
    looked = true;
  };
}

/** The path of something that a newer program wrote; undefined where there is none. */
export function newerFile(stateFolder: string): string | undefined {
  const all = (Object.keys(statePlaces) as (keyof typeof statePlaces)[]).filter(
    // What of these this program cannot read is asked or seen anew, and nothing else hangs on it (docs/decisions/014).
    (place) => !["approvals", "capabilities", "sightings"].includes(place),
  );
  const places = all.flatMap((place) => {
    const path = placeIn(stateFolder, place);
    return place === "exports" || place === "jobs" ? shelvesIn(path) : [path];
  });
  for (const place of places) {
    const newer = newerIn(place);
    if (newer !== undefined) return newer;
  }
  return undefined;
}

/** Ours alone: where the state folder was laid into one of somebody's own, that may have exports and jobs, too. */
const shelvesIn = (folder: string): string[] =>
  lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(folder)
        .filter((name) => /^(sandbox|[0-9a-f]{10})(-personal)?$/.test(name))
        .map((name) => join(folder, name))
    : [];

/** What a person can do where nothing can be written, for this reason. */
export const remedyFor = (cause: unknown): string =>
  `${(cause as NodeJS.ErrnoException | undefined)?.code === "ENEWER" ? "Update skyprep-mcp" : "Mend that"}, or set SKYPREP_STATE_DIR to another folder.`;

/** Of files with a number those of the highest: they are the youngest, and there may be tens of thousands. */
const youngest = 50;
const largest = 64 * 1024 * 1024;
/** Of a file that grows by lines, its first and its last. */
const tail = 64 * 1024;

function newerIn(path: string): string | undefined {
  try {
    return look(path);
  } catch (error) {
    // Gone since, or a link put there: nothing of ours. What cannot be read may be anybody's, and that flies on.
    if (["ENOENT", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

function look(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) {
    if (/\.jsonl$/.test(path)) return linesOf(path).some(isNewerText) ? path : undefined;
    if (!/\.(json|head)$/.test(path) || found.size > largest) return undefined;
    // Of most, the first few bytes say it.
    if (textOf(path, 0, versionPrefix.length) === versionPrefix) return undefined;
    return isNewerText(textOf(path, 0, found.size)) ? path : undefined;
  }
  if (!found?.isDirectory()) return undefined;
  for (const name of namesIn(path)) {
    const newer = newerIn(join(path, name));
    if (newer !== undefined) return newer;
  }
  return undefined;
}

function namesIn(folder: string): string[] {
  const names = readdirSync(folder);
  const numberOf = (name: string) => Number(/^(\d+)\./.exec(name)?.[1] ?? Number.POSITIVE_INFINITY);
  if (names.length <= youngest) return names;
  const numbered = names.filter((name) => Number.isFinite(numberOf(name)));
  const others = names.filter((name) => !Number.isFinite(numberOf(name)));
  return [...others, ...numbered.sort((a, b) => numberOf(b) - numberOf(a)).slice(0, youngest)];
}

function linesOf(path: string): string[] {
  const size = lstatSync(path).size;
  const start = textOf(path, 0, Math.min(size, tail));
  const end = size > tail ? textOf(path, size - tail, tail) : "";
  return [...start.split("\n"), ...end.split("\n")];
}

/** Never through a link or a pipe that was put there since. */
function textOf(path: string, from: number, length: number): string {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(file).isFile()) return "";
    const bytes = Buffer.alloc(length);
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, length, from));
  } finally {
    closeSync(file);
  }
}

/**
 * Of everything that stands in the state folder: a line, an image, a plan, a kept table. What says none was written
 * by 0.1.0, and is the same. docs/decisions/014 says when it is counted up.
 */
export const version = 1;

/** Whether it says that a program wrote it which knows more than this one: to be read, never to be written over. */
export const isNewer = (read: unknown): boolean =>
  typeof read === "object" && read !== null && "version" in read && !isKnown(read.version);
/** What is no number of ours was not written by us. */
const isKnown = (said: unknown): boolean => Number.isInteger(said) && Number(said) <= version;

/** How what this program writes begins: the version is always its first key. */
export const versionPrefix = `{"version":${version},`;

/** The same of a text; what is no JSON says nothing. */
export function isNewerText(text: string): boolean {
  if (text.startsWith(versionPrefix) || !text.includes('"version"')) return false;
  try {
    return isNewer(JSON.parse(text));
  } catch {
    return false;
  }
}

/** Removes a file, where there is one. */
export async function remove(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** What a file is to hold, or what writes it into the file that takes its place when it is whole. */
type Content = string | Uint8Array | ((half: FileHandle) => Promise<void>);

/**
 * Puts a file in place whole or not at all, and on disk, for its owner's eyes only; a link laid in the way is replaced,
 * not followed. Only for those who hold the lock: what a dead holder left half done is thrown away.
 */
export async function writeWhole(path: string, content: Content): Promise<void> {
  const half = `${path}.part`;
  await remove(half);
  try {
    const handle = await open(half, "wx", 0o600);
    try {
      if (typeof content === "function") await content(handle);
      else await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await replace(half, path);
  } catch (error) {
    await remove(half).catch(() => {});
    throw error;
  }
}

/** A new name is on disk only when its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  // Windows opens no folders, and some network disks sync none.
  await handle?.sync().catch(() => {});
  await handle?.close();
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

const largestRead = 1024 * 1024;

/** For its owner's eyes only, never through a link; its folder is made where it is not there. */
export const smallFile = (path: string): SmallFile => ({
  read: () => read(path),
  write: (text) => write(path, text),
});

async function read(file: string): Promise<string | undefined> {
  let handle: Awaited<ReturnType<typeof openPlain>>;
  try {
    handle = await openPlain(file, constants.O_RDONLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const text = (await handle.stat()).size > largestRead ? "" : await handle.readFile("utf8");
    if (isNewerText(text)) throw fileError("ENEWER", file);
    return text;
  } finally {
    await handle.close();
  }
}

/** A link, a pipe, somebody else's file: left there for us to write to. */
const inTheWay = new Set(["ELOOP", "ENOTFILE", "EFOREIGN", "ENXIO", "EMLINK"]);

async function write(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`;
  const flags = constants.O_WRONLY | constants.O_CREAT;
  const make = () => openPlain(fresh, flags, 0o600);
  const handle = await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") makeFolders(dirname(file));
    // Nobody but us has anything to do under this name: it is taken away, not written through.
    else if (inTheWay.has(error.code ?? "")) await remove(fresh);
    else throw error;
    return make();
  });
  try {
    await handle.truncate(0);
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
  await replace(fresh, file);
}
