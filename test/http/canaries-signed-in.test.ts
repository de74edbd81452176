import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { World } from "../../src/sandbox/model/world.ts";
import { startFront } from "../kill/team/front.ts";
import { browser, identityProvider, pages, type RunningProvider } from "../support/identity-provider.ts";
import { publicName } from "../support/nginx.ts";
import { type FreshDatabase, freshDatabase, hasPostgres } from "../support/postgres.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { callRaw, type Replicas, startReplicas } from "../team/replicas.ts";

const base = `https://${publicName}`;
const webhookSecret = "a-canary-secret-of-the-webhook";
/** Irreversible, and one that is not. */
const remove = { path: "/mcp/acme", name: "destroy_user", args: { user_id: 110 } };
const leave = {
  path: "/mcp/acme",
  name: "remove_user_from_user_group",
  args: { user_id: 101, user_group_id: 301 },
};

/** Whoever listens for questions that wait; it takes none. */
async function chat() {
  const told: { url: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      told.push({ url: request.url ?? "", headers: request.headers, body });
      response.writeHead(400).end("canary-of-the-chat");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/canary-hook`,
    told,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe.skipIf(!hasPostgres)("of whoever signs in, and of what they are asked", () => {
  let fresh: FreshDatabase;
  let idp: RunningProvider;
  let hook: Awaited<ReturnType<typeof chat>>;
  let running: Replicas;
  const spansFile = join(temporaryFolder("spans"), "spans");
  /** Made while it runs, and nobody else's: states, codes, cookies, tokens for forms. */
  const secrets = new Set<string>();
  /** Pages that say no, and pages of others. */
  const refusals: { readonly of: string; readonly status: number | undefined; readonly text: string }[] = [];
  const others: string[] = [];
  const own: string[] = [];
  let metrics: string;

  /** In a browser of somebody's, to whom the public name leads to the replica. */
  const visitor = () => {
    const one = browser({
      lead: (url) =>
        url.host === publicName ? new URL(`${url.pathname}${url.search}`, running.proxy.base) : url,
    });
    const remember = (url: URL) => {
      for (const name of ["state", "code", "nonce"])
        if (url.searchParams.has(name)) secrets.add(url.searchParams.get(name) ?? "");
      for (const value of one.jarOf(base).values()) secrets.add(value);
      return false;
    };
    return {
      ...one,
      open: async (path: string, stop = (_: URL) => false) => {
        const { url, answer } = await one.open(new URL(path, base), (url) => remember(url) || stop(url));
        remember(url);
        return { url, status: answer?.status, text: (await answer?.text()) ?? "" };
      },
    };
  };
  const refused = async (of: string, answer: Response) =>
    refusals.push({ of, status: answer.status, text: await answer.text() });

  beforeAll(async () => {
    fresh = await freshDatabase();
    hook = await chat();
    idp = await identityProvider({
      accounts: {
        "canary-mia": { groups: ["canary-admins"], email: "canary-mia@example.com" },
        "canary-rob": { groups: ["canary-admins"] },
        "canary-eve": {},
      },
      redirects: [`${base}/login/callback`],
    });
    const write = [{ academy: "acme", scopes: ["write", "approve"] as const }];
    running = await startReplicas({
      databaseUrl: fresh.url,
      people: { "canary-mia": write, "canary-rob": write },
      count: 1,
      identity: {
        issuer: idp.issuer,
        groups: "groups",
        login: { client_id: pages.client_id, client_secret: { env: "PAGES_SECRET" }, scopes: ["groups"] },
      },
      // Also whoever has forms is asked on a page then.
      settings: { confirm: "human", webhook: { url: hook.url, secret: { env: "HOOK_SECRET" } } },
      env: {
        SKYPREP_LOG: "info",
        PAGES_SECRET: pages.client_secret,
        HOOK_SECRET: webhookSecret,
        SPANS_FILE: spansFile,
        NODE_OPTIONS: `--require ${fileURLToPath(new URL("spans.cjs", import.meta.url))}`,
      },
      front: startFront,
    });
    const world = running.academy()?.world as World;
    for (const person of world.people.values()) {
      person.email = `canary-login-${person.id}@example.com`;
      person.first_name = "Canaryname";
      person.last_name = `Canarylast${person.id}`;
    }
    await tokens();
    await asked();
    await lookedAt();
    await strangers();
    await refusedSignIns();
    await running.replicas[0]?.until(/webhook does not take/);
    metrics = await (await fetch((running.replicas[0]?.ready ?? "").replace("readyz", "metrics"))).text();
    await running.close();
  }, 60_000);
  afterAll(async () => {
    await running?.close();
    await idp?.close();
    await hook?.close();
  });

  /** Tokens of the identity provider, good ones and bad ones. */
  async function tokens(): Promise<void> {
    const claims = { aud: `${base}/mcp/acme`, exp: Date.now() / 1_000 + 3_600, sub: "canary-mia" };
    const more = { client_id: "canary-client", jti: "canary-token-id", groups: ["canary-admins"] };
    const knock = (token: string) =>
      fetch(`${running.proxy.base}/mcp/acme`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
      });
    const bad: Record<string, Promise<string>> = {
      "an old token": idp.sign({ ...claims, ...more, exp: 1 }),
      "a token of tomorrow": idp.sign({ ...claims, ...more, iat: Date.now() / 1_000 + 86_400 }),
      "a token for another": idp.sign({ ...claims, ...more, aud: "https://canary.example.com" }),
      "another issuer's token": idp.sign({ ...claims, ...more, iss: "https://canary.example.com" }),
      "a name that is none": idp.sign({ ...claims, ...more, sub: "canary mia" }),
      "a type that is none": idp.sign({ ...claims, ...more }, { typ: "canary+jwt" }),
      "nobody's token": idp.sign({ ...claims, ...more, sub: "canary-nobody" }),
      "a key that nobody knows": idp.sign(
        { ...claims, ...more },
        { key: { ...(await idp.makeKey("ES256")), kid: "canary-key-id" } },
      ),
    };
    const good = await idp.sign({ ...claims, ...more });
    secrets.add(good);
    expect((await knock(good)).status).not.toBe(401);
    for (const [of, made] of Object.entries(bad)) {
      const token = await made;
      secrets.add(token);
      await refused(of, await knock(token));
    }
  }

  let addresses: string[];
  const formIn = (html: string) => /name="token" value="([^"]+)"/.exec(html)?.[1] ?? "";
  const post = async (
    { once }: ReturnType<typeof visitor>,
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ) =>
    once(`${base}${path}`, {
      method: "POST",
      headers: { origin: base, "content-type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams(form).toString(),
    });

  /** Two questions, and their pages before whoever asked: one refused with a reason, one still waiting. */
  async function asked(): Promise<void> {
    for (const call of [remove, leave]) own.push((await callRaw(running, "canary-mia", call)).text);
    addresses = own.map((text) => /\/approvals\/[\w-]+/.exec(text)?.[0] ?? "");
    idp.state.who = "canary-mia";
    const mia = visitor();
    const [first = "", second = ""] = addresses;
    own.push((await mia.open("/approvals")).text);
    const { text } = await mia.open(first);
    own.push(text, (await mia.open(second)).text);
    secrets.add(formIn(text));
    const token = formIn(text);
    own.push(await (await post(mia, first, { token, answer: "approve", phrase: "canary-phrase" })).text());
    await post(mia, first, { token, answer: "refuse", reason: "canary-reason" });
    own.push((await mia.open(first)).text, (await callRaw(running, "canary-mia", remove)).text);
    await refused(
      "a form of somebody else's page",
      await post(mia, second, { token, answer: "approve" }, { origin: "https://canary.example.com" }),
    );
    await refused(
      "a form with another's token",
      await post(mia, second, { token: "canary-csrf", answer: "approve" }),
    );
    await refused("an answer that is none", await post(mia, second, { token, answer: "canary-answer" }));
    await refused(
      "a sign-out of somebody else's",
      await post(mia, "/logout", {}, { origin: "https://canary.example.com" }),
    );
  }

  let page: string;

  /** A page that she had made, of people, and looks at where she is signed in. */
  async function lookedAt(): Promise<void> {
    const args = { show: "overdue", save: "page" };
    const { text } = await callRaw(running, "canary-mia", {
      path: "/mcp/acme",
      name: "training_status",
      args,
    });
    page = /\/pages\/acme\/[\w-]+/.exec(text)?.[0] ?? "";
    secrets.add(page.replace("/pages/acme/", ""));
    idp.state.who = "canary-mia";
    const shown = await visitor().open(page);
    own.push(text, `page: ${shown.status} ${shown.text}`);
  }

  /** Others who sign in: what they are shown of what waits for her, and told where they reach for it. */
  async function strangers(): Promise<void> {
    for (const who of ["canary-rob", "canary-eve"]) {
      idp.state.who = who;
      const one = visitor();
      for (const path of ["/approvals", ...addresses, "/approvals/canary-question", page]) {
        const { text } = await one.open(path);
        others.push(text.replaceAll(`<bdi>${who}</bdi>`, ""));
        const answer = await post(one, path, {
          token: formIn(text),
          answer: "approve",
          phrase: "canary-phrase",
        });
        others.push((await answer.text()).replaceAll(`<bdi>${who}</bdi>`, ""));
      }
    }
  }

  /** Sign-ins that come to nothing, each for a reason of its own. */
  async function refusedSignIns(): Promise<void> {
    const callback = (url: URL) => url.pathname === "/login/callback";
    const stateOf = async (one: ReturnType<typeof visitor>) => {
      const began = await one.open("/approvals", ({ pathname }) => pathname === "/auth");
      return began.url.searchParams.get("state") ?? "";
    };
    const back = async (of: string, one: ReturnType<typeof visitor>, said: Record<string, string>) =>
      refused(of, await one.once(`${base}/login/callback?${new URLSearchParams(said)}`));

    idp.state.who = undefined;
    const denied = visitor();
    const { status, text } = await denied.open("/approvals");
    refusals.push({ of: "a no", status, text });

    await back("no beginning", visitor(), { state: "canary-state", code: "canary-code" });
    const named = visitor();
    const said = { state: await stateOf(named), iss: idp.issuer, error_description: "canary words" };
    await back("an error that names somebody", named, { ...said, error: "canary_mia_of_acme" });
    const made = visitor();
    await back("a code that was made up", made, {
      state: await stateOf(made),
      iss: idp.issuer,
      code: "canary-code",
    });

    idp.state.who = "canary-mia";
    const twice = visitor();
    const { url } = await twice.open("/approvals", callback);
    const cookie = twice.jarOf(base).get("__Host-skyprep-login") ?? "";
    await (await twice.once(url)).text();
    twice.jarOf(base).set("__Host-skyprep-login", cookie);
    await refused("a code that was used", await twice.once(url));

    for (const [of, change] of [
      ["a person who is none", { sub: "canary sub" }],
      ["another's nonce", { nonce: "canary-nonce" }],
    ] as const) {
      idp.state.swaps = async (answer) => ({ ...answer, id_token: await changed(answer.id_token, change) });
      const one = await visitor().open("/approvals");
      refusals.push({ of, status: one.status, text: one.text });
    }
    idp.state.swaps = undefined;
    const forged = visitor();
    forged.jarOf(base).set("__Host-skyprep-session", "canary-cookie");
    const begun = await forged.once(`${base}/approvals`);
    others.push(await begun.text());
  }
  const changed = (token: unknown, change: Record<string, unknown>) => {
    const [, claims = ""] = String(token).split(".");
    const said = JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<string, unknown>;
    return idp.sign({ ...said, ...change }, { typ: "JWT" });
  };

  /** Of what is ours to say: nothing that anybody is called, typed, or was given. */
  function expectNothingIn(text: string): void {
    expect(text.match(/.*canary.*/gi)).toBeNull();
    for (const secret of [...secrets, ...running.secrets, fresh.password]) expect(text).not.toContain(secret);
  }

  it("there was much to tell: pages, codes, cookies, and a sentence for each refusal", () => {
    const all = own.join("\n");

    expect(all).toContain("Canaryname");
    expect(all).toContain("canary-reason");
    expect(/page: 200 .*Canarylast\d+/s.test(all)).toBe(true);
    expect(all).toContain("2 questions wait for you.");
    expect(addresses).toEqual([
      expect.stringMatching(/approvals\/[\w-]{16}$/),
      expect.stringMatching(/approvals/),
    ]);
    // Of each sign-in a state, a nonce, a code and a cookie or two; of each token itself.
    expect([...secrets].filter((one) => one.length >= 20).length).toBeGreaterThan(25);
    expect(refusals.map(({ of, status }) => `${of}: ${status}`)).toMatchInlineSnapshot(`
      [
        "an old token: 401",
        "a token of tomorrow: 401",
        "a token for another: 401",
        "another issuer's token: 401",
        "a name that is none: 401",
        "a type that is none: 401",
        "nobody's token: 404",
        "a key that nobody knows: 401",
        "a form of somebody else's page: 403",
        "a form with another's token: 403",
        "an answer that is none: 400",
        "a sign-out of somebody else's: 403",
        "a no: 403",
        "no beginning: 400",
        "an error that names somebody: 403",
        "a code that was made up: 403",
        "a code that was used: 400",
        "a person who is none: 403",
        "another's nonce: 403",
      ]
    `);
  });

  it("nothing is in the log, which has a line for what an operator can mend", () => {
    const said = running.said();

    expect(said).toMatch(/could not sign in \(OAUTH_AUTHORIZATION_RESPONSE_ERROR/);
    expect(said).toMatch(/webhook does not take what it is told/);
    expectNothingIn(said);
  });

  it("nothing is in a label of what is counted, or in a span", () => {
    const spans = readFileSync(spansFile, "utf8");

    expect(metrics).toMatch(/mcp_server_refusals_total\{status="401"\} [1-9]/);
    // Whoever comes back signed in was not turned away.
    expect(metrics).not.toMatch(/mcp_server_refusals_total\{status="[23]/);
    expectNothingIn(metrics);
    expect(spans).toContain("tools/call destroy_user");
    expectNothingIn(spans);
  });

  it("nothing is in what the webhook is told, its headers included", () => {
    expect(hook.told.length).toBeGreaterThan(1);
    for (const { headers, body } of hook.told) {
      expect(Object.keys(JSON.parse(body))).toEqual(["event", "question", "kind", "waiting"]);
      expectNothingIn(`${JSON.stringify(headers)}\n${body}`);
    }
  });

  it("nothing is on a page that says no, or in the refusal of a token", () => {
    for (const { text } of refusals) expectNothingIn(text.replaceAll("<bdi>canary-mia</bdi>", ""));
  });

  it("nothing is on a page of anybody else's", () => {
    expect(others.filter((text) => text.includes("Nothing waits for you")).length).toBe(2);
    for (const text of others) expectNothingIn(text);
  });
});
