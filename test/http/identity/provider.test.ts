import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type IdentityProviderSettings,
  identityProvider,
  type RunningProvider,
} from "../../support/identity-provider.ts";
import { raw } from "../raw.ts";
import { type RunningTeam, team } from "../team.ts";
import { identityOf } from "./signed-in.ts";

const minute = 60_000;
const list = { jsonrpc: "2.0", id: 1, method: "ping" };

describe("an identity provider that is gone, comes back, or lies", () => {
  let idp: RunningProvider;
  let running: RunningTeam;
  /** Both clocks are the real one until this is added. */
  let later = 0;
  let over: { fetch?: typeof fetch; limits?: { callsPerPerson: number } } = {};

  beforeEach(async () => {
    later = 0;
    over = {};
    idp = await identityProvider({} satisfies IdentityProviderSettings);
  });
  const begin = async () => {
    running = await team({
      people: { mia: [{ academy: "acme", scopes: ["write"] }] },
      over: {
        identity: () => identityOf({ issuer: idp.issuer }),
        now: () => Date.now() + later,
        operate: { host: "127.0.0.1", port: 0 },
        limits: { callsPerPerson: 1_000 },
        ...over,
      },
    });
  };
  afterEach(async () => {
    await running.end();
    await idp.close();
  });

  const signed = (ms = 600 * minute) =>
    idp.sign({ aud: `${running.base}/mcp/acme`, exp: (Date.now() + ms) / 1_000 });
  const ask = (bearer: string) =>
    raw(running.port, {
      headers: {
        authorization: `Bearer ${bearer}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify({
        ...list,
        method: "initialize",
        params: {
          protocolVersion: "2025-06-18",
          capabilities: {},
          clientInfo: { name: "raw", version: "1" },
        },
      }),
    });
  const statusOf = async (bearer: string) => (await ask(bearer)).status;
  const readiness = async () => {
    const answer = await fetch(`http://127.0.0.1:${running.operation?.port}/readyz`);
    return [answer.status, (await answer.text()).trim()];
  };
  const reads = () => idp.asked.filter((path) => path === "/jwks").length;

  it("is asked for nothing before somebody needs it", async () => {
    await begin();
    expect(await statusOf(running.tokenFor("mia"))).toBe(200);
    expect(idp.asked).toEqual([]);
  });

  it("is waited for: tokens of ours count meanwhile, and all others once it is there", async () => {
    await begin();
    const token = await signed();
    idp.state.isGone = true;

    const [refused, ready] = [await ask(token), await readiness()];
    expect(refused.status).toBe(503);
    expect(refused.headers["retry-after"]).toBe("10");
    expect(refused.text).toContain("the identity provider does not answer");
    expect(ready).toEqual([
      503,
      expect.stringMatching(/^the identity provider's keys cannot be read: it cannot be reached/),
    ]);
    expect(await statusOf(running.tokenFor("mia"))).toBe(200);

    idp.state.isGone = false;
    // Not yet tried again.
    expect(await statusOf(token)).toBe(503);
    later = 11_000;
    expect(await statusOf(token)).toBe(200);
    expect(await readiness()).toEqual([200, "ready"]);
    expect(running.said).toEqual([
      expect.stringMatching(/^The identity provider's keys cannot be read: it cannot be reached/),
      "The identity provider answers again.",
    ]);
  });

  it("need not be there for an hour, and then nobody can be verified", async () => {
    await begin();
    const token = await signed();
    expect(await statusOf(token)).toBe(200);
    idp.state.isGone = true;

    for (const minutes of [11, 30, 59]) {
      later = minutes * minute;
      expect(await statusOf(token)).toBe(200);
      expect(await readiness()).toEqual([200, "ready"]);
    }
    later = 60 * minute;
    expect(await statusOf(token)).toBe(503);
    expect((await readiness())[0]).toBe(503);
    idp.state.isGone = false;
    later = 61 * minute;
    expect(await statusOf(token)).toBe(200);
  });

  it("may change its keys under load: what the new one signed counts at once, what the old one signed no longer", async () => {
    await begin();
    const before = await signed();
    expect(await statusOf(before)).toBe(200);
    later = 11_000;
    await idp.rotate();
    const after = await signed();

    const all = await Promise.all(Array.from({ length: 20 }, () => statusOf(after)));
    expect(all).toEqual(all.map(() => 200));
    expect(reads()).toBe(2);
    expect(await statusOf(before)).toBe(401);
  });

  it("is asked for keys that nobody knows at most every ten seconds, whoever sends them", async () => {
    await begin();
    const real = await signed();
    expect(await statusOf(real)).toBe(200);
    const key = await idp.makeKey("ES256");
    const strange = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        idp.sign({ aud: `${running.base}/mcp/acme`, exp: 9e9 }, { key: { ...key, kid: `made-up-${n}` } }),
      ),
    );

    for (const one of strange) expect(await statusOf(one)).toBe(401);
    expect(reads()).toBe(1);
    later = 11_000;
    for (const one of strange) expect(await statusOf(one)).toBe(401);
    expect(reads()).toBe(2);
    expect(await statusOf(real)).toBe(200);
  });

  it("keeps no place for who hung up while it was asked who they are", async () => {
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let reached = () => {};
    const reading = new Promise<void>((resolve) => {
      reached = resolve;
    });
    over = {
      limits: { callsPerPerson: 1 },
      fetch: async (...what) => {
        reached();
        await asked;
        return fetch(...what);
      },
    };
    await begin();
    const token = await signed();
    const socket = connect(running.port, "127.0.0.1");
    socket.write(
      `POST /mcp/acme HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
    );
    await reading;
    socket.destroy();
    await new Promise((resolve) => socket.once("close", resolve));
    // The server has heard of it by now.
    expect(await statusOf(running.tokenFor("mia"))).toBe(200);
    answer();

    await expect.poll(() => statusOf(token)).toBe(200);
    expect(await statusOf(token)).toBe(200);
  });

  it("signs in a way that is allowed, or for nothing", async () => {
    await begin();
    await idp.rotate("ES384");

    expect(await statusOf(await signed())).toBe(401);
    expect(reads()).toBe(0);
  });

  it("does not send who has a key nobody knows to get another token while it is gone", async () => {
    await begin();
    expect(await statusOf(await signed())).toBe(200);
    await idp.rotate();
    const after = await signed();
    idp.state.isGone = true;
    later = 11_000;

    expect(await statusOf(after)).toBe(503);
    idp.state.isGone = false;
    later = 22_000;
    expect(await statusOf(after)).toBe(200);
  });

  it.each([
    [
      "names another issuer",
      { issuer: "https://other.example" },
      "it names another issuer than identity.json",
    ],
    ["names the same with a slash more", "slash", "it names another issuer than identity.json"],
    [
      "has its keys elsewhere, in the open",
      { jwks_uri: "http://other.example/jwks" },
      "its jwks_uri is no https address",
    ],
    ["has its keys in a file", { jwks_uri: "file:///etc/passwd" }, "its jwks_uri is no https address"],
    ["has no keys", { jwks_uri: undefined }, "its metadata names no jwks_uri"],
  ])("is not believed where it %s", async (_, lies, why) => {
    await begin();
    idp.state.lies = lies === "slash" ? { issuer: `${idp.issuer}/` } : (lies as Record<string, unknown>);

    expect(await statusOf(await signed())).toBe(503);
    expect(await readiness()).toEqual([503, `the identity provider's keys cannot be read: ${why}`]);
    expect(running.said).toEqual([`The identity provider's keys cannot be read: ${why}.`]);
  });

  it("is found by the metadata of an authorization server that is no OpenID provider", async () => {
    const asked: string[] = [];
    over = {
      fetch: async (to, init) => {
        const path = String(to);
        asked.push(path.replace(idp.issuer, ""));
        if (path.includes("/.well-known/openid-configuration")) return new Response("", { status: 404 });
        return fetch(path.replace("oauth-authorization-server", "openid-configuration"), init);
      },
    };
    await begin();

    expect(await statusOf(await signed())).toBe(200);
    expect(asked).toEqual([
      "/.well-known/openid-configuration",
      "/.well-known/oauth-authorization-server",
      "/jwks",
    ]);
  });

  it.each<[string, () => Promise<Response>, RegExp]>([
    ["no JSON", async () => new Response("<html>"), /no metadata or no keys/],
    ["an error", async () => new Response("", { status: 500 }), /no metadata or no keys/],
    ["a way elsewhere", async () => Response.redirect("http://127.0.0.1:1/", 302), /no metadata or no keys/],
    ["without an end", async () => new Response("x".repeat(600_000)), /more than 512 KiB/],
    ["never", async () => Promise.reject(new DOMException("", "TimeoutError")), /does not answer in 5 s/],
  ])("is gone where it answers with %s", async (_, fetch, why) => {
    over = { fetch };
    await begin();

    expect(await statusOf(await signed())).toBe(503);
    expect((await readiness())[1]).toMatch(why);
  });
});
