import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { files as sources } from "../../scripts/imports.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const text = (file: string) => readFileSync(join(root, file), "utf8");
const filesIn = (folder: string, pattern: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((name) => pattern.test(name));

const documents = [
  ...readdirSync(root).filter((name) => name.endsWith(".md")),
  ...filesIn("docs", /\.md$/),
  ...filesIn("examples", /\.md$/),
  ...filesIn(".github", /\.md$/),
  "test/README.md",
];
const code = [
  ...sources,
  ...filesIn("test", /\.(ts|yml)$/),
  ...filesIn("scripts", /\.(ts|mjs)$/),
  "build.mjs",
];
/** What GitHub makes of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");
const anchorsIn = (file: string) =>
  new Set([...text(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading)));
const without = (markdown: string) => markdown.replace(/^```[\s\S]*?^```$/gm, "");

describe("the documents", () => {
  it("link only to what is there", () => {
    const dead = documents.flatMap((file) =>
      [...without(text(file)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
        .filter(([, path = "", anchor]) => {
          const target = path === "" ? file : join(dirname(file), path);
          if (!existsSync(join(root, target))) return true;
          return anchor !== undefined && !anchorsIn(target).has(anchor);
        })
        .map(([link]) => `${file}: ${link}`),
    );

    expect(dead).toEqual([]);
  });

  it("name only files and folders that are there, as comments do", () => {
    // A worked example, and a method of the protocol.
    const notHere = /course-inventory|^tools\/list$/;
    /** `docs/decisions/009` is enough of a name. */
    const isThere = (path: string) =>
      existsSync(join(root, path)) || documents.some((file) => file.startsWith(`${path}-`));
    const gone = [...documents.filter((file) => file !== "docs/skyprep-api.md"), ...code].flatMap((file) => {
      const said = file.endsWith(".md")
        ? [...without(text(file)).matchAll(/`((?:src|tools|test|docs|scripts)\/[\w./-]*)`/g)]
        : [...text(file).matchAll(/(?:\/\/|\*).*?(?<![\w./])((?:src|tools|docs|scripts)\/[\w./-]*\w)/g)];
      return said
        .map(([, path = ""]) => path.replace(/\.$/, ""))
        .filter((path) => !notHere.test(path) && !isThere(path))
        .map((path) => `${file}: ${path}`);
    });

    expect(gone).toEqual([]);
  });

  it("have a line for each folder of the code", () => {
    const folders = new Set(sources.map((file) => `${dirname(file)}/`).filter((folder) => folder !== "src/"));
    const rows = new Set(
      [...text("docs/architecture.md").matchAll(/^\| `((?:src|tools)\/[\w./-]*)` \|/gm)].map(
        ([, one]) => one,
      ),
    );

    expect([...folders].filter((folder) => !rows.has(folder))).toEqual([]);
    for (const row of rows) expect(existsSync(join(root, String(row))), row).toBe(true);
  });

  it("say of each folder of tests what it holds, or how it is run", () => {
    const map = text("test/README.md");
    const folders = readdirSync(join(root, "test"), { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    );
    const untold = folders.filter(
      ({ name }) => !map.includes(`\`test/${name}/\``) && !map.includes(`\`npm run ${name}\``),
    );

    expect(untold.map(({ name }) => name)).toEqual([]);
  });

  it("are what comments and tests cite, by sections that are there, and nothing else is cited", () => {
    const sections = (file: string) =>
      new Set([...text(file).matchAll(/^#+ (\d+(?:\.\d+)*)\.? /gm)].map(([, number]) => number));
    const known = { contract: sections("docs/contract.md"), "skyprep-api": sections("docs/skyprep-api.md") };
    const own = "test/docs/documents.test.ts";
    const wrong = [...documents, ...code]
      .filter((file) => file !== own)
      .flatMap((file) => [
        ...[...text(file).matchAll(/\b(contract|skyprep-api) §(\d+(?:\.\d+)*)/gi)]
          .filter(([, of = "", section]) => !known[of.toLowerCase() as keyof typeof known].has(section))
          .map(([cited]) => `${file}: ${cited}`),
        ...[...text(file).matchAll(/facts\.md|shared\/(?:design|skyprep-api)|\/work\//g)].map(
          ([cited]) => `${file}: ${cited}`,
        ),
      ]);

    expect(known.contract.size).toBeGreaterThanOrEqual(8);
    expect(wrong).toEqual([]);
  });

  it("show the proxy's settings as the tests run them", () => {
    const [, shown] = /^```nginx\n([\s\S]*?)^```$/m.exec(text("docs/team-server.md")) ?? [];

    expect(shown).toBe(text("deploy/nginx.conf"));
  });

  it("go along in the package, as far as its README links to them", () => {
    const packed = execFileSync("npm pack --dry-run --json --ignore-scripts", {
      cwd: root,
      encoding: "utf8",
      shell: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const inside = new Set(
      (JSON.parse(packed)[0].files as readonly { path: string }[]).map(({ path }) => path),
    );
    const linked = [...text("README.md").matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, path = ""]) => path);

    expect(linked.length).toBeGreaterThan(10);
    expect(
      linked.filter((path) => ![...inside].some((one) => one === path || one.startsWith(`${path}/`))),
    ).toEqual([]);
  });
});

describe("what GitHub runs", () => {
  const workflow = text(".github/workflows/ci.yml");

  it("may only read, keeps no credentials, knows no secret, and names the version of each action", () => {
    expect(workflow).toMatch(/^permissions:\n {2}contents: read\n/m);
    expect(workflow).not.toMatch(/secrets\.|write\b|pull_request_target/);
    for (const [, action, version] of workflow.matchAll(/uses: (\S+?)@(\S+)/g))
      expect(version, action).toMatch(/^v\d+$/);
    expect([...workflow.matchAll(/actions\/checkout@/g)]).toHaveLength(
      [...workflow.matchAll(/persist-credentials: false/g)].length,
    );
  });

  it("runs .ci/run on the oldest Node that is promised and on newer ones, and the tests on other systems", () => {
    const { engines } = JSON.parse(text("package.json"));

    expect(workflow).toContain(`node: ["${engines.node.replace(">=", "")}", "22", "24"]`);
    for (const one of [workflow, text(".github/workflows/release.yml")])
      expect(one).toMatch(/- run: npm install --global npm@11\.\d+\.\d+\n +- run: \.ci\/run\n/);
    expect(workflow).toContain("os: [windows-latest, macos-latest]");
    expect(workflow).toMatch(/- run: npm ci\n +- run: npm test\n +- run: npm run test:rest\n/);
  });
});
