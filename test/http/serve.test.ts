import { connect as connectTo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { hello, raw } from "./raw.ts";
import { connectAs, type RunningTeam, team, textOf } from "./team.ts";

/** SkyPrep, as far as it may answer. */
function held() {
  const { send } = createSandbox({ callsPerMinute: Infinity });
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let came = () => {};
  const coming = new Promise<void>((resolve) => {
    came = resolve;
  });
  const holding: Send = async (...request) => {
    came();
    await gate;
    return send(...request);
  };
  return { send: holding, open, coming };
}

/** What comes back on a bare connection, until it is closed. */
const spoken = (port: number, ...parts: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connectTo(port, "127.0.0.1", () => {
      for (const part of parts) socket.write(part);
    });
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    socket.on("close", () => resolve(text));
    socket.on("error", reject);
  });

describe("the HTTP server", () => {
  let running: RunningTeam | undefined;
  afterEach(async () => {
    await running?.end();
    running = undefined;
  });
  const usual = (one: RunningTeam) => ({
    authorization: `Bearer ${one.tokenFor("mia")}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  });

  it("waits for nobody who sends slowly, and serves everybody else meanwhile", async () => {
    running = await team({ over: { limits: { headersMs: 150, requestMs: 300, lookMs: 30 } } });

    const headers = spoken(running.port, "POST /mcp/acme HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
    const body = spoken(
      running.port,
      `POST /mcp/acme HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${running.tokenFor("mia")}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    );

    expect((await raw(running.port, { headers: usual(running) })).status).toBe(200);
    expect(await headers).toMatch(/^HTTP\/1\.1 408 /);
    expect(await body).toMatch(/^HTTP\/1\.1 (408|400) /);
  });

  it("cannot be talked to in anything but HTTP", async () => {
    running = await team();

    expect(await spoken(running.port, "hello\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    expect(
      await spoken(
        running.port,
        "POST /mcp/acme HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
      ),
    ).toMatch(/^HTTP\/1\.1 400 /);
  });

  it("runs so many calls of one person at a time, and tells the next when to come back", async () => {
    const skyprep = held();
    running = await team({ send: () => skyprep.send, over: { limits: { callsPerPerson: 2 } } });
    const client = await connectAs(running, "mia");
    const calls = [101, 102].map((id) => client.callTool({ name: "get_user", arguments: { user_id: id } }));
    await skyprep.coming;
    const busy = async () =>
      (await raw(running?.port ?? 0, { headers: usual(running as RunningTeam) })).status;
    await expect.poll(busy).toBe(429);

    const third = await raw(running.port, { headers: usual(running) });
    skyprep.open();
    const answers = await Promise.all(calls);

    expect(third.headers["retry-after"]).toBe("1");
    expect(third.text).toContain("At most 2 calls");
    expect(answers.map(({ isError }) => isError ?? false)).toEqual([false, false]);
    expect((await raw(running.port, { headers: usual(running) })).status).toBe(200);
    await client.close();
  });

  it("finishes a write that is under way when it is told to stop, answers it, and takes no other", async () => {
    const skyprep = held();
    running = await team({ send: () => skyprep.send });
    const client = await connectAs(running, "mia");
    const writing = client.callTool({ name: "create_user_group", arguments: { name: "Last one" } });
    await skyprep.coming;

    let isOver = false;
    const ending = running.end().then(() => {
      isOver = true;
    });
    expect(running.isOpen()).toBe(false);
    await expect(client.callTool({ name: "get_user", arguments: { user_id: 101 } })).rejects.toThrow();
    expect(isOver).toBe(false);
    skyprep.open();

    expect(textOf(await writing)).toContain("Last one");
    await ending;
    await expect(raw(running.port, { body: JSON.stringify(hello) })).rejects.toThrow(/ECONNREFUSED/);
    expect(running.sent.filter(({ route }) => route === "create_user_group")).toHaveLength(1);
    running = undefined;
    await client.close();
  });

  it("tells who comes on an open connection that it is stopping", async () => {
    const skyprep = held();
    running = await team({ send: () => skyprep.send });
    const client = await connectAs(running, "mia");
    const writing = client.callTool({ name: "create_user_group", arguments: { name: "Last one" } });
    await skyprep.coming;
    const ending = running.end();

    const late = await raw(running.port, { headers: usual(running) }).catch((error: Error) => error);
    skyprep.open();
    await Promise.all([writing, ending]);

    expect(late).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
    running = undefined;
    await client.close();
  });
});
