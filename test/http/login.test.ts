import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isOwnPath, type KeptLogin } from "../../src/http/login.ts";
import { browser, identityProvider, pages } from "../support/identity-provider.ts";
import { wordsIn } from "../support/words-in.ts";
import { identityOf } from "./identity/signed-in.ts";
import { type PagesBehindLogin, pagesBehindLogin } from "./login.ts";
import { raw } from "./raw.ts";
import { team } from "./team.ts";

describe("signing in on a page", () => {
  let here: PagesBehindLogin;
  beforeEach(async () => {
    here = await pagesBehindLogin();
  });
  afterEach(() => here.end());

  it("leads to the provider and back to the page, as whoever signed in, with the groups that matter", async () => {
    const one = browser();
    const { path, status, text } = await here.textAt(one);

    expect([path, status]).toEqual(["/approvals?show=all", 200]);
    expect(JSON.parse(text)).toEqual({
      person: "mia",
      groups: ["admins"],
      csrf: expect.stringMatching(/^[\w-]{43}$/),
    });
    here.replica = 1;
    expect(JSON.parse((await here.textAt(one)).text)).toEqual(JSON.parse(text));
    expect(here.idp.asked.filter((asked) => asked === "/auth")).toHaveLength(1);
  });

  it("asks with PKCE, a state and a nonce that nobody can guess, and for its own address alone", async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(async () => {
        const { headers } = await browser().once(`${here.base}/approvals`);
        return new URL(headers.get("location") ?? "").searchParams;
      }),
    );

    expect(Object.fromEntries(first ?? [])).toEqual({
      response_type: "code",
      client_id: "pages",
      redirect_uri: `${here.base}/login/callback`,
      scope: "openid email groups",
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
    for (const name of ["state", "nonce", "code_challenge"])
      expect(first?.get(name)).not.toBe(second?.get(name));
  });

  it("keeps what a browser holds out of reach: sealed, for this host, from scripts and from other sites' forms", async () => {
    const { headers } = await browser().once(`${here.base}/approvals`);
    const kept = headers.getSetCookie();
    const insecure = here.base;
    here.base = "https://training.example.com";
    const [there = ""] = (await (here.logins[0] as KeptLogin).begin("/approvals")).headers.getSetCookie();
    here.base = insecure;

    expect(kept).toEqual([
      expect.stringMatching(/^skyprep-login=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/),
    ]);
    expect(there).toMatch(
      /^__Host-skyprep-login=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/,
    );
    const sealed = /=([^;]+)/.exec(there)?.[1] ?? "";
    expect(Buffer.from(sealed, "base64url").toString()).not.toMatch(/approvals|verifier/);
  });

  it("signs nobody in who says no, or whom nobody knows by the claim that is set", async () => {
    here.idp.state.who = undefined;
    const refused = await here.textAt(browser());
    here.file = { person: "email" };
    here.idp.state.who = "rob";
    const unverified = await here.textAt(browser());
    here.idp.state.who = "mia";
    const verified = await here.textAt(browser());

    expect([refused.status, unverified.status]).toEqual([403, 403]);
    expect(JSON.parse(verified.text).person).toBe("mia@example.com");
    expect(here.said.join("\n")).toMatch(
      /could not sign in \(OAUTH_AUTHORIZATION_RESPONSE_ERROR, access_denied\)/,
    );
    expect(here.said.join("\n")).not.toContain("canary");
    expect(wordsIn(here.said.join("\n"), ["rob", "mia"])).toEqual([]);
  });

  it("says so where the provider is gone, and goes on when it is back", async () => {
    const one = browser();
    here.idp.state.isGone = true;
    expect((await here.textAt(one)).status).toBe(503);
    here.idp.state.isGone = false;
    here.later = 11_000;
    const url = await here.upToCode(one);
    here.idp.state.isGone = true;
    expect((await one.once(url)).status).toBe(503);
    here.idp.state.isGone = false;
    expect((await here.textAt(one)).status).toBe(200);
  });

  it.each([
    "//evil.example",
    "/\\evil.example",
    "https://evil.example/",
    "/a b",
    "/a\r\nb",
    "/../../login/callback",
    "/login/callback?code=x",
    "/logout",
    "/.//evil.example",
    "evil",
    "",
    `/${"x".repeat(600)}`,
  ])("never goes back to %j", async (path) => {
    expect(isOwnPath(path, "https://training.example.com")).toBe(false);
    await expect(here.logins[0]?.begin(path)).rejects.toThrow("an own path alone");
  });
});

describe("the login's addresses at the door", () => {
  it("are there where pages have a client, under our own names, and nowhere else", async () => {
    const idp = await identityProvider();
    const login = { client_id: pages.client_id, client_secret: { env: "PAGES_SECRET" } };
    let said: Record<string, unknown> | undefined;
    const running = await team({
      over: { identity: () => (said ? identityOf({ issuer: idp.issuer, ...said }) : null) },
    });
    const at = (path: string, headers = {}) => raw(running.port, { path, method: "GET", headers });
    for (said of [undefined, {}])
      for (const path of ["/login/callback?code=x&state=y", "/logout"])
        expect((await at(path)).status).toBe(404);
    said = { login };

    const back = await at("/login/callback?code=x&state=y");
    expect(back.status).toBe(400);
    expect(back.headers["set-cookie"]).toEqual([expect.stringMatching(/^skyprep-login=; .*Max-Age=0/)]);
    expect(back.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect((await at("/logout")).status).toBe(200);
    expect((await at("/logout", { host: "evil.example" })).status).toBe(403);
    for (const path of ["/login", "/login/", "/login/callback/x", "/logout/x"])
      expect((await at(path)).status).toBe(404);
    await running.end();
    await idp.close();
  });
});
