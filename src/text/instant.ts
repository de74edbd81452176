/**
 * Instants as SkyPrep writes them, and nothing that only looks like one: `Date.parse` reads 05/01/2026 as Americans do,
 * and a time without its offset in this computer's zone. What cannot be read is not nothing: `isUnreadable`.
 */
const zoned = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/;
const zoneless = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;
const bareDay = /^\d{4}-\d\d-\d\d$/;

/** Epoch milliseconds; a day begins, and a time without an offset is, in UTC. NaN: nothing, or nothing to be read. */
export function instantIn(value: unknown): number {
  if (typeof value !== "string") return Number.NaN;
  if (zoned.test(value) || bareDay.test(value)) return Date.parse(value);
  return zoneless.test(value) ? Date.parse(`${value}Z`) : Number.NaN;
}

export const isUnreadable = (value: unknown): boolean =>
  value !== null && value !== undefined && value !== "" && Number.isNaN(instantIn(value));

const hour = 3_600_000;
/** Where the day begins first, and ends last. */
const [east, west] = [14 * hour, 12 * hour];

/** Of an end: it is over wherever the academy is. A day ends with its last moment. */
export function isSurelyOver(value: unknown, now: number): boolean {
  const at = instantIn(value);
  if (typeof value !== "string" || zoned.test(value)) return at <= now;
  return at + (bareDay.test(value) ? 24 * hour : 0) + west <= now;
}

/** Of a beginning: it is still to come wherever the academy is. */
export function isSurelyToCome(value: unknown, now: number): boolean {
  const at = instantIn(value);
  return typeof value !== "string" || zoned.test(value) ? at > now : at - east > now;
}
