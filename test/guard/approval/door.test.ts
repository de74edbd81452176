import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import type { OpenPage } from "../../../src/guard/channels/page/page.ts";
import { style } from "../../../src/guard/channels/page/style.ts";
import { answerNow, asker, call, formHeaders, newPages, removal, submit, tokenOf } from "./pages.ts";
import { portOf, reaches, speak } from "./sockets.ts";

let pages: ReturnType<typeof newPages>;
afterEach(() => pages.close());

async function ask(world: Parameters<typeof newPages>[0] = {}): Promise<OpenPage> {
  pages = newPages(world);
  return pages.put(removal, asker);
}

const yes = { answer: "approve" };

describe("the approval page's door", () => {
  it("opens for the page's own form", async () => {
    const page = await ask();

    const reply = await submit(page.url, yes);

    expect([reply.status, reply.headers.location]).toEqual([303, new URL(page.url).pathname]);
    expect(await page.answer).toEqual({ said: "yes" });
  });

  it("has an address of 32 random bytes on 127.0.0.1, new for every question", async () => {
    const page = await ask();
    const other = await pages.put(removal, asker);

    expect(page.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}$/);
    expect(other.url).not.toBe(page.url);
    expect(pages.opened).toEqual([page.url, other.url]);
  });

  it("listens on this computer's loopback address alone", async () => {
    const { url } = await ask();
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === "IPv4" && !internal)
      .map(({ address }) => address);

    expect(await reaches("127.0.0.1", portOf(url))).toBe(true);
    // 127.0.0.2 is this computer too, and reached by a server that listens everywhere.
    for (const address of ["127.0.0.2", ...others]) expect(await reaches(address, portOf(url))).toBe(false);
  });

  it.each(["", "favicon.ico", "index.html", "A".repeat(43), "../", "%2e%2e/"])(
    "says nothing at /%s",
    async (path) => {
      const { url } = await ask();

      for (const method of ["GET", "HEAD", "POST", "PUT", "OPTIONS"]) {
        const reply = await call(`${new URL(url).origin}/${path}`, { method, headers: formHeaders(url) });

        expect([reply.status, reply.body]).toEqual([404, ""]);
      }
    },
  );

  it.each(["?x=1", "/", "%20", "x"])(
    "knows its address only letter for letter, not with %s",
    async (more) => {
      const { url } = await ask();

      expect((await call(url + more)).status).toBe(404);
    },
  );

  it.each(["localhost", "evil.example", "127.0.0.1", "127.0.0.1.evil.example", "[::1]"])(
    "turns away the Host %s, and says nothing",
    async (name) => {
      const page = await ask();
      const { port } = new URL(page.url);
      const token = tokenOf((await call(page.url)).body);

      for (const host of name === "127.0.0.1" ? [name, `${name}:1`] : [name, `${name}:${port}`]) {
        const shown = await call(page.url, { headers: { host } });
        const sent = await submit(page.url, yes, { token, headers: { host, origin: `http://${host}` } });

        expect([shown.status, shown.body, sent.status, sent.body]).toEqual([404, "", 404, ""]);
      }
      expect(await answerNow(page)).toBe("open");
    },
  );

  it("turns away a request without a Host", async () => {
    const page = await ask();

    const heard = await speak(portOf(page.url), `GET ${new URL(page.url).pathname} HTTP/1.0\r\n\r\n`);

    expect(heard).toMatch(/^HTTP\/1\.1 404 /);
    expect(heard).not.toContain("Remove");
  });

  it.each([
    ["no Origin", { origin: undefined }],
    ["Origin null", { origin: "null" }],
    ["a foreign Origin", { origin: "https://evil.example" }],
    ["another port's Origin", { origin: "http://127.0.0.1:1" }],
    ["an Origin by another name", { origin: "http://localhost" }],
    ["a cross-site fetch", { "sec-fetch-site": "cross-site" }],
    ["a same-site fetch (another port)", { "sec-fetch-site": "same-site" }],
    ["a fetch from nowhere", { "sec-fetch-site": "none" }],
  ])("counts no form with %s", async (_what, headers) => {
    const page = await ask();

    const reply = await submit(page.url, yes, { headers });

    expect(reply.status).toBe(403);
    expect(reply.body).toContain("That was not counted.");
    expect(await answerNow(page)).toBe("open");
  });

  it("counts a form from a browser that sends no Sec-Fetch-Site", async () => {
    const page = await ask();

    await submit(page.url, yes, { headers: { "sec-fetch-site": undefined } });

    expect(await page.answer).toEqual({ said: "yes" });
  });

  it.each(["text/plain", "application/json", "multipart/form-data; boundary=x", undefined])(
    "counts no form of the type %s",
    async (type) => {
      const page = await ask();

      const reply = await submit(page.url, yes, { headers: { "content-type": type } });

      expect(reply.status).toBe(415);
      expect(await answerNow(page)).toBe("open");
    },
  );

  it.each(["application/x-www-form-urlencoded; charset=UTF-8", "Application/X-WWW-Form-URLencoded"])(
    "counts a form of the type %s",
    async (type) => {
      const page = await ask();

      await submit(page.url, yes, { headers: { "content-type": type } });

      expect(await page.answer).toEqual({ said: "yes" });
    },
  );

  it("counts no form over 8 KiB, however it says its size", async () => {
    const page = await ask();

    const said = await submit(page.url, { ...yes, more: "x".repeat(8192) });
    const unsaid = await submit(
      page.url,
      { ...yes, more: "x".repeat(100_000) },
      { headers: { "transfer-encoding": "chunked" } },
    );

    expect([said.status, unsaid.status]).toEqual([413, 413]);
    expect(await answerNow(page)).toBe("open");
  });

  it("counts no form without the page's own token", async () => {
    const page = await ask();
    const other = await pages.put(removal, asker);
    const foreign = tokenOf((await call(other.url)).body);

    const replies = [];
    for (const token of ["x", foreign]) replies.push(await submit(page.url, yes, { token }));
    replies.push(
      await call(page.url, { method: "POST", headers: formHeaders(page.url), body: "answer=approve" }),
    );

    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(await answerNow(page)).toBe("open");
    expect(await answerNow(other)).toBe("open");
  });

  it.each([
    "",
    "answer=",
    "answer=yes",
    "answer=approve&answer=refuse",
    "answer=approve&answer=approve",
    "answer=approve&phrase=delete+202&phrase=no",
    "answer=approve&pin=1&pin=2",
    "answer=approve&answer[]=approve&answer=refuse",
    "answer=APPROVE",
    "answer=approve+",
  ])("counts no form that says %j", async (body) => {
    const page = await ask();
    const token = tokenOf((await call(page.url)).body);

    const reply = await call(page.url, {
      method: "POST",
      headers: formHeaders(page.url),
      body: `token=${token}&${body}`,
    });

    expect(reply.status).toBe(400);
    expect(await answerNow(page)).toBe("open");
  });

  it.each(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])("knows no %s", async (method) => {
    const page = await ask();

    const reply = await call(page.url, { method, headers: formHeaders(page.url) });

    expect([reply.status, reply.headers.allow, reply.body]).toEqual([405, "GET, HEAD, POST", ""]);
    expect(await answerNow(page)).toBe("open");
  });

  it("answers nothing and burns nothing when it is merely fetched", async () => {
    const page = await ask({ pin: "2580" });

    for (let times = 0; times < 20; times++) {
      await call(page.url);
      const head = await call(page.url, { method: "HEAD" });
      expect([head.status, head.body]).toEqual([200, ""]);
      await call(`${page.url}?answer=approve&pin=1`);
    }

    expect(await answerNow(page)).toBe("open");
    expect((await call(page.url)).body).not.toContain('role="alert"');
    await submit(page.url, { ...yes, pin: "2580" });
    expect(await page.answer).toEqual({ said: "yes" });
  });

  it("sends the headers that keep it out of frames, caches and other sites, with every answer", async () => {
    const page = await ask();
    const { origin } = new URL(page.url);

    const replies = [
      await call(page.url),
      await call(page.url, { method: "HEAD" }),
      await call(`${origin}/other`),
      await submit(page.url, yes, { token: "x" }),
      await submit(page.url, { answer: "refuse" }),
      await call(page.url),
    ];

    for (const { headers } of replies) {
      expect(headers).toMatchObject({
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(String(headers["content-security-policy"]).split("; ")).toEqual([
        "default-src 'none'",
        expect.stringMatching(/^style-src 'sha256-[\w+/]{43}='$/),
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ]);
      expect(headers).not.toHaveProperty("server");
      expect(headers).not.toHaveProperty("x-powered-by");
      expect(headers).not.toHaveProperty("access-control-allow-origin");
    }
  });

  it("is one page without scripts, pictures or links, and nothing from elsewhere", async () => {
    const { url } = await ask();

    const { body, headers } = await call(url);

    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(body).toContain(`<style>${style}</style>`);
    expect(body).not.toMatch(/<(script|img|link|iframe|object|a|base)\b|\son\w+=|https?:|url\(|@import/i);
  });

  it("takes its address and token from the bytes it is handed", async () => {
    const sizes: number[] = [];
    const page = await ask({
      random: (bytes) => {
        sizes.push(bytes);
        return randomBytes(bytes);
      },
    });

    expect(sizes).toEqual([32, 32]);
    expect(new URL(page.url).pathname.slice(1)).not.toBe(tokenOf((await call(page.url)).body));
  });
});

describe("where nothing can be served", () => {
  it("answers `failed`, and nothing is opened", async () => {
    pages = newPages();
    // As where the process may open no more files: the next listen is refused.
    const original = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(createServer()), "listen");
    const prototype = Object.getPrototypeOf(createServer()) as { listen: unknown };
    prototype.listen = function refuse(this: { emit: (name: string, error: Error) => void }) {
      queueMicrotask(() => this.emit("error", new Error("EACCES")));
      return this;
    };
    try {
      const page = await pages.put(removal, asker);

      expect([page.url, page.opened, await page.answer]).toEqual(["", false, { said: "failed" }]);
      expect(pages.opened).toEqual([]);
    } finally {
      if (original) Object.defineProperty(prototype, "listen", original);
    }

    const next = await pages.put(removal, asker);
    expect(next.opened).toBe(true);
  });

  it("answers `failed` once it is closed", async () => {
    pages = newPages();
    await pages.close();

    expect(await (await pages.put(removal, asker)).answer).toEqual({ said: "failed" });
  });
});
