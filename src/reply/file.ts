import type { Letters } from "../skyprep/letters.ts";
import type { ParsedResponse } from "../skyprep/response.ts";

/** What came where a report was asked for, in any of the forms one may come in (skyprep-api §3.6, §3.7, §4, 2). */
export type ReportReading =
  | { readonly is: "csv"; readonly text: string; readonly letters?: Letters | undefined }
  | {
      readonly is: "rows";
      readonly name: string | undefined;
      readonly columns: unknown[];
      readonly rows: unknown[];
    }
  | { readonly is: "xlsx"; readonly bytes: Uint8Array }
  | { readonly is: "waiting"; readonly state: string }
  | { readonly is: "failed"; readonly state: string }
  /** A saved report's definition without data (skyprep-api §2, saved_report_type). */
  | { readonly is: "empty" };

const waiting = /^(queued|pending|processing|working|in[-_ ]?progress|running|started)$/i;
const failed = /^(failed|failure|error|cancell?ed)$/i;
const ready = ["data", "csv", "report", "result"];

/** Undefined where it is none of these. */
export function reportIn(reading: ParsedResponse): ReportReading | undefined {
  if (reading.is === "xlsx") return { is: "xlsx", bytes: reading.bytes };
  if (reading.is === "text") {
    const { text, letters } = reading;
    return stateIn(text.trim()) ?? { is: "csv", text, letters };
  }
  const value = reading.value;
  if (typeof value === "string") return stateIn(value) ?? { is: "csv", text: value };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const answer = value as Record<string, unknown>;
  if (Array.isArray(answer.columns) && Array.isArray(answer.rows)) {
    const name = typeof answer.name === "string" ? answer.name : undefined;
    return { is: "rows", name, columns: answer.columns, rows: answer.rows };
  }
  for (const key of ready) {
    const inside = answer[key];
    if (typeof inside === "string" && inside !== "") return { is: "csv", text: inside };
    if (typeof inside === "object" && inside !== null) return reportIn({ ...reading, value: inside });
  }
  const state = [answer.status, answer.state, answer.message].find((one) => typeof one === "string");
  if (typeof state !== "string") return "saved_advanced_report_id" in answer ? { is: "empty" } : undefined;
  return stateIn(state);
}

function stateIn(state: string): ReportReading | undefined {
  if (waiting.test(state)) return { is: "waiting", state };
  return failed.test(state) ? { is: "failed", state } : undefined;
}
