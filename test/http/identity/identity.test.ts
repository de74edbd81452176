import { describe, expect, it } from "vitest";
import { type IdentityWorld, readIdentity } from "../../../src/http/identity/identity.ts";

const world: IdentityWorld = {
  env: { PAGES_SECRET: "a-canary-secret" },
  readText: (path) => {
    if (path === "/run/secrets/pages") return "from-a-file\n";
    if (path === "/empty") return " \n";
    throw Object.assign(new Error("no"), { code: "ENOENT" });
  },
};
const issuer = "https://login.example.com";
const read = (said: unknown) => readIdentity(JSON.stringify(said), "identity.json", world);

describe("identity.json", () => {
  it("needs no more than an issuer", () => {
    expect(read({ issuer })).toEqual({
      value: {
        issuer,
        person: "sub",
        groups: undefined,
        algorithms: ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"],
        types: ["at+jwt"],
        audiences: new Map(),
        scopesByAddress: false,
        login: undefined,
      },
    });
  });

  it("has the pages' client with its secret from elsewhere, and asks for the claim it is to read", () => {
    const login = { client_id: "pages", client_secret: { file: "/run/secrets/pages" }, hours: 2 };

    expect(read({ issuer, person: "email", login })).toMatchObject({
      value: {
        login: {
          clientId: "pages",
          clientSecret: "from-a-file",
          scope: "openid email",
          idleMs: 1_800_000,
          longestMs: 7_200_000,
          assumesPkce: false,
        },
      },
    });
  });

  it.each<[object, RegExp]>([
    [{}, /issuer: it is missing/],
    [{ issuer: "http://login.example.com" }, /issuer: write the provider's https address/],
    [{ issuer: "http://127.0.0.1.evil.example" }, /issuer: write the provider's https address/],
    [{ issuer: "https://user:secret-canary@login.example.com" }, /issuer: write/],
    [{ issuer: `${issuer}?tenant=1` }, /issuer: write/],
    [{ issuer: "login.example.com" }, /issuer: write/],
    [{ issuer: `${issuer}/.well-known/openid-configuration` }, /issuer: write the provider's https address/],
    [{ issuer, algorithms: ["none"] }, /algorithms\.0: only signatures that nobody here could make/],
    [{ issuer, algorithms: ["HS256"] }, /algorithms\.0: only signatures/],
    [{ issuer, algorithms: [] }, /algorithms: /],
    [{ issuer, person: "name" }, /person: /],
    [{ issuer, audience: "https://x" }, /there is no setting audience/],
    [
      { issuer, audiences: { acme: "api://x", other: "api://x" } },
      /audiences\.other: another academy has the same/,
    ],
    [{ issuer, audiences: { ACME: "api://x" } }, /audiences\.ACME: /],
    [
      { issuer, typ: ["JWT"], audiences: { acme: "pages" }, login: { client_id: "pages" } },
      /audiences\.acme: it is login\.client_id/,
    ],
    [{ issuer, login: { client_id: "pages", client_secret: "secret-canary" } }, /does not belong here/],
    [
      { issuer, login: { client_id: "pages", client_secret: { env: "NONE" } } },
      /the variable NONE is not set/,
    ],
    [
      { issuer, login: { client_id: "pages", client_secret: { file: "/none" } } },
      /cannot be read \(ENOENT\)/,
    ],
    [{ issuer, login: { client_id: "pages", client_secret: { file: "/empty" } } }, /\/empty is empty/],
    [
      { issuer, login: { client_id: "pages", idle_minutes: 90, hours: 1 } },
      /idle_minutes: it is longer than hours/,
    ],
    [{ issuer, login: { client_id: "pages", hours: 48 } }, /login\.hours: /],
    [{ issuer, login: { client_id: "pages", redirect: "https://evil.example" } }, /no setting redirect/],
  ])("refuses %j in a sentence, and repeats nothing secret", (said, why) => {
    const found = read(said);
    const wrong = "wrong" in found ? found.wrong.join("\n") : "";

    expect(wrong).toMatch(/^identity\.json: /);
    expect(wrong).toMatch(why);
    expect(wrong).not.toMatch(/canary/);
  });
});
