import { linked } from "../../call/read/report.ts";
import { BadCursor, digest, readCursor, writeCursor } from "../../reply/cursor.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { showReport } from "../../reply/report.ts";
import { ask } from "../../tables/ask.ts";
import { counted } from "../../tables/counted.ts";
import type { Table } from "../../tables/csv.ts";
import { count } from "../../text/english.ts";
import type { KeptReport } from "./kept-report.ts";

export interface ReportQuery {
  readonly where?: Readonly<Record<string, string>> | undefined;
  readonly group_by?: readonly string[] | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

interface About {
  readonly kept: KeptReport;
  readonly account: string;
}

/** Whoever asks for nothing in particular gets a look at it, not pages of it. */
const lookShare = 6;
const firstRows = 20;

export const asksFor = ({ where, group_by, columns, limit, cursor }: ReportQuery): boolean =>
  [where, group_by, columns, limit, cursor].some((one) => one !== undefined);

/** The rows or counts that answer, a page at a time; without a question, its columns and first rows. */
export function answer(question: ReportQuery, { kept, account }: About): Reply {
  const { table, exported } = kept;
  const share = question.limit === undefined ? lookShare : 1;
  if (table === undefined || !asksFor(question)) {
    const notes = [...(kept.notes ?? []), ...apartSaid(kept.apart?.length ?? 0)];
    return linked(showReport({ ...kept, notes, share }), exported);
  }
  const { where, group_by, columns, limit = firstRows } = question;
  const found = ask(table, { columns: group_by ?? columns, where });
  if (found.wrong) return refuse(found.wrong, ...hiddenOnes(kept));
  const all = group_by ? counted(found.table) : found.table;
  const call = [account, exported?.id, JSON.stringify([where, group_by, columns])].join("\n");
  const at = startOf(question.cursor, call, `${table.rows.length} ${all.rows.length}`);
  if ("text" in at) return at;
  const page: Table = { ...all, rows: all.rows.slice(at.offset, at.offset + limit) };
  const said = group_by
    ? {
        title: `${kept.title}, ${found.matched} of ${count(table.rows.length, "row")} counted by ${group_by.join(", ")}`,
      }
    : { total: table.rows.length };
  const out = new Set((kept.apart ?? []).map((row) => table.rows[row]));
  const notes = [
    ...(kept.notes ?? []),
    ...found.notes,
    ...apartSaid(found.answers.filter((row) => out.has(row)).length),
  ];
  const reply = showReport({
    ...kept,
    notes,
    total: all.rows.length,
    ...said,
    table: page,
    matched: all.rows.length,
    limit,
    share,
  });
  const shown = (reply.structured as { rows: unknown[] }).rows.length;
  const structured = { ...reply.structured, ...(group_by && { counted: found.matched }) };
  const reached = at.offset + shown;
  if (reached >= all.rows.length || shown === 0) return linked({ ...reply, structured }, exported);
  const next = writeCursor(call, { offset: reached, mark: at.mark });
  return linked(
    {
      ...reply,
      text: `${reply.text}\nMore follow: call again with cursor ${next}`,
      structured: { ...structured, next_cursor: next },
    },
    exported,
  );
}

const apartSaid = (rows: number): string[] =>
  rows === 0
    ? []
    : [`Of these, ${count(rows, "row is of somebody", "rows are of people")} who cannot sign in any more.`];

function startOf(cursor: string | undefined, call: string, size: string) {
  const mark = digest(size);
  if (cursor === undefined) return { offset: 0, mark };
  try {
    const at = readCursor(cursor, call);
    if (at.mark === mark) return at;
  } catch (error) {
    if (!(error instanceof BadCursor)) throw error;
    return refuse(error.message, "Leave cursor out to start again.");
  }
  return refuse("The report has changed since that cursor was given.", "Leave cursor out to start again.");
}

const hiddenOnes = ({ hidden }: KeptReport): string[] =>
  hidden.length > 0
    ? [`Hidden as personal: ${hidden.slice(0, 20).join(", ")}. SKYPREP_REVEAL=personal shows them.`]
    : [];
