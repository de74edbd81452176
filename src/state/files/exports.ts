import { constants } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { plainReason } from "../../node/file-errors.ts";
import { AboutExport, exportId, exportIdPattern } from "../export-about.ts";
import { CannotKeep, type Export, type Exports, type ToKeep } from "../ports.ts";
import {
  createWriteCheck,
  makePrivateFolder,
  openPlain,
  remedyFor,
  version,
  writeWhole,
} from "./safe-files.ts";

export interface ExportsOptions {
  /** Holds exports and nothing else; made where it is not there. */
  readonly folder: string;
  readonly now: () => number;
  /** At least 8 letters or digits that nobody can guess. */
  readonly random: () => string;
  readonly keepMs: number;
  /** Of a pretend academy that begins anew with each process: what an earlier one kept is about people who are gone. */
  readonly run?: string | undefined;
}

const About = AboutExport.extend({
  createdAt: z.iso.datetime(),
  run: z.string().optional(),
});
type About = z.output<typeof About>;

/** Reports on disk, one data file and one description each, for their owner's eyes only (contract §4). */
export function createExports({ folder, now, random, keepMs, run }: ExportsOptions): Exports {
  const dataOf = (id: string, { extension }: Pick<About, "extension">) => join(folder, `${id}.${extension}`);
  const aboutOf = (id: string) => join(folder, `${id}.json`);
  const expired = ({ createdAt }: About) => Date.parse(createdAt) + keepMs <= now();
  const isHere = (about: About) => !expired(about) && (run === undefined || about.run === run);

  // Up to the state folder, from exports/<account>.
  const checkWritable = createWriteCheck(folder, 2);

  const isFolder = async () => (await lstat(folder).catch(() => undefined))?.isDirectory() === true;

  const cannotKeep = (why: string, cause?: unknown) =>
    new CannotKeep({ where: folder, why, remedy: remedyFor(cause) }, cause);

  function prepare(): void {
    checkWritable();
    try {
      makePrivateFolder(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ELOOP") throw cannotKeep("it is a symbolic link");
      throw error;
    }
  }

  async function keep({ name, bytes, extension, rows, columns }: ToKeep): Promise<Export> {
    const about: About = {
      name,
      extension,
      bytes: bytes.byteLength,
      ...(rows !== undefined && { rows }),
      ...(columns !== undefined && { columns: [...columns] }),
      createdAt: new Date(now()).toISOString(),
      ...(run !== undefined && { run }),
    };
    const id = exportId(name, random());
    try {
      prepare();
      await sweep();
      // The description first: data without one would never be swept.
      await writeWhole(aboutOf(id), JSON.stringify({ version, ...about }));
      await writeWhole(dataOf(id, about), bytes);
    } catch (error) {
      if (error instanceof CannotKeep) throw error;
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      await forget(id, about).catch(() => {});
      throw cannotKeep(plainReason(error), error);
    }
    return asExport(id, about);
  }

  const asExport = (id: string, about: About): Export => ({
    id,
    name: about.name,
    extension: about.extension,
    file: dataOf(id, about),
    bytes: about.bytes,
    rows: about.rows,
    columns: about.columns,
    createdAt: about.createdAt,
  });

  async function describe(id: string): Promise<About | undefined> {
    const json = await readPlain(aboutOf(id));
    if (json === undefined) return undefined;
    try {
      return About.safeParse(JSON.parse(json.toString("utf8"))).data;
    } catch {
      return undefined;
    }
  }

  async function all(): Promise<[string, About][]> {
    const names = (await isFolder()) ? await readdir(folder).catch(() => []) : [];
    const ids = names.filter((one) => one.endsWith(".json")).map((one) => one.slice(0, -".json".length));
    const found: [string, About][] = [];
    for (const id of ids.filter((one) => exportIdPattern.test(one))) {
      const about = await describe(id);
      if (about !== undefined) found.push([id, about]);
    }
    return found.sort(([, a], [, b]) => (a.createdAt < b.createdAt ? 1 : -1));
  }

  async function forget(id: string, about: About): Promise<void> {
    await rm(dataOf(id, about), { force: true });
    await rm(`${dataOf(id, about)}.part`, { force: true });
    await rm(aboutOf(id), { force: true });
  }

  async function sweep(): Promise<void> {
    for (const [id, about] of await all()) if (expired(about)) await forget(id, about);
  }

  return {
    keep,
    async list() {
      const there: Export[] = [];
      for (const [id, about] of await all()) {
        const data = await lstat(dataOf(id, about)).catch(() => undefined);
        if (data?.isFile() && isHere(about)) there.push(asExport(id, about));
      }
      return there;
    },
    async read(id) {
      if (!exportIdPattern.test(id) || !(await isFolder())) return undefined;
      const about = await describe(id);
      if (about === undefined || !isHere(about)) return undefined;
      const content = await readPlain(dataOf(id, about));
      return content && { about: asExport(id, about), content };
    },
  };
}

/** A plain file's bytes; undefined where there is none, or a link stands in its place. */
async function readPlain(path: string): Promise<Buffer | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  // On Windows, the look above is all there is.
  const handle = await openPlain(path, constants.O_RDONLY).catch(() => undefined);
  try {
    return await handle?.readFile();
  } finally {
    await handle?.close();
  }
}
