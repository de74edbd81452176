import { Transform, type TransformCallback } from "node:stream";

export type MessageId = string | number;

const newline = 0x0a;
/** So much of both ends of a dropped line is looked at for its id. */
const ends = 1_024;
const value = String.raw`("(?:[^"\\]|\\.){0,200}"|-?\d{1,15})`;
const plainly = String.raw`"(?:jsonrpc|method)"\s*:\s*"[^"\\]{0,100}"`;
const idFirst = new RegExp(String.raw`^\s*\{\s*(?:${plainly}\s*,\s*)*"id"\s*:\s*${value}\s*[,}]`);
/** One closing brace is the message's own. */
const idLast = new RegExp(String.raw`[^{\s]\s*,\s*"id"\s*:\s*${value}\s*(?:,\s*${plainly}\s*)*\}\s*$`);

/** Only where it is surely the message's: another's answer would be worse than none. */
function idIn(head: string, tail: string): MessageId | undefined {
  const found = (idFirst.exec(head) ?? idLast.exec(tail))?.[1];
  try {
    return found === undefined ? undefined : (JSON.parse(found) as MessageId);
  } catch {
    return undefined;
  }
}
const mark = Buffer.from([0xef, 0xbb, 0xbf]);
const nullArguments = /"arguments"\s*:\s*null/;

/** Go, Java and C# write `"arguments": null` for none, which the SDK's own schema refuses. */
function asMeant(line: Buffer): Buffer {
  const text = line.includes("null") && line.includes('"arguments"') ? line.toString("utf8") : "";
  if (!nullArguments.test(text)) return line;
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return line;
  }
  const all = [message].flat().map(withoutNullArguments);
  return Buffer.from(`${JSON.stringify(Array.isArray(message) ? all : all[0])}\n`);
}

function withoutNullArguments(message: unknown): unknown {
  const { params } = (message ?? {}) as { params?: { arguments?: unknown } | null };
  if (params?.arguments !== null) return message;
  const { arguments: _, ...own } = params;
  return { ...(message as object), params: own };
}

/**
 * Passes whole lines on and drops those longer than `longest` bytes, so that one runaway line costs its
 * sender an answer and not everybody the server: the SDK's reader ends the connection at its limit.
 */
export function boundedLines(longest: number, dropped: (bytes: number, id?: MessageId) => void): Transform {
  let held: Buffer[] = [];
  let size = 0;
  let skipping = false;
  let isFirst = true;
  let head = "";
  let tail = Buffer.alloc(0);

  /** PowerShell's pipe puts a byte order mark before the first message. */
  const withoutMark = (line: Buffer): Buffer => {
    const marked = isFirst && line.subarray(0, mark.length).equals(mark);
    isFirst = false;
    return marked ? line.subarray(mark.length) : line;
  };

  const take = (stream: Transform, part: Buffer, ended: boolean) => {
    size += part.length;
    if (size > longest && !skipping) {
      skipping = true;
      head = Buffer.concat([...held, part])
        .subarray(0, ends)
        .toString("utf8");
      tail = Buffer.concat(held);
      held = [];
    }
    if (skipping) tail = Buffer.concat([tail, part]).subarray(-ends);
    else held.push(part);
    if (!ended) return;
    if (skipping) {
      // Whatever follows is not the first, and no mark of its own.
      isFirst = false;
      dropped(size, idIn(head, tail.toString("utf8")));
    } else stream.push(asMeant(withoutMark(Buffer.concat(held))));
    held = [];
    size = 0;
    skipping = false;
  };

  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        take(this, chunk.subarray(start, end + 1), true);
        start = end + 1;
      }
      if (start < chunk.length) take(this, chunk.subarray(start), false);
      done();
    },
  });
}
