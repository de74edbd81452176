import { connect, type Socket } from "node:net";

/** What a request is, less what differs from client to client. */
export interface Message {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A client's connection, kept. Raw, so that clients cost next to nothing beside the servers. */
export interface Connection {
  /** One at a time; the whole answer, headers and all. */
  readonly ask: (request: Buffer) => Promise<string>;
  readonly close: () => void;
}

/** As bytes, made once for each client. */
export function requestOf(port: number, { path, headers, body }: Message): Buffer {
  const text = JSON.stringify(body);
  const lines = Object.entries({
    host: `127.0.0.1:${port}`,
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(text)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n${text}`);
}

const lastChunk = "\r\n0\r\n\r\n";

/** Whether the answer is all there. */
function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return false;
  const head = text.slice(0, end);
  const length = /\ncontent-length: (\d+)/i.exec(head)?.[1];
  // Latin-1: a character is a byte.
  return length === undefined ? text.endsWith(lastChunk) : text.length - end - 4 >= Number(length);
}

export async function open(port: number): Promise<Connection> {
  const socket: Socket = connect({ host: "127.0.0.1", port, noDelay: true });
  let pending = "";
  let heard:
    | { readonly resolve: (text: string) => void; readonly reject: (error: Error) => void }
    | undefined;
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve).once("error", reject);
  });
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    pending = pending === "" ? chunk : pending + chunk;
    if (!isWhole(pending)) return;
    const [text, waiting] = [pending, heard];
    pending = "";
    heard = undefined;
    waiting?.resolve(text);
  });
  socket.on("error", () => {});
  socket.on("close", () => heard?.reject(new Error(`a connection was closed before its answer: ${pending}`)));
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        heard = { resolve, reject };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}
