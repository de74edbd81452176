import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folderOnDisk } from "../support/temporary.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const copied = [
  "src",
  "tools",
  "scripts",
  "test",
  "docs",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
  "biome.json",
];
const guides = ["docs/add-an-operation.md", "docs/add-a-job.md"];
/** What the compiler of the copy says; empty: it is content. */
let copy = "";

/** The blocks of a document in one language, as they stand there. */
function blocksIn(file: string, language: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?^)\`\`\`$`, "gm"))].map(
    ([, block = ""]) => block,
  );
}

/** Writes whole files (`// path` first) and applies differences, as a reader would; gives the files. */
function follow(guide: string): string[] {
  const files: string[] = [];
  for (const block of blocksIn(guide, "ts")) {
    const [, path, content = ""] = /^\/\/ (\S+)\n([\s\S]*)$/.exec(block) ?? [];
    if (path === undefined) continue;
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), content);
    files.push(path);
  }
  for (const difference of blocksIn(guide, "diff")) {
    execFileSync("git", ["apply", "--whitespace=nowarn", "-"], { cwd: copy, input: difference });
    files.push(...[...difference.matchAll(/^\+\+\+ b\/(\S+)/gm)].map(([, path = ""]) => path));
  }
  return files;
}

/** What the compiler says of the copy's sources and of these files; empty: it is content. */
function compiled(files: readonly string[]): string {
  const part = { extends: "./tsconfig.json", include: ["src", "tools", ...files] };
  writeFileSync(join(copy, "tsconfig.part.json"), JSON.stringify(part));
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  try {
    return execFileSync(process.execPath, [compiler, "--noEmit", "-p", "tsconfig.part.json"], {
      cwd: copy,
      encoding: "utf8",
    });
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout ?? error);
  }
}

/** What the formatter of the copy would have otherwise; empty: it is content. */
function laidOut(files: readonly string[]): string {
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  const code = [...new Set(files)].filter((file) => /\.tsx?$/.test(file));
  const { status, stdout, stderr } = spawnSync(process.execPath, [biome, "check", ...code], {
    cwd: copy,
    encoding: "utf8",
  });
  return status === 0 ? "" : `${stdout}${stderr}`;
}

beforeAll(() => {
  copy = folderOnDisk("worked-examples");
  for (const one of copied) cpSync(join(root, one), join(copy, one), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe("the worked examples of the documents", () => {
  it("are there: one file a job and its test, and a difference for each step of an operation", () => {
    expect(blocksIn("docs/add-an-operation.md", "diff").length).toBeGreaterThanOrEqual(5);
    expect(blocksIn("docs/add-a-job.md", "ts").filter((one) => one.startsWith("// "))).toHaveLength(2);
  });

  it("fit the code as it is, compile, and are laid out as all else", { timeout: 60_000 }, () => {
    const files = guides.flatMap(follow);

    expect(files).toEqual(expect.arrayContaining(["tools/courses.ts", "src/jobs/index.ts"]));
    expect(compiled(files)).toBe("");
    expect(laidOut(files)).toBe("");
  });
});
