import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { executablePath, launch } from "../guard/approval/browser.ts";
import { faint, overflow, spilled } from "../guard/approval/looks.ts";
import { type AskingTeam, addressIn, asking, group, remove, textIn } from "./approvals.ts";

const none = executablePath === undefined;

let browser: Browser;
let one: AskingTeam;
beforeAll(async () => {
  if (!none) browser = await launch();
});
afterAll(() => browser?.close());
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
  await one?.end();
});

/** A tab of somebody who is signed in. */
async function tabOf(who: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  await context.addCookies([{ name: "who", value: who, url: one.base() }]);
  return context.newPage();
}
/** What axe finds, by rule and place; nothing is left out. */
async function faults(tab: Page): Promise<string[]> {
  await tab.evaluate(axe.source);
  const found = (await tab.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as axe.AxeResults;
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}
const heading = (tab: Page) => tab.getByRole("heading", { level: 1 }).textContent();

describe.skipIf(none)(`the inbox in a browser${none ? " (no Chromium here: skipped)" : ""}`, () => {
  it("is gone through by keyboard alone: from the list to the question, and its answer", async () => {
    one = await asking();
    await one.call(...remove);
    const tab = await tabOf("mia");
    await tab.goto(`${one.base(1)}/approvals`);
    const to = async (name: RegExp) => {
      for (let n = 0; n < 12; n++) {
        await tab.keyboard.press("Tab");
        const at = await tab.evaluate("document.activeElement.textContent + document.activeElement.name");
        if (name.test(String(at))) return;
      }
      throw new Error(`nothing to tab to: ${name}`);
    };

    const list = await heading(tab);
    await to(/Delete/);
    await tab.keyboard.press("Enter");
    await tab.waitForURL(/\/approvals\/[\w-]{16}$/);
    await to(/^phrase$/);
    await tab.keyboard.type("elena.grant@example.com");
    await to(/^reason$/);
    await tab.keyboard.type("left in May");
    await to(/^Approve/);
    await tab.keyboard.press("Enter");
    await tab.waitForFunction("document.querySelector('h1').textContent === 'Approved.'");
    const done = await one.call(...remove);

    expect(list).toBe("1 question waits for you.");
    expect(textIn(done)).toMatch(/Done|[Dd]eleted/);
    expect(one.sent("destroy_user")).toBe(1);
  });

  it("shows all there is on a phone and a dark screen, without a fault that axe finds", async () => {
    one = await asking({ replicas: 1 });
    const tab = await tabOf("mia", { viewport: { width: 320, height: 640 } });
    const seen: string[] = [];
    const look = async (what: string) => {
      seen.push(...(await faults(tab)).map((fault) => `${what}: ${fault}`));
      for (const colorScheme of ["dark", "light"] as const) {
        await tab.emulateMedia({ colorScheme });
        const { found } = (await tab.evaluate(faint)) as { found: string[] };
        seen.push(...found.map((fault) => `${what}, ${colorScheme}: ${fault}`));
      }
      if ((await tab.evaluate(overflow)) !== 0) seen.push(`${what}: wider than the screen`);
      seen.push(...((await tab.evaluate(spilled)) as string[]).map((text) => `${what}: spills ${text}`));
    };

    await tab.goto(`${one.base()}/approvals`);
    await look("nothing waits");
    const path = addressIn(await one.call(...remove));
    await one.call(...group);
    await one.call("destroy_user_group", { user_group_id: 301 });
    await tab.reload();
    await look("three wait");
    await tab.goto(`${one.base()}${path}`);
    await look("a question");
    await tab.getByLabel(/^Type/).fill("something else");
    await tab.getByRole("button", { name: "Approve" }).click();
    await look("a wrong phrase");
    await tab.getByRole("button", { name: "Refuse" }).click();
    await look("refused");

    expect(seen).toEqual([]);
  });

  it("runs nothing, fetches nothing, stands in no frame and is kept nowhere", async () => {
    one = await asking();
    const path = addressIn(await one.call(...remove));
    const tab = await tabOf("mia");
    const asked: string[] = [];
    tab.on("request", (request) => void asked.push(new URL(request.url()).pathname));

    const answer = await tab.goto(`${one.base()}${path}`);
    const headers = answer?.headers() ?? {};

    expect(asked.filter((one) => one !== "/favicon.ico")).toEqual([path]);
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "same-origin",
      "x-frame-options": "DENY",
    });
    expect(await tab.evaluate("getComputedStyle(document.querySelector('main')).borderRadius")).not.toBe(
      "0px",
    );
  });

  it("shows as text whatever whoever asks calls itself", async () => {
    one = await asking({ replicas: 1 });
    await one.call(...group, { client: "<b>x</b></style><script>" });
    const tab = await tabOf("mia");
    await tab.goto(`${one.base()}/approvals`);

    expect(await tab.locator(".waiting dd").first().textContent()).toBe(
      "mia, through <b>x</b></style><script> (as it calls itself)",
    );
    expect(await tab.locator(".waiting b, script").count()).toBe(0);
  });
});
