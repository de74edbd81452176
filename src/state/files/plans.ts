import { constants } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { plainReason } from "../../node/file-errors.ts";
import { planName, planNamePattern } from "../plan-name.ts";
import { CannotKeepPlan, type KeptPlan, Overtaken, type Plans } from "../ports.ts";
import {
  createWriteCheck,
  fileError,
  isNewer,
  makePrivateFolder,
  openPlain,
  remedyFor,
  version,
  writeWhole,
} from "./safe-files.ts";
import { createLock } from "./shared-folder.ts";

export interface PlansOptions {
  /** Holds plans and nothing else; made where it is not there. */
  readonly folder: string;
  readonly now: () => number;
  /** Something that does not come again. */
  readonly random: () => string;
  readonly keepMs: number;
}

const largest = 64 * 1024 * 1024;
/** Up to the state folder, from jobs/<account>/plans. */
const levels = 3;

/** Plans on disk for their owner's eyes only: one file each for what is to be done and for how far it is. */
export function createPlans({ folder, now, random, keepMs }: PlansOptions): Plans {
  const lock = createLock(folder, { name: "plans", levels });
  const checkWritable = createWriteCheck(folder, levels);
  const planOf = (name: string) => join(folder, `${name}.json`);
  const stateOf = (name: string) => join(folder, `${name}.state.json`);

  const cannotKeep = (why: string, cause?: unknown) =>
    new CannotKeepPlan({ where: folder, why, remedy: remedyFor(cause) }, cause);

  function prepare(): void {
    checkWritable();
    try {
      makePrivateFolder(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ELOOP") throw cannotKeep("it is a symbolic link");
      throw error;
    }
  }

  async function writing<T>(work: () => Promise<T>): Promise<T> {
    try {
      prepare();
      return await lock(work);
    } catch (error) {
      if (error instanceof CannotKeepPlan || error instanceof Overtaken) throw error;
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      throw cannotKeep(plainReason(error), error);
    }
  }

  async function freeName(): Promise<string> {
    const taken = new Set(await readdir(folder));
    for (let tries = 0; ; tries++) {
      const name = planName(random(), tries);
      if (!taken.has(`${name}.json`)) return name;
    }
  }

  async function sweep(): Promise<void> {
    for (const file of await readdir(folder)) {
      if (!/^[a-z]+-\d+(?:\.state)?\.json(?:\.part)?$/.test(file)) continue;
      const found = await lstat(join(folder, file)).catch(() => undefined);
      // What cannot be swept away stays: no new plan fails for an old one.
      if (found && found.mtimeMs + keepMs <= now()) await rm(join(folder, file)).catch(() => {});
    }
  }

  async function load(name: string): Promise<KeptPlan | undefined> {
    if (!planNamePattern.test(name) || !(await lstat(folder).catch(() => undefined))?.isDirectory()) {
      return undefined;
    }
    const [plan, { revision, state }] = [await readJson(planOf(name)), await stands(name)];
    if (plan === undefined || state === undefined || typeof revision !== "number") return undefined;
    return { plan, state, revision };
  }

  const stands = async (name: string) =>
    ((await readJson(stateOf(name))) ?? {}) as { revision?: unknown; state?: unknown };

  return {
    keep: (plan, state) =>
      writing(async () => {
        await sweep();
        const name = await freeName();
        // The plan last: with it, all of it is there.
        await writeWhole(stateOf(name), JSON.stringify({ version, revision: 1, state }));
        await writeWhole(planOf(name), JSON.stringify({ version, ...plan }));
        return name;
      }),
    read: load,
    advance: (name, revision, state) =>
      writing(async () => {
        const before = planNamePattern.test(name) ? await stands(name) : {};
        if (isNewer(before)) throw fileError("ENEWER", stateOf(name));
        if (before.revision !== revision) throw new Overtaken(name);
        await writeWhole(stateOf(name), JSON.stringify({ version, revision: revision + 1, state }));
        return revision + 1;
      }),
  };
}

/** Undefined where there is no such file, a link stands in its place, or it is no JSON. */
async function readJson(path: string): Promise<unknown> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile() || found.size > largest) return undefined;
  // On Windows, the look above is all there is.
  const handle = await openPlain(path, constants.O_RDONLY).catch(() => undefined);
  try {
    const text = await handle?.readFile("utf8");
    return text === undefined ? undefined : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  } finally {
    await handle?.close();
  }
}
