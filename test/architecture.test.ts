import { describe, expect, it } from "vitest";
import { files, importsOf, source } from "../scripts/imports.ts";

const imports = files.flatMap(importsOf);
const values = imports.filter(({ type }) => !type);

/**
 * Who may import whom (docs/architecture.md has the reasons); `types`: only to know what is handed over. The root of
 * all, `src/app`, and the command line may import everything.
 */
const may: Record<string, { all: RegExp; types?: RegExp }> = {
  "tools/schema": { all: /^(zod$|tools\/schema\/)/ },
  tools: { all: /^(zod$|tools\/)/ },
  "src/config": {
    all: /^(node:|src\/(config|catalogue|guard\/policy|text)\/|src\/skyprep\/assumptions\.ts$)/,
    types: /^src\/(guard|skyprep|call|policy)\//,
  },
  "src/policy": {
    all: /^(zod$|node:|src\/(policy|node|academy|catalogue|skyprep|reply|state|tables|text)\/)/,
    types: /^(tools\/|src\/(call|guard|journal)\/)/,
  },
  "src/cli": {
    all: /^(node:|jsonc-parser$|@clack\/prompts$|@modelcontextprotocol\/client(\/stdio)?$|src\/(?!mcp\/))/,
  },
  "src/mcp": {
    all: /^(@modelcontextprotocol\/server(\/stdio)?$|node:|zod$|src\/(mcp|node|catalogue|call|academy|reply|state|text|pages|guard\/question)\/)/,
    types: /^(tools\/|src\/(guard|jobs)\/)/,
  },
  "src/http": {
    all: /^(@modelcontextprotocol\/server$|@opentelemetry\/api$|jose$|oauth4webapi$|node:|zod$|src\/(http|mcp|access|node|catalogue|config|reply|text|guard\/(question|channels\/page)|state\/postgres|journal\/database|skyprep\/(rate-limit|egress))\/|src\/(state\/sign-outs|pages\/page-policy)\.ts$)/,
    types: /^src\/(call|skyprep)\//,
  },
  "src/catalogue": { all: /^(zod$|src\/(catalogue|guard\/policy|reply|text)\/)/, types: /^tools\// },
  "src/jobs": {
    all: /^(node:|(zod|minisearch)$|src\/(jobs|node|call|catalogue|academy|guard\/(policy|undo-plan|impact)|pages|tables|reply|text|skyprep|state|journal)\/)/,
    types: /^(tools|src\/guard)\//,
  },
  "src/call": {
    all: /^(zod$|node:|src\/(call|node|catalogue|guard|academy|skyprep|reply|journal|state|tables|text)\/)/,
    types: /^(tools|src\/pages)\//,
  },
  "src/guard": {
    all: /^(node:|zod$|src\/(guard|node|academy|journal|pages|text)\/)/,
    types: /^(tools|src\/(state|skyprep))\//,
  },
  "src/academy": { all: /^(node:|src\/(academy|node|skyprep|reply|text)\/)/, types: /^(tools|src\/state)\// },
  "src/skyprep/egress": { all: /^(node:|zod$|src\/(skyprep|state\/postgres)\/)/ },
  "src/skyprep": {
    all: /^(node:|zod$|undici$|src\/(skyprep(?!\/egress)|node)\/)/,
    types: /^(tools|src\/state)\//,
  },
  "src/reply": {
    all: /^(node:|zod$|entities(\/|$)|src\/(reply|text)\/)/,
    types: /^(tools|src\/(skyprep|state|tables|pages))\//,
  },
  "src/journal/database": { all: /^(node:|zod$|src\/(journal|state)\/)/ },
  "src/journal": { all: /^(node:|zod$|src\/(journal(?!\/database)|state\/files|node|access)\/)/ },
  "src/state/postgres": { all: /^(node:|zod$|pg$|src\/(state|access|node)\/)/ },
  "src/state": { all: /^(node:|zod$|proper-lockfile$|src\/(state(?!\/postgres)|node)\/)/ },
  "src/pages": {
    all: /^(node:|preact$|preact\/|preact-render-to-string$|d3-scale$|esbuild$|src\/(pages|text)\/)/,
  },
  "src/tables": { all: /^(node:|csv-parse(\/|$)|entities(\/|$)|src\/(tables|text)\/)/ },
  "src/access": { all: /^node:/ },
  "src/node": { all: /^(node:|src\/node\/)/ },
  "src/text": { all: /^(node:|src\/text\/)/ },
  "src/sandbox": {
    all: /^(node:|zod$|src\/(sandbox\/|node\/|text\/zone\.ts$))/,
    types: /^(tools|src\/skyprep)\//,
  },
};
/** Whose call it is: of the bottom, like src/node and src/text, for everybody. */
const everybodys = "src/access/principal.ts";
const isRoot = (file: string) => file === "src/main.ts" || file.startsWith("src/app/");
const folderOf = (file: string) =>
  file.startsWith("tools/schema/")
    ? "tools/schema"
    : /^src\/(state\/postgres|journal\/database|skyprep\/egress)\//.test(file)
      ? file.split("/").slice(0, 3).join("/")
      : file.startsWith("tools/")
        ? "tools"
        : file.split("/").slice(0, 2).join("/");

type Arrow = readonly [from: string, to: string];

function circlesOf(arrows: readonly Arrow[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of arrows) next.set(from, (next.get(from) ?? new Set()).add(to));
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (at: string, path: readonly string[]) => {
    if (path.includes(at)) circles.push([...path.slice(path.indexOf(at)), at].join(" → "));
    else if (!done.has(at)) {
      for (const to of next.get(at) ?? []) walk(to, [...path, at]);
      done.add(at);
    }
  };
  for (const at of next.keys()) walk(at, []);
  return circles;
}

describe("the source tree", () => {
  it("reads imports at all", () => {
    expect(values.length).toBeGreaterThan(80);
    expect(imports.some(({ type }) => type)).toBe(true);
  });

  it("lets each folder import only what the table allows, types included", () => {
    const strangers = imports
      .filter(({ from }) => !isRoot(from))
      .filter(({ from, to, type }) => {
        const { all, types } = may[folderOf(from)] ?? {};
        return !(to === everybodys || all?.test(to) || (type && types?.test(to)));
      })
      .map(({ from, to, type }) => `${from} → ${type ? "type " : ""}${to}`);

    expect(strangers).toEqual([]);
  });

  it("lets no job import another: what they share stands in shared and steps", () => {
    const jobOf = (file: string) => /^src\/jobs\/([^/]+)\/./.exec(file)?.[1];
    const shared = ["shared", "steps"];
    const siblings = imports
      .filter(({ from, to }) => {
        const [own, other] = [jobOf(from), jobOf(to)];
        if (own === undefined || other === undefined || own === other) return false;
        return !shared.includes(other);
      })
      .map(({ from, to }) => `${from} → ${to}`);

    expect(siblings).toEqual([]);
  });

  it("knows the protocol only in src/mcp and src/http, undici only in the network, the tools as values only at the roots", () => {
    const who = (wanted: RegExp) => [
      ...new Set(values.filter(({ to }) => wanted.test(to)).map(({ from }) => from)),
    ];

    expect(
      who(/^@modelcontextprotocol\//).filter((file) => !/^src\/(mcp|http)\/|^src\/cli\/demo\.ts$/.test(file)),
    ).toEqual([]);
    expect(who(/^undici$/)).toEqual(["src/skyprep/agent.ts"]);
    expect(who(/^pg$/).filter((file) => !file.startsWith("src/state/postgres/"))).toEqual([]);
    expect(
      who(/^(jose|oauth4webapi)$/).filter((file) => !/^src\/http\/(identity\/|login\.ts$)/.test(file)),
    ).toEqual([]);
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

  it("has no circles, of types neither: not of files, and not of the folders they stand in", () => {
    const arrows = imports.map(({ from, to }): Arrow => [from, to]);
    const folder = (file: string) => /^(?:src\/[^/]+|tools)(?=\/)/.exec(file)?.[0] ?? file;
    const between = arrows
      .map(([from, to]): Arrow => [folder(from), folder(to)])
      .filter(([from, to]) => from !== to);

    expect(circlesOf(arrows)).toEqual([]);
    expect(circlesOf(between)).toEqual([]);
    expect(circlesOf([...between, ["src/text", "src/app"]])).not.toEqual([]);
  });

  it("calls no two things by one name: an exported type stands in one file", () => {
    // A call's arguments, before and after they may be changed.
    const same = ["Args"];
    const places = new Map<string, string[]>();
    for (const file of files.filter((one) => one.startsWith("src/") && !one.startsWith("src/sandbox/")))
      for (const [, name = ""] of source(file).matchAll(/^export (?:interface|type|class) (\w+)/gm))
        if (!same.includes(name)) places.set(name, [...new Set([...(places.get(name) ?? []), file])]);

    expect([...places].filter(([, all]) => all.length > 1)).toEqual([]);
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
        /export default|export \*|@ts-ignore|@ts-expect-error|\bas any\b|: any\b|\bas unknown as\b|\bundefined as never\b/.test(
          text,
        ) ||
        (stdout.test(text) && file !== "src/cli/demo.ts")
      );
    });

    expect(wrong).toEqual([]);
  });

  it("reads how a call ended in one word: an error is made of it at the edge, and nowhere else", () => {
    const told = files.filter((file) => /\bisError\b/.test(source(file)));

    expect(told).toEqual(["src/mcp/server.ts"]);
    expect(files.filter((file) => /\bbecame\s*[:,=?]/.test(source(file)))).toEqual([]);
  });

  it("reads the environment in one place", () => {
    const readers = files.filter((file) => /process\.env|\benv\b.*= process/.test(source(file)));

    expect(readers.filter((file) => file !== "src/cli/demo.ts")).toEqual(["src/main.ts"]);
  });
});
