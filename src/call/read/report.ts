import type { Tool } from "../../catalogue/catalogue.ts";
import { plainText, type View } from "../../reply/records.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { linkTo, type Report, showReport } from "../../reply/report.ts";
import { encode } from "../../skyprep/request.ts";
import { CannotKeep, type Export, type Exports, type ToKeep } from "../../state/ports.ts";
import { allowedColumns, keepColumns } from "../../tables/columns.ts";
import type { Table } from "../../tables/csv.ts";
import { cleanText } from "../../text/english.ts";
import { withoutKeys } from "../../text/keyed-links.ts";
import type { Progress } from "../call-deadline.ts";
import type { Args } from "../check/check.ts";
import { type Collected, type CollectWorld, collect } from "./collect.ts";

export interface ExportWorld {
  readonly view: View;
  readonly exports: Exports;
}

export type ReportWorld = ExportWorld &
  CollectWorld & {
    /** Who answers questions on a report, in a sentence. */
    readonly elsewhere: string;
  };

/** A report as a file, with its first rows. */
export async function report(
  tool: Tool,
  args: Args,
  world: ReportWorld,
  signal: AbortSignal,
  progress: Progress,
): Promise<Reply> {
  const form = encode(args, tool.operation.wire);
  const came = await collect({ route: tool.route, form }, world, signal, progress);
  if (came.is === "waiting") {
    const next = `Call ${tool.name} again with the same number.`;
    return {
      outcome: "done",
      text: `Not ready yet (${cleanText(came.state)}). ${next}`,
      structured: { ready: false, status: cleanText(came.state), next },
    };
  }
  if (came.is === "failed") return couldNot(came.state);
  if (came.is === "empty") return withoutRows;
  const title = titleOf(tool, args, came);
  const kept =
    came.is === "xlsx"
      ? await keepWorkbook(title, came.bytes, world)
      : await keepTable(title, came.table, world);
  return linked(showReport({ ...kept, elsewhere: world.elsewhere }), kept.exported);
}

export const couldNot = (state: string): Reply =>
  refuse(`SkyPrep could not make this report (${cleanText(state)}).`, "Start it again, or ask for less.");

export const withoutRows: Reply = {
  outcome: "done",
  text: "This saved report has no rows yet: run it in SkyPrep's web admin first.",
  structured: { columns: [], rows: [], total: 0 },
};

function titleOf({ operation }: Tool, asked: Args, came: Collected): string {
  if (came.is === "table" && came.name !== undefined) return cleanText(plainText(came.name));
  const number = asked.saved_advanced_report_id ?? asked.process_queue_item_id;
  const type = asked.report_type;
  if (typeof type === "string") return `Report ${type}`;
  return number === undefined ? operation.title : `Report ${String(number)}`;
}

/** A report as far as it may be shown, in a file: what may not be shown is in neither. */
export async function keepTable(
  title: string,
  whole: Table,
  world: ExportWorld,
): Promise<Report & { readonly table: Table }> {
  const { shown, dropped, hidden } = allowedColumns(whole.columns, world.view);
  const allowed = keepColumns(whole, shown);
  const table = {
    ...allowed,
    problems: allowed.problems.map(withoutKeys),
    rows: allowed.rows.map((row) => row.map((cell) => withoutKeys(plainText(cell)))),
  };
  const { writeCsv } = await import("../../tables/csv.ts");
  const kept = await keep(world, {
    name: title,
    bytes: new TextEncoder().encode(writeCsv(table)),
    extension: "csv",
    rows: table.rows.length,
    columns: table.columns,
  });
  return { title, table, hidden, dropped, ...kept };
}

export async function keepWorkbook(title: string, bytes: Uint8Array, world: ExportWorld): Promise<Report> {
  const kept = await keep(world, { name: title, bytes, extension: "xlsx" });
  const notes = [
    ...(kept.notes ?? []),
    "It is as SkyPrep made it: personal columns and keys are not taken out of an Excel file.",
  ];
  return { title, hidden: [], dropped: [], ...kept, notes };
}

/** A folder that cannot be written costs the file, not the answer. */
async function keep(world: ExportWorld, what: ToKeep): Promise<{ exported?: Export; notes?: string[] }> {
  try {
    return { exported: await world.exports.keep(what) };
  } catch (error) {
    if (error instanceof CannotKeep) return { notes: [error.message] };
    throw error;
  }
}

export function linked(reply: Reply, exported: Export | undefined): Reply {
  if (exported === undefined) return reply;
  return { ...reply, link: linkTo(exported) };
}
