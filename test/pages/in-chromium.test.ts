import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plainBoard } from "../../src/jobs/shared/plain-board.ts";
import type { Board } from "../../src/pages/board.ts";
import { htmlPage } from "../../src/pages/html-page.tsx";
import { boardOf } from "../../src/pages/pieces.ts";
import { executablePath, launch } from "../guard/approval/browser.ts";
import { faint, overflow } from "../guard/approval/looks.ts";
import { often } from "../support/long.ts";
import { boardOfPeople } from "./board-of-people.ts";

const folder = mkdtempSync(join(tmpdir(), "skyprep-pages-"));
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
async function opened(board: Board, options: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> {
  const file = join(folder, `${++files}.html`);
  writeFileSync(file, htmlPage(board));
  const tab = await browser.newPage({ viewport: { width: 1100, height: 800 }, ...options });
  const wrong: string[] = [];
  tab.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  tab.on("pageerror", (error) => wrong.push(String(error)));
  tab.on("request", (request) => !request.url().startsWith("file:") && wrong.push(request.url()));
  tab.on("dialog", (dialog) => wrong.push(dialog.message()));
  await tab.goto(pathToFileURL(file).href);
  Object.assign(tab, { wrong });
  return tab;
}
/** What went wrong in the tab: errors, and anything that was fetched. */
const wrongIn = (tab: Page) => (tab as Page & { wrong: string[] }).wrong;

/** What axe finds, by rule and place; nothing is left out. */
async function faults(tab: Page): Promise<string[]> {
  // The page's own policy lets no script in; the test's way in is the debugger's.
  const found = (await tab.evaluate(
    `${axe.source}; axe.run(document, { resultTypes: ["violations"] })`,
  )) as axe.AxeResults;
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

const rowsSeen = (tab: Page) => tab.locator("tbody tr:visible").allInnerTexts();
const firstCells = (tab: Page, at: number) =>
  tab.locator(`tbody tr:visible td:nth-child(${at})`).allInnerTexts();

describe.skipIf(executablePath === undefined)("a page in a browser", () => {
  it("is searched as it is typed, whatever case and accents, and says how much is shown", async () => {
    const tab = await opened(boardOfPeople(120));

    await tab.getByLabel("Search").fill("KELLER zoe11@");
    expect((await rowsSeen(tab)).length).toBe(1);
    expect(await tab.locator("output").textContent()).toBe("1 of 120 shown");
    await tab.getByLabel("Search").fill("zoë keller");
    expect((await rowsSeen(tab)).length).toBe(120);
    await tab.getByLabel("Search").fill("nobody at all");
    expect(await tab.locator("output").textContent()).toBe("Nothing matches.");
    await tab.getByLabel("Search").fill("");
    expect((await rowsSeen(tab)).length).toBe(120);
    expect(wrongIn(tab)).toEqual([]);
  });

  it("is sorted by keys alone: numbers as numbers, days as days, what is empty last, both ways", async () => {
    const tab = await opened(boardOfPeople(40));
    const head = tab.getByRole("button", { name: "Days late" });

    await head.focus();
    await tab.keyboard.press("Enter");
    const up = await firstCells(tab, 5);
    await tab.keyboard.press("Enter");
    const down = await firstCells(tab, 5);

    const numbers = (cells: string[]) => cells.filter(Boolean).map(Number);
    expect(numbers(up)).toEqual([...numbers(up)].sort((a, b) => a - b));
    expect(numbers(down)).toEqual([...numbers(up)].reverse());
    expect([up.at(-1), down.at(-1)]).toEqual(["", ""]);
    expect(await tab.locator("th[aria-sort]").count()).toBe(1);
    expect(await tab.locator("tfoot tr").first().textContent()).toContain("All");
  });

  const screens = [
    ["light", 1100],
    ["dark", 390],
    ["dark", 1100],
    ["light", 390],
  ] as const;
  it.each(screens.slice(0, often({ long: screens.length, short: 2 })))(
    "shows all there is in the %s, %d wide, without a fault that axe finds",
    async (colorScheme, width) => {
      const tab = await opened(boardOfPeople(30), { colorScheme, viewport: { width, height: 800 } });

      expect(await faults(tab)).toEqual([]);
      expect(await tab.evaluate(overflow)).toBe(0);
      const { found } = (await tab.evaluate(faint)) as { found: string[] };
      expect(found).toEqual([]);
    },
  );

  it("reads from right to left where the academy does", async () => {
    const tab = await opened(boardOfPeople(30, "he"), { viewport: { width: 390, height: 800 } });

    expect(await faults(tab)).toEqual([]);
    expect(await tab.evaluate(overflow)).toBe(0);
    const [title, sheet] = [await tab.locator("h1").boundingBox(), await tab.locator("main").boundingBox()];
    // The title's block fills the sheet; its words end at the right edge.
    expect(await tab.locator("h1").evaluate((one) => getComputedStyle(one).direction)).toBe("rtl");
    expect((title?.x ?? 0) + (title?.width ?? 0)).toBeLessThanOrEqual((sheet?.x ?? 0) + (sheet?.width ?? 0));
  });

  it.each(["A4", "Letter"] as const)(
    "prints on %s: all rows over several sheets, light, without what only a screen needs",
    async (format) => {
      const tab = await opened(boardOfPeople(120), { colorScheme: "dark" });

      const pdf = await tab.pdf({ format });
      await tab.emulateMedia({ media: "print" });

      const sheets = (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;
      expect(sheets).toBeGreaterThan(1);
      expect(sheets).toBeLessThan(8);
      expect(await tab.locator("[data-tools]").first().isVisible()).toBe(false);
      expect(await tab.locator("h1").evaluate((one) => getComputedStyle(one).color)).toBe("rgb(24, 32, 43)");
      expect((await rowsSeen(tab)).length).toBe(120);
      // No table is cut off at the edge of the paper.
      await tab.setViewportSize({ width: format === "A4" ? 688 : 710, height: 900 });
      expect(await tab.evaluate(overflow)).toBe(0);
    },
  );

  it("says the same without a script: all rows, and nothing that does not work", async () => {
    const tab = await opened(boardOfPeople(30), { javaScriptEnabled: false });

    expect(await tab.locator("tbody tr").count()).toBe(30);
    expect(await tab.getByLabel("Search").isVisible()).toBe(false);
    expect(await tab.getByRole("button").count()).toBe(0);
  });

  it("draws names that attack as the letters they are", async () => {
    const attacks = [
      `<img src=x onerror="alert(1)">`,
      `</script><script>alert(2)</script>`,
      `</bdi></td></table><h1>Approve</h1>`,
      `"><svg/onload=alert(3)>`,
      "=cmd|' /C calc'!A0",
      "<!--",
      "A".repeat(10_000),
    ];
    const board = boardOfPeople(30);
    const [chart, table] = [board.charts[0], board.tables[0]];
    if (chart === undefined || table === undefined) throw new Error("no board");
    const pieces = {
      title: attacks[1] ?? "",
      charts: [{ ...chart, bars: attacks.map((label, n) => ({ label, value: n + 1 })) }],
      tables: [{ ...table, rows: attacks.map((name, n) => [n, name, name, "2026-11-01", n]) }],
      texts: [{ heading: attacks[2] ?? "", text: attacks.join("\n") }],
    };
    const about = {
      kind: "training",
      most: 100,
      isLive: false,
      language: "en",
      asOf: undefined,
      notes: attacks,
    } as const;
    const tab = await opened(plainBoard(boardOf(() => pieces, { ...about, isPretend: true })));

    await tab.getByLabel("Search").fill("alert(2)");
    expect((await rowsSeen(tab)).length).toBe(1);
    expect(await tab.locator("h1").count()).toBe(1);
    expect(await tab.locator("img, script + script, main script").count()).toBe(0);
    expect(await tab.evaluate(overflow)).toBe(0);
    expect(wrongIn(tab)).toEqual([]);
  });
});
