import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { launch } from "../test/guard/approval/browser.ts";

/**
 * Pictures of the pretend academy's compliance board for README and docs, from a real run:
 * `npm run build && npx tsx scripts/board-pictures.ts`.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const images = join(root, "docs/images");
const state = mkdtempSync(join(tmpdir(), "skyprep-pictures-"));
const client = new Client({ name: "pictures", version: "1" });
await client.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: [join(root, "dist/skyprep-mcp.js"), "--sandbox", "--structured", "--state-dir", state],
  }),
);
const browser = await launch();
try {
  const page = async (args: Record<string, unknown>) => {
    const { structuredContent } = await client.callTool({ name: "training_status", arguments: args });
    const { file } = (structuredContent as { page: { file: string } }).page;
    return pathToFileURL(file).href;
  };
  const board = await page({ by: ["group"], save: "page" });
  const months = await page({ by: ["month"], since: "2025-12-01", save: "page" });

  const shots = [
    ["board", board, { width: 860, height: 560 }, "light", "screen"],
    ["board-dark", months, { width: 1100, height: 860 }, "dark", "screen"],
    ["board-phone", board, { width: 390, height: 860 }, "light", "screen"],
    ["board-print", months, { width: 794, height: 1_123 }, "light", "print"],
  ] as const;
  for (const [name, url, viewport, colorScheme, media] of shots) {
    const tab = await browser.newPage({ viewport, colorScheme });
    await tab.emulateMedia({ media });
    await tab.goto(url);
    await tab.screenshot({ path: join(images, `${name}.png`) });
    await tab.close();
  }
} finally {
  await browser.close();
  await client.close();
  rmSync(state, { recursive: true, force: true });
}
