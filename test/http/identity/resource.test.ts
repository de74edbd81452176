import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { browser, desktop } from "../../support/identity-provider.ts";
import { wordsIn } from "../../support/words-in.ts";
import { raw } from "../raw.ts";
import { textOf } from "../team.ts";
import { type ProtectedResource, protectedResource, write } from "./resource.ts";
import { agentToken, identityOf } from "./signed-in.ts";

describe("an academy's address as a protected resource", () => {
  let here: ProtectedResource;
  beforeAll(async () => {
    here = await protectedResource();
  });
  beforeEach(() => here.asBefore());
  afterAll(() => here.end());

  it("lets a client find its way from a 401 to its first answer by itself", async () => {
    here.idp.state.who = "mia";
    const client = new Client({ name: "test", version: "1" });
    let verifier = "";
    let kept: unknown;
    let sentTo: URL | undefined;
    const transport = () =>
      new StreamableHTTPClientTransport(new URL(here.acme), {
        authProvider: {
          redirectUrl: desktop.redirect_uri,
          clientMetadata: { redirect_uris: [desktop.redirect_uri] },
          clientInformation: () => ({ client_id: desktop.client_id, issuer: here.idp.issuer }),
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

    expect(sentTo?.searchParams.get("resource")).toBe(here.acme);
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
      raw(here.running.port, { path: `/.well-known/oauth-protected-resource${path}`, method });
    const [one, readOnly, nowhere] = await Promise.all([
      at("/mcp/acme"),
      at("/mcp/acme/readonly"),
      at("/mcp/nowhere"),
    ]);

    expect(JSON.parse(one.text)).toEqual({
      resource: here.acme,
      authorization_servers: [here.idp.issuer],
      scopes_supported: ["skyprep:read", "skyprep:write"],
      bearer_methods_supported: ["header"],
      resource_name: "SkyPrep: acme",
    });
    expect(JSON.parse(readOnly.text)).toMatchObject({
      resource: `${here.acme}/readonly`,
      scopes_supported: ["skyprep:read"],
    });
    expect(nowhere.status).toBe(200);
    expect(nowhere.text).toBe(one.text.replaceAll("acme", "nowhere"));
    for (const path of ["", "/", "/mcp", "/mcp/", "/mcp/ACME", "/mcp/acme/", "/mcp/%61cme", "/mcp/../x"])
      expect((await at(path)).status).toBe(404);
    expect((await at("/mcp/acme", "POST")).status).toBe(405);
    expect(
      (
        await raw(here.running.port, {
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
        const { status, headers } = await here.call("", { path });
        return [status, headers["www-authenticate"]];
      }),
    );

    const documents = `${here.running.base}/.well-known/oauth-protected-resource`;
    const all = 'Bearer scope="skyprep:read skyprep:write"';
    // No error: RFC 6750 has none where no token came.
    expect(challenges).toEqual([
      [401, `${all}, resource_metadata="${documents}/mcp/acme"`],
      [401, `Bearer scope="skyprep:read", resource_metadata="${documents}/mcp/acme/readonly"`],
      [401, `${all}, resource_metadata="${documents}/mcp/nowhere"`],
    ]);
  });

  it("serves a person by their group, an agent as a client, and a token of ours as before", async () => {
    expect(await here.statusOf(await here.token(), write)).toBe(200);
    expect(await here.statusOf(await agentToken(here.idp, { resource: here.acme }), write)).toBe(200);
    expect(await here.statusOf(here.running.tokenFor("static"))).toBe(404);
    expect(await here.statusOf(await here.token({ who: "ann" }))).toBe(404);
  });

  it("takes of the token and of the grant what both hold", async () => {
    const mia = await here.token({ scope: "skyprep:read" });
    const rob = await here.token({ who: "rob" });
    const eve = await here.token({ who: "eve" });

    expect([await here.statusOf(mia), await here.statusOf(rob), await here.statusOf(eve)]).toEqual([
      200, 200, 200,
    ]);
    const short = await here.call(mia, write);
    expect(short.status).toBe(403);
    expect(short.headers["www-authenticate"]).toMatch(
      /error="insufficient_scope".*scope="skyprep:read skyprep:write", resource_metadata="/,
    );
    // More of a token would not help them: they are not sent to fetch one.
    for (const one of [rob, eve]) {
      const refused = await here.call(one, write);
      expect(refused.status).toBe(403);
      expect(refused.headers["www-authenticate"]).toBeUndefined();
    }
  });

  it("names all that is needed to a token without a scope, and asks for no more than is granted", async () => {
    const none = await here.token({ scope: "" });
    const approving = await here.token({ scope: "skyprep:approve" });
    const eve = await here.token({ who: "eve", scope: "" });
    const challengeOf = async (bearer: string, asked = {}) => {
      const { status, headers } = await here.call(bearer, asked);
      return [status, /scope="([^"]*)"/.exec(String(headers["www-authenticate"]))?.[1]];
    };

    expect(await challengeOf(none, write)).toEqual([403, "skyprep:read skyprep:write"]);
    expect(await challengeOf(approving, write)).toEqual([403, "skyprep:write skyprep:approve"]);
    expect(await challengeOf(eve, write)).toEqual([403, "skyprep:read"]);
  });

  it("is good for an address alone: not for another academy, and not for all where it was for reading", async () => {
    const other = await here.token({ resource: `${here.running.base}/mcp/other` });
    const readOnly = await here.token({ resource: `${here.acme}/readonly` });
    const whole = await here.token();

    expect(await here.statusOf(other)).toBe(401);
    expect(await here.statusOf(readOnly)).toBe(401);
    expect(await here.statusOf(readOnly, { path: "/mcp/acme/readonly" })).toBe(200);
    expect(await here.statusOf(whole, { path: "/mcp/acme/readonly" })).toBe(200);
    expect(await here.statusOf(whole, { path: "/mcp/other" })).toBe(401);
    expect(await here.statusOf(whole, { path: "/mcp/acme/../acme" })).toBe(401);
  });

  it("has clients ask for scopes by the academy's address where the file says so", async () => {
    here.identity = identityOf({ issuer: here.idp.issuer, groups: "groups", scope_names: "address" });
    const path = "/.well-known/oauth-protected-resource/mcp/acme/readonly";
    const { text } = await raw(here.running.port, { path, method: "GET" });
    const { headers } = await here.call(await here.token({ scope: "skyprep:read" }), write);

    expect(JSON.parse(text).scopes_supported).toEqual([`${here.acme}/skyprep:read`]);
    expect(headers["www-authenticate"]).toContain(
      `scope="${here.acme}/skyprep:read ${here.acme}/skyprep:write"`,
    );
  });

  it("says nothing of a token, a secret or a name to its operator", () => {
    const said = here.running.said.join("\n");

    expect(here.tokens.length).toBeGreaterThan(10);
    for (const one of [...here.tokens, "canary"]) expect(said).not.toContain(one);
    expect(said).not.toMatch(/(?<![\w-])eyJ/);
    expect(wordsIn(said, ["mia", "rob"])).toEqual([]);
  });
});
