import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { createNetwork, type NetworkOptions } from "../../../src/skyprep/network.ts";
import { isDeeperThan, nestsDeeperThan } from "../../../src/skyprep/response.ts";
import { connect, liveAccount } from "../../support/academy.ts";
import { type Behave, listen } from "../../support/loopback.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function against(behave: Behave, options: Partial<NetworkOptions> = {}) {
  const server = await listen(behave);
  const network = createNetwork({ baseUrl: server.baseUrl, ...options });
  const academy = await connect(network, liveAccount);
  open.push(server.close, network.close, academy.close);
  const ask = () =>
    network({ route: "get_users", headers: {}, body: "" }, new AbortController().signal).then(
      (answer) => answer,
      (error: unknown) => error as Error,
    );
  return { server, academy, ask };
}

const bytes =
  (body: Uint8Array | string, headers: Record<string, string> = {}, status = 200): Behave =>
  (response) =>
    void response.writeHead(status, headers).end(body);
const course = '{"id":203,"name":"Fire safety"}';
const MiB = 1024 * 1024;
/** More than is ever read, in a few bytes. */
const tooMuch = Buffer.alloc(72 * MiB);
const bomb = gzipSync(tooMuch);

describe("a packed answer", () => {
  it.each([
    ["gzip", gzipSync(course)],
    ["x-gzip", gzipSync(course)],
    ["GZIP", gzipSync(course)],
    ["deflate", deflateSync(course)],
    ["br", brotliCompressSync(course)],
    ["identity", Buffer.from(course)],
  ])("%s is unpacked", async (encoding, body) => {
    const { academy } = await against(bytes(body, { "content-encoding": encoding }));

    expect((await academy.call("get_course", { course_id: 203 })).text).toMatch(/Fire safety/);
  });

  it("is asked for", async () => {
    const { server, ask } = await against(bytes(course));

    await ask();

    expect(server.received[0]?.headers["accept-encoding"]).toBe("gzip, deflate, br");
  });

  it.each([
    ["gzip", bomb],
    ["deflate", deflateSync(tooMuch)],
    ["br", brotliCompressSync(tooMuch, { params: { 1: 5 } })],
  ])("of a few bytes that become far too many (%s) is cut off", async (encoding, packed) => {
    const { academy } = await against(bytes(packed, { "content-encoding": encoding }));

    const read = await academy.call("get_courses");
    const write = await academy.call("create_course", { name: "x" });

    expect(packed.length).toBeLessThan(MiB);
    expect(read.text).toMatch(/larger than 64 MiB/);
    expect(write).toMatchObject({ isError: true, structured: { outcome: "unknown" } });
  });

  it("is unpacked no further than it is read", async () => {
    const part = gzipSync(Buffer.alloc(64 * MiB));
    const { ask } = await against(
      bytes(Buffer.concat(Array.from({ length: 32 }, () => part)), { "content-encoding": "gzip" }),
    );
    const before = process.memoryUsage().rss;

    await ask();

    // It would be 2 GiB.
    expect(process.memoryUsage().rss - before).toBeLessThan(700 * MiB);
  });

  it("that arrives without end and unpacks to nothing is cut off", async () => {
    const nothing = gzipSync("", { level: 0 });
    const { ask } = await against(
      bytes(Buffer.concat(Array.from({ length: 10_000 }, () => nothing)), { "content-encoding": "gzip" }),
      { largest: 64 * 1024 },
    );

    expect(await ask()).toMatchObject({ reached: "yes", message: expect.stringMatching(/larger than/) });
  });

  it.each([
    ["is no such thing", "gzip", Buffer.from(course)],
    ["is broken (br)", "br", Buffer.from(course)],
    ["is only half there", "gzip", gzipSync(course).subarray(0, 25)],
    ["is packed in a way we do not know", "zstd", Buffer.from(course)],
    ["is packed twice", "gzip, gzip", gzipSync(gzipSync(course))],
    ["names something else", "constructor", Buffer.from(course)],
  ])("that %s leaves open whether a write went through", async (_, encoding, body) => {
    const { academy } = await against(bytes(body, { "content-encoding": encoding }));

    const reply = await academy.call("create_course", { name: "x" });

    expect(reply).toMatchObject({ isError: true, structured: { outcome: "unknown" } });
    expect(reply.text).toMatch(/could not be unpacked/);
  });

  it.each([
    ["broken", "gzip", Buffer.from("oops")],
    ["unknown", "zstd", Buffer.from("oops")],
    ["a bomb", "gzip", bomb],
  ])("of a refusal leaves the refusal what it is (%s)", async (_, encoding, body) => {
    const { academy } = await against(bytes(body, { "content-encoding": encoding }, 422));

    expect((await academy.call("create_course", { name: "x" })).text).toMatch(/SkyPrep answered 422/);
  });

  it("whose connection is lost in the middle leaves a write unknown", async () => {
    const { academy } = await against((response) => {
      response.writeHead(200, { "content-encoding": "gzip", "content-length": "1000" });
      response.write(gzipSync(course), () => response.socket?.destroy());
    });

    const reply = await academy.call("create_course", { name: "x" });

    expect(reply).toMatchObject({ isError: true, structured: { outcome: "unknown" } });
  });
});

describe("a refusal whose words never come", () => {
  it("is a refusal all the same", async () => {
    const stalls: Behave = (response) => void response.writeHead(422, { "content-length": "50" }).write("no");
    const { academy } = await against(stalls, { betweenBytesMs: 100 });

    expect((await academy.call("create_course", { name: "x" })).text).toMatch(/SkyPrep answered 422: no/);
  });
});

describe("an answer that drips without end", () => {
  const drips: Behave = (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(" "), 10);
    response.on("close", () => clearInterval(timer));
  };

  it("is cut off when its time is over", async () => {
    const { ask } = await against(drips, { wholeMs: 200 });

    expect(await ask()).toMatchObject({ reached: "maybe", message: expect.stringMatching(/did not end/) });
  });

  it("is cut off when the call is cancelled", async () => {
    const server = await listen(drips);
    const network = createNetwork({ baseUrl: server.baseUrl });
    open.push(server.close, network.close);

    const answer = network({ route: "get_users", headers: {}, body: "" }, AbortSignal.timeout(200));

    await expect(answer).rejects.toMatchObject({ name: "TimeoutError" });
  });
});

describe("how long SkyPrep wants to be left alone", () => {
  it.each([
    ["in seconds", "17", 17],
    ["not at all", "0", 0],
    ["in words", "soon", undefined],
    ["in the past", "Wed, 21 Oct 2015 07:28:00 GMT", 0],
    ["below nothing", "-5", undefined],
  ])("is understood %s", async (_, header, seconds) => {
    const { ask } = await against(bytes("", { "retry-after": header }, 429));

    expect((await ask()) as { retryAfter?: number }).toMatchObject({ status: 429 });
    expect(((await ask()) as { retryAfter?: number }).retryAfter).toBe(seconds);
  });

  it("is understood as a date", async () => {
    const { ask } = await against((response) => {
      const date = new Date(Date.now() + 90_000).toUTCString();
      response.writeHead(429, { "retry-after": date }).end();
    });

    const { retryAfter } = (await ask()) as { retryAfter: number };

    expect(retryAfter).toBeGreaterThan(80);
    expect(retryAfter).toBeLessThanOrEqual(90);
  });
});

describe("how many calls a minute an answer lets through", () => {
  it.each([
    [{ "x-ratelimit-limit": "40" }, 40],
    [{ "ratelimit-limit": "60, 60;w=60" }, 60],
    [{ "ratelimit-policy": '"default";q=50;w=60' }, 50],
    // More than the published limit, or of another time than a minute.
    [{ "x-ratelimit-limit": "1000" }, undefined],
    [{ "x-ratelimit-limit": "5" }, undefined],
    [{ "ratelimit-limit": "50, 50;w=3600" }, undefined],
    [{ "ratelimit-policy": "50;w=1" }, undefined],
    [{ "x-ratelimit-limit": "many" }, undefined],
    [{}, undefined],
  ])("%j", async (headers, perMinute) => {
    const { ask } = await against(bytes("{}", headers as Record<string, string>));

    expect(((await ask()) as { perMinute?: number }).perMinute).toBe(perMinute);
  });
});

describe("JSON", () => {
  const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

  it.each([
    ["lists", nested(5_000_000)],
    ["records", `${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}`],
    ["lists that never close", "[".repeat(1_000_000)],
  ])("nested deeper than any record is no answer, and leaves a write unknown (%s)", async (_, body) => {
    const { academy } = await against(bytes(body));

    const read = await academy.call("get_courses");
    const write = await academy.call("create_course", { name: "x" });

    expect(read).toMatchObject({ isError: true, text: expect.stringMatching(/nested deeper/) });
    expect(write).toMatchObject({ isError: true, structured: { outcome: "unknown" } });
  });

  it("nested deep in a refusal leaves it a refusal", async () => {
    const { academy } = await against(bytes(nested(100_000), {}, 422));

    expect((await academy.call("create_course", { name: "x" })).text).toMatch(/SkyPrep answered 422/);
  });

  it.each([
    ["[[[]]]", 3],
    ['{"a":{"b":[1,{"c":2}]}}', 4],
    ['["[[[[[[", "{{{{"]', 1],
    ['["\\"[[[[", "\\\\", [[]]]', 3],
    ['["\\\\\\"[[["]', 1],
    ["[[],[],[],[[]]]", 3],
    ['["[[[[ without an end', 1],
    ["[1,2", 1],
    ["12", 0],
  ])("%s has so many levels", (text, levels) => {
    expect(nestsDeeperThan(levels, text)).toBe(false);
    expect(nestsDeeperThan(levels - 1, text)).toBe(levels > 0);
  });

  it.each([
    ["at most 200 levels, which is an answer", 200, false],
    ["more", 201, true],
  ])("nested %s, is the same whether it is read at once or looked at before", async (_, levels, refused) => {
    const small = `[{"id":1,"x":${nested(levels - 2)}}]`;
    const large = `[{"id":1,"y":"${"y".repeat(1_100_000)}","x":${nested(levels - 2)}}]`;

    for (const body of [small, large]) {
      expect(isDeeperThan(200, JSON.parse(body))).toBe(refused);
      const { academy } = await against(bytes(body));
      expect((await academy.call("get_courses")).isError ?? false).toBe(refused);
    }
  });
});
