import type { Exports } from "../../state/ports.ts";
import type { Redact } from "./redact.ts";

/**
 * Reports, letters and pages that are written without what is hidden, and so is what stands beside them: whoever lists
 * what is kept reads its names. A workbook stays as SkyPrep packed it.
 */
export const redactingExports = (exports: Exports, hide: Redact): Exports => ({
  ...exports,
  keep: ({ name, columns, bytes, ...what }) =>
    exports.keep({
      ...what,
      name: hide(name),
      columns: columns?.map((column) => hide(column)),
      bytes: what.extension === "xlsx" ? bytes : withoutHidden(bytes, hide),
    }),
});

/** The same bytes where they hold nothing of it. All but workbooks are of our own making, in UTF-8. */
function withoutHidden(bytes: Uint8Array, hide: Redact): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const left = hide(text);
  return left === text ? bytes : Buffer.from(left, "utf8");
}
