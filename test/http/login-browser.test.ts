import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { sendBack } from "../../src/http/exchange.ts";
import { createCurrentIdentity } from "../../src/http/identity/current.ts";
import { createLogin } from "../../src/http/login.ts";
import { usedOnceHere } from "../../src/state/postgres/used-once.ts";
import { signOutsHere } from "../../src/state/sign-outs.ts";
import { executablePath, launch } from "../guard/approval/browser.ts";
import { identityProvider, pages } from "../support/identity-provider.ts";
import { identityOf } from "./identity/signed-in.ts";

describe.skipIf(executablePath === undefined)("signing in with a real browser", () => {
  it("goes to a provider of another site and back, and nobody else's page signs out, sees the cookie or frames a page", async () => {
    const idp = await identityProvider({ accounts: { mia: {} }, host: "localhost" });
    let base = "";
    const current = createCurrentIdentity({
      identity: () =>
        identityOf({
          issuer: idp.issuer,
          login: { client_id: pages.client_id, client_secret: { env: "PAGES_SECRET" } },
        }),
      fetch,
      now: Date.now,
      say: () => {},
    });
    const login = createLogin({
      current,
      base: () => base,
      sealKey: new Uint8Array(32).fill(5),
      useOnce: usedOnceHere(Date.now),
      signOuts: signOutsHere(),
      run: "here",
      groups: () => [],
      now: Date.now,
    });
    const server = createServer(async ({ method = "", url: target = "", headers }, response) => {
      const answered = await login.answer({ method, target, headers });
      const who = await login.signedIn(headers);
      await sendBack(response, answered ?? (who ? Response.json(who) : await login.begin(target)));
    });
    const evil = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end(
        `<form method="post" action="${base}/logout"></form><iframe src="${base}/logout"></iframe>`,
      );
    });
    for (const one of [server, evil])
      await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    idp.state.redirects = [`${base}/login/callback`];
    idp.remake();
    const chromium = await launch();
    try {
      const page = await chromium.newPage();
      await page.goto(`${base}/approvals?show=all`);
      expect(page.url()).toBe(`${base}/approvals?show=all`);
      expect(JSON.parse((await page.textContent("body")) ?? "").person).toBe("mia");
      expect(idp.asked).toContain("/auth");
      expect(await page.evaluate("document.cookie")).toBe("");

      await page.goto(`http://localhost:${(evil.address() as AddressInfo).port}/`);
      const [, frame] = page.frames();
      expect(await frame?.locator("button").count()).toBe(0);
      const [refused] = await Promise.all([
        page.waitForResponse((one) => one.url() === `${base}/logout` && one.request().method() === "POST"),
        page.evaluate("document.forms[0].submit()"),
      ]);
      await page.waitForURL(`${base}/logout`);
      expect(refused.status()).toBe(403);
      await page.goto(`${base}/approvals`);
      expect(JSON.parse((await page.textContent("body")) ?? "").person).toBe("mia");

      await page.goto(`${base}/logout`);
      await page.click("button");
      expect(await page.textContent("main")).toBe("You are signed out here.");
      const { cookies } = await page.context().storageState();
      expect(cookies.filter(({ name }) => name.startsWith("skyprep"))).toEqual([]);
    } finally {
      await chromium.close();
      for (const one of [server, evil]) {
        one.closeAllConnections();
        one.close();
      }
      await idp.close();
    }
  }, 60_000);
});
