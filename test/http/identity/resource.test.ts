import type { webcrypto } from "node:crypto";
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import { exportSPKI, importJWK, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readGrants } from "../../../src/http/grants.ts";
import type { IdentitySettings } from "../../../src/http/identity/identity.ts";
import {
  browser,
  desktop,
  identityProvider,
  nightly,
  type RunningProvider,
} from "../../support/identity-provider.ts";
import { statelessCall } from "../../support/stateless-call.ts";
import { raw } from "../raw.ts";
import { type RunningTeam, team, textOf } from "../team.ts";
import { agentToken, identityOf, tokenOf } from "./signed-in.ts";

const accounts = {
  mia: { email: "mia@example.com", email_verified: true, groups: ["admins", "staff"] },
  rob: { email: "rob@example.com", email_verified: false, groups: ["staff"] },
  eve: { groups: ["externals", "admins"] },
  ann: {},
};
const grants = {
  people: { "mia@example.com": [{ academy: "acme", scopes: ["write"] }], barred: [] },
  groups: [
    { group: "externals", academies: [{ academy: "acme", scopes: ["read"] }] },
    { group: "admins", academies: [{ academy: "acme", scopes: ["write", "approve"] }] },
    { group: "staff", academies: [{ academy: "acme", scopes: ["read"] }] },
  ],
  clients: { [nightly.client_id]: [{ academy: "acme", scopes: ["write"] }], narrow: [] },
};
const hour = 3_600_000;

describe("an academy's address as a protected resource", () => {
  let idp: RunningProvider;
  let running: RunningTeam;
  let identity: IdentitySettings;
  let clock: number;
  let acme: string;
  const tokens: string[] = [];
  const usual = () => identityOf({ issuer: idp.issuer, groups: "groups" });

  beforeAll(async () => {
    idp = await identityProvider({ accounts });
    identity = usual();
    const read = readGrants(JSON.stringify(grants), "grants.json");
    if ("wrong" in read) throw new Error(read.wrong.join());
    clock = Date.now();
    running = await team({
      academies: [
        { name: "acme", sandbox: true },
        { name: "other", sandbox: true },
      ],
      people: { static: [{ academy: "acme", scopes: ["write"] }] },
      over: {
        identity: () => identity,
        grants: () => read.value,
        now: () => clock,
        limits: { callsPerPerson: 100 },
      },
    });
    acme = `${running.base}/mcp/acme`;
  });
  beforeEach(() => {
    identity = usual();
    clock = Date.now();
    idp.state.isGone = false;
    idp.state.lies = {};
  });
  afterAll(async () => {
    await running.end();
    await idp.close();
  });

  const remembered = (token: string) => {
    tokens.push(token);
    return token;
  };
  const token = async (asked: Partial<Parameters<typeof tokenOf>[1]> = {}) =>
    remembered(await tokenOf(idp, { who: "mia", resource: acme, ...asked }));
  const signed = async (...what: Parameters<RunningProvider["sign"]>) =>
    remembered(
      await idp.sign({ aud: acme, exp: Date.now() / 1_000 + 600, groups: ["admins"], ...what[0] }, what[1]),
    );
  const call = (
    bearer: string,
    { name = "get_user", args = { user_id: 101 } as object, path = "/mcp/acme" } = {},
  ) => raw(running.port, { path, ...statelessCall({ token: bearer, name, args }) });
  const write = { name: "create_user_group", args: { name: "Made with a token" } };
  /** Its status, and that nothing went to SkyPrep where it was turned away. */
  const statusOf = async (bearer: string, asked: Parameters<typeof call>[1] = {}) => {
    const before = running.sent.length;
    const answer = await call(bearer, asked);
    if (answer.status !== 200) expect(running.sent.length).toBe(before);
    return answer.status;
  };

  it("lets a client find its way from a 401 to its first answer by itself", async () => {
    idp.state.who = "mia";
    const client = new Client({ name: "test", version: "1" });
    let verifier = "";
    let kept: unknown;
    let sentTo: URL | undefined;
    const transport = () =>
      new StreamableHTTPClientTransport(new URL(acme), {
        authProvider: {
          redirectUrl: desktop.redirect_uri,
          clientMetadata: { redirect_uris: [desktop.redirect_uri] },
          clientInformation: () => ({ client_id: desktop.client_id, issuer: idp.issuer }),
          tokens: () => kept as never,
          saveTokens: (all) => {
            kept = all;
          },
          redirectToAuthorization: (url) => {
            sentTo = url;
          },
          saveCodeVerifier: (one) => {
            verifier = one;
          },
          codeVerifier: () => verifier,
        },
      });
    const first = transport();
    await expect(client.connect(first)).rejects.toThrow(UnauthorizedError);

    expect(sentTo?.searchParams.get("resource")).toBe(acme);
    expect(sentTo?.searchParams.get("scope")).toBe("skyprep:read skyprep:write");
    const { url } = await browser().open(sentTo ?? "", ({ pathname }) => pathname === "/back");
    await first.finishAuth(url.searchParams);
    const again = new Client({ name: "test", version: "1" });
    await again.connect(transport());
    expect(textOf(await again.callTool({ name: "get_user", arguments: { user_id: 101 } }))).toContain(
      "Avery",
    );
    await again.close();
  });

  it("has a document for each address, whether or not there is such an academy, and for nothing else", async () => {
    const at = async (path: string, method = "GET") =>
      raw(running.port, { path: `/.well-known/oauth-protected-resource${path}`, method });
    const [one, readOnly, nowhere] = await Promise.all([
      at("/mcp/acme"),
      at("/mcp/acme/readonly"),
      at("/mcp/nowhere"),
    ]);

    expect(JSON.parse(one.text)).toEqual({
      resource: acme,
      authorization_servers: [idp.issuer],
      scopes_supported: ["skyprep:read", "skyprep:write"],
      bearer_methods_supported: ["header"],
      resource_name: "SkyPrep: acme",
    });
    expect(JSON.parse(readOnly.text)).toMatchObject({
      resource: `${acme}/readonly`,
      scopes_supported: ["skyprep:read"],
    });
    expect(nowhere.status).toBe(200);
    expect(nowhere.text).toBe(one.text.replaceAll("acme", "nowhere"));
    for (const path of ["", "/", "/mcp", "/mcp/", "/mcp/ACME", "/mcp/acme/", "/mcp/%61cme", "/mcp/../x"])
      expect((await at(path)).status).toBe(404);
    expect((await at("/mcp/acme", "POST")).status).toBe(405);
    expect(
      (
        await raw(running.port, {
          path: "/.well-known/oauth-protected-resource/mcp/acme",
          method: "GET",
          headers: { host: "evil.example" },
        })
      ).status,
    ).toBe(403);
  });

  it("says in the 401 where to go and what to ask for", async () => {
    const challenges = await Promise.all(
      ["/mcp/acme", "/mcp/acme/readonly", "/mcp/nowhere"].map(async (path) => {
        const { status, headers } = await call("", { path });
        return [status, headers["www-authenticate"]];
      }),
    );

    const documents = `${running.base}/.well-known/oauth-protected-resource`;
    const all = 'Bearer scope="skyprep:read skyprep:write"';
    // No error: RFC 6750 has none where no token came.
    expect(challenges).toEqual([
      [401, `${all}, resource_metadata="${documents}/mcp/acme"`],
      [401, `Bearer scope="skyprep:read", resource_metadata="${documents}/mcp/acme/readonly"`],
      [401, `${all}, resource_metadata="${documents}/mcp/nowhere"`],
    ]);
  });

  it("serves a person by their group, an agent as a client, and a token of ours as before", async () => {
    expect(await statusOf(await token(), write)).toBe(200);
    expect(await statusOf(await agentToken(idp, { resource: acme }), write)).toBe(200);
    expect(await statusOf(running.tokenFor("static"))).toBe(404);
    expect(await statusOf(await token({ who: "ann" }))).toBe(404);
  });

  it("takes of the token and of the grant what both hold", async () => {
    const mia = await token({ scope: "skyprep:read" });
    const rob = await token({ who: "rob" });
    const eve = await token({ who: "eve" });

    expect([await statusOf(mia), await statusOf(rob), await statusOf(eve)]).toEqual([200, 200, 200]);
    const short = await call(mia, write);
    expect(short.status).toBe(403);
    expect(short.headers["www-authenticate"]).toMatch(
      /error="insufficient_scope".*scope="skyprep:read skyprep:write", resource_metadata="/,
    );
    // More of a token would not help them: they are not sent to fetch one.
    for (const one of [rob, eve]) {
      const refused = await call(one, write);
      expect(refused.status).toBe(403);
      expect(refused.headers["www-authenticate"]).toBeUndefined();
    }
  });

  it("names all that is needed to a token without a scope, and asks for no more than is granted", async () => {
    const none = await token({ scope: "" });
    const approving = await token({ scope: "skyprep:approve" });
    const eve = await token({ who: "eve", scope: "" });
    const challengeOf = async (bearer: string, asked = {}) => {
      const { status, headers } = await call(bearer, asked);
      return [status, /scope="([^"]*)"/.exec(String(headers["www-authenticate"]))?.[1]];
    };

    expect(await challengeOf(none, write)).toEqual([403, "skyprep:read skyprep:write"]);
    expect(await challengeOf(approving, write)).toEqual([403, "skyprep:write skyprep:approve"]);
    expect(await challengeOf(eve, write)).toEqual([403, "skyprep:read"]);
  });

  it("is good for an address alone: not for another academy, and not for all where it was for reading", async () => {
    const other = await token({ resource: `${running.base}/mcp/other` });
    const readOnly = await token({ resource: `${acme}/readonly` });
    const whole = await token();

    expect(await statusOf(other)).toBe(401);
    expect(await statusOf(readOnly)).toBe(401);
    expect(await statusOf(readOnly, { path: "/mcp/acme/readonly" })).toBe(200);
    expect(await statusOf(whole, { path: "/mcp/acme/readonly" })).toBe(200);
    expect(await statusOf(whole, { path: "/mcp/other" })).toBe(401);
    expect(await statusOf(whole, { path: "/mcp/acme/../acme" })).toBe(401);
  });

  it("takes a token as its provider would sign it", async () => {
    expect(await statusOf(await signed({}), write)).toBe(200);
  });

  it.each<[string, (real: string) => Promise<string>, number?]>([
    ["is too old", () => signed({ exp: clock / 1_000 - 61 })],
    ["is not good yet", () => signed({ nbf: Date.now() / 1_000 + 120 })],
    ["is dated in the future", () => signed({ iat: Date.now() / 1_000 + hour / 1_000 })],
    ["never ends", () => signed({}, { without: "exp" })],
    ["is for nobody in particular", () => signed({}, { without: "aud" })],
    ["is for another server", () => signed({ aud: "https://other.example/mcp/acme" })],
    ["is for an address that begins like ours", () => signed({ aud: `${acme}-two` })],
    ["is of another issuer", () => signed({ iss: "https://other.example" })],
    ["is of an issuer with a slash more", () => signed({ iss: `${idp.issuer}/` })],
    ["is an ID token", () => signed({}, { typ: "JWT" })],
    ["has no type", () => signed({}, { typ: "" })],
    ["has no person", () => signed({}, { without: "sub" })],
    ["has a person that is no name", () => signed({ sub: "mia\nrob" })],
    ["is bound to a key", () => signed({ cnf: { jkt: "x" } })],
    ["is signed with another key", async () => signed({}, { key: await idp.makeKey("ES256") })],
    [
      "is signed with another key under a known name",
      async () => signed({}, { key: { ...(await idp.makeKey("ES256")), kid: String(idp.publicKey().kid) } }),
    ],
    ["is signed in a way that is not allowed", async () => signed({}, { key: await idp.makeKey("ES384") })],
    [
      "is changed",
      async (real) =>
        real.replace(
          /\.[^.]+\./,
          `.${Buffer.from(JSON.stringify({ iss: idp.issuer, sub: "mia", aud: acme, exp: 9e9, scope: "skyprep:write" })).toString("base64url")}.`,
        ),
    ],
    ["is cut", async (real) => real.slice(0, -2)],
    ["is a part of one", async (real) => real.split(".")[1] ?? ""],
    [
      "is signed by nobody",
      async (real) =>
        `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url")}.${real.split(".")[1]}.`,
    ],
    [
      "says that it is signed by nobody",
      async (real) =>
        `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url")}.${real.split(".")[1]}.AAAA`,
    ],
    [
      "is signed with the public key as a secret",
      async () => {
        const key = (await importJWK(idp.publicKey(), "ES256", { extractable: true })) as webcrypto.CryptoKey;
        return new SignJWT({
          iss: idp.issuer,
          sub: "mia",
          aud: acme,
          exp: Date.now() / 1_000 + 600,
          scope: "skyprep:write",
        })
          .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: String(idp.publicKey().kid) })
          .sign(new TextEncoder().encode(await exportSPKI(key)));
      },
    ],
    [
      "brings its key along",
      async () => {
        const own = await idp.makeKey("ES256");
        return new SignJWT({
          iss: idp.issuer,
          sub: "mia",
          aud: acme,
          exp: Date.now() / 1_000 + 600,
          scope: "skyprep:write",
        })
          .setProtectedHeader({
            alg: "ES256",
            typ: "at+jwt",
            jwk: { kty: "EC", crv: "P-256", x: String(own.x), y: String(own.y) },
          })
          .sign(await importJWK(own));
      },
    ],
  ])("turns away a token that %s, and sends nothing", async (_, make) => {
    const before = running.sent.length;
    const answer = await call(remembered(await make(await token())), write);

    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toMatch(/invalid_token/);
    expect(running.sent.length).toBe(before);
  });

  it("allows two clocks a minute, and no more", async () => {
    const until = Date.now() + 600_000;
    const good = await signed({ exp: until / 1_000 });

    clock = until + 50_000;
    expect(await statusOf(good)).toBe(200);
    clock = until + 61_000;
    expect(await statusOf(good)).toBe(401);
    clock = Date.now() - hour;
    expect(await statusOf(await token())).toBe(401);
    expect(running.said.join("\n")).toMatch(/clock.*is off/);
  });

  it("reads the person from the claim that is set, and takes no address that nobody verified", async () => {
    identity = identityOf({ issuer: idp.issuer, person: "email" });
    expect(await statusOf(await token(), write)).toBe(200);
    expect(await statusOf(await token({ who: "rob" }))).toBe(401);
    expect(await statusOf(await token({ who: "ann" }))).toBe(401);
    identity = identityOf({ issuer: idp.issuer, person: "oid" });
    expect(await statusOf(await signed({ oid: "mia@example.com", sub: "x" }), write)).toBe(200);
    expect(await statusOf(await token())).toBe(401);
  });

  it("takes a pairwise subject for somebody else than the public one", async () => {
    identity = identityOf({ issuer: idp.issuer });
    const pairwise = await token({ client: "pairwise" });

    expect(await statusOf(pairwise)).toBe(404);
    const { payload } = {
      payload: JSON.parse(Buffer.from(pairwise.split(".")[1] ?? "", "base64url").toString()),
    };
    expect(payload.sub).not.toBe("mia");
    identity = identityOf({ issuer: idp.issuer, person: "email" });
    expect(await statusOf(pairwise)).toBe(200);
  });

  it("takes other types, other audiences and other words for the client where the file says so", async () => {
    const entra = await signed(
      {
        aud: "api://acme",
        scope: undefined,
        scp: "skyprep:write",
        client_id: undefined,
        azp: "narrow",
        groups: ["admins"],
      },
      { typ: "JWT" },
    );
    const okta = await signed(
      {
        aud: "api://acme",
        scope: undefined,
        scp: ["skyprep:read"],
        client_id: undefined,
        cid: "d",
        groups: ["admins"],
      },
      { typ: "" },
    );
    expect(await statusOf(entra)).toBe(401);
    identity = identityOf({
      issuer: idp.issuer,
      groups: "groups",
      typ: ["JWT", "absent"],
      audiences: { acme: "api://acme" },
    });

    expect(await statusOf(okta)).toBe(200);
    expect(await statusOf(okta, write)).toBe(403);
    // Named as a client, with nothing.
    expect(await statusOf(entra)).toBe(404);
    expect(await statusOf(await signed({ aud: "api://acme" }, { typ: "at+jwt" }))).toBe(401);
    // Its address counts no longer.
    expect(await statusOf(await signed({ groups: ["admins"] }, { typ: "JWT" }))).toBe(401);
  });

  it("has clients ask for scopes by the academy's address where the file says so", async () => {
    identity = identityOf({ issuer: idp.issuer, groups: "groups", scope_names: "address" });
    const path = "/.well-known/oauth-protected-resource/mcp/acme/readonly";
    const { text } = await raw(running.port, { path, method: "GET" });
    const { headers } = await call(await token({ scope: "skyprep:read" }), write);

    expect(JSON.parse(text).scopes_supported).toEqual([`${acme}/skyprep:read`]);
    expect(headers["www-authenticate"]).toContain(`scope="${acme}/skyprep:read ${acme}/skyprep:write"`);
  });

  it("says so to its operator where tokens are signed by nobody, or in a way that is not allowed", async () => {
    const real = await token();
    const unsigned = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url");
    const made = [
      `${unsigned}.${real.split(".")[1]}.`,
      await signed({}, { key: await idp.makeKey("ES384") }),
    ];
    for (const one of made) {
      // A line is said once a minute.
      clock += 2 * 60_000;
      running.said.length = 0;
      const answer = await call(remembered(one), write);

      expect(answer.text).toContain("signed in a way that does not count here");
      expect(running.said.join()).toMatch(/signed in a way that does not count, or not at all: algorithms/);
    }
  });

  it("says nothing of a token, a secret or a name to its operator", () => {
    const said = running.said.join("\n");

    expect(tokens.length).toBeGreaterThan(20);
    for (const one of [...tokens, "canary", "mia", "rob", "eyJ"]) expect(said).not.toContain(one);
  });
});
