import { once } from "node:events";
import { createServer, get, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as aTurn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { requestFrom, sendBack, whileHeard } from "../../src/http/exchange.ts";

function later() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

describe("an exchange", () => {
  let stop = () => {};
  afterEach(() => stop());

  /** What is sent to whoever comes, over a connection as it is. */
  async function serving(answer: (response: ServerResponse) => unknown): Promise<string> {
    const server = createServer((_, response) => void answer(response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    stop = () => {
      server.closeAllConnections();
      server.close();
    };
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  it("hands on what the protocol looks at, and neither token nor cookie", () => {
    const asked = new AbortController();
    const headers = {
      host: "a.example",
      authorization: "Bearer skp_secret",
      cookie: "one=two",
      "x-forwarded-for": "10.0.0.1",
      accept: "application/json",
      "mcp-protocol-version": "2026-07-28",
      "mcp-session-id": "sealed",
    };

    const request = requestFrom({ method: "POST", target: "/mcp/acme", headers }, asked.signal);

    expect(request.url).toBe("http://a.example/mcp/acme");
    expect(request.method).toBe("POST");
    expect(request.signal.aborted).toBe(false);
    asked.abort();
    expect(request.signal.aborted).toBe(true);
    expect(Object.fromEntries(request.headers)).toEqual({
      accept: "application/json",
      "mcp-protocol-version": "2026-07-28",
      "mcp-session-id": "sealed",
    });
  });

  it("sends an answer in one piece, its bytes counted", async () => {
    const url = await serving((response) =>
      sendBack(response, Response.json({ name: "Åsa" }, { status: 403 })),
    );

    const came = await fetch(url);

    expect(came.status).toBe(403);
    expect(came.headers.get("content-length")).toBe(String(Buffer.byteLength('{"name":"Åsa"}')));
    expect(came.headers.get("transfer-encoding")).toBeNull();
    expect(await came.json()).toEqual({ name: "Åsa" });
  });

  it("sends a stream as it comes, to its end", async () => {
    let more: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        more = controller;
      },
    });
    const headers = { "content-type": "text/event-stream" };
    const url = await serving((response) => sendBack(response, new Response(body, { headers })));
    more?.enqueue(new TextEncoder().encode("data: 1\n\n"));
    const reader = (await fetch(url)).body?.getReader();
    const next = async () => new TextDecoder().decode((await reader?.read())?.value);

    const first = await next();
    more?.enqueue(new TextEncoder().encode("data: 2\n\n"));
    more?.close();

    expect([first, await next(), (await reader?.read())?.done]).toEqual(["data: 1\n\n", "data: 2\n\n", true]);
  });

  it("waits for a client that does not read, and ends with one that goes", async () => {
    let made = 0;
    const cancelled = later();
    const aborted = later();
    const full = later();
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        made += 1;
        // Whoever did not wait would come to this end.
        if (made === 50) controller.close();
        else controller.enqueue(new Uint8Array(1024 * 1024));
      },
      cancel: () => cancelled.resolve(),
    });
    const url = await serving((response) => {
      whileHeard(response).addEventListener("abort", () => aborted.resolve());
      // As if the system took nothing more: how much it does take in between is its own affair.
      response.socket?.cork();
      const write = response.write.bind(response) as (chunk: unknown) => boolean;
      response.write = (chunk: unknown) => {
        const goesOn = write(chunk);
        if (!goesOn) full.resolve();
        return goesOn;
      };
      return sendBack(response, new Response(body, { headers: { "content-type": "text/event-stream" } }));
    });
    const asked = get(url).on("error", () => {});

    await full.promise;
    await aTurn();
    // The one that is written, and the one that a stream has ready.
    expect(made).toBeLessThanOrEqual(2);
    asked.destroy();
    await Promise.all([cancelled.promise, aborted.promise]);
  });
});
