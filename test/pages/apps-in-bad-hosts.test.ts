import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Board } from "../../src/pages/board.ts";
import { executablePath } from "../guard/approval/browser.ts";
import { overflow } from "../guard/approval/looks.ts";
import { faults } from "./host/axe.ts";
import { type OpenApps, openApps } from "./host/open-apps.ts";
import type { ShownApp } from "./host/serve-host.ts";

const none = executablePath === undefined;
const key = "skyprep/board";

let apps: OpenApps;
let result: OpenApps["result"];
let board: Board;
let text: string;

beforeAll(async () => {
  if (none) return;
  apps = await openApps(60);
  ({ result } = apps);
  board = result._meta?.[key] as Board;
  text = (result.content as { text: string }[])[0]?.text ?? "";
});
afterAll(() => apps?.close());

const show: OpenApps["show"] = (more) => apps.show(more);
const withBoard = (changed: unknown) => ({ ...result, _meta: { [key]: changed } });
const bar = ({ frame }: ShownApp) => frame.locator("[data-now] .bars button").first();
const said = ({ frame }: ShownApp) => frame.locator("[data-now] [role=status]").first();
/** A reply's own, where that is what is shown. */
const words = ({ frame }: ShownApp) => frame.locator("[data-now] .reply").textContent();
/** All that is there to be read, in the view that is on top. */
const seen = async ({ frame }: ShownApp) => (await frame.locator("body").allInnerTexts()).join("");

describe.skipIf(none)(`an app${none ? " (no Chromium here: skipped)" : ""}`, () => {
  const [table] = [{ title: "t", columns: [{ label: "a", is: "text" }], rows: [["x"]], total: 1 }];
  const nonsense: readonly (readonly [string, (from: Board) => unknown])[] = [
    ["nothing", () => undefined],
    ["a number", () => 7],
    ["a list", (from) => [from]],
    ["an empty board", () => ({})],
    ["no words", ({ words: _, ...from }) => from],
    ["a language that is none", (from) => ({ ...from, locale: { ...from.locale, language: "!!" } })],
    [
      "a bar that is no number",
      (from) => ({ ...from, charts: [{ ...from.charts[0], bars: [{ label: "a", value: "9" }] }] }),
    ],
    [
      "a cell that is a thing",
      (from) => ({ ...from, tables: [{ ...table, rows: [[{ __html: "<b>x</b>" }]] }] }),
    ],
    [
      "a title that is a tag",
      (from) => ({ ...from, title: { type: "script", props: {}, constructor: null } }),
    ],
    ["notes that are none", (from) => ({ ...from, notes: "x" })],
  ];
  it("shows the reply's own words where a board is none, whatever is wrong with it", async () => {
    const app = await show();

    for (const [what, spoilt] of nonsense) {
      await app.send("sendToolResult", result);
      await app.frame.getByText(board.title).waitFor();
      await app.send("sendToolResult", withBoard(spoilt(board)));
      await expect.poll(() => words(app), { message: what }).toBe(text);
    }
    expect(app.wrong).toEqual([]);
  });

  it("shows the words of an error, and of what lies behind a bar where a host strips all else", async () => {
    const { _meta, ...stripped } = result;
    const app = await show({
      between: async (_asked, pass) => {
        const { _meta: __, ...rest } = (await pass()) as Record<string, unknown>;
        return rest;
      },
    });

    await bar(app).click();
    await expect.poll(() => words(app)).toMatch(/^\[sandbox\] Training of group 3\d\d/);
    await app.frame.getByRole("button", { name: "Back" }).click();
    expect(await seen(app)).toContain(board.title);
    await app.send("sendToolResult", stripped);
    await expect.poll(() => words(app)).toBe(text);
    await app.send("sendToolResult", { isError: true, content: [{ type: "text", text: "No such group." }] });
    await expect.poll(() => words(app)).toBe("No such group.");
    expect(app.wrong).toEqual([]);
  });

  it("stays empty and quiet before anything came, and where nothing ever does", async () => {
    const app = await show({ result: undefined });
    const noise: unknown[] = [
      null,
      "text",
      7,
      [],
      {},
      { jsonrpc: "2.0" },
      { jsonrpc: "1.0", method: "ui/notifications/tool-result", params: result },
      { jsonrpc: "2.0", method: "ui/notifications/tool-result" },
      { jsonrpc: "2.0", method: "ui/notifications/tool-result", params: { content: "x", _meta: [] } },
      {
        jsonrpc: "2.0",
        method: "ui/notifications/tool-result",
        params: { content: [null, { type: "text" }] },
      },
      { jsonrpc: "2.0", method: "ui/notifications/host-context-changed", params: [1] },
      {
        jsonrpc: "2.0",
        method: "ui/notifications/host-context-changed",
        params: { theme: {}, styles: 1, safeAreaInsets: { top: "9" } },
      },
      { jsonrpc: "2.0", method: "toString" },
      { jsonrpc: "2.0", method: "constructor", params: {} },
      { jsonrpc: "2.0", id: 99, result: {} },
      { jsonrpc: "2.0", id: "__proto__", error: null },
    ];
    for (const one of noise) await app.post(one);
    // Of another window than the host's, be it its own.
    await app.frame.evaluate(
      (params) => postMessage({ jsonrpc: "2.0", method: "ui/notifications/tool-result", params }, "*"),
      result as object,
    );
    await app.send("sendToolCancelled", { reason: "given up" });
    await app.frame.evaluate("new Promise((then) => setTimeout(then))");

    expect((await seen(app)).trim()).toBe("SkyPrep");
    expect(await app.frame.locator("button, input, table").count()).toBe(0);
    await app.send("sendToolResult", result);
    await expect.poll(() => seen(app)).toContain(board.title);
    // What says nothing takes nothing away.
    for (const one of noise) await app.post(one);
    await app.frame.evaluate("new Promise((then) => setTimeout(then))");
    expect(await seen(app)).toContain(board.title);
    expect(app.wrong).toEqual([]);
  });

  it("says that it waits for a host that never answers, then that it came to nothing, and goes on", async () => {
    let answers = false;
    const app = await show({
      isStill: true,
      between: (_, pass) => (answers ? pass() : new Promise(() => {})),
    });

    await bar(app).click();
    await expect.poll(() => said(app).textContent()).toBe("One moment …");
    await app.page.clock.runFor(121_000);
    await expect.poll(() => said(app).textContent()).toBe("That did not work. Ask your assistant for it.");
    answers = true;
    await bar(app).click();
    await app.frame.locator("[data-now] .back").waitFor();
    expect(app.asked).toHaveLength(2);
    expect(app.wrong).toEqual([]);
  });

  it("lets an answer that comes after the person went on count for nothing", async () => {
    const pending: (() => void)[] = [];
    const app = await show({
      between: async (_, pass) => {
        const came = await pass();
        await new Promise<void>((then) => pending.push(then));
        return came;
      },
    });
    const bars = app.frame.locator("[data-now] .bars button");

    await bars.nth(0).click();
    await bars.nth(1).click();
    await expect.poll(() => pending.length).toBe(2);
    const second = (await bars.nth(1).locator("bdi").textContent()) ?? "";
    pending[1]?.();
    await app.frame.locator("[data-now] .back").waitFor();
    pending[0]?.();
    await app.frame.evaluate("new Promise((then) => setTimeout(then))");

    expect(await app.frame.locator(".back").count()).toBe(1);
    expect(await app.frame.locator("[data-now] .about").textContent()).toContain(second);
    expect(app.wrong).toEqual([]);
  });

  const strange: readonly { tool: string; arguments: Record<string, unknown> }[] = [
    { tool: "apply_plan", arguments: { plan: "aspen-36" } },
    { tool: "destroy_user", arguments: { user_id: 101 } },
    { tool: "session_roster", arguments: { session: "511", attended: ["101"] } },
    { tool: "session_roster", arguments: { session: "511", register: ["101"] } },
    { tool: "training_status", arguments: { show: "overdue", save: "page" } },
    { tool: "access_review", arguments: { confirm: "aspen" } },
    { tool: "__proto__", arguments: {} },
    { tool: "toString", arguments: {} },
  ];
  it("calls nothing but reads, whatever a board says", async () => {
    const app = await show();
    const failed = "That did not work. Ask your assistant for it.";

    for (const [n, drill] of strange.entries()) {
      const title = `Strange ${n}`;
      const spoilt = {
        ...board,
        title,
        charts: [{ ...board.charts[0], bars: [{ label: "a", value: 1, drill }] }],
        tables: [
          { ...table, next: drill },
          { ...table, title: "u", resource: "skyprep://users/101" },
          { ...table, title: "v", resource: "skyprep://exports/../journal" },
        ],
      };
      await app.send("sendToolResult", withBoard(spoilt));
      await app.frame.getByText(title).waitFor();
      expect(await app.frame.locator("button").count()).toBe(4);
      for (const at of n === 0 ? [0, 1, 2, 3] : [0, 1]) {
        await app.frame.locator("button").nth(at).click();
        await expect
          .poll(() => app.frame.locator("[role=status]").allTextContents())
          .toEqual([0, 1, 2, 3].map((one) => (one === at ? failed : "")));
      }
    }

    expect(app.asked).toEqual([]);
    expect(app.wrong).toEqual([]);
  });

  const hostile = [
    `<img src=x onerror="alert(1)"><script>alert(2)</script>`,
    `"><svg onload=alert(3)></svg>`,
    `</script><script>parent.postMessage('x','*')</script>`,
    `</title></style><style>*{display:none}</style>`,
    `javascript:alert(4)`,
    `{{constructor.constructor('alert(5)')()}}`,
    `=HYPERLINK("https://example.com","x")`,
    `+cmd|' /C calc'!A0`,
    `\u202Egnp.exe\u202C \u2067abc`,
    `{n} {total} {column} $& $1`,
    `https://example.com/?q=1`,
    "\u0000\uFFFF\u2028",
    "W".repeat(10_000),
    "مرحبا ".repeat(1_000),
  ];
  /** A board with a name wherever one can stand. */
  const named = (name: (n: number) => string): Board => ({
    ...board,
    title: name(0),
    about: name(12),
    asOf: name(1),
    pretend: name(3),
    numbers: [0, 1, 2].map((n) => ({ label: name(n), value: 1 })),
    charts: (["bars", "columns"] as const).map((is) => ({
      is,
      title: `${is} ${name(2)}`,
      bars: hostile.map((_, n) => ({
        label: name(n),
        value: n,
        drill: { tool: "training_status", arguments: { person: name(n) } },
      })),
      more: 0,
    })),
    tables: [
      {
        title: name(1),
        columns: [0, 1, 2, 3].map((n) => ({ label: name(n), is: "text" })),
        rows: hostile.map((_, n) => [name(n), name(n), name(n), 1]),
        total: hostile.length,
      },
    ],
    texts: hostile.map((_, n) => ({ heading: name(n), text: name(n) })),
    notes: hostile.map((_, n) => name(n)),
  });

  it("is changed by no name that somebody gave themselves", async () => {
    const app = await show({
      result: withBoard(named((n) => `Name ${n}`)),
      screen: { viewport: { width: 420, height: 900 } },
    });
    const harmless = await app.frame.evaluate(elements);
    await app.send("sendToolResult", withBoard(named((n) => hostile[n] ?? "")));
    await app.frame.getByText("onerror").first().waitFor();

    expect(await app.frame.evaluate(elements)).toEqual(harmless);
    const cells = app.frame.locator("tbody tr td:first-child");
    expect(await cells.evaluateAll((all) => all.map((one) => one.textContent))).toEqual(hostile);
    expect(await app.frame.evaluate(overflow)).toBe(0);
    // Whatever is written in a name, the number beside it stays where it was.
    const places = await app.frame
      .locator(".bars b")
      .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().right)));
    expect(new Set(places).size).toBe(1);
    await app.frame.getByLabel("Search").fill("hyperlink");
    expect(await app.frame.locator("tbody tr").count()).toBe(1);
    expect(await faults(app.frame)).toEqual([]);
    await bar(app).click();
    await expect.poll(() => app.asked[0]?.params.arguments).toEqual({ person: hostile[0] });
    expect(app.wrong).toEqual([]);
  });
});

/** How many there are of each kind of element, and of each attribute that could run or fetch something. */
const elements = `(() => {
  const counts = {};
  const count = (what) => { counts[what] = (counts[what] ?? 0) + 1; };
  for (const one of document.querySelectorAll("*")) {
    count(one.localName);
    for (const name of one.getAttributeNames())
      if (/^on|^(src|srcdoc|href|xlink:href|action|formaction|style)$/.test(name)) count(one.localName + " " + name);
  }
  return counts;
})()`;
