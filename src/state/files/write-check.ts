import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { placeIn, statePlaces } from "../state-places.ts";
import { keepOutOfStrangers, refusal } from "./owner.ts";

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
    if (newer !== undefined) throw refusal("ENEWER", newer);
    looked = true;
  };
}

/** The path of something that a newer program wrote; undefined where there is none. */
export function newerFile(stateFolder: string): string | undefined {
  const all = Object.keys(statePlaces) as (keyof typeof statePlaces)[];
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

/** What a person is told of it. */
export const newerWrote = (path: string): string => `a newer skyprep-mcp wrote ${basename(path)}`;

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
    if (textOf(path, 0, beginning.length) === beginning) return undefined;
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
export const beginning = `{"version":${version},`;

/** The same of a text; what is no JSON says nothing. */
export function isNewerText(text: string): boolean {
  if (text.startsWith(beginning) || !text.includes('"version"')) return false;
  try {
    return isNewer(JSON.parse(text));
  } catch {
    return false;
  }
}
