/**
 * An instant and the offset it was written with, as one number: whole seconds × 128, plus quarters of an hour
 * from UTC + 64. SkyPrep writes every date with the account's offset (skyprep-api §3.4), which says what day it is
 * there.
 */
export type When = number;

const quarter = 900;
const dayLength = 86_400;
const zoned = /(?:Z|([+-])(\d\d):?(\d\d))$/;
const bareDay = /^\d{4}-\d\d-\d\d$/;
const zoneless = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;

/** Undefined where it is no date. A day without a time ends with its last second, in the zone of `near`. */
export function when(value: unknown, near?: When): When | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  const text = value.trim();
  const quarters = near === undefined ? 0 : quartersOf(near);
  const local = bareDay.test(text) ? `${text}T23:59:59` : zoneless.test(text) ? text.replace(" ", "T") : "";
  if (local !== "") return packed(Date.parse(`${local}Z`) / 1000 - quarters * quarter, quarters);
  const [, sign, hours, minutes] = zoned.exec(text) ?? [];
  const offset = sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -60 : 60);
  return packed(Date.parse(text) / 1000, Math.round(offset / quarter));
}

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
