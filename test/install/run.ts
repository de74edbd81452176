import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { academy, domain, key } from "../cli/home.ts";
import { drive, type Entry } from "./raw.ts";

/**
 * Each of the README's ways of installing that can be run here, as a new user would, in an empty home folder:
 * `npx tsx test/install/run.ts`. Installs from the package registry, so it is left to .ci/run.
 */
const root = fileURLToPath(new URL("../..", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "skyprep-install-"));
const served = await academy();
const live = {
  SKYPREP_API_KEY: key,
  SKYPREP_ACCT_KEY: domain,
  SKYPREP_BASE_URL: `http://127.0.0.1:${served.port}/admin/api`,
};
const npmSettings = Object.entries(process.env).filter(([name]) =>
  /^npm_config_(registry|cache|userconfig)$/i.test(name),
);
const env = { PATH: process.env.PATH ?? "", HOME: home, ...Object.fromEntries(npmSettings) };
/** The academy answers from this process, so nothing here may wait without it. */
async function run(command: string, args: string[], cwd: string, more = {}): Promise<void> {
  const child = spawn(command, args, {
    cwd,
    env: { ...env, ...more },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}`);
}
const say = (line: string) => void process.stderr.write(`${line}\n`);

/** A host starts this entry: it has to answer from the academy. */
async function answers(way: string, entry: Entry): Promise<void> {
  const begun = performance.now();
  const { tools, reply, isError } = await drive({ ...entry, env: { ...env, ...entry.env } }, home);
  if (isError || !reply.includes("Example Training Portal")) throw new Error(`${way}: ${reply}`);
  say(`ok  ${way}: ${tools.length} tools, first answer after ${Math.round(performance.now() - begun)} ms`);
}

/** A folder with nothing of ours in it. */
function empty(name: string): string {
  mkdirSync(join(home, name), { recursive: true });
  return join(home, name);
}

/** A clone's files as they are checked in, so that nothing of this folder helps. */
function freshClone(): string {
  const clone = empty("clone");
  const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
  for (const file of tracked.filter(Boolean)) cpSync(join(root, file), join(clone, file));
  return clone;
}

try {
  const clone = freshClone();
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], clone);
  await run("npm", ["run", "bundle"], clone);
  const program = join(clone, "dist", "skyprep-mcp.js");
  const node = process.execPath;
  await answers("a clone, by hand", { command: node, args: [program], env: live });

  for (const folder of [".config/Claude", ".claude", ".config/Code/User", ".cursor"]) empty(folder);
  await run(node, [program, "init"], home, live);
  for (const [client, file, under] of [
    ["Claude Desktop", ".config/Claude/claude_desktop_config.json", "mcpServers"],
    ["Claude Code", ".claude.json", "mcpServers"],
    ["VS Code", ".config/Code/User/mcp.json", "servers"],
    ["Cursor", ".cursor/mcp.json", "mcpServers"],
  ] as const) {
    const entry = JSON.parse(readFileSync(join(home, file), "utf8"))[under].skyprep;
    await answers(`init for ${client}`, entry);
  }
  await run(node, [program, "doctor"], home);
  say("ok  doctor finds everything in order");

  await run(
    join(clone, "node_modules", ".bin", "mcpb"),
    ["unpack", join(clone, "dist", "skyprep-mcp.mcpb"), empty("mcpb")],
    home,
  );
  const unpacked = join(home, "mcpb", "dist", "skyprep-mcp.js");
  await answers("the Claude Desktop bundle", { command: node, args: [unpacked], env: live });

  await run("npm", ["pack", "--silent", "--pack-destination", home], clone);
  const tarball = readdirSync(home).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack made no tarball");
  // A blank, as in most people's folders on Windows and macOS.
  const project = empty("my project");
  await run("npm", ["init", "-y"], project);
  await run("npm", ["install", "--no-audit", "--no-fund", join(home, tarball)], project);
  const installed = join(project, "node_modules", ".bin", "skyprep-mcp");
  await answers("npm install of the tarball", { command: installed, args: [], env: live });
  const { version } = JSON.parse(readFileSync(join(clone, "package.json"), "utf8"));
  const said = execFileSync(installed, ["--version"], { env, encoding: "utf8" }).trim();
  if (said !== version) throw new Error(`the tarball of ${version} says ${said}`);
  const npx = ["--yes", "--package", join(home, tarball), "skyprep-mcp"];
  await answers("npx of the tarball", { command: "npx", args: npx, env: live });

  say("not run here: docker build (no Docker), and what needs the assistants themselves");
} finally {
  await served.close();
  rmSync(home, { recursive: true, force: true });
}
