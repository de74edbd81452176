import { writtenIn } from "../../text/zone.ts";
import { wallOf, zone } from "../model/calendar.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The same dates are shown again and again. */
const written = new Map<number, string>();
const mostKept = 100_000;

/** `2026-05-01T09:00:00.000-04:00`; in winter `-05:00`. */
export function iso(ms: number | null): string | null {
  if (ms === null) return null;
  let text = written.get(ms);
  if (text === undefined) {
    if (written.size >= mostKept) written.clear();
    text = writtenIn(zone, ms);
    written.set(ms, text);
  }
  return text;
}

/** The `*_int` fields: epoch seconds, 0 where there is no date. */
export function seconds(ms: number | null): number {
  return ms === null ? 0 : Math.floor(ms / 1000);
}

/** The `formatted_*` fields: `01-May 2026`, or nothing. */
export function formatted(ms: number | null): string {
  if (ms === null) return "";
  const date = new Date(wallOf(ms));
  const day = String(date.getUTCDate()).padStart(2, "0");
  return `${day}-${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}
