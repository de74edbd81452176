import { instantIn } from "../../../text/instant.ts";
import { instantOf, offsetAt } from "../../../text/zone.ts";

/**
 * An instant and the offset it was written with, as one number: whole seconds × 128, plus quarters of an hour
 * from UTC + 64. SkyPrep writes every date with the account's offset (skyprep-api §3.4), which says what day it is
 * there.
 */
export type When = number;

/** What tells the offset of a date that has none of its own. */
export interface OffsetHints {
  readonly near?: When | undefined;
  readonly zone?: string | undefined;
}

const quarter = 900;
const dayLength = 86_400;
const zoned = /(?:Z|([+-])(\d\d):?(\d\d))$/;
const bareDay = /^\d{4}-\d\d-\d\d$/;
const zoneless = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;

/**
 * Undefined where it is no date. A day without a time ends with its last second. What has no offset is in the zone of
 * `near`, else in the one that is given (IANA); where neither is known, where the day ends last: nothing is called
 * overdue before it is so everywhere.
 */
export function when(value: unknown, { near, zone }: OffsetHints = {}): When | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  const text = value.trim();
  const local = bareDay.test(text) ? `${text}T23:59:59` : zoneless.test(text) ? text.replace(" ", "T") : "";
  if (local !== "") {
    const wall = Date.parse(`${local}Z`);
    if (near === undefined && zone !== undefined && !Number.isNaN(wall))
      return inZone(zone, instantOf(zone, wall));
    const quarters = near === undefined ? last : quartersOf(near);
    return packed(wall / 1000 - quarters * quarter, quarters);
  }
  if (Number.isNaN(instantIn(text))) return undefined;
  if (zone !== undefined && text.endsWith("Z")) return inZone(zone, Date.parse(text));
  const [, sign, hours, minutes] = zoned.exec(text) ?? [];
  const offset = sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -60 : 60);
  return packed(Date.parse(text) / 1000, Math.round(offset / quarter));
}

/** UTC−12 */
const last = -48;
const inZone = (zone: string, at: number): When | undefined =>
  packed(at / 1000, Math.round(offsetAt(zone, at) / 1000 / quarter));

const packed = (seconds: number, quarters: number): When | undefined =>
  Number.isFinite(seconds) && Math.abs(quarters) < 64 ? Math.floor(seconds) * 128 + quarters + 64 : undefined;

const quartersOf = (at: When): number => at - Math.floor(at / 128) * 128 - 64;

/** Epoch seconds. */
export const secondsOf = (at: When): number => Math.floor(at / 128);

/** The day it was there, as days since 1970. */
export const dayOf = (at: When): number => Math.floor((secondsOf(at) + quartersOf(at) * quarter) / dayLength);

/** The day that it is there at an instant; `now` in epoch milliseconds. */
export const dayThere = (now: number, there: When): number =>
  Math.floor((now / 1000 + quartersOf(there) * quarter) / dayLength);

/** `2026-11-23` ↔ days since 1970. */
export const dayIn = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 1000 / dayLength;
export const dayText = (day: number): string => new Date(day * dayLength * 1000).toISOString().slice(0, 10);
