import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Board } from "../../src/pages/board.ts";
import { executablePath } from "../guard/approval/browser.ts";
import { faint, overflow } from "../guard/approval/looks.ts";
import { connectAs, team } from "../http/team.ts";
import { faults } from "./host/axe.ts";
import { byGroup, type OpenApps, openApps } from "./host/open-apps.ts";
import type { ShownApp } from "./host/serve-host.ts";

const none = executablePath === undefined;
const boardOf = (result: unknown) => (result as { _meta: { "skyprep/board": Board } })._meta["skyprep/board"];

let apps: OpenApps;
let result: OpenApps["result"];

beforeAll(async () => {
  if (none) return;
  apps = await openApps(150);
  ({ result } = apps);
});
afterAll(() => apps?.close());

const show: OpenApps["show"] = (more) => apps.show(more);
const heading = ({ frame }: ShownApp) => frame.locator("[data-now] h1").textContent();
const rowsOf = ({ frame }: ShownApp) => frame.locator("[data-now] tbody").last().locator("tr");
const countSaid = ({ frame }: ShownApp) => frame.locator("[data-now] output").last().textContent();
const isPeople = ({ frame }: ShownApp) => frame.locator("[data-now] .back").waitFor();

describe.skipIf(none)(`an app in a chat${none ? " (no Chromium here: skipped)" : ""}`, () => {
  it("shows the board that came with the reply, number by number, and asks nobody for anything", async () => {
    const app = await show();
    const board = boardOf(result);

    expect(await heading(app)).toBe(board.title);
    expect(await app.frame.locator(".bars li").allInnerTexts()).toEqual(
      board.charts[0]?.bars.map(({ label, value }) => `${label}\n${value}`),
    );
    expect(await rowsOf(app).count()).toBe(board.tables.at(-1)?.rows.length);
    expect(app.asked).toEqual([]);
    expect(app.wrong).toEqual([]);
  });

  it("goes from a bar to the people behind it and back to that bar, by keyboard alone", async () => {
    const app = await show();
    const bar = app.frame.getByRole("button", { name: /Sales Team/ }).first();

    await bar.focus();
    await app.page.keyboard.press("Enter");
    await isPeople(app);

    expect(app.asked).toEqual([
      {
        method: "tools/call",
        params: {
          name: "training_status",
          arguments: boardOf(result).charts[0]?.bars.find(({ label }) => /Sales Team/.test(label))?.drill
            ?.arguments,
        },
      },
    ]);
    expect(await app.frame.locator("[data-now] .about").textContent()).toContain("Sales Team");
    await app.page.keyboard.press("Enter");
    expect(await heading(app)).toBe("Training by group");
    expect(await bar.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    expect(app.asked).toHaveLength(1);
    expect(app.wrong).toEqual([]);
  });

  it("adds the rows that follow to those there are, and searches and sorts them all", async () => {
    const app = await show();
    const more = app.frame.getByRole("button", { name: "Show more" });

    const total = boardOf(result).tables.at(-1)?.total ?? 0;
    expect(total).toBeGreaterThan(60);
    expect(await countSaid(app)).toBe(`30 of ${total} shown`);
    await more.click();
    await expect.poll(() => countSaid(app)).toBe(`${Math.min(130, total)} of ${total} shown`);
    const texts = await rowsOf(app).allInnerTexts();
    expect(new Set(texts).size).toBe(Math.min(130, total));
    const wanted = texts.filter((text) => /forklift/i.test(text));
    await app.frame.getByLabel("Search").last().fill("FORKLÍFT");
    expect(await rowsOf(app).allInnerTexts()).toEqual(wanted);
    expect(await countSaid(app)).toBe(`${wanted.length} of ${total} shown`);
    await app.frame.getByLabel("Search").last().fill("");
    const late = app.frame.getByTitle("Sort by Days late");
    await late.click();
    const days = (await rowsOf(app).locator("td:last-child").allInnerTexts()).map(Number);
    expect(days).toEqual([...days].sort((a, b) => a - b));
    await late.click();
    expect(await app.frame.locator("th[aria-sort]").getAttribute("aria-sort")).toBe("descending");
    expect(app.wrong).toEqual([]);
  });

  it("reads a kept file to its end, page by page, each row once", async () => {
    const whole = await apps.client.callTool({ name: "training_status", arguments: { show: "passed" } });
    const uri = /skyprep:\/\/exports\/[a-z0-9-]+/.exec(JSON.stringify(whole.content))?.[0] ?? "";
    const board = boardOf(whole);
    const [table] = board.tables.slice(-1);
    const total = table?.total ?? 0;
    const plan = { ...board, tables: [{ ...table, next: undefined, resource: uri }] };
    const app = await show({ result: { ...whole, _meta: { "skyprep/board": plan } } });

    await app.frame.getByRole("button", { name: "Show the whole plan" }).click();
    await isPeople(app);
    const more = app.frame.locator("[data-now]").getByRole("button", { name: "Show more" });
    let pages = 1;
    while ((await more.count()) > 0) {
      expect(await countSaid(app)).toMatch(new RegExp(`of ${total.toLocaleString("en")} shown$`));
      const before = await rowsOf(app).count();
      await more.click();
      await expect.poll(() => rowsOf(app).count()).toBeGreaterThan(before);
      pages += 1;
    }

    expect(pages).toBeGreaterThan(1);
    expect(app.asked.map(({ params }) => params.uri?.replace(/=\d+$/, "=n"))).toEqual([
      uri,
      ...Array(pages - 1).fill(`${uri}?offset=n`),
    ]);
    const texts = await rowsOf(app).evaluateAll((all) => all.map((one) => one.textContent));
    expect([texts.length, new Set(texts).size]).toEqual([total, total]);
    expect(await countSaid(app)).toBe(`${total.toLocaleString("en")} of ${total.toLocaleString("en")} shown`);
    expect(app.wrong).toEqual([]);
  });

  it("is light or dark as the host says, whatever the system is, and takes its colours", async () => {
    const variables = {
      "--color-background-primary": "light-dark(rgb(255, 250, 240), rgb(20, 10, 30))",
      "--color-text-primary": "light-dark(rgb(30, 20, 10), rgb(240, 235, 250))",
      "--color-text-secondary": "url(https://example.com/x.png)",
    };
    const app = await show({ context: { theme: "light" }, screen: { colorScheme: "dark" } });
    const ground = () =>
      app.frame.evaluate("getComputedStyle(document.body).backgroundColor") as Promise<string>;
    const looked = async (theme: string) => {
      const { found, looked: n } = (await app.frame.evaluate(faint)) as { found: string[]; looked: number };
      expect(n).toBeGreaterThan(50);
      return [...found, ...(await faults(app.frame))].map((one) => `${theme}: ${one}`);
    };

    expect(await ground()).toBe("rgb(255, 255, 255)");
    expect(await looked("light")).toEqual([]);
    await app.send("sendHostContextChange", { theme: "dark" });
    await expect.poll(ground).toBe("rgb(22, 28, 37)");
    expect(await looked("dark")).toEqual([]);
    await app.send("sendHostContextChange", { styles: { variables } });
    await expect.poll(ground).toBe("rgb(20, 10, 30)");
    await app.send("sendHostContextChange", { theme: "light" });
    await expect.poll(ground).toBe("rgb(255, 250, 240)");
    // Without its counterpart, no colour of theirs is taken.
    await app.send("sendHostContextChange", {
      styles: { variables: { "--color-background-primary": "rgb(1, 2, 3)" } },
    });
    await expect.poll(ground).toBe("rgb(255, 255, 255)");
    expect(app.wrong).toEqual([]);
  });

  it("has no fault that axe finds: the board, the people, a reply's text, and before anything came", async () => {
    const app = await show();
    const seen = await faults(app.frame);
    await app.frame
      .getByRole("button", { name: /Sales Team/ })
      .first()
      .click();
    await isPeople(app);
    seen.push(...(await faults(app.frame)));
    await app.send("sendToolResult", { content: result.content });
    await app.frame.locator(".reply").waitFor();
    seen.push(...(await faults(app.frame)));
    const empty = await show({ result: undefined });
    seen.push(...(await faults(empty.frame)));

    expect(seen).toEqual([]);
  });

  it("tells the host how high it is, and again when it is made narrower, until it stands still", async () => {
    const app = await show();
    const own = () =>
      app.frame.evaluate(
        "Math.ceil(document.documentElement.getBoundingClientRect().height)",
      ) as Promise<number>;
    await expect.poll(app.height).toBe(await own());
    const wide = await app.height();

    await app.page.setViewportSize({ width: 360, height: 800 });

    await expect.poll(app.height).toBeGreaterThan(wide);
    await expect.poll(async () => (await app.height()) - (await own())).toBe(0);
    expect(await app.frame.evaluate(overflow)).toBe(0);
    const told = await app.sizes();
    expect(told.every(({ width }) => width === undefined)).toBe(true);
    expect(told.length).toBeLessThan(12);
    // A height that hung on the frame's would grow with what it asks for.
    const narrow = await own();
    await app.page.evaluate("document.querySelector('iframe').style.height = '9000px'");
    await app.frame.waitForFunction("innerHeight === 9000");
    expect(await own()).toBe(narrow);
    expect(app.wrong).toEqual([]);
  });

  it.each(["legacy", "auto"] as const)(
    "works in the strictest frame, for a team's client over HTTP (%s)",
    async (era) => {
      const running = await team();
      const client = await connectAs(running, "mia", { era: era === "auto" ? "2026" : "2025", apps: true });
      const app = await show({ client, result: await client.callTool(byGroup), inner: "allow-scripts" });

      await app.frame
        .getByRole("button", { name: /Sales Team/ })
        .first()
        .click();
      await isPeople(app);

      expect(await app.frame.evaluate("origin")).toBe("null");
      expect(app.wrong).toEqual([]);
      await client.close();
      await running.end();
    },
  );

  it("answers a host that asks whether it is there, and one that ends it", async () => {
    const app = await show();

    await app.send("request", { method: "ping" });
    await app.send("teardownResource", {});
    const told = await app.sizes();
    await app.page.setViewportSize({ width: 400, height: 800 });
    await app.frame.evaluate(
      "new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)))",
    );

    expect(await app.sizes()).toEqual(told);
    expect(app.wrong).toEqual([]);
  });

  it("stands the other way round where the academy's language does", async () => {
    const board = boardOf(result);
    const turned = {
      ...board,
      locale: { language: "ar-EG", words: "ar", direction: "rtl" },
      words: { ...board.words, search: "بحث" },
    };
    const app = await show({ result: { ...result, _meta: { "skyprep/board": turned } } });

    expect(await app.frame.evaluate("[document.documentElement.dir, document.documentElement.lang]")).toEqual(
      ["rtl", "ar"],
    );
    expect(await app.frame.locator(".bars b").first().textContent()).toBe(
      new Intl.NumberFormat("ar-EG").format(board.charts[0]?.bars[0]?.value ?? 0),
    );
    expect(await app.frame.getByLabel("بحث").count()).toBe(2);
    const [label, value] = await app.frame
      .locator(".bars li .words > *")
      .evaluateAll((all) => all.slice(0, 2).map((one) => one.getBoundingClientRect().left));
    expect(label).toBeGreaterThan(value ?? Number.NaN);
  });
});
