import type { WrittenForms } from "./written-forms.ts";

type Row = Record<string, unknown>;
export type DateForm = "days" | "american" | "epoch" | "zoneless" | "utc";

/** Dates of one answer that cannot be read before the others were: 05/01/2026. */
export interface OpenDates {
  readonly left: { readonly row: Row; readonly name: string; readonly ways: Ways }[];
  /** What the other dates of the answer show. */
  order: WrittenForms["dayOrder"];
}

/** The two days that 05/01/2026 may be, and the time beside it. */
interface Ways {
  readonly month: string | undefined;
  readonly day: string | undefined;
  readonly clock: string;
}

const two = (n: number | string): string => String(n).padStart(2, "0");

/** `2026-05-01`, where there is such a day. */
function dayOf(year: string | number, month: string | number, day: string | number): string | undefined {
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isDay = at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day);
  return isDay ? `${year}-${two(month)}-${two(day)}` : undefined;
}

const clock = "(?:(?:T|,?\\s+(?:at\\s+)?)(\\d{1,2}):(\\d\\d)(?::(\\d\\d))?(?:\\.\\d+)?\\s*([ap]m)?)?";
const iso =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?$/i;
const numeric = new RegExp(`^(\\d{1,2})([/.-])(\\d{1,2})\\2(\\d{4}|\\d\\d)${clock}$`, "i");
const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const dayFirst = new RegExp(`^(\\d{1,2})[\\s.-]+([a-z]{3,9})\\.?[\\s,-]+(\\d{4})${clock}$`, "i");
const monthFirst = new RegExp(`^([a-z]{3,9})\\.?\\s+(\\d{1,2}),?\\s+(\\d{4})${clock}$`, "i");

/** As in the head of a mail or of an answer: “Tue, 01 Dec 2026 09:00:00 GMT”. */
const mail = /^[a-z]{3}, \d{1,2} [a-z]{3} \d{4} \d\d:\d\d(:\d\d)? (GMT|UTC|[+-]\d{4})$/i;

/** As PHP writes a time: `{date: "2026-12-01 09:00:00", timezone: "…"}`. */
const isTimeRecord = (value: unknown): value is { readonly date: string } =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as Row).date === "string" &&
  ("timezone" in value || Object.keys(value).length === 1);

/** Seconds since 1970 until the year 5138; what is larger are milliseconds. */
const mostSeconds = 1e11;
const written = (ms: number): string => new Date(ms).toISOString();

/** A date of the page's form is known by its look alone: that costs nothing. */
export const isAsOnPage = (value: string): boolean =>
  value.length === 29 &&
  value.charCodeAt(10) === 0x54 &&
  value.charCodeAt(4) === 0x2d &&
  (value.charCodeAt(23) === 0x2d || value.charCodeAt(23) === 0x2b) &&
  value.charCodeAt(26) === 0x3a;

export const isDay = (value: string): boolean => /^\d{4}-\d\d-\d\d$/.test(value);

/** As on the page, or as it came where it cannot be read, or not yet. `form`: how it came; undefined: as on the page. */
export function dateOf(
  row: Row,
  name: string,
  { learnt, open }: { readonly learnt: WrittenForms; readonly open: OpenDates },
): { readonly value: unknown; readonly form?: DateForm | undefined } {
  const value = row[name];
  if (typeof value === "number" || (typeof value === "string" && /^-?\d{9,13}$/.test(value.trim()))) {
    const n = Number(value);
    if (n === 0) return { value: null, form: "epoch" };
    const ms = Math.abs(n) < mostSeconds ? n * 1000 : n;
    // A small number is no instant.
    return Math.abs(ms) < 1e11 || !Number.isFinite(ms) || Math.abs(ms) > 8e15
      ? { value }
      : { value: written(ms), form: "epoch" };
  }
  if (isTimeRecord(value)) return dateOf({ ...row, [name]: value.date }, name, { learnt, open });
  if (typeof value !== "string") return { value };
  const sent = mail.exec(value.trim());
  if (sent) return { value: written(Date.parse(value)), form: "utc" };
  const text = value.trim();
  if (/^0000-00-00/.test(text)) return { value: null };
  const own = iso.exec(text);
  if (own) return isoDate(own, value, companion(row, name));
  const three = numeric.exec(text);
  if (three) return { value: threeNumbers(row, name, three, { learnt, open }), form: "american" };
  const day = namedDay(text);
  return day === undefined ? { value } : { value: day, form: day.length === 10 ? "days" : "zoneless" };
}

function isoDate(
  [, year = "", month = "", day = "", time, zone]: readonly (string | undefined)[],
  as: string,
  seconds: number | undefined,
): { readonly value: unknown; readonly form?: DateForm | undefined } {
  const there = dayOf(year, month, day);
  if (there === undefined) return { value: as };
  if (time === undefined) return { value: there, form: "days" };
  const local = `${there}T${time.padStart(time.indexOf(":") === 1 ? time.length + 1 : 0, "0")}`;
  if (zone === undefined) {
    const wall = Date.parse(`${local}Z`);
    const offset = seconds === undefined ? undefined : offsetText(wall - seconds * 1000);
    return { value: `${local}${offset ?? ""}`, form: "zoneless" };
  }
  if (/^[a-z]/i.test(zone)) return { value: zone === "Z" && /T/.test(as) ? as : `${local}Z`, form: "utc" };
  const offset = zone.includes(":") ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  return { value: /T/.test(as) && zone.includes(":") ? as : `${local}${offset}` };
}

/** Undefined: clocks differ from each other by quarters of an hour, and not by days. */
function offsetText(ms: number): string | undefined {
  const minutes = Math.round(ms / 60_000);
  if (minutes % 15 !== 0 || Math.abs(minutes) > 14 * 60) return undefined;
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The same as seconds since 1970, which stands beside some dates (skyprep-api §3.4); 0 is none. */
function companion(row: Row, name: string): number | undefined {
  const seconds = Number(row[`${name}_int`] ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

function clockOf([hours, minutes, seconds = "00", half]: readonly (string | undefined)[]): string {
  if (hours === undefined) return "";
  const later =
    half === undefined ? 0 : (half.toLowerCase() === "pm" ? 12 : 0) - (Number(hours) === 12 ? 12 : 0);
  return `T${two(Number(hours) + later)}:${minutes}:${seconds}`;
}

/** “01-May 2026”, “May 1, 2026 at 9:00”. */
function namedDay(text: string): string | undefined {
  const late = dayFirst.exec(text);
  const early = late ? null : monthFirst.exec(text);
  const [, a = "", b = "", year = "", ...time] = late ?? early ?? [];
  const [day, name] = late ? [a, b] : [b, a];
  const month = months.indexOf(name.slice(0, 3).toLowerCase()) + 1;
  const there = month === 0 ? undefined : dayOf(year, month, day);
  return there === undefined ? undefined : `${there}${clockOf(time)}`;
}

function threeNumbers(
  row: Row,
  name: string,
  [, a = "", mark, b = "", shown = "", ...time]: readonly (string | undefined)[],
  { learnt, open }: { readonly learnt: WrittenForms; readonly open: OpenDates },
): unknown {
  const isShort = shown.length === 2;
  // Of which century somebody was born two digits do not tell; with hyphens the year may stand first.
  if (isShort && (mark === "-" || name === "date_of_birth")) return row[name];
  const year = isShort ? `20${shown}` : shown;
  const ways: Ways = { month: dayOf(year, a, b), day: dayOf(year, b, a), clock: clockOf(time) };
  const seconds = companion(row, name);
  const said = row[`formatted_${name}`];
  const named = typeof said === "string" ? namedDay(said.trim())?.slice(0, 10) : undefined;
  const isOne = ways.month === undefined || ways.day === undefined;
  const order = isOne
    ? ways.month === undefined
      ? "day"
      : "month"
    : named !== undefined && ways.month !== ways.day
      ? ways.month === named
        ? "month"
        : ways.day === named
          ? "day"
          : undefined
      : undefined;
  if (seconds !== undefined) return written(seconds * 1000);
  if (ways.month === undefined && ways.day === undefined) return row[name];
  // With points the day stands first, wherever they are used.
  if (order !== undefined && mark !== ".") note(order, { learnt, open });
  if (order !== undefined) return `${ways[order]}${ways.clock}`;
  if (ways.month === ways.day) return `${ways.day}${ways.clock}`;
  if (mark === ".") return `${ways.day}${ways.clock}`;
  open.left.push({ row, name, ways });
  return row[name];
}

function note(
  order: "day" | "month",
  { learnt, open }: { readonly learnt: WrittenForms; readonly open: OpenDates },
): void {
  open.order = open.order === undefined || open.order === order ? order : "either";
  learnt.dayOrder = learnt.dayOrder === undefined || learnt.dayOrder === order ? order : "either";
}

/** Once all dates of the answer were seen: what they, or those before, say of the others. */
export function closeDates({ left, order }: OpenDates, learnt: WrittenForms): boolean {
  const known = learnt.dayOrder ?? order;
  if (left.length === 0 || known === undefined || known === "either") return false;
  for (const { row, name, ways } of left) row[name] = `${ways[known]}${ways.clock}`;
  return true;
}
