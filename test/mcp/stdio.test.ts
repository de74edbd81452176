import { once } from "node:events";
import { PassThrough, Writable } from "node:stream";
import { Server } from "@modelcontextprotocol/server";
import { describe, expect, it } from "vitest";
import { serve } from "../../src/mcp/stdio.ts";

/** Everything that was written, by the pieces in which it left. */
function pieces() {
  const left: string[] = [];
  const stdout = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      left.push(chunk);
      done();
      stdout.emit("left");
    },
    writev(chunks, done) {
      left.push(chunks.map(({ chunk }) => String(chunk)).join(""));
      done();
      stdout.emit("left");
    },
  });
  return { left, stdout };
}

describe("answers over stdio", () => {
  it("leave in one piece where they are ready in one turn, each a line, in their order", async () => {
    const { left, stdout } = pieces();
    const stdin = new PassThrough();
    const { end } = serve(() => new Server({ name: "one", version: "0" }, { capabilities: {} }), {
      stdin,
      stdout,
      say: () => {},
      end: async () => {},
    });
    const ask = (id: number, method: string, params = {}) =>
      `${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`;
    const hello = {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "test", version: "1" },
    };
    stdin.write(ask(1, "initialize", hello));
    await once(stdout, "left");
    const ids = [2, 3, 4, 5, 6];
    stdin.write(ids.map((id) => ask(id, "ping")).join(""));
    await once(stdout, "left");
    expect(left).toHaveLength(2);
    const answers = (left[1] ?? "").trimEnd().split("\n");
    expect(answers.map((line) => (JSON.parse(line) as { id: number }).id)).toEqual(ids);
    end();
  });
});
