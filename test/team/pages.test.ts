import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browser, identityProvider, pages, type RunningProvider } from "../support/identity-provider.ts";
import { isLong } from "../support/long.ts";
import { hasNginx, publicName } from "../support/nginx.ts";
import { freshDatabase, hasPostgres } from "../support/postgres.ts";
import { callRaw, type Replicas, startReplicas } from "./replicas.ts";

const count = 3;

describe.skipIf(!isLong || !hasPostgres || !hasNginx)("a page that was kept, behind nginx", () => {
  let idp: RunningProvider;
  let running: Replicas;
  beforeAll(async () => {
    const fresh = await freshDatabase();
    idp = await identityProvider({
      accounts: { alice: {}, bob: {} },
      redirects: [`https://${publicName}/login/callback`],
    });
    const write = [{ academy: "acme", scopes: ["write"] as const }];
    running = await startReplicas({
      databaseUrl: fresh.url,
      people: { alice: write, bob: write },
      count,
      identity: {
        issuer: idp.issuer,
        login: { client_id: pages.client_id, client_secret: { env: "PAGES_SECRET" } },
      },
      env: { PAGES_SECRET: pages.client_secret },
    });
  }, 90_000);
  afterAll(async () => {
    await running?.close();
    await idp?.close();
  });

  const get = (path: string, cookie = "") =>
    running.proxy.fetch(`${running.proxy.base}${path}`, { redirect: "manual", headers: { cookie } });
  const cookiesOf = (answer: Response) =>
    answer.headers
      .getSetCookie()
      .map((one) => one.split(";", 1)[0])
      .filter((one) => !one?.endsWith("="))
      .join("; ");

  /** Signs somebody in who opened that page, each step at whichever replica's turn it is. */
  async function signIn(
    who: string,
    path: string,
  ): Promise<{ readonly cookie: string; readonly to: string }> {
    idp.state.who = who;
    const begun = await get(path);
    const { url } = await browser().open(
      begun.headers.get("location") ?? "",
      ({ pathname }) => pathname === "/login/callback",
    );
    const back = await get(`${url.pathname}${url.search}`, cookiesOf(begun));
    return { cookie: cookiesOf(back), to: back.headers.get("location") ?? "" };
  }

  it("is opened at every replica by whoever had it made at one of them, and by nobody else at any", async () => {
    const { text } = await callRaw(running, "alice", {
      path: "/mcp/acme",
      name: "training_status",
      args: { show: "open", save: "page" },
    });
    const [address = "", path = ""] = /https:\/\/[^/\s]+(\/pages\/acme\/[\w-]+)/.exec(text) ?? [];

    const alice = await signIn("alice", path);
    const bob = await signIn("bob", path);
    const before = running.proxy.taken().length;
    const seen = await Promise.all(Array.from({ length: 2 * count }, () => get(path, alice.cookie)));
    const others = await Promise.all(Array.from({ length: 2 * count }, () => get(path, bob.cookie)));
    const bodies = await Promise.all(seen.map((one) => one.text()));

    expect(address).toBe(`https://${publicName}${path}`);
    expect([alice.to, bob.to]).toEqual([path, path]);
    expect(seen.map(({ status }) => status)).toEqual(seen.map(() => 200));
    expect(seen[0]?.headers.get("content-security-policy")).toMatch(/sandbox allow-scripts$/);
    expect(bodies[0]?.startsWith("<!doctype html>")).toBe(true);
    expect(new Set(bodies).size).toBe(1);
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 404));
    await expect
      .poll(() => new Set(running.proxy.taken().slice(before)).size, { timeout: 5_000, interval: 50 })
      .toBe(count);
  }, 60_000);
});
