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
}

/** Serves both protocol eras on one connection; ends when stdin does. */
export function serve(servers: () => Server, { stdin, stdout, say }: Streams): { close(): Promise<void> } {
  const lines = boundedLines(longestLine, (bytes) =>
    say(`skyprep-mcp: a message of ${bytes} bytes was dropped: longer than ${longestLine / MiB} MiB`),
  );
  stdin.pipe(lines);
  stdin.on("error", () => lines.end());
  return serveStdio(servers, {
    transport: new StdioServerTransport(lines, stdout, { maxBufferSize: 2 * longestLine }),
    // The name alone: a message may quote what the client sent.
    onerror: (error) => say(`skyprep-mcp: a message could not be handled (${error.name})`),
  });
}
