import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { htmlPage } from "../../src/pages/html-page.tsx";
import { executablePath, launch } from "../guard/approval/browser.ts";
import { boardOfPeople } from "../pages/board-of-people.ts";

const rows = 5_000;
const typed = "zoe keller 4711";

/** What a page of 5,000 people costs whoever types into its search, each key until the page is laid out again. */
export interface PageCosts {
  readonly rows: number;
  readonly megabytes: number;
  /** Of writing the page, on the server. */
  readonly writeMs: number;
  readonly keyMs: readonly number[];
  readonly sortMs: number;
  /** The same keys in a page of 50. */
  readonly fewMs: readonly number[];
}

/** Undefined where there is no browser. */
export async function pageCosts(): Promise<PageCosts | undefined> {
  if (executablePath === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "skyprep-bench-"));
  const browser = await launch();
  try {
    const measured = async (people: number) => {
      const board = boardOfPeople(people);
      htmlPage(board);
      const begun = performance.now();
      const html = htmlPage(board);
      const writeMs = performance.now() - begun;
      const file = join(folder, `${people}.html`);
      writeFileSync(file, html);
      const tab = await browser.newPage({ viewport: { width: 1_100, height: 800 } });
      await tab.goto(pathToFileURL(file).href);
      const { keys, sort } = (await tab.evaluate(`(${typing})(${JSON.stringify(typed)})`)) as {
        keys: number[];
        sort: number;
      };
      return { html, writeMs, keys, sort };
    };
    const few = await measured(50);
    const many = await measured(rows);
    return {
      rows,
      megabytes: many.html.length / 1e6,
      writeMs: many.writeMs,
      keyMs: many.keys,
      sortMs: many.sort,
      fewMs: few.keys,
    };
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs in the page: each key as it is typed, then each taken back, until all is laid out. */
const typing = `(typed) => {
  const field = document.querySelector("input");
  const took = (act) => {
    const begun = performance.now();
    act();
    document.body.getBoundingClientRect();
    return performance.now() - begun;
  };
  const type = (value) => took(() => {
    field.value = value;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  const words = [...typed].map((_, n) => typed.slice(0, n + 1));
  const keys = [...words, ...words.reverse().slice(1), ""].map(type);
  const sort = took(() => document.querySelectorAll("thead button")[1].click());
  return { keys, sort };
}`;
