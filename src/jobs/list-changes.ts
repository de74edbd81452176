import { z } from "zod";
import type { Change, Target } from "../journal/line.ts";
import { cleanText } from "../reply/clean-text.ts";
import { fit } from "../reply/fit.ts";
import { columnsOf, line } from "../reply/table.ts";
import { cursor, field } from "./field.ts";
import type { Job } from "./job.ts";

const columns = ["change", "at", "tool", "on", "agreed", "ended", "undone_by"];

/** What was done lately, from the journal of this computer. */
export const list_changes: Job = {
  title: "List what was changed",
  description:
    "What this server changed, newest first: tool, on whom, who agreed, how it ended. Not what was done elsewhere.",
  effect: "read",
  idempotent: true,
  input: z.strictObject({
    who: field(z.string().trim().min(1).max(255), "Login, number", "avery@example.com").optional(),
    since: field(z.iso.date(), "Day", "2026-11-01").optional(),
    limit: field(z.int().min(1).max(500), "Else 20", 20).optional(),
    cursor: cursor("41"),
  }),
  async run(args, { account, journal }) {
    const {
      who,
      since,
      limit = 20,
      cursor,
    } = args as {
      who?: string;
      since?: string;
      limit?: number;
      cursor?: string;
    };
    const all = await journal.changes(account);
    const found = all.filter(
      (change) =>
        (who === undefined || isAbout(change, who)) &&
        (since === undefined || change.at >= since) &&
        (cursor === undefined || change.seq < Number(cursor)),
    );
    const rows = found.slice(0, limit).map(rowOf);
    const shown = fit(rows, (row) => line(row, columns));
    const last = shown.at(-1)?.change;
    const next = shown.length < found.length && last !== undefined ? String(last) : undefined;
    const present = columnsOf(shown, columns);
    return {
      outcome: "done" as const,
      text: [
        `${found.length} ${found.length === 1 ? "change" : "changes"}${next ? `, the newest ${shown.length}` : ""}, times in UTC.`,
        ...(shown.length > 0 ? [present.join("\t"), ...shown.map((row) => line(row, present))] : []),
        ...(next ? [`More follow: call again with cursor ${next}`] : []),
      ].join("\n"),
      structured: { items: shown, total: found.length, ...(next && { next_cursor: next }) },
    };
  },
};

function isAbout({ intent }: Change, who: string): boolean {
  const wanted = who.toLowerCase();
  return intent.targets.some(({ id, login }) => String(id) === wanted || login?.toLowerCase() === wanted);
}

function rowOf({ seq, at, intent, outcome, undoneBy }: Change) {
  return {
    change: seq,
    at: at.slice(0, 16),
    tool: intent.tool,
    on: on(intent.targets),
    ...(intent.agreed !== "nobody" && { agreed: `by ${intent.agreed}` }),
    ended:
      outcome === undefined
        ? "unknown"
        : outcome.is === "done"
          ? "done"
          : cleanText(`${outcome.is === "failed" ? "not done" : "unknown"}: ${outcome.why}`).slice(0, 80),
    ...(undoneBy !== undefined && { undone_by: undoneBy }),
  };
}

const mostNamed = 4;
function on(targets: readonly Target[]): string {
  const named = targets
    .slice(0, mostNamed)
    .map(({ kind, id, login, name }) =>
      [kind, id, cleanText(login ?? name ?? "").slice(0, 60)]
        .filter((one) => one !== undefined && one !== "")
        .join(" "),
    );
  return [...named, ...(targets.length > mostNamed ? [`${targets.length - mostNamed} more`] : [])].join(", ");
}
