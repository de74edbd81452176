import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { noGrants } from "../../src/http/grants.ts";
import { createKeptPages } from "../../src/http/kept-pages.ts";
import { makeToken } from "../../src/http/token.ts";
import { executablePath, launch } from "../guard/approval/browser.ts";
import { browser, identityProvider, nightly, pages } from "../support/identity-provider.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { keepers } from "./approvals.ts";
import { agentToken, identityOf } from "./identity/signed-in.ts";
import { acme, type KeepingPages, keepingPages, pathOf, type SavedPage } from "./kept-pages.ts";
import { browse, fakeLogin } from "./signing-in.ts";

describe.each(keepers)("a page that somebody of a team had made, kept in %s", (keeper) => {
  let fresh: FreshDatabase | undefined;
  let one: KeepingPages;
  let saved: SavedPage;
  beforeAll(async () => {
    if (keeper === "postgres") fresh = await freshDatabase();
    one = await keepingPages({ fresh });
    saved = await one.save("alice");
  });
  afterAll(() => one.end());
  const get = (path: string, who?: string, more: Parameters<typeof browse>[2] = {}) =>
    browse(one.base, path, { who, ...more });

  it("is shown at its address to whoever had it made, as it was made", async () => {
    const client = await one.as("alice");
    const { contents } = await client.readResource({ uri: `${saved.page.uri}?whole=true` });

    const { status, html } = await get(pathOf(saved), "alice");

    expect(saved.page.address).toBe(`${one.base}/pages/acme/${saved.page.id}`);
    expect(saved.text).toContain(`kept for 7 days: ${saved.page.address}`);
    expect(status).toBe(200);
    expect(Buffer.byteLength(html)).toBe(saved.page.bytes);
    expect(html.includes("<h1><bdi>Training by group</bdi></h1>")).toBe(true);
    const [{ mimeType, text } = { mimeType: "", text: "" }] = contents as {
      mimeType: string;
      text: string;
    }[];
    // Not by a comparison that would print both.
    expect([mimeType, text === html]).toEqual(["text/html", true]);
  });

  it("is named by no place on the server, and as HTML", async () => {
    expect(saved.page.file).toBeUndefined();
    expect(saved.whole).not.toContain(one.folder);
    expect(saved.link).toMatchObject({ uri: saved.page.uri, mimeType: "text/html" });
  });

  it("runs nothing that could act as whoever looks at it, is kept by no cache and framed by nobody", async () => {
    const { headers, html } = await get(pathOf(saved), "alice");
    const [, own] = /http-equiv="content-security-policy" content="([^"]*)"/.exec(html) ?? [];

    expect(own).toMatch(/default-src 'none'.*script-src 'sha256-/);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `${own}; frame-ancestors 'none'; sandbox allow-scripts`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "content-disposition": `inline; filename="${saved.page.id}.html"`,
    });
  });

  it("looks to everybody else like one that is not there, whatever the address", async () => {
    const path = pathOf(saved);
    const csv = (
      (await (
        await one.as("alice")
      ).callTool({
        name: "export_report",
        arguments: { report: "all_users" },
      })) as unknown as { structuredContent: { export: { id: string } } }
    ).structuredContent.export.id;

    const missing = await get("/pages/acme/nothing-of-this-name", "bob");
    const others = await Promise.all([
      get(path, "bob"),
      get(path, "eve"),
      get(path.replace("acme", "north"), "alice"),
      get(path.replace("acme", "elsewhere"), "alice"),
      get(`${path.slice(0, -1)}${path.endsWith("a") ? "b" : "a"}`, "alice"),
      get(`${path}/`, "alice"),
      get(`${path}?x=1`, "alice"),
      get(`${path}.html`, "alice"),
      get(path.toUpperCase().replace("/PAGES/", "/pages/"), "alice"),
      get("/pages", "alice"),
      get("/pages/acme", "alice"),
      get("/pages/acme/..%2f..%2fetc%2fpasswd", "alice"),
      get(`/pages/acme/${csv}`, "alice"),
    ]);

    const plain = ({ status, html }: { status: number; html: string }) => [
      status,
      html.replaceAll(/\b(alice|bob|eve)\b/g, "somebody"),
    ];
    expect(missing.status).toBe(404);
    expect(missing.html).toContain("There is no such page for you.");
    for (const other of others) expect(plain(other)).toEqual(plain(missing));
  });

  it("is sent for signing in to whoever is not, and comes back to its very address alone", async () => {
    const path = pathOf(saved);

    const known = await get(path);
    const unknown = await get("/pages/acme/nothing-of-this-name");
    const strange = await Promise.all(
      [`${path}?to=//evil.example`, `${path}/..//evil.example`, "/pages//evil.example", "/pages"].map((at) =>
        get(at),
      ),
    );

    for (const [at, { status, headers, html }] of [
      [path, known],
      ["/pages/acme/nothing-of-this-name", unknown],
    ] as const) {
      expect([status, headers.location, html]).toEqual([302, `https://id.example/?to=${at}`, ""]);
    }
    for (const { status, headers } of strange) expect([status, headers.location]).toEqual([404, undefined]);
  });

  it("is only looked at, under a name of the server's own", async () => {
    const path = pathOf(saved);

    const posted = await get(path, "alice", { method: "POST" });
    const foreign = await get(path, "alice", { headers: { host: "evil.example" } });

    expect([posted.status, posted.headers.allow]).toEqual([405, "GET, HEAD"]);
    expect(foreign.status).toBe(403);
    expect(foreign.html).not.toContain("Training");
  });

  it("is gone with the grant, and back with it", async () => {
    const before = one.granted.get("alice") ?? [];
    const statuses: number[] = [];
    for (const now of [[], [acme("approve")], before.slice(1), [acme("read")], before]) {
      one.granted.set("alice", now);
      statuses.push((await get(pathOf(saved), "alice")).status);
    }

    expect(statuses).toEqual([404, 404, 404, 200, 200]);
  });

  it("is told of in no line of the server's", async () => {
    await get(pathOf(saved), "bob");
    await get(pathOf(saved), "alice");

    expect(one.said.join("\n")).not.toContain(saved.page.id);
  });
});

describe("whose a page is", () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  it("is also said by the policy that it was made under: by another, or none, it is not seen", async () => {
    const policy = join(temporaryFolder("policy"), "rules.json");
    writeFileSync(policy, JSON.stringify({ effects: ["read"] }));
    const one = await keepingPages();
    ends.push(one.end);
    const under = { ...acme("read"), policy };
    one.granted.set("alice", [under]);
    const path = pathOf(await one.save("alice"));
    const status = async () => (await browse(one.base, path, { who: "alice" })).status;

    const kept = await status();
    one.granted.set("alice", [acme("read")]);
    const without = await status();
    one.granted.set("alice", []);
    const nothing = await status();
    const { kept: token } = makeToken({ person: "alice", now: Date.now(), grants: [under] });
    (one.world.tokens() as Map<string, typeof token>).set(token.hash, token);
    const byToken = await status();
    (one.world.tokens() as Map<string, typeof token>).set(token.hash, { ...token, person: "bob" });
    const others = await status();

    expect([kept, without, nothing, byToken, others]).toEqual([200, 404, 404, 200, 404]);
  });

  it("has no address where nobody can sign in: the reply says how it becomes a file", async () => {
    const one = await keepingPages({ over: { login: undefined } });
    ends.push(one.end);

    const { text, page } = await one.save("alice");
    const { status } = await browse(one.base, `/pages/acme/${page.id}`, { who: "alice" });

    expect(page.address).toBeUndefined();
    expect(text).toContain(
      `as a resource: ${page.uri}. To look at it, save what resources/read of ${page.uri}?whole=true gives as ${page.id}.html`,
    );
    expect(text).not.toContain("/pages/");
    expect(status).toBe(404);
  });

  it("is asked for by so many of one person's requests at a time, and what goes wrong is told without its name", async () => {
    const said: string[] = [];
    let goOn = () => {};
    const waiting = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const shown = createKeptPages({
      login: fakeLogin,
      renewed: () => undefined,
      hosts: ["127.0.0.1"],
      replica: "here",
      say: (line) => said.push(line),
      academies: () => new Map([["acme", {} as never]]),
      grantsOf: () => [acme("read")],
      offers: {
        policyOf: () => undefined,
        exportsOf: () => [
          {
            list: async () => [],
            read: async (id) => {
              await waiting;
              throw new TypeError(id);
            },
          },
        ],
      },
    });
    const get = (who: string) =>
      shown({
        method: "GET",
        target: "/pages/acme/training-by-group-1",
        headers: { host: "127.0.0.1", cookie: `who=${who}` },
        body: async () => "",
      });

    const first = Array.from({ length: 4 }, () => get("alice"));
    const fifth = await get("alice");
    const bobs = get("bob");
    goOn();
    const all = await Promise.all([...first, bobs]);

    expect(fifth?.status).toBe(429);
    expect(all.map((one) => one?.status)).toEqual([503, 503, 503, 503, 503]);
    expect((await get("alice"))?.status).toBe(503);
    expect(new Set(said)).toEqual(new Set(["a kept page could not be shown (TypeError)"]));
  });
});

it("is opened behind a real identity provider: signed out, to the login, and back to the page", async () => {
  const idp = await identityProvider({ accounts: { alice: {}, bob: {} }, host: "localhost" });
  const identity = identityOf({
    issuer: idp.issuer,
    login: { client_id: pages.client_id, client_secret: { env: "PAGES_SECRET" } },
  });
  const clients = new Map([[nightly.client_id, [acme("write")]]]);
  const granted = new Map(["alice", "bob"].map((who) => [who, [acme("write")]]));
  const one = await keepingPages({
    over: {
      login: undefined,
      identity: () => identity,
      fetch,
      grants: () => ({ ...noGrants, people: granted, clients }),
    },
  });
  idp.state.redirects = [`${one.base}/login/callback`];
  idp.remake();
  try {
    const saved = await one.save("alice");
    const address = saved.page.address ?? "";
    const agents = await one.save("agent", {
      bearer: await agentToken(idp, { resource: `${one.base}/mcp/acme` }),
    });

    idp.state.who = "alice";
    const alice = browser();
    const own = await alice.open(address);
    const again = await alice.once(address);
    idp.state.who = "bob";
    const bobs = await browser().open(address);

    expect(address).toBe(`${one.base}/pages/acme/${saved.page.id}`);
    expect([own.url.href, own.answer?.status, again.status]).toEqual([address, 200, 200]);
    expect([bobs.url.href, bobs.answer?.status]).toEqual([address, 404]);
    // It acts for nobody: nobody could sign in as it.
    expect(agents.page.address).toBeUndefined();
    expect(agents.text).toContain("?whole=true");
    if (executablePath === undefined) return;

    idp.state.who = "alice";
    const chromium = await launch();
    try {
      const tab = await chromium.newPage();
      const wrong: string[] = [];
      tab.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
      tab.on("pageerror", (error) => wrong.push(String(error)));
      await tab.goto(address);
      expect([tab.url(), await tab.locator("h1").textContent()]).toEqual([address, "Training by group"]);

      await tab.getByLabel("Search").fill("Sales");
      const rows = await tab.locator("tbody tr:visible").count();
      const reached = await tab.evaluate(`(async () => {
        const said = [self.origin];
        try { said.push(document.cookie); } catch (error) { said.push(error.name); }
        try { await fetch("/approvals"); said.push("fetched"); } catch (error) { said.push(error.name); }
        return said;
      })()`);

      expect(rows).toBe(1);
      expect(reached).toEqual(["null", "SecurityError", "TypeError"]);
      // What was tried by hand above, and nothing of the page's own.
      expect(wrong.filter((line) => !line.includes("/approvals"))).toEqual([]);
    } finally {
      await chromium.close();
    }
  } finally {
    await one.end();
    await idp.close();
  }
}, 60_000);
