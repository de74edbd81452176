import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { browser } from "../support/identity-provider.ts";
import { wordsIn } from "../support/words-in.ts";
import { type PagesBehindLogin, pagesBehindLogin } from "./login.ts";

describe("what an identity provider says of itself, and of who signed in", () => {
  let here: PagesBehindLogin;
  beforeEach(async () => {
    here = await pagesBehindLogin();
  });
  afterEach(() => here.end());

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
    here.idp.state.lies = lies;
    const { status, headers } = await browser().once(`${here.base}/approvals`);

    expect([status, headers.get("location")]).toEqual([503, null]);
    expect(here.said.join("\n")).toMatch(why);
  });

  it("tells nobody to try again with a provider that answers, and lies", async () => {
    here.idp.state.lies = { issuer: "https://other.example" };
    const { text } = await here.textAt(browser());

    expect(text).toContain("Whoever runs this server has been told why.");
    expect(text).not.toContain("Try again");
  });

  it("goes on with one that does PKCE and does not say so, where the file says that it does", async () => {
    here.idp.state.lies = { code_challenge_methods_supported: undefined };
    here.file = { login: { pkce: "unadvertised" } };

    expect(JSON.parse((await here.textAt(browser())).text).person).toBe("mia");
  });

  it.each<[string, (claims: Record<string, unknown>) => Record<string, unknown>, object?]>([
    ["another nonce", (claims) => ({ ...claims, nonce: "x" })],
    ["no nonce", ({ nonce: _, ...claims }) => claims],
    ["another client", (claims) => ({ ...claims, aud: "desktop" })],
    ["another issuer", (claims) => ({ ...claims, iss: "https://other.example" })],
    ["an end an hour ago", (claims) => ({ ...claims, exp: Date.now() / 1_000 - 3_600 })],
    ["a beginning in an hour", (claims) => ({ ...claims, nbf: Date.now() / 1_000 + 3_600 })],
  ])("signs nobody in by an ID token with %s", async (_, change) => {
    here.idp.state.swaps = async (answer) => ({
      ...answer,
      id_token: await here.idp.sign(change(claimsOf(answer.id_token)), { typ: "JWT" }),
    });
    const { status } = await here.textAt(browser());

    expect(status).toBe(403);
  });

  it("signs nobody in whose provider's clock is an hour ahead, and says so to whoever runs the server", async () => {
    here.idp.state.swaps = async (answer) => ({
      ...answer,
      id_token: await here.idp.sign(
        { ...claimsOf(answer.id_token), iat: Date.now() / 1_000 + 3_600 },
        { typ: "JWT" },
      ),
    });
    const { status } = await here.textAt(browser());

    expect(status).toBe(403);
    expect(here.said.join("\n")).toMatch(/clock, or the identity provider's, is off/);
  });

  it("signs nobody in by an ID token that another key signed, or nobody did, or that is not there", async () => {
    const stranger = { ...(await here.idp.makeKey("ES256")), kid: String(here.idp.publicKey().kid) };
    const swaps: ((token: unknown) => Promise<string | undefined>)[] = [
      (token) => here.idp.sign(claimsOf(token), { typ: "JWT", key: stranger }),
      async (token) => `${encoded({ alg: "none" })}.${encoded(claimsOf(token))}.`,
      async () => undefined,
    ];
    for (const swap of swaps) {
      here.idp.state.swaps = async (answer) => ({ ...answer, id_token: await swap(answer.id_token) });
      expect((await here.textAt(browser())).status).toBe(403);
    }
    here.idp.state.swaps = async (answer) => ({
      ...answer,
      id_token: await here.idp.sign(claimsOf(answer.id_token), { typ: "JWT" }),
    });
    expect((await here.textAt(browser())).status).toBe(200);
  });

  it.each<[string, (claims: Record<string, unknown>) => Promise<Record<string, unknown>>, RegExp]>([
    [
      "an hour behind",
      async (claims) => ({
        id_token: await here.idp.sign(
          { ...claims, iat: Date.now() / 1_000 - 7_200, exp: Date.now() / 1_000 - 3_600 },
          { typ: "JWT" },
        ),
      }),
      /clock, or the identity provider's, is off/,
    ],
    [
      "signed with another key",
      async (claims) => ({
        id_token: await here.idp.sign(claims, { typ: "JWT", key: await here.idp.makeKey("ES256") }),
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
      here.idp.state.swaps = async (answer) => ({ ...answer, ...(await lie(claimsOf(answer.id_token))) });

      expect((await here.textAt(browser())).status).toBe(403);
      expect(here.said.join("\n")).toMatch(why);
      expect(here.said.join("\n")).not.toMatch(/(?<![\w-])eyJ/);
      expect(wordsIn(here.said.join("\n"), ["mia"])).toEqual([]);
    },
  );

  it("signs nobody in by a signature that identity.json does not allow, its provider's own or not", async () => {
    await here.idp.rotate("ES384");
    expect((await here.textAt(browser())).status).toBe(403);
    here.file = { algorithms: ["ES384"] };
    expect((await here.textAt(browser())).status).toBe(200);
  });
});

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const claimsOf = (token: unknown): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(token).split(".")[1] ?? "", "base64url").toString());
