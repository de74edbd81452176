import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import versions from "./versions.json" with { type: "json" };

export type HostId = keyof typeof versions.hosts;
export const packagesOf = (id: HostId): Readonly<Record<string, string>> => versions.hosts[id];

const drivers = fileURLToPath(new URL("drivers/", import.meta.url));
const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
/** Some hosts want a newer Node than the server, which always runs on this one. */
const newerNode = { [`node-${process.platform}-${process.arch}`]: "24.22.3" };

export interface Installed {
  /** The folder with `node_modules`, and the drivers and examples beside it. */
  readonly folder: string;
  readonly node: string;
}

/**
 * Exact versions, and what they want as it stood on one day, so that every run has the same packages without their lock
 * files. Outside the project, in a folder named by what is in it; what is there already is not asked for again.
 * Undefined where the registry does not give it.
 */
export async function install(id: HostId, { newer }: { newer: boolean }): Promise<Installed | undefined> {
  const dependencies = { ...packagesOf(id), ...(newer && newerNode) };
  const hash = createHash("sha256")
    .update(JSON.stringify([versions.before, dependencies, process.platform, process.arch]))
    .digest("hex")
    .slice(0, 16);
  const folder = join(tmpdir(), `skyprep-hosts-${hash}`);
  if (!existsSync(folder)) {
    const fresh = `${folder}.${process.pid}.${id}`;
    mkdirSync(fresh, { recursive: true });
    writeFileSync(join(fresh, "package.json"), JSON.stringify({ private: true, dependencies }));
    if (!(await npmInstall(fresh))) {
      rmSync(fresh, { recursive: true });
      return undefined;
    }
    // Whoever was first has the same.
    if (existsSync(folder)) rmSync(fresh, { recursive: true });
    else renameSync(fresh, folder);
  }
  // It stands where all users of a computer may write.
  if (lstatSync(folder).uid !== process.getuid?.()) throw new Error(`${folder} is somebody else's`);
  cpSync(drivers, join(folder, "drivers"), { recursive: true });
  cpSync(examples, join(folder, "examples"), { recursive: true });
  const [own = ""] = Object.keys(newerNode);
  return { folder, node: newer ? join(folder, "node_modules", own, "bin", "node") : process.execPath };
}

/** No package's script is run. */
async function npmInstall(cwd: string): Promise<boolean> {
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  const child = spawn("npm", [...args, "--prefer-offline", `--before=${versions.before}`], {
    cwd,
    stdio: "ignore",
  });
  const [code] = await once(child, "close");
  return code === 0;
}
