import type { Report } from "../../reply/report.ts";
import type { Table } from "../../tables/csv.ts";
import { count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { knownClocks, writtenSince } from "../shared/as-of.ts";
import type { Made } from "./report-memory.ts";

/** A report that was made into a file; `table` is undefined of a workbook. */
export type KeptReport = Report & {
  readonly table?: Table | undefined;
  /** Rows of people who cannot sign in any more, counted from 0. */
  readonly apart?: readonly number[] | undefined;
};

/** A file that is there already, read again; undefined where it is gone or no CSV. */
export async function openMade(
  made: Made,
  world: Pick<JobWorld, "exports" | "journal" | "account" | "now" | "records" | "zone">,
) {
  const { exports, now } = world;
  const found = await exports.read(made.export);
  if (found === undefined || found.about.extension !== "csv") return undefined;
  const { readBack } = await import("../../tables/csv.ts");
  const { about } = found;
  const table = { ...readBack(new TextDecoder().decode(found.content)), problems: made.problems };
  const at = made.at > 0 ? made.at : Date.parse(about.createdAt);
  const minutes = Math.floor((now() - at) / 60_000);
  return {
    title: made.title || about.name,
    table,
    exported: about,
    hidden: made.hidden,
    dropped: made.dropped,
    apart: made.apart,
    notes: [
      `From the file of ${knownClocks(world).stamp(at)}, ${ago(minutes)}: SkyPrep was not asked again (fresh: true asks).`,
      ...(await olderThanChange(at, world)),
    ],
  } satisfies KeptReport;
}

/** A sentence where something was changed from here since SkyPrep was asked for it. */
export async function olderThanChange(
  at: number,
  world: Parameters<typeof writtenSince>[1] & Pick<JobWorld, "zone">,
): Promise<string[]> {
  const { last } = await writtenSince(at, world);
  return last === undefined || last <= at
    ? []
    : [
        `It is as of ${knownClocks(world).stamp(at)}: what was changed from here since is not in it. With fresh: true it is made anew.`,
      ];
}

function ago(minutes: number): string {
  if (minutes < 1) return "just made";
  if (minutes < 120) return `${count(minutes, "minute")} old`;
  return minutes < 2 * 24 * 60
    ? `${count(Math.floor(minutes / 60), "hour")} old`
    : `${count(Math.floor(minutes / 1_440), "day")} old`;
}
