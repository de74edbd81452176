import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSealing } from "../../src/http/seal.ts";
import { wordsIn } from "../support/words-in.ts";
import { hello, raw } from "./raw.ts";
import { type RunningTeam, team } from "./team.ts";

const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };

describe("a session of the older era", () => {
  let now = Date.now();
  let running: RunningTeam;
  let replica: RunningTeam;
  let stranger: RunningTeam;
  const people = {
    mia: [
      { academy: "acme", scopes: ["write" as const] },
      { academy: "north", scopes: ["write" as const] },
    ],
    rob: [{ academy: "acme", scopes: ["write" as const] }],
  };
  const academies = ["acme", "north"].map((name) => ({ name, sandbox: true }));
  beforeAll(async () => {
    running = await team({ academies, people, over: { now: () => now } });
    const { tokens } = running.world;
    replica = await team({ academies, people, over: { now: () => now, tokens } });
    stranger = await team({
      academies,
      people,
      over: { now: () => now, tokens, sealKey: new Uint8Array(32).fill(1) },
    });
  });
  afterAll(async () => {
    await Promise.all([running.end(), replica.end(), stranger.end()]);
  });

  const ask = (
    body: object,
    { at = running, who = "mia", session = "", path = "/mcp/acme", method = "POST" } = {},
  ) =>
    raw(at.port, {
      path,
      method,
      headers: {
        authorization: `Bearer ${running.tokenFor(who)}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...(session && { "mcp-session-id": session }),
      },
      body: JSON.stringify(body),
    });
  const begin = async () => String((await ask(hello)).headers["mcp-session-id"]);

  it("goes on at any replica, and at none with another key", async () => {
    const session = await begin();

    expect((await ask(list, { session })).status).toBe(200);
    const elsewhere = await ask(list, { session, at: replica });
    expect(elsewhere.status).toBe(200);
    expect(elsewhere.text).toContain('"get_user"');
    expect((await ask(list, { session, at: stranger })).status).toBe(404);
  });

  it("is good for one person in one academy", async () => {
    const session = await begin();

    expect((await ask(list, { session, who: "rob" })).status).toBe(404);
    expect((await ask(list, { session, path: "/mcp/north" })).status).toBe(404);
    expect((await ask(list, { session, path: "/mcp/acme/readonly" })).status).toBe(200);
  });

  it("is worth nothing altered, cut, made up or too old", async () => {
    const session = await begin();
    const middle = Math.floor(session.length / 2);
    const other = session[middle] === "A" ? "B" : "A";
    const altered = `${session.slice(0, middle)}${other}${session.slice(middle + 1)}`;
    const forged = createSealing(new Uint8Array(32).fill(9), "question").seal("{}");
    const notASession = createSealing(new Uint8Array(32).fill(9), "session").seal('{"person":"mia"}');

    for (const one of [altered, session.slice(0, -4), forged, notASession, "x", "A".repeat(6_000)])
      expect((await ask(list, { session: one })).status).toBe(404);
    now += 7 * 86_400_000 + 1;
    expect((await ask(list, { session })).status).toBe(404);
    now = Date.now();
    expect((await ask(list, { session })).status).toBe(200);
  });

  it("is wanted with every request, and shows nothing of what is in it", async () => {
    const session = await begin();

    expect((await ask(list)).status).toBe(400);
    const opened = Buffer.from(session, "base64url").toString();
    expect(opened).not.toContain("acme");
    expect(wordsIn(opened, ["mia", "raw"])).toEqual([]);
    expect((await ask({}, { session, method: "GET" })).status).toBe(405);
    expect((await ask({}, { session, method: "DELETE" })).status).toBe(405);
  });

  it("remembers which revision was agreed on", async () => {
    const started = await ask({ ...hello, params: { ...hello.params, protocolVersion: "2024-11-05" } });
    const session = String(started.headers["mcp-session-id"]);
    const listed = await ask(list, { session });

    expect(started.text).toContain('"protocolVersion":"2024-11-05"');
    // Titles came with a later one.
    expect(listed.text.includes('"title":"Show a person"')).toBe(false);
    const newer = await ask(list, { session: await begin() });
    expect(newer.text.includes('"title":"Show a person"')).toBe(true);
  });
});
