import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = ["src", "tools"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);
const source = (file: string) => readFileSync(join(root, file), "utf8");

interface Import {
  from: string;
  to: string;
  type: boolean;
  /** Loaded when somebody asks for it. */
  lazy: boolean;
}

/** Reads import lines as text; a local target is a path from the root, any other its package. */
function importsOf(file: string): Import[] {
  const text = source(file);
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?([^;"']*?)\s*from\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g;
  return [...text.matchAll(pattern)].map(([, type, names = "", fixed, lazy]) => {
    const target = fixed ?? lazy ?? "";
    const inner = names
      .replace(/^[{\s]+|[}\s]+$/g, "")
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean);
    const allTypes =
      names.trim().startsWith("{") && inner.length > 0 && inner.every((one) => one.startsWith("type "));
    return {
      from: file,
      to: target.startsWith(".") ? relative(root, join(root, dirname(file), target)) : target,
      type: type !== undefined || allTypes,
      lazy: lazy !== undefined,
    };
  });
}

const imports = files.flatMap(importsOf);
const values = imports.filter(({ type }) => !type);

/** Who may import whom as values (docs/architecture: the table). Composition roots may import everything. */
const may: Record<string, RegExp> = {
  "tools/schema": /^(zod$|tools\/schema\/)/,
  tools: /^(zod$|tools\/)/,
  "src/mcp":
    /^(@modelcontextprotocol\/server(\/stdio)?$|node:|zod$|src\/((mcp|call|jobs|reply|store)\/|guard\/question\.ts$))/,
  "src/call": /^(zod$|node:|src\/(call|guard|skyprep|reply|journal|store|files)\/)/,
  "src/config": /^(node:|src\/config\/)/,
  "src/jobs": /^(node:|(zod|minisearch)$|src\/(jobs|call|guard|skyprep|reply|journal|store|files)\/)/,
  "src/guard": /^(node:|zod$|src\/guard\/)/,
  "src/skyprep": /^(node:|zod$|undici$|src\/skyprep\/)/,
  "src/reply": /^(node:|zod$|entities(\/|$)|src\/reply\/)/,
  "src/store": /^(node:|zod$|proper-lockfile$|src\/store\/)/,
  "src/journal": /^(node:|zod$|src\/(journal\/|store\/own\.ts$))/,
  "src/files": /^(node:|csv-parse(\/|$)|entities(\/|$)|src\/files\/)/,
  "src/sandbox": /^(node:|zod$|src\/(sandbox\/|files\/zone\.ts$))/,
  "src/cli":
    /^(node:|jsonc-parser$|@clack\/prompts$|@modelcontextprotocol\/client(\/stdio)?$|src\/(?!mcp\/))/,
};
const roots = [
  "src/main.ts",
  "src/app/prebuilt-tools.ts",
  "src/app/definition.ts",
  "src/app/compose.ts",
  "src/app/lazy-app.ts",
  "src/config/read-config.ts",
];
const folderOf = (file: string) =>
  file.startsWith("tools/schema/")
    ? "tools/schema"
    : file.startsWith("tools/")
      ? "tools"
      : file.split("/").slice(0, 2).join("/");

describe("the house", () => {
  it("reads imports at all", () => {
    expect(values.length).toBeGreaterThan(80);
    expect(imports.some(({ type }) => type)).toBe(true);
  });

  it("lets each folder import only what the table allows", () => {
    const strangers = values
      .filter(({ from }) => !roots.includes(from))
      .filter(({ from, to }) => !may[folderOf(from)]?.test(to))
      .map(({ from, to }) => `${from} → ${to}`);

    expect(strangers).toEqual([]);
  });

  it("knows the protocol only in src/mcp, undici only in the network, the tools as values only at the roots", () => {
    const who = (wanted: RegExp) => [
      ...new Set(values.filter(({ to }) => wanted.test(to)).map(({ from }) => from)),
    ];

    expect(
      who(/^@modelcontextprotocol\//).filter((file) => !/^src\/mcp\/|^src\/cli\/demo\.ts$/.test(file)),
    ).toEqual([]);
    expect(who(/^undici$/)).toEqual(["src/skyprep/agent.ts"]);
    expect(who(/^tools\//).filter((file) => file.startsWith("src/"))).toEqual([
      "src/app/definition.ts",
      "src/app/prebuilt-tools.ts",
    ]);
  });

  it("keeps at the door only what the list of tools needs: no record, no schema, nothing of the network", () => {
    const door = new Set(["src/main.ts"]);
    for (const file of door) {
      // The build puts what this gives in its place.
      if (file === "src/app/prebuilt-tools.ts") continue;
      for (const { from, to, lazy } of values) if (from === file && !lazy) door.add(to);
    }
    const heavy =
      /^(zod|undici|csv-parse|entities|minisearch|proper-lockfile)\b|^tools\/|^node:(crypto|child_process|http)/;

    expect([...door].filter((one) => heavy.test(one))).toEqual([]);
    expect(door.size).toBeGreaterThan(20);
  });

  it("has no circles", () => {
    const next = new Map(
      files.map((file) => [file, values.filter(({ from }) => from === file).map(({ to }) => to)]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, path: string[]) => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      else if (!done.has(file)) {
        for (const to of next.get(file) ?? []) walk(to, [...path, file]);
        done.add(file);
      }
    };
    for (const file of files) walk(file, []);

    expect(circles).toEqual([]);
  });

  it("has no file over 400 lines outside the seed", () => {
    const long = files
      .filter((file) => !file.startsWith("src/sandbox/seed/"))
      .map((file) => [file, source(file).split("\n").length] as const)
      .filter(([, lines]) => lines > 401);

    expect(long).toEqual([]);
  });

  it("has no default exports, no barrels, no silenced types, and nothing that prints to stdout", () => {
    const stdout = /console\.|process\.stdout/;
    const wrong = files.filter((file) => {
      const text = source(file);
      return (
        /export default|export \*|@ts-ignore|@ts-expect-error|\bas any\b|: any\b/.test(text) ||
        (stdout.test(text) && file !== "src/cli/demo.ts")
      );
    });

    expect(wrong).toEqual([]);
  });

  it("reads how a call ended in one word: an error is made of it at the edge, and nowhere else", () => {
    // The demo is a client, and reads what clients are told.
    const told = files.filter((file) => /\bisError\b/.test(source(file)));

    expect(told.sort()).toEqual(["src/cli/demo.ts", "src/mcp/server.ts"]);
    expect(files.filter((file) => /\bbecame\s*[:,=?]/.test(source(file)))).toEqual([]);
  });

  it("reads the environment in one place", () => {
    const readers = files.filter((file) => /process\.env|\benv\b.*= process/.test(source(file)));

    expect(readers.filter((file) => file !== "src/cli/demo.ts")).toEqual(["src/main.ts"]);
  });
});
