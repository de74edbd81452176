import { inflateRawSync } from "node:zlib";

const most = 256 * 1024 * 1024;

/** What the parts of a workbook say; undefined where it cannot be read as one. */
export function textsIn(bytes: Buffer): string[] | undefined {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0 || end + 22 > bytes.length) return undefined;
  try {
    const texts: string[] = [];
    let left = most;
    let at = bytes.readUInt32LE(end + 16);
    for (let n = bytes.readUInt16LE(end + 10); n > 0; n -= 1) {
      if (bytes.readUInt32LE(at) !== 0x02014b50) return undefined;
      const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
      const local = bytes.readUInt32LE(at + 42);
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const data = bytes.subarray(start, start + packed);
      const part = method === 0 ? data : inflateRawSync(data, { maxOutputLength: left });
      left -= part.length;
      texts.push(part.toString("utf8"));
      at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    }
    return texts;
  } catch (error) {
    // A part that is cut off, packed in another way, or larger than any report.
    if (error instanceof RangeError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}
