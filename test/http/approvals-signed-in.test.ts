import { describe, expect, it } from "vitest";
import { executablePath, launch } from "../guard/approval/browser.ts";
import { identityProvider, pages } from "../support/identity-provider.ts";
import { addressIn, asking, group, textIn } from "./approvals.ts";
import { identityOf } from "./identity/signed-in.ts";

describe.skipIf(executablePath === undefined)("an approval behind a real identity provider", () => {
  it("is given by whoever signs in with a browser, and used at another replica", async () => {
    const idp = await identityProvider({ accounts: { mia: {} }, host: "localhost" });
    const identity = identityOf({
      issuer: idp.issuer,
      login: { client_id: pages.client_id, client_secret: { env: "PAGES_SECRET" } },
    });
    const one = await asking({
      over: { login: undefined, identity: () => identity, fetch, now: Date.now },
      people: { mia: [{ academy: "acme", scopes: ["write"] }] },
    });
    idp.state.redirects = [`${one.base()}/login/callback`];
    idp.remake();
    const chromium = await launch();
    try {
      const path = addressIn(await one.call(...group));
      const tab = await chromium.newPage();
      await tab.goto(`${one.base()}${path}`);
      const asked = await tab.getByRole("heading", { level: 1 }).textContent();
      await tab.getByLabel(/reason/).fill("she left");
      await tab.getByRole("button", { name: "Approve" }).click();
      const said = await tab.getByRole("heading", { level: 1 }).textContent();
      await tab.getByRole("link", { name: "Approvals" }).click();
      const left = await tab.getByRole("heading", { level: 1 }).textContent();
      await tab.getByRole("link", { name: "Sign out" }).click();
      await tab.getByRole("button").click();
      const done = await one.call(...group, { at: 1 });

      expect(idp.asked).toContain("/auth");
      expect(asked).toMatch(/Remove /);
      expect([said, left]).toEqual(["Approved.", "Nothing waits for you."]);
      expect(textIn(done)).toMatch(/Done|Removed/);
      expect(one.sent(group[0])).toBe(1);
      expect((await one.journal()).find(({ line }) => line === "intent")).toMatchObject({
        agreed: "page",
        person: "mia",
        approver: "mia",
      });
    } finally {
      await chromium.close();
      await one.end();
      await idp.close();
    }
  }, 60_000);
});
