import { ask } from "../files/ask.ts";
import { allowedColumns, keepColumns } from "../files/columns.ts";
import type { Table } from "../files/csv.ts";
import { cleanText } from "../reply/clean-text.ts";
import { type ReportReading, reportIn } from "../reply/file.ts";
import { plainText } from "../reply/html.ts";
import { type Reply, refuse } from "../reply/reply.ts";
import { showReport } from "../reply/report.ts";
import { cell } from "../reply/table.ts";
import type { View } from "../reply/view.ts";
import type { Api } from "../skyprep/api.ts";
import { encode } from "../skyprep/form.ts";
import { errorInside } from "../skyprep/wire.ts";
import { digest, readCursor, writeCursor } from "../store/cursor.ts";
import { CannotKeep, type Export, type Exports, type ToKeep } from "../store/exports.ts";
import type { Tool } from "./catalogue.ts";
import type { Args } from "./check.ts";
import type { Progress } from "./progress.ts";
import { NotAList } from "./rows.ts";

export interface ReportWorld {
  readonly api: Api;
  readonly view: View;
  /** What a cursor is good for: this account. */
  readonly account: string;
  readonly exports: Exports;
  readonly now: () => number;
  /** Resolves after so many milliseconds; rejects with the signal's reason. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How long a call may wait for a report that is being made. */
  readonly patienceMs: number;
}

/** SkyPrep's advice is silent; 100 calls a minute are for everybody. */
const betweenPolls = 4_000;

/** A report as a file with its first rows, or the answer to a question about it. */
export async function report(
  tool: Tool,
  args: Args,
  world: ReportWorld,
  signal: AbortSignal,
  progress: Progress,
): Promise<Reply> {
  const { columns, where, limit, cursor, ...asked } = args as Args & Question;
  const form = encode(asked, tool.operation.wire);
  const came = await collect(tool, form, world, signal, progress);
  if (came.is === "waiting") {
    return {
      text: `Not ready yet (${cleanText(came.state)}). Call ${tool.name} again with the same number.`,
      structured: { ready: false, status: cleanText(came.state) },
    };
  }
  if (came.is === "failed") {
    return refuse(
      `SkyPrep could not make this report (${cleanText(came.state)}).`,
      "Start it again, or ask for less.",
    );
  }
  if (came.is === "empty") {
    return {
      text: "This saved report has no rows yet: run it in SkyPrep's web admin first.",
      structured: { columns: [], rows: [], total: 0 },
    };
  }
  const title = titleOf(tool, asked, came);
  if (came.is === "xlsx") return workbook(title, came.bytes, world);

  const { writeCsv } = await csvFiles();
  const whole = came.table;
  const { shown, dropped, hidden } = allowedColumns(whole.columns, world.view);
  // Before anything is asked of it: a question must not reach what may not be shown.
  const table = keepColumns(whole, shown);
  if (columns ?? where ?? limit ?? cursor) {
    const call = [world.account, tool.route, form, JSON.stringify([columns, where])].join("\n");
    return answerTo(tool, { title, table, hidden, dropped }, { columns, where, limit, cursor }, call);
  }
  const bytes = new TextEncoder().encode(
    writeCsv({ ...table, rows: table.rows.map((row) => row.map(plainText)) }),
  );
  const kept = await keep(world, {
    name: title,
    bytes,
    extension: "csv",
    rows: table.rows.length,
    columns: table.columns,
  });
  return linked(showReport({ title, table, hidden, dropped, ...kept }), kept.exported);
}

interface Question {
  columns?: string[] | undefined;
  where?: Record<string, string> | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

interface Allowed {
  readonly title: string;
  readonly table: Table;
  readonly hidden: readonly string[];
  readonly dropped: readonly string[];
}

/** The rows that answer, a page at a time: nobody needs the whole report in the conversation. */
function answerTo(tool: Tool, { table, ...about }: Allowed, question: Question, call: string): Reply {
  const { columns, where, limit = 20, cursor } = question;
  const found = ask(table, { columns, where });
  if (found.wrong) return refuse(`${tool.name}: ${found.wrong}`, "Take the names from that list.");
  const mark = digest(`${table.rows.length} ${found.matched}`);
  const at = cursor === undefined ? { offset: 0, mark } : readCursor(cursor, call);
  if (at.mark !== mark) {
    return refuse("The report has changed since that cursor was given.", "Leave cursor out to start again.");
  }
  const rows = found.table.rows.slice(at.offset, at.offset + limit);
  const reply = showReport({
    ...about,
    table: { ...found.table, rows },
    matched: found.matched,
    total: table.rows.length,
    limit,
  });
  const reached = at.offset + (reply.structured as { rows: unknown[] }).rows.length;
  if (reached >= found.matched || reached === at.offset) return reply;
  const next = writeCursor(call, { offset: reached, mark });
  return {
    ...reply,
    text: `${reply.text}\nMore follow: call again with cursor ${next}`,
    structured: { ...reply.structured, next_cursor: next },
  };
}

/** The CSV library loads with the first report. */
const csvFiles = () => import("../files/csv.ts");

/** A report as it came, read once. */
type Collected =
  | Exclude<ReportReading, { is: "csv" | "rows" }>
  | { readonly is: "table"; readonly table: Table; readonly name: string | undefined };

/** Asks until the report is there, or patience ends; only what says that it is waiting is asked again. */
async function collect(
  { route }: Tool,
  form: string,
  world: ReportWorld,
  signal: AbortSignal,
  progress: Progress,
): Promise<Collected> {
  const begun = world.now();
  for (;;) {
    const reading = await world.api(route, form, signal);
    const came = reading.is === "json" && errorInside(reading.value) ? undefined : reportIn(reading);
    if (came === undefined) throw new NotAList(reading);
    if (came.is === "csv" || came.is === "rows") {
      const table = await tableOf(came);
      if (came.is === "csv" && table.columns.length === 0) throw new NotAList(reading);
      return { is: "table", table, name: came.is === "rows" ? came.name : undefined };
    }
    const waited = world.now() - begun;
    if (came.is !== "waiting" || waited + betweenPolls > world.patienceMs) return came;
    progress(
      Math.round(waited / 1000),
      Math.round(world.patienceMs / 1000),
      `The report is ${cleanText(came.state)}.`,
    );
    await world.pause(betweenPolls, signal);
  }
}

async function tableOf(came: Extract<ReportReading, { is: "csv" | "rows" }>): Promise<Table> {
  const { asTable, readCsv } = await csvFiles();
  if (came.is === "csv") return readCsv(came.text);
  return asTable(
    came.columns.map(cell),
    came.rows.map((row) => (Array.isArray(row) ? row.map(cell) : [cell(row)])),
  );
}

function titleOf({ operation }: Tool, asked: Args, came: Collected): string {
  if (came.is === "table" && came.name !== undefined) return cleanText(plainText(came.name));
  const number = asked.saved_advanced_report_id ?? asked.process_queue_item_id;
  const type = asked.report_type;
  if (typeof type === "string") return `Report ${type}`;
  return number === undefined ? operation.title : `Report ${String(number)}`;
}

async function workbook(title: string, bytes: Uint8Array, world: ReportWorld): Promise<Reply> {
  const kept = await keep(world, { name: title, bytes, extension: "xlsx" });
  const notes = [
    ...(kept.notes ?? []),
    "It is as SkyPrep made it: personal columns and keys are not taken out of an Excel file.",
  ];
  return linked(showReport({ title, hidden: [], dropped: [], ...kept, notes }), kept.exported);
}

/** A folder that cannot be written costs the file, not the answer. */
async function keep(world: ReportWorld, what: ToKeep): Promise<{ exported?: Export; notes?: string[] }> {
  try {
    return { exported: await world.exports.keep(what) };
  } catch (error) {
    if (error instanceof CannotKeep) return { notes: [error.message] };
    throw error;
  }
}

function linked(reply: Reply, exported: Export | undefined): Reply {
  if (exported === undefined) return reply;
  return {
    ...reply,
    link: {
      uri: `skyprep://exports/${exported.id}`,
      name: exported.name,
      mimeType: "text/plain",
      size: exported.bytes,
    },
  };
}
