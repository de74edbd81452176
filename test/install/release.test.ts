import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { disagreements, releasesIn, type Said, said, withVersion } from "../../scripts/release.ts";
import { windows } from "../support/system.ts";
import { folderOnDisk } from "../support/temporary.ts";

const root = new URL("../../", import.meta.url);
const text = (file: string) => readFileSync(new URL(file, root), "utf8");

const changelog = `# Changelog

## [Unreleased]

- Not yet.

## [0.10.0] - 2026-12-01

### Changed

- What is kept says its version.

## [0.9.1] - 2026-11-23

- The first.

[Unreleased]: https://example.com/compare/v0.10.0...HEAD
[0.9.1]: https://example.com/v0.9.1
`;
const agreeing: Said = {
  changelog,
  versions: { "package.json": "0.10.0", "server.json": "0.10.0" },
  tag: "v0.10.0",
};

describe("a release", () => {
  it("is the newest heading of the changelog that has a version, with its words", () => {
    expect(releasesIn(changelog)).toEqual([
      { version: "0.10.0", day: "2026-12-01", notes: "### Changed\n\n- What is kept says its version." },
      { version: "0.9.1", day: "2026-11-23", notes: "- The first." },
    ]);
    expect(releasesIn(changelog.replaceAll("\n", "\r\n")).map(({ version }) => version)).toEqual([
      "0.10.0",
      "0.9.1",
    ]);
  });

  it("goes where the tag and every file say the same", () => {
    expect(disagreements(agreeing)).toEqual([]);
  });

  it.each<[string, Partial<Said>, RegExp]>([
    ["the tag is another", { tag: "v0.9.1" }, /tag is v0.9.1/],
    ["the tag has no v", { tag: "0.10.0" }, /tag is 0.10.0/],
    ["the tag is empty", { tag: "" }, /tag is ,/],
    ["a file says another", { versions: { "server.json": "0.9.1" } }, /server.json says 0.9.1/],
    ["nothing is released", { changelog: "# Changelog\n\n## [Unreleased]\n" }, /names no release/],
    ["the day is missing", { changelog: changelog.replace(" - 2026-12-01", "") }, /does not say when 0.10.0/],
    [
      "there are no words",
      { changelog: "## [0.10.0] - 2026-12-01\n\n## [0.9.1] - 2026-11-23\n" },
      /says nothing/,
    ],
    [
      "an older one stands first",
      { changelog: changelog.replace("0.9.1", "0.11.0") },
      /0.11.0 below 0.10.0: the newest stands first/,
    ],
    ["one stands twice", { changelog: changelog.replace("0.9.1", "0.10.0") }, /0.10.0 below 0.10.0/],
  ])("goes nowhere where %s", (_, wrong, why) => {
    expect(disagreements({ ...agreeing, ...wrong }).join("\n")).toMatch(why);
  });

  it("takes its version over into the package and its lock, and nothing else there", () => {
    const from = JSON.parse(text("package.json")).version;
    const lock = withVersion(text("package-lock.json"), from, "9.8.7", 2);
    const parsed = JSON.parse(lock);

    expect(JSON.parse(withVersion(text("package.json"), from, "9.8.7", 1)).version).toBe("9.8.7");
    expect([parsed.version, parsed.packages[""].version]).toEqual(["9.8.7", "9.8.7"]);
    expect(lock.split("9.8.7")).toHaveLength(3);
    expect(() => withVersion("{}", from, "9.8.7", 1)).toThrow(/was not found/);
  });

  const written = existsSync(new URL("CHANGELOG.md", root)) && text("CHANGELOG.md").includes("## ");
  it.runIf(written)("agrees as it stands here (npm run release set, then npm run manifest)", () => {
    expect(disagreements(said())).toEqual([]);
  });
});

describe("the release workflow", () => {
  const workflow = text(".github/workflows/release.yml");
  const jobs = new Map(
    workflow
      .slice(workflow.indexOf("\njobs:\n"))
      .split(/^(?= {2}[a-z]+:$)/m)
      .slice(1)
      .map((job) => [/^ {2}([a-z]+):/.exec(job)?.[1] ?? "", job]),
  );
  const permissions = (job: string) =>
    [...(/^ {4}permissions:\n((?: {6}.*\n)+)/m.exec(job)?.[1] ?? "").matchAll(/(\S+): (\S+)/g)].map(
      ([, what, how]) => `${what} ${how}`,
    );

  it("runs for a tag of a version alone, with no right that a job does not name", () => {
    expect(workflow).toMatch(/^on:\n {2}push:\n {4}tags: \["v\*"\]\n\n/m);
    expect(workflow).toMatch(/^permissions: \{\}$/m);
    expect(Object.fromEntries([...jobs].map(([name, job]) => [name, permissions(job)]))).toEqual({
      build: ["contents read"],
      npm: ["id-token write"],
      image: ["contents read", "packages write"],
      github: ["contents write"],
      registry: ["contents read", "id-token write"],
    });
  });

  it("holds no secret, and pins what it uses", () => {
    expect(workflow).not.toMatch(/secrets\.|_TOKEN: (?!\$\{\{ github\.token)/);
    const used = [...workflow.matchAll(/uses: (\S+)/g)].map(([, one]) => one);
    expect(used.length).toBeGreaterThan(8);
    for (const one of used) expect(one).toMatch(/^(actions|docker)\/[a-z-]+@v\d+$/);
    expect(workflow).not.toMatch(/releases\/latest|npm@latest/);
    expect(workflow).toMatch(/sha256sum --check --strict\n +tar -xzf publisher/);
    // What a tag is called is text that others choose: never put into a script by the workflow itself.
    for (const [, script] of workflow.matchAll(/run: (?:\|\n((?: {10}.*\n)+)|.*)/g))
      expect(script ?? "").not.toContain("${{");
  });

  it("checks and tests before anything is published, and builds nothing beside the right to publish", () => {
    const build = jobs.get("build") ?? "";
    expect(build.indexOf("scripts/release.ts check")).toBeLessThan(build.indexOf(".ci/run"));
    expect(build.indexOf(".ci/run")).toBeLessThan(build.indexOf("npm pack"));
    for (const [name, job] of jobs)
      if (name !== "build") expect(job).toMatch(/needs: (build|npm|\[npm, image\])\n/);
    expect(jobs.get("npm")).toMatch(/npm publish .*--provenance.*--ignore-scripts/);
    for (const name of ["npm", "registry", "github"])
      expect(jobs.get(name)).not.toMatch(/npm (ci|install)\b(?! --global npm@)/);
  });
});

describe("npm pack", () => {
  interface Packed {
    readonly files: readonly { readonly path: string; readonly mode: number }[];
    readonly unpackedSize: number;
  }
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: fileURLToPath(root),
      encoding: "utf8",
      shell: windows,
      stdio: ["ignore", "pipe", "ignore"],
    }),
  ) as [Packed];
  const paths = packed.files.map(({ path }) => path);

  it("holds the program and what has to go with it, and nothing else", () => {
    expect(paths).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "package.json",
        "dist/THIRD-PARTY-NOTICES",
        "dist/package.json",
        "dist/skyprep-mcp.js",
      ]),
    );
    const others = paths.filter(
      (path) =>
        !/^(LICENSE|(README|CHANGELOG|CONTRIBUTING|SECURITY)\.md|docs\/[\w/-]+\.(md|png)|examples\/[\w/-]+\.(md|json|mjs|csv)|policy\.schema\.json|package\.json|dist\/(THIRD-PARTY-NOTICES|package\.json|[a-z-]+\.js))$/.test(
          path,
        ),
    );
    expect(others).toEqual([]);
    expect(packed.unpackedSize).toBeLessThan(4_000_000);
  });

  it("names no place of the computer it was built on", () => {
    const here = fileURLToPath(root).replace(/[\\/]$/, "");
    for (const path of paths) expect(text(path).includes(here), path).toBe(false);
  });
});

describe("the container image", () => {
  it("is built from files that are copied into it, all that build.mjs loads among them", () => {
    const copied = [...text("Dockerfile").matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = ""]) =>
      files.split(" "),
    );
    const loaded = [...text("build.mjs").matchAll(/from "\.\/([\w./-]+)"/g)].map(([, file = ""]) => file);

    expect(loaded).not.toEqual([]);
    for (const file of loaded)
      expect(
        copied.some((one) => file === one || file.startsWith(`${one.replace("./", "")}/`)),
        file,
      ).toBe(true);
  });

  it("holds the very program that is built here", () => {
    const folder = folderOnDisk("image");
    const here = fileURLToPath(root);
    for (const [, files = "", to = ""] of text("Dockerfile").matchAll(/^COPY (?!--)(.+) (\S+)$/gm))
      for (const file of files.split(" ")) {
        const isFolder = statSync(join(here, file)).isDirectory();
        cpSync(join(here, file), join(folder, to, isFolder ? "" : basename(file)), { recursive: true });
      }
    symlinkSync(join(here, "node_modules"), join(folder, "node_modules"), "junction");
    const said = execFileSync(process.execPath, ["build.mjs"], { cwd: folder, encoding: "utf8" });

    expect(said).toBe("");
    for (const file of ["skyprep-mcp.js", "app.js", "http.js"])
      expect(readFileSync(join(folder, "dist", file), "utf8") === text(`dist/${file}`), file).toBe(true);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);
});
