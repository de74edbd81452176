import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packExtension } from "@anthropic-ai/mcpb/cli";
import { packageJson } from "./facts.ts";
import { icon, program } from "./manifest.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Puts the manifest, the icon, the licences and the two program files into a bundle for Claude Desktop. */
export async function bundle(to: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "skyprep-bundle-"));
  try {
    for (const file of [
      "manifest.json",
      "LICENSE",
      "dist/THIRD-PARTY-NOTICES",
      "dist/app.js",
      icon,
      program,
    ]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      cpSync(join(root, file), join(folder, file));
    }
    // Which of the two kinds of module a .js file is; without it Node would guess.
    const kind = join("dist", "package.json");
    if (existsSync(join(root, kind))) cpSync(join(root, kind), join(folder, kind));
    else writeFileSync(join(folder, kind), `{ "type": "${packageJson.type}" }\n`);
    const packed = await packExtension({ extensionPath: folder, outputPath: to, silent: true });
    if (!packed) throw new Error("the bundle was not accepted");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundle(join(root, "dist", "skyprep-mcp.mcpb"));
}
