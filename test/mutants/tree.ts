import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A copy of the repository to break things in, with the same packages. */
export interface Tree {
  readonly root: string;
  /** Runs the work while files of it say something else. */
  changed<T>(sources: ReadonlyMap<string, string>, work: () => Promise<T>): Promise<T>;
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
    async changed(sources, work) {
      const before = [...sources.keys()].map(
        (file) => [join(copy, file), readFileSync(join(copy, file))] as const,
      );
      for (const [file, source] of sources) writeFileSync(join(copy, file), source);
      try {
        return await work();
      } finally {
        for (const [path, content] of before) writeFileSync(path, content);
      }
    },
    remove: () => rmSync(copy, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export interface Ran {
  /** Or why it was ended: it said nothing for too long, or took too long. */
  readonly code: number | "silent" | "long";
  readonly output: string;
}

/** Runs a program of the packages, and all it starts, until it ends, says nothing for so long, or takes so long. */
export function run(
  tree: Tree,
  [program = "", ...args]: readonly string[],
  {
    env = {},
    silentMs,
    mostMs,
  }: { env?: Readonly<Record<string, string>>; silentMs: number; mostMs?: number },
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
    let ended: "silent" | "long" | undefined;
    const kill = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    };
    const end = (why: "silent" | "long") => () => {
      ended ??= why;
      kill();
    };
    // Before the tree goes: what still runs there writes into it.
    process.prependOnceListener("exit", kill);
    // A test that hangs is heard out: that it failed is what it says next.
    let over = false;
    const long = setTimeout(() => {
      over = mostMs !== undefined;
    }, mostMs ?? 0);
    let late = setTimeout(end("silent"), silentMs);
    const hear = (part: Buffer) => {
      said.push(part);
      clearTimeout(late);
      if (over) end("long")();
      else late = setTimeout(end("silent"), silentMs);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(late);
      clearTimeout(long);
      process.off("exit", kill);
      resolve({ code: ended ?? code ?? 1, output: Buffer.concat(said).toString() });
    });
  });
}
