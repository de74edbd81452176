import type { Reading } from "../skyprep/wire.ts";
import { cleanText } from "./clean.ts";
import { fit } from "./fit.ts";
import { type Reply, refuse } from "./reply.ts";
import { cell } from "./table.ts";

const waiting = /^(queued|pending|processing|working|in[-_ ]?progress|running|started)$/i;
const failed = /^(failed|failure|error|cancell?ed)$/i;
const ready = ["data", "csv", "report", "result"];

/**
 * A report, in any of the forms one may come in (facts.md §3.6, §3.7, §4.2): CSV text, xlsx bytes, JSON with
 * columns and rows, or a word on how far it is. Undefined where it is none of these.
 */
export function showFile(reading: Reading): Reply | undefined {
  if (reading.is === "xlsx") {
    return refuse(
      `An Excel file of ${reading.bytes.length} bytes came, which cannot be shown here.`,
      'Ask again with format: "csv", or download it in SkyPrep\'s web admin.',
    );
  }
  if (reading.is === "text") return showCsv(reading.text);
  const value = reading.value;
  if (typeof value === "string") return showCsv(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const answer = value as Record<string, unknown>;
  if (Array.isArray(answer.columns) && Array.isArray(answer.rows)) return showRows(answer);
  for (const key of ready) {
    const inside = answer[key];
    if (typeof inside === "string" && inside !== "") return showCsv(inside);
    if (typeof inside === "object" && inside !== null) return showFile({ ...reading, value: inside });
  }
  return showState(answer);
}

function showState(answer: Record<string, unknown>): Reply | undefined {
  const state = [answer.status, answer.state, answer.message].find((one) => typeof one === "string");
  if (typeof state !== "string") {
    // A saved report's definition without data (facts.md §2, saved_report_type).
    if (!("saved_advanced_report_id" in answer)) return undefined;
    return {
      text: "This saved report has no rows yet: run it in SkyPrep's web admin first.",
      structured: { rows: [] },
    };
  }
  if (failed.test(state))
    return refuse(
      `SkyPrep could not make this report (${cleanText(state)}).`,
      "Start it again, or ask for less.",
    );
  if (!waiting.test(state)) return undefined;
  return {
    text: `Not ready yet (${cleanText(state)}). Call again with the same number in about 5 seconds.`,
    structured: { ready: false, status: cleanText(state) },
  };
}

function showRows({ name, columns, rows }: Record<string, unknown>): Reply {
  const head = (columns as unknown[]).map((one) => cleanText(String(one)));
  const lines = (rows as unknown[]).map((row) =>
    Array.isArray(row) ? row.map((one) => cleanText(cell(one))) : [cell(row)],
  );
  const shown = fit(lines, (row) => row.join("\t"));
  return {
    text: [
      `${typeof name === "string" ? cleanText(name) : "Report"}: ${howMany(shown.length, lines.length, "row")}`,
      head.join("\t"),
      ...shown.map((row) => row.join("\t")),
    ].join("\n"),
    structured: { columns: head, rows: shown, total: lines.length },
  };
}

/** Lines as they are, less what is invisible; a quoted cell with a line break counts as two. */
function showCsv(text: string): Reply | undefined {
  const lines = text
    .split(/\r?\n/)
    .map(cleanText)
    .filter((one) => one !== "");
  const [head, ...rest] = lines;
  if (head === undefined || !head.includes(",")) return undefined;
  const shown = fit(rest, (row) => row);
  return {
    text: [
      `Report (CSV): ${howMany(shown.length, rest.length, "line")} below the header.`,
      head,
      ...shown,
    ].join("\n"),
    structured: { format: "csv", header: head, lines: shown, total: rest.length },
  };
}

const howMany = (shown: number, all: number, what: string): string => {
  const total = `${all} ${what}${all === 1 ? "" : "s"}`;
  return shown === all ? total : `the first ${shown} of ${total}, the rest would not fit; narrow the report`;
};
