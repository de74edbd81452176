import { z } from "zod";
import type { Change, Target } from "../../journal/line.ts";
import { notOurs } from "../../reply/cursor.ts";
import { columnsOf, fit, line } from "../../reply/records.ts";
import { refuse } from "../../reply/reply.ts";
import { cleanText, count } from "../../text/english.ts";
import { defineJob } from "../job.ts";
import { type Clocks, clocksOf } from "../shared/as-of.ts";
import { cursor, field, run, unlisted } from "../shared/input-fields.ts";
import { wantedBy } from "./change-filter.ts";
import { differenceOf } from "./difference.ts";
import { sinceIn } from "./since.ts";

const columns = [
  "change",
  "at",
  "tool",
  "on",
  "changed",
  "by",
  "agreed",
  "ended",
  "plan",
  "run",
  "client",
  "undone_by",
];

/** What was done lately, from the journal of this computer. */
export const list_changes = defineJob({
  title: "List what was changed",
  description:
    "What this server changed, newest first: on whom, from what to what, who agreed, how it ended; the number undo_change takes. Not what was done in SkyPrep itself.",
  searchHint:
    "what did the assistant change, history of changes, log, audit trail, yesterday, recent actions",
  closedWorld: true,
  effect: "read",
  idempotent: true,
  input: z.strictObject({
    who: field(
      z.string().trim().min(1).max(255),
      "Only on them: name, login or number; else all",
      "avery@example.com",
    ).optional(),
    since: field(
      z.string().trim().min(1).max(40),
      "From this day or time, YYYY-MM-DDTHH:MM; else all",
      "2026-11-01",
    ).optional(),
    run,
    limit: unlisted(field(z.int().min(1).max(500), "Most rows; else 20", 20)).optional(),
    cursor: cursor("41"),
  }),
  async run({ who, since, run, limit = 20, cursor }, world, { signal }) {
    // A change's own number, so that what comes in meanwhile moves nothing.
    if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) return refuse("Nothing was listed.", notOurs);
    const { account, journal } = world;
    const all = run === undefined ? await journal.changes(account) : await world.ofRun(run);
    const clocks = await clocksOf(world, signal);
    const isSince = since === undefined ? () => true : sinceIn(since, clocks);
    if (isSince === undefined)
      return refuse("Nothing was listed.", "since is a day or a time: 2026-11-30, or 2026-11-30T09:00.");
    const wanted = who === undefined ? undefined : await wantedBy(who, all, world, signal);
    const matching = all.filter(
      (change) => wanted?.matches(change) !== false && isSince(Date.parse(change.at)),
    );
    const found = matching.filter(({ seq }) => cursor === undefined || seq < Number(cursor));
    const before = matching.length - found.length;
    const rows = await Promise.all(
      found.slice(0, limit).map(async (change) => rowOf(change, clocks, await differenceOf(change, world))),
    );
    const shown = fit(rows, (row) => line(row, columns));
    const last = shown.at(-1)?.change;
    const next = shown.length < found.length && last !== undefined ? String(last) : undefined;
    const present = columnsOf(shown, columns);
    const notes = [
      // By the clock of another place a time may be ahead here, and “0 changes” would be believed.
      ...(isSince(world.now())
        ? []
        : [`${since} is still to come: it is ${clocks.second(world.now())} there.`]),
      ...(wanted?.notes ?? []),
      ...(run !== undefined && all.length === 0
        ? [
            world.isPoliced
              ? `Nothing that this policy shows was changed in a run called “${cleanText(run)}”.`
              : `Nothing was changed in a run called “${cleanText(run)}”.`,
          ]
        : []),
    ];
    const named = present.includes("client") ? "; a client is named as it calls itself" : "";
    return {
      outcome: "done" as const,
      text: [
        `${count(matching.length, "change")}${before > 0 || next ? placeOf(before, shown.length) : ""}, times in ${clocks.zone}${named}.`,
        ...notes,
        ...(shown.length > 0 ? [present.join("\t"), ...shown.map((row) => line(row, present))] : []),
        ...(next ? [`More follow: call again with cursor ${next}`] : []),
      ].join("\n"),
      structured: {
        items: shown,
        total: matching.length,
        zone: clocks.zone,
        ...(notes.length > 0 && { notes }),
        ...(next && { next_cursor: next }),
      },
    };
  },
});

const placeOf = (before: number, shown: number): string =>
  shown === 0 ? ", none here" : `, ${before + 1}–${before + shown} of them, newest first`;

function rowOf({ seq, at, intent, outcome, undoneBy }: Change, clocks: Clocks, changed: string | undefined) {
  return {
    change: seq,
    at: clocks.time(Date.parse(at)),
    tool: intent.tool,
    on: on(intent.targets),
    ...(changed !== undefined && { changed }),
    // Where a server serves several.
    ...(intent.person !== undefined && { by: cleanText(intent.person).slice(0, 80) }),
    ...(intent.agreed !== "nobody" && { agreed: `by ${intent.agreed}` }),
    ended:
      outcome === undefined
        ? "unknown"
        : outcome.is === "done"
          ? "done"
          : cleanText(`${outcome.is === "failed" ? "not done" : "unknown"}: ${outcome.why}`).slice(0, 80),
    ...(intent.plan !== undefined && { plan: cleanText(intent.plan).slice(0, 40) }),
    ...(intent.run !== undefined && { run: cleanText(intent.run).slice(0, 64) }),
    ...(intent.client !== undefined && { client: `“${cleanText(intent.client).slice(0, 60)}”` }),
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
