import { CannotKeep, type Export } from "../../state/ports.ts";
import { writeCsv } from "../../tables/csv.ts";
import type { JobWorld } from "../job.ts";

/** Keeps rows as a CSV that a reply can point to. A folder that cannot be written costs the file, not the answer. */
export async function keepTableFile(
  name: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  exports: JobWorld["exports"],
): Promise<{ readonly exported: Export } | { readonly note: string }> {
  const bytes = new TextEncoder().encode(writeCsv({ columns, rows }));
  try {
    return { exported: await exports.keep({ name, bytes, extension: "csv", rows: rows.length, columns }) };
  } catch (error) {
    if (error instanceof CannotKeep) return { note: error.message };
    throw error;
  }
}
