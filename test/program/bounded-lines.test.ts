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
});
