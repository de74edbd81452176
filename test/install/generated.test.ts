import { existsSync, readdirSync, readFileSync } from "node:fs";
import { McpbManifestSchema } from "@anthropic-ai/mcpb/schemas/0.3";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { links } from "../../scripts/links.ts";
import { writes } from "../../scripts/safety.ts";
import { generated } from "../../scripts/write.ts";
import { prebuiltTools } from "../../src/app/prebuilt-tools.ts";
import { offeredTools } from "../../src/catalogue/tool-list.ts";
import { essentials, type Offer } from "../../src/catalogue/toolsets.ts";
import { clientLines } from "../../src/cli/client-lines.ts";
import { help } from "../../src/cli/help.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { secretVariables, settingsInOrder, variable } from "../../src/config/settings.ts";
import { serveUsage } from "../../src/http/serve-options.ts";
import { jobTools, tools } from "../support/catalogue.ts";

const root = new URL("../../", import.meta.url);
const text = (file: string) => readFileSync(new URL(file, root), "utf8");
const json = (file: string) => JSON.parse(text(file));
const packageJson = json("package.json");
const names = [...tools.keys(), ...jobTools.keys()];

describe("what is generated", () => {
  it.each([
    ["manifest.json", "npm run manifest"],
    ["server.json", "npm run manifest"],
    ["docs/tools.md", "npm run readme"],
    ["docs/settings.md", "npm run readme"],
    ["docs/clients.md", "npm run readme"],
    ["docs/safety.md", "npm run readme"],
    ["docs/architecture.md", "npm run readme"],
    ["docs/skyprep-api.md", "npm run readme"],
    ["docs/agents.md", "npm run readme"],
  ])("%s is up to date (%s)", (file) => {
    expect(text(file)).toBe(generated[file]?.());
  });
});

describe("manifest.json", () => {
  const manifest = json("manifest.json");

  it("is what the bundle's own schema takes, and names every tool and prompt", () => {
    expect(McpbManifestSchema.safeParse(manifest).error).toBeUndefined();
    expect(manifest.tools.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(manifest.prompts.length).toBeGreaterThan(5);
    for (const prompt of manifest.prompts)
      for (const argument of prompt.arguments) expect(prompt.text).toContain(`\${arguments.${argument}}`);
  });

  it("gives the server every answer of its form, and marks the key as a secret", () => {
    const { user_config: form, server } = manifest;
    const given = Object.entries(server.mcp_config.env as Record<string, string>);

    expect(given.map(([, value]) => value)).toEqual(Object.keys(form).map((key) => `\${user_config.${key}}`));
    for (const [name] of given) expect(settingsInOrder.map(([one]) => variable(one))).toContain(name);
    expect(form.api_key).toMatchObject({ type: "string", sensitive: true, required: true });
    expect(Object.keys(form).filter((key) => form[key].sensitive)).toEqual(["api_key"]);
    expect(form.read_only).toMatchObject({ type: "boolean", default: true });
    expect(existsSync(new URL(manifest.icon, root))).toBe(true);
    expect(manifest.compatibility.runtimes.node).toBe(packageJson.engines.node);
  });
});

describe("server.json", () => {
  const server = json("server.json");

  it("is what the registry takes (schema of 2025-12-11, as far as it is used)", () => {
    const Variable = z.strictObject({
      name: z.string().regex(/^SKYPREP_[A-Z_]+$/),
      description: z.string().min(1),
      isRequired: z.boolean(),
      isSecret: z.boolean(),
      format: z.enum(["string", "number", "boolean", "filepath"]).optional(),
      choices: z.array(z.string()).optional(),
    });
    const Server = z.strictObject({
      $schema: z.string().regex(/\/2025-12-11\/server\.schema\.json$/),
      name: z
        .string()
        .max(200)
        .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
      title: z.string().max(100),
      description: z.string().min(1).max(100),
      repository: z.strictObject({ url: z.url(), source: z.literal("github") }),
      version: z.string().regex(/^\d+\.\d+\.\d+$/),
      packages: z.array(
        z.strictObject({
          registryType: z.literal("npm"),
          identifier: z.string(),
          version: z.string(),
          runtimeHint: z.literal("npx"),
          transport: z.strictObject({ type: z.literal("stdio") }),
          environmentVariables: z.array(Variable),
        }),
      ),
    });

    expect(Server.safeParse(server).error).toBeUndefined();
    expect(server.name).toBe(packageJson.mcpName);
    expect(server.packages[0]).toMatchObject({ identifier: packageJson.name, version: packageJson.version });
  });

  it("marks what is secret", () => {
    const secret = server.packages[0].environmentVariables.filter(
      ({ isSecret }: { isSecret: boolean }) => isSecret,
    );
    expect(secret.map(({ name }: { name: string }) => name)).toEqual(
      secretVariables.filter((name) => name !== "SKYPREP_ACCT_KEY"),
    );
  });
});

describe("where it comes from", () => {
  it("is one repository in package.json, manifest.json and server.json, under the name the registry grants", () => {
    const [owner, repository] = packageJson.mcpName.replace("io.github.", "").split("/");
    const url = `https://github.com/${owner}/${repository}`;

    expect(packageJson.repository).toEqual({ type: "git", url: `git+${url}.git` });
    expect(packageJson).toMatchObject({ homepage: `${url}#readme`, bugs: `${url}/issues` });
    expect(json("server.json").repository.url).toBe(url);
    expect(json("manifest.json")).toMatchObject({
      repository: { type: "git", url },
      homepage: `${url}#readme`,
      support: `${url}/issues`,
    });
  });
});

/** What people read: the README and the documents beside it. */
const documents = [
  "README.md",
  ...readdirSync(new URL("docs/", root))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const rowsOf = (file: string) =>
  new Set([...text(file).matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name));

describe("the documents", () => {
  it("have a row for every tool and every setting", () => {
    for (const name of names) expect(rowsOf("docs/tools.md")).toContain(name);
    for (const [name] of settingsInOrder) expect(rowsOf("docs/settings.md")).toContain(variable(name));
  });

  it("have links that install what runs, ask for the key and hold none", () => {
    const { vscode, cursor } = links(packageJson.name);
    expect(text("docs/clients.md")).toContain(`](${vscode})`);
    expect(text("docs/clients.md")).toContain(`](${cursor})`);

    const asked = new URL(vscode).searchParams;
    const inCode = JSON.parse(asked.get("config") ?? "");
    const inputs = JSON.parse(asked.get("inputs") ?? "");
    const inCursor = JSON.parse(
      Buffer.from(new URL(cursor).searchParams.get("config") ?? "", "base64").toString(),
    );

    expect(inCode).toMatchObject({ type: "stdio", command: "npx", args: ["-y", packageJson.name] });
    expect(inputs[0]).toMatchObject({ id: "skyprep_key", password: true });
    expect(inCode.env.SKYPREP_API_KEY).toBe("${input:skyprep_key}");
    expect(inCursor).toMatchObject({ command: "npx", args: ["-y", packageJson.name] });
    // What is not filled in counts as left out, and the server says what to set.
    expect(readConfig([], inCursor.env, ["essentials"]).problems.map(({ setting }) => setting)).toEqual([
      "SKYPREP_API_KEY",
      "SKYPREP_ACCT_KEY",
    ]);
  });

  it("say nothing that is not in help, and help nothing that is not a setting", () => {
    const said = new Set(help([]).match(/SKYPREP_[A-Z_]+/g));
    expect([...said].sort()).toEqual(settingsInOrder.map(([name]) => variable(name)).sort());
    const ofServe = serveUsage.match(/SKYPREP_[A-Z_]+/g) ?? [];
    for (const file of documents)
      for (const [name] of text(file).matchAll(/SKYPREP_[A-Z_]+[A-Z]/g))
        expect([...said, ...ofServe, "SKYPREP_MAX"], file).toContain(name);
    expect(clientLines("/x.js")).toMatch(/claude mcp add/);
  });
});

describe("README.md", () => {
  it("counts as the code does", () => {
    const readme = text("README.md");

    expect(readme).toContain(`All ${tools.size} operations of SkyPrep's API`);
    expect(readme).toContain(`one of [${tools.size} operations](docs/tools.md#all-tools)`);
    expect(readme).toContain(`says of all ${writes.length} operations that write which is which`);
    for (const name of jobTools.keys()) expect(readme, name).toContain(`\`${name}\``);
  });

  it("counts the tools of a short list and of the whole one as they are, as docs/ does", () => {
    const counted = (sections: Offer["sections"]) =>
      offeredTools(prebuiltTools, { sections, readOnly: false, confirm: "ask" }).length;
    const few = counted([essentials]);

    expect(text("README.md")).toContain(`SKYPREP_SECTIONS=essentials\`: ${few} tools`);
    expect(text("docs/agents.md")).toContain(`SKYPREP_SECTIONS=essentials\` has ${few} that`);
    expect(text("docs/clients.md").replaceAll("\n", " ")).toContain(
      `every other operation, ${few} tools for`,
    );
    expect(text("docs/clients.md")).toContain(`All ${counted(undefined)} tools cost`);
  });

  it("is short, and has the two commands that .ci/run runs", () => {
    expect(Buffer.byteLength(text("README.md"))).toBeLessThanOrEqual(12_000);
    expect(text("README.md")).toMatch(/^npm install && npm run demo /m);
    expect(text("README.md")).toMatch(/^npm install && npm test /m);
    expect(text(".ci/run")).toMatch(
      /^npm install\n[\s\S]*^npm test\nnpm run test:rest\n[\s\S]*^npm run demo\n/m,
    );
  });
});

describe("Dockerfile", () => {
  const lines = text("Dockerfile").split("\n");
  const value = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

  it("runs as nobody in particular, on a slim Node that is new enough, and keeps its state in a volume", () => {
    const bases = value("FROM");
    expect(bases.length).toBeGreaterThan(0);
    for (const base of bases) expect(base).toMatch(/^node:2[2-9]-(slim|alpine)/);
    expect(value("USER").at(-1)).toBe("node");
    expect(value("VOLUME")).toEqual(["/state"]);
    expect(value("ENV").join(" ")).toContain("SKYPREP_STATE_DIR=/state");
    expect(value("ENTRYPOINT")).toEqual([`["node", "/app/${packageJson.bin["skyprep-mcp"]}"]`]);
    expect(lines.join("\n")).not.toMatch(/API_KEY|ACCT_KEY/);
  });

  it("copies only what is there", () => {
    for (const line of value("COPY")) {
      const sources = line
        .split(" ")
        .filter((word) => !word.startsWith("--"))
        .slice(0, -1);
      if (line.includes("--from")) continue;
      for (const source of sources) expect(existsSync(new URL(source, root))).toBe(true);
    }
  });
});
