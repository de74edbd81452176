import { NotAList } from "../../academy/reads.ts";
import { type ReportReading, reportIn } from "../../reply/file.ts";
import { cell } from "../../reply/records.ts";
import type { Api } from "../../skyprep/api.ts";
import type { Letters } from "../../skyprep/letters.ts";
import { errorInside } from "../../skyprep/response.ts";
import type { Table } from "../../tables/csv.ts";
import { cleanText } from "../../text/english.ts";
import type { Progress } from "../call-deadline.ts";

export interface CollectWorld {
  readonly api: Api;
  readonly now: () => number;
  /** Resolves after so many milliseconds; rejects with the signal's reason. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How long a call may wait for a report that is being made. */
  readonly patienceMs: number;
}

/** A report as it came, read once. */
export type Collected =
  | Exclude<ReportReading, { is: "csv" | "rows" }>
  | { readonly is: "table"; readonly table: Table; readonly name: string | undefined };

/** SkyPrep's advice is silent; 100 calls a minute are for everybody. */
const betweenPolls = 4_000;

/** Asks until the report is there, or patience ends; only what says that it is waiting is asked again. */
export async function collect(
  { route, form }: { readonly route: string; readonly form: string },
  world: CollectWorld,
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

const lettersSaid: Readonly<Record<Letters, string>> = {
  "windows-1252": "It came in Windows-1252 (Latin-1), not UTF-8, and was read as that.",
  "utf-16": "It came in UTF-16, and was read as that.",
  damaged: "Some of its letters came damaged (\ufffd).",
};

async function tableOf(came: Extract<ReportReading, { is: "csv" | "rows" }>): Promise<Table> {
  // The CSV library loads with the first report.
  const { asTable, readCsv } = await import("../../tables/csv.ts");
  if (came.is === "csv") {
    const table = readCsv(came.text);
    const said = came.letters === undefined ? [] : [lettersSaid[came.letters]];
    return { ...table, problems: [...said, ...table.problems] };
  }
  return asTable(
    came.columns.map(cell),
    came.rows.map((row) => (Array.isArray(row) ? row.map(cell) : [cell(row)])),
  );
}
