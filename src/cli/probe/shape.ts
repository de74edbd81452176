import { isRecord } from "../../skyprep/normalize/is-record.ts";
import { errorForm, isGood, type RawAnswer, type RawRow, recordOf, rowsOf } from "./answer.ts";
import { dateFields, dateForm, isKnownStatus } from "./forms.ts";
import { isKnownKey } from "./known-keys.ts";
import type { Evidence, ProbeStep } from "./reads.ts";

/**
 * What an answer was like, and nothing that it said: kinds of values, names of keys that the page knows, counts as
 * magnitudes. Whatever is told here comes from lists of this program, never from an answer.
 */
export interface AnswerShape {
  readonly step: ProbeStep;
  readonly route: string;
  /** The names of our own parameters. */
  readonly with: readonly string[];
  readonly status: string;
  readonly came: string;
  /** How many rows, as a magnitude. */
  readonly rows?: string;
  /** Beside the rows: how many there are in all. */
  readonly total?: string;
  /** Key → kinds of its values. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Keys that the page does not know. */
  readonly unknown?: string;
}

export function magnitude(count: number): string {
  if (count < 2) return String(Math.max(0, Math.floor(count)));
  const digits = Math.min(9, String(Math.floor(count)).length);
  const shown = (figure: number) => figure.toLocaleString("en-US");
  return `${digits === 1 ? 2 : shown(10 ** (digits - 1))}–${shown(10 ** digits - 1)}`;
}

const statuses = new Set([
  200, 201, 202, 204, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 415, 422,
  429, 500, 501, 502, 503, 504,
]);

/** Steps whose records are told field by field; the others bring the same once more. */
const toldWhole = new Set<ProbeStep>([
  "connection",
  "program",
  "user count",
  "people",
  "person by number",
  "unknown login",
  "unknown number",
  "bad value",
  "unknown route",
  "mixed filters",
  "progress",
  "one progress",
  "courses",
  "course",
  "groups",
  "group",
  "paths",
  "path",
  "power users",
  "roles",
  "datasets",
  "payments",
  "saved reports",
  "materials",
  "trainings",
  "sessions",
  "registrations",
  "skills",
  "competencies",
  "course status",
]);

export const shapesOf = ({ answers }: Pick<Evidence, "answers">): AnswerShape[] =>
  [...answers].map(([step, { question, answer }]) => ({
    step,
    route: question.route,
    with: Object.keys(question.form),
    ...shapeOf(answer, toldWhole.has(step)),
  }));

type Came = Omit<AnswerShape, "step" | "route" | "with">;

function shapeOf(answer: RawAnswer, isWhole: boolean): Came {
  const status = statuses.has(answer.status) ? String(answer.status) : "another status";
  const error = errorForm(answer);
  if (answer.is === "none") return { status: "none", came: "no answer" };
  if (error !== undefined)
    return { status, came: error === "text" ? "an error as text" : `an error: ${error}` };
  if (answer.is !== "json") return { status, came: answer.is };
  const list = rowsOf(answer);
  const one = recordOf(answer);
  if (list !== undefined && (list.as !== "row" || list.under !== undefined)) {
    const { rows, under, total } = list;
    return {
      status,
      came: [
        list.as === "list" ? "a list" : list.as === "row" ? "one row" : list.as === "keyed" ? "{}" : "null",
        ...(under === undefined ? [] : [`under ${isKnownKey(under) ? under : "an unknown key"}`]),
      ].join(" "),
      rows: magnitude(rows.length),
      ...(total !== undefined && { total: magnitude(total) }),
      ...(isWhole && fieldsOf(rows.filter(isRecord))),
    };
  }
  if (one !== undefined)
    return { status, came: `a record, ${one.as}`, ...(isWhole && fieldsOf([one.record])) };
  return { status, came: isGood(answer) ? kindOf("", answer.value) : "something else" };
}

const mostRows = 500;

function fieldsOf(rows: readonly RawRow[]): Pick<AnswerShape, "fields" | "unknown"> {
  const kinds = new Map<string, Set<string>>();
  const strange = new Set<string>();
  for (const row of rows.slice(0, mostRows))
    for (const [key, value] of Object.entries(row)) {
      if (!isKnownKey(key)) {
        strange.add(key);
        continue;
      }
      const seen = kinds.get(key) ?? new Set();
      seen.add(kindOf(key, value));
      kinds.set(key, seen);
    }
  return {
    fields: Object.fromEntries([...kinds].map(([key, seen]) => [key, [...seen].sort().join(", ")])),
    ...(strange.size > 0 && { unknown: `unknown × ${strange.size}` }),
  };
}

const dates: readonly string[] = dateFields;

/** The kind of a value, in words of this program's. */
function kindOf(key: string, value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) {
    const inside = [...new Set(value.slice(0, 20).map((one) => kindOf("", one)))].sort();
    return value.length === 0
      ? "an empty list"
      : `a list of ${inside.join(", ")} (${magnitude(value.length)})`;
  }
  switch (typeof value) {
    case "object":
      return Object.keys(value).length === 0 ? "{}" : "a record";
    case "number":
      return dates.includes(key) && dateForm(value) === "epoch" ? "a date: epoch" : "a number";
    case "boolean":
      return "true or false";
    case "string":
      return textKind(key, value);
    default:
      return "something else";
  }
}

function textKind(key: string, value: string): string {
  if (value === "") return "an empty text";
  if (/status$/.test(key)) return isKnownStatus(value) ? `“${value}”` : "an unknown status";
  if (dates.includes(key)) return `a date: ${dateForm(value) ?? "none"}`;
  if (/^\d+$/.test(value)) return "a text of digits";
  return value === "true" || value === "false" ? "a text: true or false" : "a text";
}
