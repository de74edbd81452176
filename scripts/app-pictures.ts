import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { launch } from "../test/guard/approval/browser.ts";
import { serveHost, showApp } from "../test/pages/host/serve-host.ts";
import { showingApps } from "../test/support/showing-apps.ts";

/**
 * Pictures of the app as a chat shows it, of a real run: the built program, the pretend academy, a host's page of our own
 * on the official bridge. `npm run build && npx tsx scripts/app-pictures.ts FOLDER`.
 */
const folder = process.argv[2];
if (folder === undefined) throw new Error("give the folder to write to");
mkdirSync(folder, { recursive: true });

const state = mkdtempSync(join(tmpdir(), "skyprep-picture-"));
const client = new Client(
  { name: "a client that shows apps", version: "1.0.0" },
  { capabilities: { extensions: showingApps } },
);
const program = fileURLToPath(new URL("../dist/skyprep-mcp.js", import.meta.url));
const [browser, served] = await Promise.all([launch(), serveHost()]);
const looks = [
  { name: "app", theme: "light", viewport: { width: 760, height: 400 } },
  { name: "app-dark", theme: "dark", viewport: { width: 760, height: 400 } },
] as const;
try {
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [program, "--sandbox", `--state-dir=${state}`],
      env: { PATH: process.env.PATH ?? "", HOME: state },
    }),
  );
  const result = await client.callTool({ name: "training_status", arguments: { by: "group" } });
  for (const { name, theme, viewport } of looks) {
    const app = await showApp({ browser, served, client, result, context: { theme }, screen: { viewport } });
    await app.frame.locator("h1").waitFor();
    await app.page.waitForFunction("document.querySelector('iframe').clientHeight > 400");
    await app.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    if (app.wrong.length > 0) throw new Error(app.wrong.join("\n"));
    await app.close();
  }
} finally {
  await client.close();
  await browser.close();
  served.close();
  rmSync(state, { recursive: true, force: true });
}
