import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AskingClient } from "../../../src/guard/channels/page/html.ts";
import type { Question } from "../../../src/guard/question/question.ts";
import { often } from "../../support/long.ts";
import { executablePath, launch } from "./browser.ts";
import { faint, focused, overflow, spilled } from "./looks.ts";
import { answerNow, asker, call, deletion, newPages, removal, tokenOf } from "./pages.ts";

const none = executablePath === undefined;
let browser: Browser;
let pages: ReturnType<typeof newPages>;

beforeAll(async () => {
  if (!none) browser = await launch();
});
afterAll(() => browser?.close());
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
  await pages?.close();
});

/** The question, and a browser's tab that shows it. */
async function show(
  question: Question,
  options: {
    world?: Parameters<typeof newPages>[0];
    context?: BrowserContextOptions;
    asker?: AskingClient;
  } = {},
) {
  pages = newPages(options.world);
  const page = await pages.put(question, options.asker ?? asker);
  const tab = await (await browser.newContext(options.context)).newPage();
  await tab.goto(page.url);
  return { page, tab };
}

const phraseOf = (tab: Page) => tab.getByLabel("Type delete 202 to go on");
const pinOf = (tab: Page) => tab.getByLabel("Your approval PIN");
const press = (tab: Page, name: "Approve" | "Refuse") => tab.getByRole("button", { name }).click();
const heading = (tab: Page) => tab.getByRole("heading", { level: 1 }).textContent();

/** Serves one page of somebody else's, on another port. */
async function elsewhere<T>(html: string, visit: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await visit(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe.skipIf(none)(`the approval page in a browser${none ? " (no Chromium here: skipped)" : ""}`, () => {
  it("approves with the phrase", async () => {
    const { page, tab } = await show(deletion);

    await phraseOf(tab).fill("Delete 202");
    await press(tab, "Approve");

    expect(await heading(tab)).toBe("Approved.");
    expect(await page.answer).toEqual({ said: "yes", typed: "Delete 202" });
  });

  it("says so for a wrong phrase, and takes the right one after it", async () => {
    const { page, tab } = await show(deletion);

    await phraseOf(tab).fill("delete 203");
    await press(tab, "Approve");

    expect(await tab.getByRole("alert").textContent()).toBe(
      "That is not what you were asked to type. Nothing has been sent. 2 tries are left.",
    );
    expect(await phraseOf(tab).getAttribute("aria-describedby")).toBe("error");
    expect(await tab.evaluate(focused)).toBe("INPUT phrase ");
    expect(await tab.title()).toMatch(/^Not accepted: /);
    await tab.reload();
    expect(await tab.getByRole("alert").textContent()).toContain("2 tries are left.");
    expect(await answerNow(page)).toBe("open");
    await phraseOf(tab).fill("delete 202");
    await press(tab, "Approve");
    expect(await page.answer).toEqual({ said: "yes", typed: "delete 202" });
  });

  it("refuses with the fields left empty", async () => {
    const { page, tab } = await show(deletion, { world: { pin: "2580" } });

    await press(tab, "Refuse");

    expect(await heading(tab)).toBe("Refused.");
    expect(await page.answer).toEqual({ said: "no" });
  });

  it("does not approve with the fields left empty", async () => {
    const { page, tab } = await show(deletion);

    await press(tab, "Approve");

    expect(await heading(tab)).toBe("Delete the course “Workplace Safety Basics” (202)?");
    expect(await answerNow(page)).toBe("open");
  });

  it("approves with the PIN", async () => {
    const { page, tab } = await show(deletion, { world: { pin: "2580" } });

    await phraseOf(tab).fill("delete 202");
    await pinOf(tab).fill("2580");
    await press(tab, "Approve");

    expect(await page.answer).toEqual({ said: "yes", typed: "delete 202" });
  });

  it("closes for good after five wrong PINs", async () => {
    const { page, tab } = await show(removal, { world: { pin: "2580" } });

    for (const pin of ["0000", "1111", "2222", "3333", "4444"]) {
      expect(await answerNow(page)).toBe("open");
      await pinOf(tab).fill(pin);
      await press(tab, "Approve");
    }

    expect(await heading(tab)).toBe("Closed after five wrong PINs.");
    expect(await page.answer).toEqual({ said: "no" });
    await tab.goto(page.url);
    expect(await tab.getByRole("button").count()).toBe(0);
  });

  it("works with JavaScript turned off", async () => {
    const { page, tab } = await show(deletion, {
      world: { pin: "2580" },
      context: { javaScriptEnabled: false },
    });

    await phraseOf(tab).fill("wrong");
    await pinOf(tab).fill("2580");
    await press(tab, "Approve");
    expect(await tab.getByRole("alert").count()).toBe(1);
    await phraseOf(tab).fill("delete 202");
    await pinOf(tab).fill("2580");
    await press(tab, "Approve");

    expect(await heading(tab)).toBe("Approved.");
    expect(await page.answer).toEqual({ said: "yes", typed: "delete 202" });
  });

  it("shows by itself that the time is over", async () => {
    const { page, tab } = await show(
      { ...removal, expiresAt: Date.now() + 1000 },
      {
        world: {
          now: Date.now,
          after: (ms, then) => {
            const timer = setTimeout(then, ms);
            return () => clearTimeout(timer);
          },
        },
      },
    );

    await tab.getByRole("heading", { name: "This question has expired." }).waitFor();

    expect(await page.answer).toEqual({ said: "cancelled" });
  });

  it("is used with the keyboard alone", async () => {
    const { page, tab } = await show(deletion);

    expect(await tab.evaluate(focused)).toMatch(/^BODY /);
    await tab.keyboard.press("Tab");
    await tab.keyboard.type("delete 202");
    await tab.keyboard.press("Tab");
    expect(await tab.evaluate(focused)).toBe("BUTTON answer approve");
    await tab.keyboard.press("Tab");
    expect(await tab.evaluate(focused)).toBe("BUTTON answer refuse");
    await tab.keyboard.press("Shift+Tab");
    await tab.keyboard.press("Enter");

    await tab.getByRole("heading", { name: "Approved." }).waitFor();
    expect(await page.answer).toEqual({ said: "yes", typed: "delete 202" });
  });

  it("takes no answer from Enter or Space, on the page or in a field", async () => {
    const { page, tab } = await show(deletion, { world: { pin: "2580" } });

    for (const key of ["Enter", "Space"]) await tab.keyboard.press(key);
    await phraseOf(tab).fill("delete 202");
    await pinOf(tab).fill("2580");
    await pinOf(tab).press("Enter");
    await phraseOf(tab).press("Enter");

    expect(await heading(tab)).toBe("Delete the course “Workplace Safety Basics” (202)?");
    expect(await answerNow(page)).toBe("open");
    expect(await phraseOf(tab).inputValue()).toBe("delete 202");
  });

  it.each(["light", "dark"] as const)("shows where the keyboard is, in %s", async (colorScheme) => {
    const { tab } = await show(deletion, { context: { colorScheme } });

    for (const _each of ["field", "approve", "refuse"]) {
      await tab.keyboard.press("Tab");
      const outline = await tab.evaluate(
        "(({ outlineStyle, outlineWidth }) => [outlineStyle, outlineWidth])(getComputedStyle(document.activeElement))",
      );
      expect(outline).toEqual(["solid", "3px"]);
    }
  });

  it("names its parts for a screen reader", async () => {
    const { tab } = await show(deletion, { world: { pin: "2580" } });

    expect(await tab.title()).toBe("Delete the course “Workplace Safety Basics” (202)? – skyprep-mcp");
    expect(await tab.locator("html").getAttribute("lang")).toBe("en");
    for (const role of ["main", "banner", "contentinfo"] as const) {
      expect(await tab.getByRole(role).count()).toBe(1);
    }
    expect(await tab.getByRole("heading", { level: 1 }).count()).toBe(1);
    expect(await tab.getByRole("region", { name: "Words that people wrote" }).count()).toBe(1);
    expect(await tab.getByRole("table", { name: "With these arguments" }).count()).toBe(1);
    expect(await tab.getByRole("rowheader", { name: "course_id" }).count()).toBe(1);
    expect(await tab.getByRole("group", { name: "Your answer" }).count()).toBe(1);
    expect(await tab.getByRole("textbox", { name: "Type delete 202 to go on" }).count()).toBe(1);
    expect(await pinOf(tab).count()).toBe(1);
    expect(await tab.getByRole("button").allTextContents()).toEqual(["Approve", "Refuse"]);
  });

  it.each(["irreversible", "removing", "credential", "power"] as const)(
    "has contrast enough in light and dark, for the kind %s",
    async (kind) => {
      for (const colorScheme of ["light", "dark"] as const) {
        const { tab } = await show({ ...deletion, kind }, { context: { colorScheme } });

        const open = await tab.evaluate(faint);
        await phraseOf(tab).fill("wrong");
        await press(tab, "Approve");
        const wrong = await tab.evaluate(faint);
        await press(tab, "Refuse");
        const refused = await tab.evaluate(faint);

        expect([open, wrong, refused]).toEqual([
          { found: [], looked: expect.toSatisfy((looked: number) => looked > 15) },
          { found: [], looked: expect.toSatisfy((looked: number) => looked > 15) },
          { found: [], looked: expect.toSatisfy((looked: number) => looked > 3) },
        ]);
        await pages.close();
      }
    },
  );

  it("looks different in light and dark", async () => {
    const grounds = [];
    for (const colorScheme of ["light", "dark"] as const) {
      const { tab } = await show(removal, { context: { colorScheme } });
      grounds.push(await tab.evaluate("getComputedStyle(document.body).backgroundColor"));
      await pages.close();
    }

    expect(grounds).toEqual(["rgb(238, 241, 245)", "rgb(13, 17, 23)"]);
  });

  it.each([320, 1920, 360, 768].slice(0, often({ long: 4, short: 2 })))(
    "fits a window %i px wide",
    async (width) => {
      const { tab } = await show(deletion, {
        world: { pin: "2580" },
        context: { viewport: { width, height: 640 } },
      });

      expect(await tab.evaluate(overflow)).toBe(0);
      expect(await tab.evaluate(spilled)).toEqual([]);
      for (const name of ["Approve", "Refuse"]) {
        const box = await tab.getByRole("button", { name }).boundingBox();
        expect(box?.height).toBeGreaterThanOrEqual(44);
        expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? width) <= width).toBe(true);
      }
    },
  );

  it("cannot be framed", async () => {
    const { page, tab } = await show(removal);

    await elsewhere(`<iframe src="${page.url}" width="800" height="800"></iframe>`, async (url) => {
      await tab.goto(url);
      const frame = tab.frames()[1];

      expect(frame?.url()).toMatch(/^chrome-error:/);
      expect(await frame?.getByRole("button", { name: "Approve" }).count()).toBe(0);
    });

    expect(await answerNow(page)).toBe("open");
  });

  it("takes no form from another page, not even one that knows address and token", async () => {
    const { page, tab } = await show(removal);
    const token = tokenOf((await call(page.url)).body);

    await elsewhere(
      `<form method="post" action="${page.url}"><input name="token" value="${token}"><button name="answer" value="approve">Win a prize</button></form>`,
      async (url) => {
        await tab.goto(url);
        await tab.getByRole("button").click();

        expect(await heading(tab)).toBe("That was not counted.");
      },
    );

    expect(await answerNow(page)).toBe("open");
  });

  it("fetches nothing but itself", async () => {
    pages = newPages();
    const { url } = await pages.put(deletion, asker);
    const tab = await (await browser.newContext()).newPage();
    const asked: string[] = [];
    tab.on("request", (request) => asked.push(request.url()));
    const complaints: string[] = [];
    tab.on("console", (message) => complaints.push(message.text()));

    await tab.goto(url, { waitUntil: "networkidle" });

    expect(asked.filter((one) => !one.endsWith("/favicon.ico"))).toEqual([url]);
    expect(complaints.filter((one) => /content security/i.test(one))).toEqual([]);
  });

  const hostile = [
    `</li></ul></section><script>alert(1)</script><img src=x onerror=alert(1)>`,
    `"><button name="answer" value="approve">OK</button>`,
    `' autofocus onfocus='alert(1)`,
    `</style></title><style>main{display:none}</style>&lt;b&gt;&#x202E;`,
    "\u202Edevorppa\u202C \u2067right\u2069 \u200F\u200B\u{E0041}",
    `${"Z\u0301\u0302\u0303\u0304\u0305\u0306".repeat(50)}${"\u0489".repeat(200)}`,
    "W".repeat(10_000),
    "line\nbreak\r\n\r\n\n\n\ttab\u001B[2J\u001B[31mred",
    "שלום עולם مرحبا",
  ];

  /** The same page with harmless words. */
  let plain: unknown;

  it.each(hostile.map((text) => [text.slice(0, 40), text] as const))(
    "shows as text, without a change to the page, %j",
    async (_short, text) => {
      const viewport = { width: 360, height: 740 };
      const frame = `(() => {
        const boxOf = (of) => { const { left, width } = document.querySelector(of).getBoundingClientRect(); return [left, width]; };
        return { boxes: ["main", "h1", ".stored", "table", "th", "form", "button[value=approve]", "button[value=refuse]"].map(boxOf),
          tags: [...document.querySelectorAll("*")].map((one) => one.tagName).join(" "), over: ${overflow}, spilled: ${spilled} };
      })()`;
      const ask = async (words: string) => {
        const shown = await show(
          { ...deletion, facts: [deletion.facts[0] ?? "", words], stored: [words], phrase: words },
          { context: { viewport }, asker: { client: words, arguments: { title: words, [words]: 1 } } },
        );
        return shown;
      };
      if (plain === undefined) {
        plain = await (await ask("Plain")).tab.evaluate(frame);
        await pages.close();
      }

      const { tab, page } = await ask(text);

      const dialogs: string[] = [];
      tab.on("dialog", (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      await tab.reload();

      expect(dialogs).toEqual([]);
      expect(await tab.evaluate(frame)).toEqual(plain);
      expect(plain).toMatchObject({ over: 0, spilled: [] });
      const stored = (await tab.locator(".stored li").textContent()) ?? "";
      expect(stored).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      if (/^[\x20-\x7E]{1,200}$/.test(text)) expect(stored).toBe(text);
      const box = await tab.locator(".stored li").boundingBox();
      expect(box?.height).toBeLessThan(400);
      expect(await answerNow(page)).toBe("open");
    },
  );
});
