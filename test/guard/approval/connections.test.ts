import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { OpenPage } from "../../../src/guard/channels/page/page.ts";
import { answerNow, asker, call, newPages, removal } from "./pages.ts";
import { portOf, speak } from "./sockets.ts";

let pages: ReturnType<typeof newPages>;
afterEach(() => pages.close());

async function ask(world: Parameters<typeof newPages>[0] = {}): Promise<OpenPage> {
  pages = newPages(world);
  return pages.put(removal, asker);
}

describe("the approval page's door", () => {
  it("hangs up on requests that are slow to arrive, and answers others meanwhile", async () => {
    const page = await ask({ patience: 800 });
    const path = new URL(page.url).pathname;
    const { host } = new URL(page.url);
    const half = [
      "",
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n`,
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://${host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nanswer=app`,
    ].map((bytes) => speak(portOf(page.url), bytes));

    const meanwhile = await call(page.url);
    const heard = await Promise.all(half);

    expect(meanwhile.status).toBe(200);
    for (const one of heard) expect(one).not.toContain("Remove");
    expect(await answerNow(page)).toBe("open");
  });

  it("hangs up on requests that drip in byte by byte", async () => {
    const page = await ask({ patience: 800 });
    const { host, pathname } = new URL(page.url);

    const heads = [
      `GET ${pathname} HTTP/1.1\r\nX: `,
      `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://${host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n`,
    ];
    const heard = await Promise.all(heads.map((head) => speak(portOf(page.url), head, { drip: 50 })));

    for (const one of heard) expect(one).not.toContain("Remove");
    expect(await answerNow(page)).toBe("open");
  });

  it("keeps no more than 32 connections", async () => {
    const page = await ask();
    const sockets: Socket[] = [];
    const dropped = new Promise<void>((resolve) => {
      for (let each = 0; each < 40; each++) {
        const socket = connect(portOf(page.url), "127.0.0.1");
        socket.on("error", () => resolve());
        socket.on("close", () => resolve());
        sockets.push(socket);
      }
    });

    await dropped;

    for (const socket of sockets) socket.destroy();
    expect(await answerNow(page)).toBe("open");
  });

  it("survives what is not HTTP", async () => {
    const page = await ask();

    for (const bytes of [
      "\x16\x03\x01\x02\x00\x01\r\n\r\n",
      "GET\r\n\r\n",
      `GET / HTTP/1.1\r\nA: ${"x".repeat(9000)}\r\n\r\n`,
    ]) {
      expect(await speak(portOf(page.url), bytes)).not.toContain("Remove");
    }

    expect((await call(page.url)).status).toBe(200);
  });
});
