import { isUtf8 } from "node:buffer";
import type { Exports } from "../../state/ports.ts";
import { blot, type Redact } from "./redact.ts";

/** Reports, letters and pages that are written without what is hidden. A workbook stays as SkyPrep packed it. */
export const redactingExports = (exports: Exports, hide: Redact): Exports => ({
  ...exports,
  keep: (what) =>
    exports.keep(what.extension === "xlsx" ? what : { ...what, bytes: withoutHidden(what.bytes, hide) }),
});

/** The same bytes where they hold nothing of it. */
function withoutHidden(bytes: Uint8Array, hide: Redact): Uint8Array {
  const encoding = isUtf8(bytes) ? "utf8" : "latin1";
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encoding);
  const left = hide(text);
  if (left === text) return bytes;
  return Buffer.from(encoding === "utf8" ? left : left.replaceAll(blot, "***"), encoding);
}
