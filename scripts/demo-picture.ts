import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { launch } from "../test/guard/approval/browser.ts";

/**
 * A picture of the demo, as a terminal shows it: `npm run build && npx tsx scripts/demo-picture.ts FILE.png`.
 * Its last part, what to paste, holds this computer's paths and is left out.
 */
const file = process.argv[2];
if (file === undefined) throw new Error("give the file to write to");

const root = fileURLToPath(new URL("..", import.meta.url));
const { NO_COLOR: _, ...env } = process.env;
const demo = execFileSync(process.execPath, ["--import", "tsx", "src/cli/demo.ts"], {
  cwd: root,
  encoding: "utf8",
  env,
});
const [morning = ""] = demo.split("\nDone in ");
const escaped = morning.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`);
const html = escaped
  .replace(/^(“.*”)$/gm, "<b>$1</b>")
  .replace(/^( {2}→ .*)$/gm, "<i>$1</i>")
  .replace(/^( {2}\? .*)$/gm, "<u>$1</u>");

const browser = await launch();
const tab = await browser.newPage({ viewport: { width: 1240, height: 400 } });
await tab.setContent(`<style>
  body { margin: 0; padding: 24px; background: #10202c; color: #d6e2ea; font: 13px/1.4 monospace; }
  pre { margin: 0; font: inherit; white-space: pre; }
  b { color: #fff; } i { color: #7fb4d8; font-style: normal; } u { color: #ffc24b; text-decoration: none; }
</style><pre>${html.trim()}</pre>`);
await tab.screenshot({ path: file, fullPage: true });
await browser.close();
