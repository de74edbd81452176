import { writtenIn } from "../../files/zone.ts";
import { wallOf, zone } from "../calendar.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `2026-05-01T09:00:00.000-04:00`; in winter `-05:00`. */
export function iso(ms: number | null): string | null {
  return ms === null ? null : writtenIn(zone, ms);
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
