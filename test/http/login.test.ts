import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sendBack } from "../../src/http/exchange.ts";
import { createCurrentIdentity } from "../../src/http/identity/current.ts";
import { createLogin, isOwnPath, type KeptLogin } from "../../src/http/login.ts";
import { type UseOnce, usedOnceHere, usedOnceIn } from "../../src/state/postgres/used-once.ts";
import { signOutsHere } from "../../src/state/sign-outs.ts";
import {
  browser,
  type IdentityProviderSettings,
  identityProvider,
  pages,
  type RunningProvider,
} from "../support/identity-provider.ts";
import { freshDatabase, hasPostgres } from "../support/postgres.ts";
import { identityOf } from "./identity/signed-in.ts";
import { raw } from "./raw.ts";
import { team } from "./team.ts";

const accounts: IdentityProviderSettings["accounts"] = {
  mia: { email: "mia@example.com", email_verified: true, groups: ["admins", "choir"] },
  rob: { email: "rob@example.com", email_verified: false, groups: [] },
};
const minute = 60_000;

describe("signing in on a page", () => {
  let idp: RunningProvider;
  let server: Server;
  let base: string;
  let logins: KeptLogin[];
  let later: number;
  let said: string[];
  let groups: string[];
  /** What identity.json says besides. */
  let file: { person?: string; algorithms?: string[]; login?: Record<string, unknown> };
  /** Which of the replicas answers. */
  let replica: number;

  beforeEach(async () => {
    later = 0;
    said = [];
    groups = ["admins"];
    file = {};
    replica = 0;
    idp = await identityProvider({ accounts });
    // Pages of two replicas at one address, which take turns where a test says so.
    server = createServer(async (request, response) => {
      const login = logins[replica % logins.length] as KeptLogin;
      const { method = "", url: target = "", headers } = request;
      const answered = await login.answer({ method, target, headers });
      if (answered) return sendBack(response, answered);
      const who = await login.signedIn(headers);
      if (!who) return sendBack(response, await login.begin(target));
      const renewed = login.renewed(headers);
      return sendBack(response, Response.json(who, { headers: renewed ? { "set-cookie": renewed } : {} }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    idp.state.redirects = [`${base}/login/callback`];
    idp.remake();
    share(usedOnceHere(() => Date.now() + later));
  });
  afterEach(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    await idp.close();
  });

  function share(useOnce: UseOnce, runs = ["shared", "shared"]) {
    const now = () => Date.now() + later;
    const signOuts = signOutsHere();
    logins = runs.map((run) => {
      const current = createCurrentIdentity({
        identity: () =>
          identityOf({
            issuer: idp.issuer,
            groups: "groups",
            ...file,
            login: {
              client_id: pages.client_id,
              client_secret: { env: "PAGES_SECRET" },
              scopes: ["email", "groups"],
              ...file.login,
            },
          }),
        fetch,
        now,
        say: (line) => void said.push(line),
      });
      const sealKey = new Uint8Array(32).fill(3);
      return createLogin({
        current,
        base: () => base,
        sealKey,
        useOnce,
        signOuts,
        run,
        groups: () => groups,
        now,
      });
    });
  }
  const textAt = async (one: ReturnType<typeof browser>, path = "/approvals?show=all") => {
    const { url, answer } = await one.open(`${base}${path}`);
    return {
      path: `${url.pathname}${url.search}`,
      status: answer?.status,
      text: (await answer?.text()) ?? "",
    };
  };
  /** Up to the address with the code, which is not opened yet. */
  const upToCode = async (one: ReturnType<typeof browser>) =>
    (await one.open(`${base}/approvals`, ({ pathname }) => pathname === "/login/callback")).url;

  it("leads to the provider and back to the page, as whoever signed in, with the groups that matter", async () => {
    const one = browser();
    const { path, status, text } = await textAt(one);

    expect([path, status]).toEqual(["/approvals?show=all", 200]);
    expect(JSON.parse(text)).toEqual({
      person: "mia",
      groups: ["admins"],
      csrf: expect.stringMatching(/^[\w-]{43}$/),
    });
    replica = 1;
    expect(JSON.parse((await textAt(one)).text)).toEqual(JSON.parse(text));
    expect(idp.asked.filter((asked) => asked === "/auth")).toHaveLength(1);
  });

  it("asks with PKCE, a state and a nonce that nobody can guess, and for its own address alone", async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(async () => {
        const { headers } = await browser().once(`${base}/approvals`);
        return new URL(headers.get("location") ?? "").searchParams;
      }),
    );

    expect(Object.fromEntries(first ?? [])).toEqual({
      response_type: "code",
      client_id: "pages",
      redirect_uri: `${base}/login/callback`,
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
    const { headers } = await browser().once(`${base}/approvals`);
    const here = headers.getSetCookie();
    const insecure = base;
    base = "https://training.example.com";
    const [there = ""] = (await (logins[0] as KeptLogin).begin("/approvals")).headers.getSetCookie();
    base = insecure;

    expect(here).toEqual([
      expect.stringMatching(/^skyprep-login=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/),
    ]);
    expect(there).toMatch(
      /^__Host-skyprep-login=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/,
    );
    const sealed = /=([^;]+)/.exec(there)?.[1] ?? "";
    expect(Buffer.from(sealed, "base64url").toString()).not.toMatch(/approvals|verifier/);
  });

  it("signs nobody in who says no, or whom nobody knows by the claim that is set", async () => {
    idp.state.who = undefined;
    const refused = await textAt(browser());
    file = { person: "email" };
    idp.state.who = "rob";
    const unverified = await textAt(browser());
    idp.state.who = "mia";
    const verified = await textAt(browser());

    expect([refused.status, unverified.status]).toEqual([403, 403]);
    expect(JSON.parse(verified.text).person).toBe("mia@example.com");
    expect(said.join("\n")).toMatch(
      /could not sign in \(OAUTH_AUTHORIZATION_RESPONSE_ERROR, access_denied\)/,
    );
    expect(said.join("\n")).not.toMatch(/rob|mia|canary/);
  });

  describe.each(["one process", ...(hasPostgres ? ["a database"] : [])])(
    "with what %s remembers",
    (where) => {
      it("takes a way back once, at whichever replica, in the browser that it began in", async () => {
        if (where === "a database") share(usedOnceIn((await freshDatabase()).open(), "login"));
        const one = browser();
        const url = await upToCode(one);
        const cookie = one.jarOf(base).get("skyprep-login") ?? "";
        const stranger = await browser().once(url);
        // Somebody else who began a sign-in of their own.
        const other = browser();
        await upToCode(other);
        const swapped = await other.once(url);

        expect([stranger.status, swapped.status]).toEqual([400, 400]);
        expect((await one.once(url)).status).toBe(303);
        const exchanges = idp.asked.filter((path) => path === "/token").length;
        expect(exchanges).toBe(1);
        for (replica of [0, 1]) {
          one.jarOf(base).set("skyprep-login", cookie);
          const again = await one.once(url);
          expect(again.status).toBe(400);
          expect(await again.text()).toContain("used already");
        }
        expect(idp.asked.filter((path) => path === "/token").length).toBe(exchanges);
      });

      it("takes of ten that come at once a single one", async () => {
        if (where === "a database") share(usedOnceIn((await freshDatabase()).open(), "login"));
        const one = browser();
        const url = await upToCode(one);
        const cookie = `skyprep-login=${one.jarOf(base).get("skyprep-login")}`;
        const all = await Promise.all(
          Array.from({ length: 10 }, () => fetch(url, { redirect: "manual", headers: { cookie } })),
        );

        expect(all.filter(({ status }) => status === 303)).toHaveLength(1);
        expect(all.filter(({ status }) => status === 400)).toHaveLength(9);
      });
    },
  );

  it("is shut where nobody can look up what was used, and where another process sent them off", async () => {
    share(() => Promise.reject(new Error("the database is gone")));
    const gone = browser();
    const url = await upToCode(gone);
    expect((await gone.once(url)).status).toBe(503);

    const now = () => Date.now() + later;
    share(usedOnceHere(now), ["one", "two"]);
    const other = browser();
    const back = await upToCode(other);
    replica = 1;
    expect((await other.once(back)).status).toBe(400);
    expect(idp.asked).not.toContain("/token");
  });

  it.each<[string, (url: URL) => void]>([
    ["another state", (url) => url.searchParams.set("state", "x".repeat(43))],
    ["a state of other letters", (url) => url.searchParams.set("state", "ü".repeat(43))],
    ["no state", (url) => url.searchParams.delete("state")],
    ["two states", (url) => url.searchParams.append("state", "x")],
    ["another issuer", (url) => url.searchParams.set("iss", "https://other.example")],
    ["no issuer, where the provider says that it names itself", (url) => url.searchParams.delete("iss")],
    ["another code", (url) => url.searchParams.set("code", "made-up")],
    ["no code", (url) => url.searchParams.delete("code")],
    ["an answer that is no code", (url) => url.searchParams.set("response", "eyJ")],
  ])("refuses a way back with %s", async (_, change) => {
    const one = browser();
    const url = await upToCode(one);
    change(url);
    const answer = await one.once(url);

    expect([400, 403]).toContain(answer.status);
    expect(one.jarOf(base).has("skyprep-session")).toBe(false);
    expect(await answer.text()).not.toMatch(/made-up|other\.example|eyJ/);
  });

  it("refuses a way back that comes too late, or was altered where the browser keeps it", async () => {
    const one = browser();
    const url = await upToCode(one);
    const cookie = one.jarOf(base).get("skyprep-login") ?? "";
    one.jarOf(base).set("skyprep-login", `${cookie.slice(0, -1)}${cookie.endsWith("A") ? "B" : "A"}`);
    expect((await one.once(url)).status).toBe(400);
    one.jarOf(base).set("skyprep-login", cookie);
    later = 10 * minute;
    expect((await one.once(url)).status).toBe(400);
    expect(idp.asked).not.toContain("/token");
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["does no PKCE", { code_challenge_methods_supported: undefined }, /PKCE with S256/],
    ["does PKCE in the open", { code_challenge_methods_supported: ["plain"] }, /PKCE with S256/],
    ["names another issuer", { issuer: "https://other.example" }, /another issuer/],
    [
      "names nowhere to sign in",
      { authorization_endpoint: "javascript:alert(1)" },
      /cannot be read|no https address/,
    ],
  ])("sends nobody to a provider that %s", async (_, lies, why) => {
    idp.state.lies = lies;
    const { status, headers } = await browser().once(`${base}/approvals`);

    expect([status, headers.get("location")]).toEqual([503, null]);
    expect(said.join("\n")).toMatch(why);
  });

  it("tells nobody to try again with a provider that answers, and lies", async () => {
    idp.state.lies = { issuer: "https://other.example" };
    const { text } = await textAt(browser());

    expect(text).toContain("Whoever runs this server has been told why.");
    expect(text).not.toContain("Try again");
  });

  it("goes on with one that does PKCE and does not say so, where the file says that it does", async () => {
    idp.state.lies = { code_challenge_methods_supported: undefined };
    file = { login: { pkce: "unadvertised" } };

    expect(JSON.parse((await textAt(browser())).text).person).toBe("mia");
  });

  it.each<[string, (claims: Record<string, unknown>) => Record<string, unknown>, object?]>([
    ["another nonce", (claims) => ({ ...claims, nonce: "x" })],
    ["no nonce", ({ nonce: _, ...claims }) => claims],
    ["another client", (claims) => ({ ...claims, aud: "desktop" })],
    ["another issuer", (claims) => ({ ...claims, iss: "https://other.example" })],
    ["an end an hour ago", (claims) => ({ ...claims, exp: Date.now() / 1_000 - 3_600 })],
    ["a beginning in an hour", (claims) => ({ ...claims, nbf: Date.now() / 1_000 + 3_600 })],
  ])("signs nobody in by an ID token with %s", async (_, change) => {
    idp.state.swaps = async (answer) => ({
      ...answer,
      id_token: await idp.sign(change(claimsOf(answer.id_token)), { typ: "JWT" }),
    });
    const { status } = await textAt(browser());

    expect(status).toBe(403);
  });

  it("signs nobody in whose provider's clock is an hour ahead, and says so to whoever runs the server", async () => {
    idp.state.swaps = async (answer) => ({
      ...answer,
      id_token: await idp.sign(
        { ...claimsOf(answer.id_token), iat: Date.now() / 1_000 + 3_600 },
        { typ: "JWT" },
      ),
    });
    const { status } = await textAt(browser());

    expect(status).toBe(403);
    expect(said.join("\n")).toMatch(/clock, or the identity provider's, is off/);
  });

  it("signs nobody in by an ID token that another key signed, or nobody did, or that is not there", async () => {
    const stranger = { ...(await idp.makeKey("ES256")), kid: String(idp.publicKey().kid) };
    const swaps: ((token: unknown) => Promise<string | undefined>)[] = [
      (token) => idp.sign(claimsOf(token), { typ: "JWT", key: stranger }),
      async (token) => `${encoded({ alg: "none" })}.${encoded(claimsOf(token))}.`,
      async () => undefined,
    ];
    for (const swap of swaps) {
      idp.state.swaps = async (answer) => ({ ...answer, id_token: await swap(answer.id_token) });
      expect((await textAt(browser())).status).toBe(403);
    }
    idp.state.swaps = async (answer) => ({
      ...answer,
      id_token: await idp.sign(claimsOf(answer.id_token), { typ: "JWT" }),
    });
    expect((await textAt(browser())).status).toBe(200);
  });

  it.each<[string, (claims: Record<string, unknown>) => Promise<Record<string, unknown>>, RegExp]>([
    [
      "an hour behind",
      async (claims) => ({
        id_token: await idp.sign(
          { ...claims, iat: Date.now() / 1_000 - 7_200, exp: Date.now() / 1_000 - 3_600 },
          { typ: "JWT" },
        ),
      }),
      /clock, or the identity provider's, is off/,
    ],
    [
      "signed with another key",
      async (claims) => ({
        id_token: await idp.sign(claims, { typ: "JWT", key: await idp.makeKey("ES256") }),
      }),
      /ID token is not signed as identity\.json has it/,
    ],
    [
      "without end",
      async () => ({ more: "x".repeat(600_000) }),
      /cannot be used, it answers with more than 512 KiB/,
    ],
  ])(
    "signs nobody in by an answer that is %s, and says why to whoever runs the server",
    async (_, lie, why) => {
      idp.state.swaps = async (answer) => ({ ...answer, ...(await lie(claimsOf(answer.id_token))) });

      expect((await textAt(browser())).status).toBe(403);
      expect(said.join("\n")).toMatch(why);
      expect(said.join("\n")).not.toMatch(/mia|eyJ/);
    },
  );

  it("signs nobody in by a signature that identity.json does not allow, its provider's own or not", async () => {
    await idp.rotate("ES384");
    expect((await textAt(browser())).status).toBe(403);
    file = { algorithms: ["ES384"] };
    expect((await textAt(browser())).status).toBe(200);
  });

  it("says so where the provider is gone, and goes on when it is back", async () => {
    const one = browser();
    idp.state.isGone = true;
    expect((await textAt(one)).status).toBe(503);
    idp.state.isGone = false;
    later = 11_000;
    const url = await upToCode(one);
    idp.state.isGone = true;
    expect((await one.once(url)).status).toBe(503);
    idp.state.isGone = false;
    expect((await textAt(one)).status).toBe(200);
  });

  it("ends after half an hour without a page, and after eight hours with them", async () => {
    const one = browser();
    const signedIn = async () => (await one.once(`${base}/approvals`)).status === 200;
    await textAt(one);

    later = 29 * minute;
    expect(await signedIn()).toBe(true);
    later = 58 * minute;
    expect(await signedIn()).toBe(true);
    later = 89 * minute;
    expect(await signedIn()).toBe(false);
    later = 0;
    const other = browser();
    await textAt(other);
    const stillIn = async () => (await other.once(`${base}/approvals`)).status === 200;
    for (let at = 0; at < 479; at += 20) {
      later = at * minute;
      expect(await stillIn()).toBe(true);
    }
    later = 481 * minute;
    expect(await stillIn()).toBe(false);
  });

  it("ends when they sign out by a page of ours, and by nobody else's", async () => {
    const one = browser();
    await textAt(one);
    const kept = one.jarOf(base).get("skyprep-session") ?? "";
    const out = (origin?: string) =>
      one.once(`${base}/logout`, { method: "POST", headers: origin === undefined ? {} : { origin } });

    for (const origin of ["https://evil.example", "null", undefined])
      expect((await out(origin)).status).toBe(403);
    expect((await one.once(`${base}/logout`)).status).toBe(200);
    expect((await one.once(`${base}/approvals`)).status).toBe(200);
    expect((await out(base)).status).toBe(200);
    expect((await one.once(`${base}/approvals`)).status).toBe(303);
    // Whoever kept a copy of the cookie.
    one.jarOf(base).set("skyprep-session", kept);
    expect((await one.once(`${base}/approvals`)).status).toBe(303);
  });

  it("counts for the provider and the claim that it was made with", async () => {
    const one = browser();
    await textAt(one);
    file = { person: "email" };

    expect((await one.once(`${base}/approvals`)).status).toBe(303);
  });

  it("takes no cookie of somebody else's making", async () => {
    const one = browser();
    await textAt(one);
    const kept = one.jarOf(base).get("skyprep-session") ?? "";
    const statusWith = async (cookie: string) =>
      (await fetch(`${base}/approvals`, { redirect: "manual", headers: { cookie } })).status;

    expect(await statusWith(`skyprep-session=${kept}`)).toBe(200);
    expect(await statusWith(`skyprep-session=${kept.slice(0, -2)}xx`)).toBe(303);
    expect(await statusWith(`skyprep-login=${kept}`)).toBe(303);
    expect(await statusWith(`skyprep-session=${kept}; skyprep-session=${kept}`)).toBe(303);
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
    await expect(logins[0]?.begin(path)).rejects.toThrow("an own path alone");
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

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const claimsOf = (token: unknown): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(token).split(".")[1] ?? "", "base64url").toString());
