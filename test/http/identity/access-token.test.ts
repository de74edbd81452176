import type { webcrypto } from "node:crypto";
import { exportSPKI, importJWK, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { wordsIn } from "../../support/words-in.ts";
import { type ProtectedResource, protectedResource, write } from "./resource.ts";
import { identityOf } from "./signed-in.ts";

const hour = 3_600_000;

describe("a token that an identity provider may have signed", () => {
  let here: ProtectedResource;
  beforeAll(async () => {
    here = await protectedResource();
  });
  beforeEach(() => here.asBefore());
  afterAll(() => here.end());

  const claims = () => ({
    iss: here.idp.issuer,
    sub: "mia",
    aud: here.acme,
    exp: Date.now() / 1_000 + 600,
    scope: "skyprep:write",
  });

  it("takes a token as its provider would sign it", async () => {
    expect(await here.statusOf(await here.signed({}), write)).toBe(200);
  });

  it.each<[string, (real: string) => Promise<string>, number?]>([
    ["is too old", () => here.signed({ exp: here.clock / 1_000 - 61 })],
    ["is not good yet", () => here.signed({ nbf: Date.now() / 1_000 + 120 })],
    ["is dated in the future", () => here.signed({ iat: Date.now() / 1_000 + hour / 1_000 })],
    ["never ends", () => here.signed({}, { without: "exp" })],
    ["is for nobody in particular", () => here.signed({}, { without: "aud" })],
    ["is for another server", () => here.signed({ aud: "https://other.example/mcp/acme" })],
    ["is for an address that begins like ours", () => here.signed({ aud: `${here.acme}-two` })],
    ["is of another issuer", () => here.signed({ iss: "https://other.example" })],
    ["is of an issuer with a slash more", () => here.signed({ iss: `${here.idp.issuer}/` })],
    ["is an ID token", () => here.signed({}, { typ: "JWT" })],
    ["has no type", () => here.signed({}, { typ: "" })],
    ["has no person", () => here.signed({}, { without: "sub" })],
    ["has a person that is no name", () => here.signed({ sub: "mia\nrob" })],
    ["is bound to a key", () => here.signed({ cnf: { jkt: "x" } })],
    ["is signed with another key", async () => here.signed({}, { key: await here.idp.makeKey("ES256") })],
    [
      "is signed with another key under a known name",
      async () =>
        here.signed(
          {},
          { key: { ...(await here.idp.makeKey("ES256")), kid: String(here.idp.publicKey().kid) } },
        ),
    ],
    [
      "is signed in a way that is not allowed",
      async () => here.signed({}, { key: await here.idp.makeKey("ES384") }),
    ],
    [
      "is changed",
      async (real) =>
        real.replace(
          /\.[^.]+\./,
          `.${Buffer.from(JSON.stringify({ iss: here.idp.issuer, sub: "mia", aud: here.acme, exp: 9e9, scope: "skyprep:write" })).toString("base64url")}.`,
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
        const key = (await importJWK(here.idp.publicKey(), "ES256", {
          extractable: true,
        })) as webcrypto.CryptoKey;
        return new SignJWT(claims())
          .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: String(here.idp.publicKey().kid) })
          .sign(new TextEncoder().encode(await exportSPKI(key)));
      },
    ],
    [
      "brings its key along",
      async () => {
        const own = await here.idp.makeKey("ES256");
        return new SignJWT(claims())
          .setProtectedHeader({
            alg: "ES256",
            typ: "at+jwt",
            jwk: { kty: "EC", crv: "P-256", x: String(own.x), y: String(own.y) },
          })
          .sign(await importJWK(own));
      },
    ],
  ])("turns away a token that %s, and sends nothing", async (_, make) => {
    const before = here.running.sent.length;
    const answer = await here.call(here.remembered(await make(await here.token())), write);

    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toMatch(/invalid_token/);
    expect(here.running.sent.length).toBe(before);
  });

  it("allows two clocks a minute, and no more", async () => {
    const until = Date.now() + 600_000;
    const good = await here.signed({ exp: until / 1_000 });

    here.clock = until + 50_000;
    expect(await here.statusOf(good)).toBe(200);
    here.clock = until + 61_000;
    expect(await here.statusOf(good)).toBe(401);
    here.clock = Date.now() - hour;
    expect(await here.statusOf(await here.token())).toBe(401);
    expect(here.running.said.join("\n")).toMatch(/clock.*is off/);
  });

  it("reads the person from the claim that is set, and takes no address that nobody verified", async () => {
    here.identity = identityOf({ issuer: here.idp.issuer, person: "email" });
    expect(await here.statusOf(await here.token(), write)).toBe(200);
    expect(await here.statusOf(await here.token({ who: "rob" }))).toBe(401);
    expect(await here.statusOf(await here.token({ who: "ann" }))).toBe(401);
    here.identity = identityOf({ issuer: here.idp.issuer, person: "oid" });
    expect(await here.statusOf(await here.signed({ oid: "mia@example.com", sub: "x" }), write)).toBe(200);
    expect(await here.statusOf(await here.token())).toBe(401);
  });

  it("takes a pairwise subject for somebody else than the public one", async () => {
    here.identity = identityOf({ issuer: here.idp.issuer });
    const pairwise = await here.token({ client: "pairwise" });

    expect(await here.statusOf(pairwise)).toBe(404);
    const { payload } = {
      payload: JSON.parse(Buffer.from(pairwise.split(".")[1] ?? "", "base64url").toString()),
    };
    expect(payload.sub).not.toBe("mia");
    here.identity = identityOf({ issuer: here.idp.issuer, person: "email" });
    expect(await here.statusOf(pairwise)).toBe(200);
  });

  it("takes other types, other audiences and other words for the client where the file says so", async () => {
    const entra = await here.signed(
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
    const okta = await here.signed(
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
    expect(await here.statusOf(entra)).toBe(401);
    here.identity = identityOf({
      issuer: here.idp.issuer,
      groups: "groups",
      typ: ["JWT", "absent"],
      audiences: { acme: "api://acme" },
    });

    expect(await here.statusOf(okta)).toBe(200);
    expect(await here.statusOf(okta, write)).toBe(403);
    // Named as a client, with nothing.
    expect(await here.statusOf(entra)).toBe(404);
    expect(await here.statusOf(await here.signed({ aud: "api://acme" }, { typ: "at+jwt" }))).toBe(401);
    // Its address counts no longer.
    expect(await here.statusOf(await here.signed({ groups: ["admins"] }, { typ: "JWT" }))).toBe(401);
  });

  it("says so to its operator where tokens are signed by nobody, or in a way that is not allowed", async () => {
    const real = await here.token();
    const unsigned = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url");
    const made = [
      `${unsigned}.${real.split(".")[1]}.`,
      await here.signed({}, { key: await here.idp.makeKey("ES384") }),
    ];
    for (const one of made) {
      // A line is said once a minute.
      here.clock += 2 * 60_000;
      const before = here.running.said.length;
      const answer = await here.call(here.remembered(one), write);

      expect(answer.text).toContain("signed in a way that does not count here");
      expect(here.running.said.slice(before).join()).toMatch(
        /signed in a way that does not count, or not at all: algorithms/,
      );
    }
  });

  it("says nothing of a token, a secret or a name to its operator", () => {
    const said = here.running.said.join("\n");

    expect(here.tokens.length).toBeGreaterThan(20);
    for (const one of [...here.tokens, "canary"]) expect(said).not.toContain(one);
    expect(said).not.toMatch(/(?<![\w-])eyJ/);
    expect(wordsIn(said, ["mia", "rob"])).toEqual([]);
  });
});
