import type { Table } from "../../files/csv.ts";
import { count } from "../../guard/words.ts";
import type { Report } from "../../reply/report.ts";
import type { JobWorld } from "../job.ts";
import type { Made } from "./memory.ts";

/** A report that was made into a file; `table` is undefined of a workbook. */
export type KeptReport = Report & { readonly table?: Table | undefined };

/** A file that is there already, read again; undefined where it is gone or no CSV. */
export async function openMade(made: Made, { exports, now }: Pick<JobWorld, "exports" | "now">) {
  const found = await exports.read(made.export);
  if (found === undefined || !found.about.file.endsWith(".csv")) return undefined;
  const { readBack } = await import("../../files/csv.ts");
  const { about } = found;
  const table = { ...readBack(new TextDecoder().decode(found.content)), problems: made.problems };
  const minutes = Math.floor((now() - Date.parse(about.createdAt)) / 60_000);
  return {
    title: made.title || about.name,
    table,
    exported: about,
    hidden: made.hidden,
    dropped: made.dropped,
    notes: [
      `From the file of ${about.createdAt.slice(0, 16)}Z, ${ago(minutes)}: SkyPrep was not asked again.`,
    ],
  } satisfies KeptReport;
}

function ago(minutes: number): string {
  if (minutes < 1) return "just made";
  if (minutes < 120) return `${count(minutes, "minute")} old`;
  return minutes < 2 * 24 * 60
    ? `${count(Math.floor(minutes / 60), "hour")} old`
    : `${count(Math.floor(minutes / 1_440), "day")} old`;
}
