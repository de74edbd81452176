import { request } from "node:http";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { type Served, serveSandbox } from "../../src/sandbox/server/http.ts";
import { keys, newSandbox } from "./ask.ts";

let served: Served | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

async function serve(options: Parameters<typeof newSandbox>[0] = {}): Promise<string> {
  served = await serveSandbox({ port: 0, send: newSandbox(options).send });
  return `http://127.0.0.1:${served.port}/admin/api`;
}

/** Whether anything answers at an address. */
const answers = (host: string, port: number) =>
  new Promise<boolean>((resolve) => {
    const call = request({ host, port, timeout: 1000 }, () => resolve(true));
    call.on("error", () => resolve(false));
    call.on("timeout", () => call.destroy());
    call.end();
  });

describe("the sandbox over HTTP", () => {
  it.each(["get_user", "get_user/"])("answers POST %s", async (route) => {
    const base = await serve();

    const reply = await fetch(`${base}/${route}`, {
      method: "POST",
      headers: keys,
      body: new URLSearchParams({ user_id: "101" }),
    });

    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toContain("application/json");
    expect(await reply.json()).toMatchObject({ id: 101 });
  });

  it("answers GET, and POST with a query string", async () => {
    const base = await serve();

    const got = await fetch(`${base}/get_user?user_id=101`, { headers: keys });
    const posted = await fetch(`${base}/get_user?user_id=102`, { method: "POST", headers: keys });

    expect(await got.json()).toMatchObject({ id: 101 });
    expect(await posted.json()).toMatchObject({ id: 102 });
  });

  it("says how long to stay away", async () => {
    const base = await serve({ callsPerMinute: 1 });

    await fetch(`${base}/test_connection`, { method: "POST", headers: keys });
    const reply = await fetch(`${base}/test_connection`, { method: "POST", headers: keys });

    expect([reply.status, reply.headers.get("retry-after")]).toEqual([429, "60"]);
  });

  it("refuses other places, other methods and long bodies", async () => {
    const base = await serve();
    const status = async (url: string, init?: RequestInit) => (await fetch(url, init)).status;

    expect(await status(base.replace("/admin/api", "/"))).toBe(404);
    expect(await status(`${base}/no_such_route`, { method: "POST", headers: keys })).toBe(404);
    expect(await status(`${base}/get_user`, { method: "DELETE", headers: keys })).toBe(405);
    expect(
      await status(`${base}/get_user`, { method: "POST", headers: keys, body: "a".repeat(1024 * 1024 + 1) }),
    ).toBe(413);
  });

  it("answers 500, and goes on, when the door fails", async () => {
    served = await serveSandbox({ port: 0, send: () => Promise.reject(new Error("defect")) });

    const reply = await fetch(`http://127.0.0.1:${served.port}/admin/api/get_user`, { method: "POST" });

    expect(reply.status).toBe(500);
  });

  it("listens on this machine's loopback address alone", async () => {
    await serve();
    const port = served?.port ?? 0;
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === "IPv4" && !internal)
      .map(({ address }) => address);

    expect(await answers("127.0.0.1", port)).toBe(true);
    // 127.0.0.2 is this machine too, and reached by a server that listens everywhere.
    for (const address of ["127.0.0.2", ...others]) expect(await answers(address, port)).toBe(false);
  });

  it("rejects when the port is taken", async () => {
    await serve();

    await expect(serveSandbox({ port: served?.port ?? 0, send: newSandbox().send })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });
});
