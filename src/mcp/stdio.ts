import type { Readable, Writable } from "node:stream";
import type { Server } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { boundedLines } from "./bounded-lines.ts";

const MiB = 1024 * 1024;
/** Well above what any call of ours needs, and below the SDK's own limit. */
const longestLine = 8 * MiB;

export interface Streams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** One line for people; never stdout, which belongs to the protocol. */
  readonly say: (line: string) => void;
  /** Ends what runs; answers still go out meanwhile. */
  readonly end: () => Promise<void>;
}

/** Serves both protocol eras on one connection; ends when stdin does, or when it is told to. */
export function serve(
  servers: () => Server,
  { stdin, stdout, say, end }: Streams,
): { readonly end: () => void } {
  const lines = boundedLines(longestLine, (bytes, id) => {
    const why = `a message of ${bytes} bytes was dropped: longer than ${longestLine / MiB} MiB`;
    say(`skyprep-mcp: ${why}`);
    if (id === undefined) return;
    const error = { code: -32600, message: `${why[0]?.toUpperCase()}${why.slice(1)}. Send it in parts.` };
    stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, error })}\n`);
  });
  stdin.pipe(lines, { end: false });
  const transport = new StdioServerTransport(lines, stdout, { maxBufferSize: 2 * longestLine });
  const send = transport.send.bind(transport);
  const hold = writtenTogether(stdout);
  transport.send = (message) => {
    hold();
    return send(message);
  };
  serveStdio(servers, {
    transport,
    // The name alone: a message may quote what the client sent.
    onerror: (error) => say(`skyprep-mcp: a message could not be handled (${error.name})`),
  });
  let ending = false;
  // The connection ends last: with it every call would, and a write with it.
  const close = async () => {
    if (ending) return;
    ending = true;
    await end();
    lines.end();
    stdin.destroy();
  };
  const begin = () => void close();
  stdin.once("end", begin);
  stdin.once("error", begin);
  // A client that closed our stdout hears no answer any more.
  stdout.on("error", begin);
  return { end: begin };
}

/** What is written in one turn of the event loop leaves in one piece: a write costs more than what is written. */
function writtenTogether(stdout: Writable): () => void {
  let held = false;
  const letGo = () => {
    held = false;
    stdout.uncork();
  };
  return () => {
    if (held) return;
    held = true;
    stdout.cork();
    setImmediate(letGo);
  };
}
