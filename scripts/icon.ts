import { readFileSync, writeFileSync } from "node:fs";
import { launch } from "../test/guard/approval/browser.ts";

// The icon as a picture, from its drawing: `npx tsx scripts/icon.ts`.
const assets = new URL("../assets/", import.meta.url);
const browser = await launch();
const tab = await browser.newPage({ viewport: { width: 512, height: 512 } });
const drawing = readFileSync(new URL("icon.svg", assets), "utf8");
await tab.setContent(`<style>body{margin:0}svg{display:block}</style>${drawing}`);
writeFileSync(new URL("icon.png", assets), await tab.screenshot({ omitBackground: true }));
await browser.close();
