import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wordsIn } from "../support/words-in.ts";
import { hello, raw } from "./raw.ts";
import { type RunningTeam, team } from "./team.ts";

const usual = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};

describe("the door", () => {
  let running: RunningTeam;
  const ask = (given: Parameters<typeof raw>[1] = {}, token = running.tokenFor("mia")) =>
    raw(running.port, {
      ...given,
      headers: { ...usual, ...(token && { authorization: `Bearer ${token}` }), ...given.headers },
    });
  beforeAll(async () => {
    running = await team({
      academies: [
        { name: "acme", sandbox: true },
        { name: "other", sandbox: true },
        { name: "few", sandbox: true, sections: ["users", "user-groups"] },
      ],
      people: {
        mia: [
          { academy: "acme", scopes: ["write"] },
          { academy: "few", scopes: ["write"] },
        ],
        rob: [{ academy: "acme", scopes: ["read"] }],
        ann: [{ academy: "acme", scopes: ["approve"] }],
      },
    });
  });
  afterAll(() => running.end());

  it("lets in who has a token for an academy of theirs", async () => {
    expect((await ask()).status).toBe(200);
  });

  it("asks who sends no token for one, and names no error, as none can be wrong", async () => {
    for (const token of ["", "   "])
      for (const path of ["/mcp/acme", "/mcp/nowhere", "/mcp/acme/readonly", "/mcp/../x"]) {
        const answer = await ask({ path }, token);

        expect(answer.status).toBe(401);
        expect(answer.headers["www-authenticate"]).toBe('Bearer scope="read"');
        expect(answer.text).toContain("A token is needed: Authorization: Bearer skp_…");
      }
  });

  it.each([
    ["another's kind of token", "ghp_0123456789"],
    ["a token nobody made", `skp_${"A".repeat(43)}`],
  ])("turns away %s with 401 and a challenge, wherever it goes", async (_, token) => {
    for (const path of ["/mcp/acme", "/mcp/nowhere", "/mcp/acme/readonly", "/mcp/../x"]) {
      const answer = await ask({ path }, token);

      expect(answer.status).toBe(401);
      expect(answer.headers["www-authenticate"]).toMatch(/^Bearer .*invalid_token.*scope="read"/);
    }
  });

  it("does not take a token from the address", async () => {
    expect((await ask({ path: `/mcp/acme?access_token=${running.tokenFor("mia")}` }, "")).status).toBe(401);
  });

  it.each([
    "/mcp/nowhere",
    "/mcp/other",
    "/mcp/..",
    "/mcp/../mcp/acme",
    "/mcp/acme/../other",
    "/mcp/%61cme",
    "/mcp/acme%2Freadonly",
    "/mcp/acme%2f..%2fother",
    "/mcp/ACME",
    "/mcp/acme/",
    "/mcp/acme//readonly",
    "/mcp/acme/READONLY",
    "/mcp/acme;x",
    "/mcp/acme\\readonly",
    "/mcp/__proto__",
    "/mcp/",
    "/mcp",
  ])("answers %s as an academy that is not there", async (path) => {
    const [answer, nowhere] = await Promise.all([ask({ path }), ask({ path: "/mcp/nowhere" })]);

    expect(answer).toEqual({ ...nowhere, headers: expect.anything() });
    expect(answer.status).toBe(404);
  });

  it.each(["/", "/.well-known/oauth-protected-resource", "/mcpx/acme", "/healthz", "/metrics"])(
    "has nothing at %s",
    async (path) => expect((await ask({ path, method: "GET" }, "")).status).toBe(404),
  );

  it.each([
    "evil.example",
    "127.0.0.1.evil.example",
    "169.254.169.254",
    "localhost@evil.example",
    "evil@localhost",
    "localhost/evil",
    "localhost?evil",
    "[::1",
  ])("does not go by the name %s, token or not", async (host) => {
    expect((await ask({ headers: { host } })).status).toBe(403);
    expect((await ask({ headers: { host } }, "")).status).toBe(403);
  });

  it.each(["https://evil.example", "null", "file://", "http://127.0.0.1.evil.example"])(
    "does not answer a page of %s",
    async (origin) => expect((await ask({ headers: { origin } })).status).toBe(403),
  );

  it("says what a header that narrows may be, and never guesses", async () => {
    const narrowed = await ask({ headers: { "x-mcp-readonly": "maybe" } });
    const strange = await ask({ headers: { "x-mcp-toolsets": "users,everything" } });
    const wider = await ask({ path: "/mcp/few", headers: { "x-mcp-toolsets": "courses" } });

    expect([narrowed.status, strange.status, wider.status]).toEqual([400, 400, 400]);
    expect(wider.text).toContain("there are users, user-groups");
  });

  it("names all that a call needs, where it is not granted", async () => {
    const call = {
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "destroy_user", arguments: {} },
    };
    const answer = await ask({ body: JSON.stringify(call) }, running.tokenFor("rob"));
    const list = await ask(
      { body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }) },
      running.tokenFor("ann"),
    );

    expect([answer.status, list.status]).toEqual([403, 403]);
    expect(answer.headers["www-authenticate"]).toMatch(/insufficient_scope.*scope="write"/);
    expect(list.headers["www-authenticate"]).toMatch(/insufficient_scope.*scope="read"/);
  });

  it("takes 4 MiB of body and refuses one byte more, announced or not", async () => {
    const most = 4 * 1024 * 1024;
    const padded = (bytes: number) => {
      const text = JSON.stringify(hello);
      return `${text}${" ".repeat(bytes - text.length)}`;
    };

    expect((await ask({ body: padded(most) })).status).toBe(200);
    expect((await ask({ body: padded(most + 1) })).status).toBe(413);
    const chunked = await ask({ body: padded(most + 1), headers: { "transfer-encoding": "chunked" } });
    expect(chunked.status).toBe(413);
  });

  it("refuses too many headers, and too long ones", async () => {
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`h${n}`, "1"]));
    const legion = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`h${n}`, "1"]));

    expect((await ask({ headers: many })).status).toBe(431);
    expect((await ask({ headers: legion })).status).toBe(431);
    expect((await ask({ headers: { long: "x".repeat(20_000) } })).status).toBe(431);
  });

  it.each([
    ["no JSON", "{", 400],
    ["nothing", "", 400],
    ["another type", JSON.stringify(hello), 415],
  ])("refuses a body that is %s", async (what, body, status) => {
    const headers = what === "another type" ? { "content-type": "text/plain" } : {};
    expect((await ask({ body, headers })).status).toBe(status);
  });

  it("says no key, token or name of anybody in what it tells its operator", () => {
    const said = running.said.join("\n");

    for (const one of [running.tokenFor("mia"), "skp_"]) expect(said).not.toContain(one);
    expect(wordsIn(said, ["mia", "rob", "ann"])).toEqual([]);
  });
});
