import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { launch } from "../test/guard/approval/browser.ts";

/**
 * The picture of the approval page in the README, of a real run: the built program, the pretend academy, a client that
 * shows no forms, and the page that the program opens. `npm run build && npx tsx scripts/approval-picture.ts FILE.png`.
 */
const file = process.argv[2];
if (file === undefined) throw new Error("give the file to write to");

const folder = mkdtempSync(join(tmpdir(), "skyprep-picture-"));
const opened = join(folder, "opened");
// The program opens pages by the desktop's own command: this one only says which.
const opener = join(folder, "xdg-open");
writeFileSync(opener, `#!/bin/sh\nprintf %s "$1" > ${JSON.stringify(opened)}\n`);
chmodSync(opener, 0o755);

const client = new Client({ name: "a client without forms", version: "1.0.0" });
const program = fileURLToPath(new URL("../dist/skyprep-mcp.js", import.meta.url));
const ending = new AbortController();
try {
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [program, "--sandbox", `--state-dir=${join(folder, "state")}`],
      env: { PATH: `${folder}${delimiter}${process.env.PATH ?? ""}`, DISPLAY: ":0", HOME: folder },
    }),
  );
  const asking = client
    .callTool({ name: "destroy_user", arguments: { user_id: 101 } }, { signal: ending.signal })
    .catch(() => undefined);
  for (let tries = 0; !existsSync(opened); tries += 1) {
    if (tries > 200) throw new Error("no page was opened");
    await wait(50);
  }
  await wait(100);
  const browser = await launch();
  const tab = await browser.newPage({ viewport: { width: 720, height: 400 } });
  await tab.goto(readFileSync(opened, "utf8"));
  await tab.screenshot({ path: file, fullPage: true });
  await browser.close();
  ending.abort();
  await asking;
} finally {
  await client.close();
  rmSync(folder, { recursive: true, force: true });
}
