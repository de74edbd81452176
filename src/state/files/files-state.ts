import { constants, type Stats } from "node:fs";
import { lstat, open, readdir, rm } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import type { LineFile, NamedEntry, Place, SharedState, State } from "../ports.ts";
import { placeIn } from "../state-places.ts";
import { createExports } from "./exports.ts";
import { createPlans } from "./plans.ts";
import {
  createWriteCheck,
  makePrivateFolder,
  openPlain,
  replace,
  smallFile,
  type WriteCheck,
  writeWhole,
} from "./safe-files.ts";
import { createLock, stampedFiles } from "./shared-folder.ts";

const aWeek = 7 * 86_400_000;

/** Shut to others before anything is put there, and with one lock for all that stands in it. */
const shut: ReadonlySet<Place> = new Set<Place>(["runs", "sightings", "signedOut"]);
/** On disk when it was written. */
const lasting: ReadonlySet<Place> = new Set<Place>(["runs", "signedOut"]);

/** Files in a folder of this computer, for their owner's eyes only. */
export function filesIn(stateFolder: string): SharedState {
  const checks = new Map<string, WriteCheck>();
  const checkOf = (folder: string, levels: number): WriteCheck => {
    const known = checks.get(folder) ?? createWriteCheck(folder, levels);
    checks.set(folder, known);
    return known;
  };
  /** `levels`: how many its folder stands below the state folder. */
  const placed = (place: Place, inside: readonly string[]) => {
    const path = placeIn(stateFolder, place, ...inside);
    return { path, folder: dirname(path), levels: inside.length };
  };
  const aloneAt = (place: Place, inside: readonly string[]) => {
    const { path, folder, levels } = placed(place, inside);
    if (!shut.has(place)) return createLock(folder, { name: basename(path, extname(path)), levels });
    const lock = createLock(folder, { name: place, levels });
    const check = createWriteCheck(folder, levels);
    return async <T>(work: () => Promise<T>) => {
      check();
      makePrivateFolder(folder);
      return lock(work);
    };
  };

  return {
    where: stateFolder,
    whereOf: (place, ...inside) => placeIn(stateFolder, place, ...inside),
    text(place, ...inside) {
      const { path } = placed(place, inside);
      const file = smallFile(path);
      const write = lasting.has(place) ? (text: string) => writeWhole(path, text) : file.write;
      return { read: file.read, write, alone: aloneAt(place, inside) };
    },
    lines: (place, ...inside) => ({
      ...lineFile(placed(place, inside).path),
      alone: aloneAt(place, inside),
    }),
    async names(place, ...inside) {
      const folder = placeIn(stateFolder, place, ...inside);
      const names = await readdir(folder).catch(() => []);
      const found = await Promise.all(names.map((name) => entryIn(folder, name)));
      return found.flatMap((entry) => entry ?? []);
    },
    remove: (place, ...inside) => rm(placeIn(stateFolder, place, ...inside), { force: true }),
    stamped: (place, ...inside) =>
      stampedFiles(placeIn(stateFolder, place, ...inside), { name: place, levels: inside.length + 1 }),
    isWritable(...within) {
      const [place, ...inside] = within;
      const folder = place === undefined ? stateFolder : placeIn(stateFolder, place, ...inside);
      try {
        checkOf(folder, place === undefined ? 0 : inside.length + 1)();
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === undefined) throw error;
        return false;
      }
    },
  };
}

async function entryIn(folder: string, name: string): Promise<NamedEntry | undefined> {
  const found = await lstat(join(folder, name)).catch(() => undefined);
  return found && { name, changedAt: found.mtimeMs };
}

export interface FilesWorld {
  readonly now: () => number;
  /** Something that nobody can guess. */
  readonly random: () => string;
}

export const filesStateIn = (stateFolder: string, { now, random }: FilesWorld): State => ({
  ...filesIn(stateFolder),
  plans: (owner) =>
    createPlans({ folder: placeIn(stateFolder, "jobs", owner, "plans"), now, random, keepMs: aWeek }),
  exports: (owner, run) =>
    createExports({ folder: placeIn(stateFolder, "exports", owner), now, random, keepMs: aWeek, run }),
});

const largest = 512 * 1024 * 1024;
const lineBreak = 0x0a;

/** For its owner's eyes only, never through a link; its folder is made where it is not there. */
function lineFile(path: string): LineFile {
  return {
    async read(after) {
      const handle = await openPlain(path, constants.O_RDONLY).catch(noneWhereNone);
      if (handle === undefined) return undefined;
      try {
        const stat = await handle.stat();
        const file = nameOf(stat);
        if (stat.size > largest) return undefined;
        const fresh = after === undefined || after.file !== file || after.end > stat.size;
        const start = fresh ? 0 : after.end;
        const bytes = Buffer.alloc(stat.size - start);
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
        const whole = bytes.subarray(0, bytes.subarray(0, bytesRead).lastIndexOf(lineBreak) + 1);
        const lines = whole.length === 0 ? [] : whole.toString("utf8", 0, whole.length - 1).split("\n");
        return { lines, mark: { file, end: start + whole.length }, fresh };
      } finally {
        await handle.close();
      }
    },
    async append(line, after) {
      const handle = await openPlain(path, constants.O_RDWR);
      try {
        const file = nameOf(await handle.stat());
        if (file !== after.file)
          throw Object.assign(new Error("another file stands there"), { code: "ESTALE" });
        const bytes = Buffer.from(`${line}\n`);
        await handle.truncate(after.end);
        await handle.write(bytes, 0, bytes.length, after.end);
        return { file, end: after.end + bytes.length };
      } finally {
        await handle.close();
      }
    },
    async begin(line) {
      const fresh = `${path}.new`;
      makePrivateFolder(dirname(path));
      await rm(fresh, { force: true });
      const bytes = Buffer.from(`${line}\n`);
      const handle = await open(fresh, "wx", 0o600);
      try {
        await handle.writeFile(bytes);
      } finally {
        await handle.close();
      }
      await replace(fresh, path);
      return { file: nameOf(await lstat(path)), end: bytes.length };
    },
  };
}

// A number of a file that is gone comes again; not with the same birth.
const nameOf = ({ dev, ino, birthtimeMs }: Stats): string => `${dev} ${ino} ${birthtimeMs}`;

/** A link or a pipe in its place counts as none: it is replaced by the next writing. */
function noneWhereNone(error: unknown): undefined {
  if (["ENOENT", "ELOOP", "ENOTFILE", "ENXIO"].includes((error as NodeJS.ErrnoException).code ?? ""))
    return undefined;
  throw error;
}
