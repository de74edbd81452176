import { journalFile } from "./append.ts";
import { lineOf, parseEntry } from "./entry.ts";
import type { Line } from "./line.ts";
import { forward } from "./line-scanner.ts";
import { openToRead } from "./safe-file.ts";

/** The whole journal, oldest first; what cannot be read is passed over, and left to `verify`. */
export async function readLines(folder: string, wanted: (line: Line) => boolean): Promise<Line[]> {
  const file = await openToRead(journalFile(folder));
  if (file === undefined) return [];
  const lines: Line[] = [];
  try {
    for await (const pieces of forward(file, 0, (await file.stat()).size)) {
      for (const { text, whole } of pieces) {
        const entry = whole ? parseEntry(text) : undefined;
        const line = entry && lineOf(entry);
        if (line !== undefined && wanted(line)) lines.push(line);
      }
    }
  } finally {
    await file.close();
  }
  return lines;
}
