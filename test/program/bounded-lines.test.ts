import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { boundedLines } from "../../src/mcp/bounded-lines.ts";

async function through(chunks: string[], longest: number) {
  const dropped: number[] = [];
  const kept = await text(
    Readable.from(chunks.map((chunk) => Buffer.from(chunk))).pipe(
      boundedLines(longest, (n) => dropped.push(n)),
    ),
  );
  return { kept, dropped };
}

describe("lines", () => {
  it("pass whole, however they were cut into chunks", async () => {
    expect(await through(["ab", "c\nd", "\n", "\nef\n"], 10)).toEqual({
      kept: "abc\nd\n\nef\n",
      dropped: [],
    });
  });

  it("are dropped when too long, and the next ones pass", async () => {
    expect(await through(["x".repeat(8), "x".repeat(8), "\nok\n"], 10)).toEqual({
      kept: "ok\n",
      dropped: [17],
    });
  });

  it("of exactly the longest length pass", async () => {
    expect(await through(["123456789\n", "1234567890\n"], 10)).toEqual({
      kept: "123456789\n",
      dropped: [11],
    });
  });

  it("lose the byte order mark of a launcher, and only before the first", async () => {
    expect(await through(["\ufeff{}\r\n", "\ufeff{}\n"], 20)).toEqual({
      kept: "{}\r\n\ufeff{}\n",
      dropped: [],
    });
  });

  it("with null for arguments have none; null elsewhere stays", async () => {
    const call = { id: 1, method: "tools/call", params: { name: "x", arguments: null, _meta: null } };
    const inside = { id: 2, params: { name: "x", arguments: { arguments: null } } };

    const { kept } = await through(
      [`${JSON.stringify(call)}\n${JSON.stringify(inside)}\nno json "arguments": null\n`],
      200,
    );

    const [first = "", second = "", third] = kept.split("\n");
    expect(JSON.parse(first)).toEqual({ ...call, params: { name: "x", _meta: null } });
    expect(JSON.parse(second)).toEqual(inside);
    expect(third).toBe('no json "arguments": null');
  });

  it.each([
    ['{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"x":"XXX"}}', 7],
    ['{ "id" : "a-1", "params": {"x":"XXX"}}', "a-1"],
    ['{"params":{"x":"XXX","id":3},"jsonrpc":"2.0","id":8}', 8],
    ['{"params":{"x":"XXX","id":3}}', undefined],
    ['{"method":"m","params":{"id":4,"x":"XXX"}}', undefined],
  ])("too long say whose they were where that is sure: %s", async (message, id) => {
    const ids: unknown[] = [];
    const line = `${message.replace("XXX", "x".repeat(5_000))}\n`;
    const stream = Readable.from([Buffer.from(line.slice(0, 900)), Buffer.from(line.slice(900))]).pipe(
      boundedLines(100, (_, own) => ids.push(own)),
    );

    expect([await text(stream), ids]).toEqual(["", [id]]);
  });
});
