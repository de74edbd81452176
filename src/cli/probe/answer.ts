import { isRecord } from "../../skyprep/normalize/is-record.ts";
import type { Incoming } from "../../skyprep/send.ts";

/** One answer as it came, below everything that would mend it. */
export type RawAnswer =
  | { readonly is: "json"; readonly status: number; readonly value: unknown }
  | { readonly is: "text" | "page" | "empty" | "file"; readonly status: number }
  /** More than may be read: nothing is known of it but that. */
  | { readonly is: "too large"; readonly status: number }
  /** Not asked, or no answer came. */
  | { readonly is: "none"; readonly status: 0 };

export const none: RawAnswer = { is: "none", status: 0 };

export type RawRow = Readonly<Record<string, unknown>>;

const isHtml = (text: string): boolean =>
  /^\s*(<!doctype html|<html[\s>]|<head[\s>])/i.test(text.slice(0, 512));

export function answerOf({ status, body }: Pick<Incoming, "status" | "body">): RawAnswer {
  if (body[0] === 0x50 && body[1] === 0x4b) return { is: "file", status };
  const text = new TextDecoder("utf-8").decode(body);
  if (text.trim() === "") return { is: "empty", status };
  if (isHtml(text)) return { is: "page", status };
  try {
    return { is: "json", status, value: JSON.parse(text) };
  } catch {
    return { is: "text", status };
  }
}

export const isGood = ({ status }: RawAnswer): boolean => status >= 200 && status < 300;

/** How an answer says that something went wrong; undefined: it does not. */
export type ErrorForm = "text" | "error" | "errors" | "error_message" | "message" | "page" | "other";

export function errorForm(answer: RawAnswer): ErrorForm | undefined {
  if (answer.is === "none" || answer.is === "too large") return undefined;
  const good = isGood(answer);
  if (answer.is === "page") return "page";
  if (answer.is === "json") {
    const { value } = answer;
    if (isRecord(value) && !("id" in value)) {
      for (const name of ["error_message", "errors", "error"] as const) if (isSaid(value[name])) return name;
      if (typeof value.message === "string" && !/^success$/i.test(value.message) && keysOf(value) <= 3)
        if (!good || /^(error|fail)/i.test(value.message)) return "message";
      if (value.success === false || /^(error|failed|failure)$/i.test(String(value.status))) return "other";
    }
    return good ? undefined : typeof value === "string" ? "text" : "other";
  }
  return good ? undefined : answer.is === "text" ? "text" : "other";
}
const keysOf = (value: RawRow) => Object.keys(value).length;
const isSaid = (value: unknown): boolean =>
  (typeof value === "string" && value !== "") || (typeof value === "object" && value !== null);

/** An answer with what was asked for. */
export const isData = (answer: RawAnswer): boolean => isGood(answer) && errorForm(answer) === undefined;

/** How rows came: in a bare list, as the one row, under a key, or as `{}` where there are none. */
export interface RowsSeen {
  readonly rows: readonly unknown[];
  readonly as: "list" | "row" | "keyed" | "nothing";
  /** The key it stood under, of those that wrap. */
  readonly under?: string;
  /** How many there are in all, where the answer says so. */
  readonly total?: number;
}

const listNames =
  /^(data|items|records|results|rows|list|users|people|courses|user_groups|groups|learning_paths|course_progresses|progresses|payments|materials|articles|skills|competencies|power_users|user_roles|roles|datasets|instructor_led_\w+|timeslots|registrations|saved_advanced_reports|reports)$/;

/** The rows of an answer where a list is meant; undefined: it is no list, or none came. */
export function rowsOf(answer: RawAnswer): RowsSeen | undefined {
  if (answer.is !== "json" || !isData(answer)) return undefined;
  return rowsIn(answer.value, 2);
}

function rowsIn(value: unknown, depth: number): RowsSeen | undefined {
  if (Array.isArray(value)) return { rows: value, as: "list" };
  if (value === null) return { rows: [], as: "nothing" };
  if (!isRecord(value)) return undefined;
  if ("id" in value) return { rows: [value], as: "row" };
  const names = Object.keys(value);
  if (names.length === 0) return { rows: [], as: "keyed" };
  const under =
    names.find((name) => listNames.test(name) && typeof value[name] === "object") ??
    only(names.filter((name) => Array.isArray(value[name])));
  if (under === undefined || depth === 0) {
    // A record without a number, as a progress' status: one row.
    return names.some((name) => typeof value[name] === "object") ? undefined : { rows: [value], as: "row" };
  }
  const inner = rowsIn(value[under], depth - 1);
  if (inner === undefined) return undefined;
  const total = inner.total ?? totalIn(value);
  return { ...inner, under: inner.under ?? under, ...(total !== undefined && { total }) };
}

const only = (names: readonly string[]): string | undefined => (names.length === 1 ? names[0] : undefined);

const totalNames = /^(total|total_count|total_records|total_entries|count|records)$/;

function totalIn(value: RawRow, depth = 1): number | undefined {
  for (const [name, one] of Object.entries(value)) {
    if (totalNames.test(name) && (typeof one === "number" || /^\d+$/.test(String(one)))) return Number(one);
    if (depth > 0 && isRecord(one) && /^(meta|pagination|paging|page_info)$/.test(name)) {
      const within = totalIn(one, depth - 1);
      if (within !== undefined) return within;
    }
  }
  return undefined;
}

/** Keys that stand around a record; what has more is one. */
const mostAround = 3;

/** How one record came. */
export interface RecordSeen {
  readonly record: RawRow;
  readonly as: "bare" | "wrapped" | "data" | "listed";
}

export function recordOf(answer: RawAnswer): RecordSeen | undefined {
  if (answer.is !== "json" || !isData(answer)) return undefined;
  const { value } = answer;
  if (Array.isArray(value)) {
    const [one] = value;
    return value.length === 1 && isRecord(one) ? { record: one, as: "listed" } : undefined;
  }
  if (!isRecord(value)) return undefined;
  if ("id" in value || keysOf(value) > mostAround) return { record: value, as: "bare" };
  for (const [name, one] of Object.entries(value))
    if (isRecord(one) && "id" in one) return { record: one, as: name === "data" ? "data" : "wrapped" };
  return { record: value, as: "bare" };
}

/** Numbers, and texts of digits: as the form wants them. */
export function idOf(row: unknown): string | undefined {
  const id = isRecord(row) ? row.id : undefined;
  return typeof id === "number" || (typeof id === "string" && /^\d+$/.test(id)) ? String(id) : undefined;
}

export const textIn = (row: unknown, name: string): string | undefined => {
  const value = isRecord(row) ? row[name] : undefined;
  return typeof value === "string" && value !== ""
    ? value
    : typeof value === "number"
      ? String(value)
      : undefined;
};

/** The ids of rows, or of what has no id its whole text: to be held against each other, never to be told. */
export const marksOf = (rows: readonly unknown[]): Set<string> =>
  new Set(rows.map((row) => idOf(row) ?? JSON.stringify(row)));

export const overlap = (one: ReadonlySet<string>, other: ReadonlySet<string>): number =>
  [...one].filter((mark) => other.has(mark)).length;
