import { isRecord } from "../../skyprep/normalize/is-record.ts";
import type { RawRow } from "./answer.ts";

/** Statuses that may be told: the page's, and the spellings that somebody may have for them. */
const knownStatuses = new Set(
  ["not-started", "in-progress", "passed", "failed", "not-applicable", "archived"].flatMap((status) => {
    const words = status.split("-");
    const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);
    return [
      status,
      words.join("_"),
      words.join(" "),
      [capital(words[0] ?? ""), ...words.slice(1)].join("-"),
      [capital(words[0] ?? ""), ...words.slice(1)].join(" "),
      words.map(capital).join(" "),
      words.map(capital).join("-"),
      words.map(capital).join(""),
      status.toUpperCase(),
      words.join("_").toUpperCase(),
    ];
  }),
);
for (const word of [
  "incomplete",
  "completed",
  "complete",
  "Incomplete",
  "Completed",
  "not-enrolled",
  "pending",
  "attended",
  "active",
  "inactive",
  "disabled",
  "success",
])
  knownStatuses.add(word);

export const isKnownStatus = (text: string): boolean => knownStatuses.has(text);

/** A training record's status. */
export const statusOf = (row: unknown): string | undefined =>
  isRecord(row) && typeof row.status === "string" && row.status !== "" ? row.status : undefined;

export type DateKind = "iso" | "utc" | "zoneless" | "days" | "american" | "epoch" | "other";

/** The form of a date; undefined: there is none. */
export function dateForm(value: unknown): DateKind | undefined {
  if (typeof value === "number") return value > 100_000_000 ? "epoch" : undefined;
  if (typeof value !== "string" || value === "") return undefined;
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(value)) return "zoneless";
  if (/^\d{4}-\d{2}-\d{2}[T ][\d:.]+ ?(Z|UTC)$/i.test(value)) return "utc";
  if (/^\d{4}-\d{2}-\d{2}[T ][\d:.]+ ?[+-]\d{2}:?\d{2}$/.test(value)) return "iso";
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return "days";
  if (/^\d{1,2}\/\d{1,2}\/\d{4}/.test(value)) return "american";
  if (/^\d{9,13}$/.test(value)) return "epoch";
  return "other";
}

/** Fields that hold a date, where they hold anything. */
export const dateFields = [
  "created_at",
  "updated_at",
  "last_login",
  "access_start_date",
  "access_end_date",
  "enrollment_date",
  "commencement_date",
  "completion_date",
  "expiration_date",
  "deadline_date",
  "computed_deadline_date",
  "next_reenrollment_date",
  "commencement_time",
  "end_time",
] as const;

/** Fields that are yes or no. */
export const flagFields = [
  "admin",
  "manager",
  "email_notifications",
  "sms_notifications",
  "global_content_manager",
  "full_permissions_for_courses_i_created",
  "active",
  "certificate",
  "force_order",
  "mandatory",
  "skip_prerequisites",
  "expired",
  "override_dates",
  "sell",
] as const;

/** Fields that are often without a value. */
export const emptyFields: Readonly<Record<"person" | "progress" | "course", readonly string[]>> = {
  person: ["access_start_date", "access_end_date", "last_login", "last_course_id", "custom_dashboard_id"],
  progress: ["commencement_date", "completion_date", "expiration_date", "deadline_date", "access_date"],
  course: ["start_date", "end_date", "opening_date", "closing_date", "accessible_after_date"],
};

export type FlagForm = "boolean" | "digits" | "text";

export function flagForm(value: unknown): FlagForm | undefined {
  if (typeof value === "boolean") return "boolean";
  if (value === 0 || value === 1 || value === "0" || value === "1") return "digits";
  return value === "true" || value === "false" ? "text" : undefined;
}

export const valuesOf = (rows: readonly RawRow[], names: readonly string[]): unknown[] =>
  rows.flatMap((row) => names.flatMap((name) => (name in row ? [row[name]] : [])));
