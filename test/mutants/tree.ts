import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A copy of the house to break things in, with the same packages. */
export interface Tree {
  readonly root: string;
  /** Runs the work while a file of it says something else. */
  changed<T>(file: string, source: string, work: () => Promise<T>): Promise<T>;
  remove(): void;
}

export function copyTree(root: string): Tree {
  const copy = mkdtempSync(join(tmpdir(), "skyprep-mutants-"));
  const listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const files = execFileSync("git", listed, { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean);
  for (const file of files) if (existsSync(join(root, file))) cpSync(join(root, file), join(copy, file));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const whole = JSON.parse(readFileSync(join(copy, "tsconfig.json"), "utf8"));
  // What a change leaves unused is no mistake of its types.
  const compilerOptions = { ...whole.compilerOptions, noUnusedLocals: false, noUnusedParameters: false };
  writeFileSync(
    join(copy, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: { ...compilerOptions, allowUnreachableCode: true },
      include: ["src", "tools"],
    }),
  );
  return {
    root: copy,
    async changed(file, source, work) {
      const path = join(copy, file);
      const before = readFileSync(path);
      writeFileSync(path, source);
      try {
        return await work();
      } finally {
        writeFileSync(path, before);
      }
    },
    remove: () => rmSync(copy, { recursive: true, force: true }),
  };
}

export interface Ran {
  /** Undefined: it said nothing for too long and was ended. */
  readonly code: number | undefined;
  readonly output: string;
}

/** Runs a program of the packages, and all it starts, until it ends or says nothing for so long. */
export function run(
  tree: Tree,
  [program = "", ...args]: readonly string[],
  { env = {}, silentMs }: { env?: Readonly<Record<string, string>>; silentMs: number },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(tree.root, "node_modules/.bin", program), args, {
      cwd: tree.root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: what hangs may be a child of it.
      detached: true,
    });
    const said: Buffer[] = [];
    let hung = false;
    const kill = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    };
    const end = () => {
      hung = true;
      kill();
    };
    process.once("exit", kill);
    let late = setTimeout(end, silentMs);
    const hear = (part: Buffer) => {
      said.push(part);
      clearTimeout(late);
      late = setTimeout(end, silentMs);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(late);
      process.off("exit", kill);
      resolve({ code: hung ? undefined : (code ?? 1), output: Buffer.concat(said).toString() });
    });
  });
}
