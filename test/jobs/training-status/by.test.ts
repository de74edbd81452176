import fc from "fast-check";
import { expect, inject, it } from "vitest";
import type { Progress } from "../../../src/sandbox/model/tables.ts";
import type { World } from "../../../src/sandbox/model/world.ts";
import { noon, openAcademy } from "../../support/academy.ts";
import { often } from "../../support/long.ts";
import { canSignIn, dayOf, rowsOf, straight } from "./straight.ts";

const runs = often({ long: 500, short: 60 });
const dayMs = 86_400_000;
const open = ["not-started", "in-progress", "failed"];
const dims = ["manager", "group", "course", "path", "month", "Region", "title", "company"] as const;
type Dim = (typeof dims)[number];

/** What a record is counted under, as one would write it down over the tables. */
function keysOf(world: World, by: Dim, row: Progress, day: number | undefined): string[] {
  const person = world.people.get(row.user_id);
  const groups = [...world.groups.values()];
  const orElse = (keys: string[], none: string) => (keys.length === 0 ? [none] : keys);
  switch (by) {
    case "course":
      return [`${row.course_id} ${world.courses.get(row.course_id)?.name}`];
    case "group":
      return orElse(
        groups
          .filter(({ type, members }) => type === "user" && members.has(row.user_id))
          .map(({ id, name }) => `${id} ${name}`),
        "(no group)",
      );
    case "path":
      return orElse(
        groups
          .filter(({ type, courses }) => type !== "user" && courses.has(row.course_id))
          .map(({ id, name }) => `${id} ${name}`),
        "(no path)",
      );
    case "manager": {
      const own = [...world.managerships.values()]
        .filter(
          ({ user_id, user_group_id }) =>
            user_id !== row.user_id && world.groups.get(user_group_id)?.members.has(row.user_id),
        )
        .map(({ user_id }) => world.people.get(user_id))
        .map((one) => `${one?.id} ${one?.first_name} ${one?.last_name}`);
      return orElse([...new Set(own)], "(no manager)");
    }
    case "month":
      return [new Date((day ?? 0) * dayMs).toISOString().slice(0, 7)];
    case "Region":
      return [person?.profile.ca_0 ?? "(empty)"];
    default:
      return [person?.profile[by] ?? "(empty)"];
  }
}

interface Part {
  readonly row: Progress;
  readonly what?: string;
  readonly day?: number;
}

/** What happened between two days, by the records' own dates. */
function happened(rows: readonly Progress[], from: number, until: number): Part[] {
  return rows.flatMap((row) => {
    const ended = ["passed", "failed", "archived"].includes(row.status) ? row.completion_date : null;
    const all: [string, number | null][] = [
      ["enrolled", row.enrollment_date],
      ["started", row.commencement_date],
      [row.status, ended],
    ];
    return all.flatMap(([what, at]) => {
      const day = at === null ? undefined : dayOf(at);
      return day !== undefined && day >= from && day <= until ? [{ row, what, day }] : [];
    });
  });
}

/** How records stood at the end of a day, and how many do not say it. */
function stood(rows: readonly Progress[], day: number): { rows: Progress[]; unknown: number } {
  let unknown = 0;
  const by = (at: number | null) => at !== null && dayOf(at) <= day;
  const then = rows.flatMap((row): Progress[] => {
    if (!by(row.enrollment_date)) return [];
    if (by(row.updated_at)) return [row];
    const isOpen = row.status === "not-started" || row.status === "in-progress";
    if (row.status === "passed" && by(row.completion_date)) return [row];
    if (row.status === "failed" && by(row.completion_date)) return [row];
    if (isOpen || row.status === "failed" || (row.status === "passed" && row.completion_date !== null)) {
      const status = by(row.commencement_date) ? "in-progress" : "not-started";
      return [{ ...row, status, completion_date: null, expiration_date: null }];
    }
    unknown += 1;
    return [];
  });
  return { rows: then, unknown };
}

function tallied(parts: readonly Part[], keys: (part: Part) => string[], figures: readonly string[]) {
  const cells = new Map<string, Part[]>();
  for (const part of parts) for (const key of keys(part)) cells.set(key, [...(cells.get(key) ?? []), part]);
  return new Map(
    [...cells].map(([key, own]) => [
      key,
      Object.fromEntries(
        figures.map((figure) => [
          figure,
          figure === "people"
            ? new Set(own.map(({ row }) => row.user_id)).size
            : own.filter(({ what }) => what === figure).length,
        ]),
      ),
    ]),
  );
}

it(`figures by one thing or two agree with a plain count over the tables, for ${runs} questions`, async () => {
  const academy = await openAcademy({
    strict: inject("strict"),
    env: { SKYPREP_CUSTOM_FIELDS: "ca_0=Region" },
  });
  const { world } = academy.sandbox;
  const ids = (type: (one: string) => boolean) =>
    [...world.groups.values()].filter((one) => type(one.type)).map(({ id }) => id);
  const questions = fc.record({
    by: fc.uniqueArray(fc.constantFrom(...dims), { minLength: 1, maxLength: 2 }),
    group: fc.option(fc.constantFrom(...ids((type) => type === "user")), { nil: undefined, freq: 1 }),
    course: fc.option(fc.constantFrom(...world.courses.keys()), { nil: undefined, freq: 1 }),
    path: fc.option(fc.constantFrom(...ids((type) => type !== "user")), { nil: undefined, freq: 1 }),
    since: fc.option(fc.integer({ min: 30, max: 500 }), { nil: undefined, freq: 2 }),
    until: fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined, freq: 2 }),
  });
  const iso = (day: number) => new Date(day * dayMs).toISOString().slice(0, 10);

  await fc.assert(
    fc.asyncProperty(questions, async ({ by, group, course, path, since, until }) => {
      const today = dayOf(noon);
      const from = since === undefined ? undefined : today - Math.max(since, until ?? 0);
      const to = until === undefined ? undefined : today - until;
      const args = {
        by,
        ...(group && { group: String(group) }),
        ...(course && { course: String(course) }),
        ...(path && { path: String(path) }),
        ...(from !== undefined && { since: iso(from) }),
        ...(to !== undefined && { until: iso(to) }),
      };

      const { structured, isError, text } = await academy.call("training_status", args);

      expect(isError, text).toBe(false);
      const rows = rowsOf(world, { group, course, path });
      const isEvents = from !== undefined || by.includes("month");
      const seen = (row: Progress) => canSignIn(world.people.get(row.user_id), noon);
      const then = isEvents || to === undefined ? { rows, unknown: 0 } : stood(rows, to);
      const now = to === undefined ? noon : Math.min(noon, endOfDay(to));
      const late = new Set(straight(then.rows, now, 30).overdue);
      const parts: Part[] = isEvents
        ? happened(rows, from ?? 0, to ?? today + 10_000)
        : then.rows.flatMap((row) => [
            { row, what: "records" },
            ...(row.status === "passed" ? [{ row, what: "passed" }] : []),
            ...(open.includes(row.status) ? [{ row, what: "open" }] : []),
            ...(late.has(row) ? [{ row, what: "overdue" }] : []),
          ]);
      const figures = isEvents
        ? ["people", "enrolled", "started", "passed", "failed", "archived"]
        : ["people", "records", "passed", "open", "overdue"];
      const here = parts.filter(({ row }) => seen(row));
      const keys = (part: Part) =>
        by
          .map((one) => keysOf(world, one, part.row, part.day))
          .reduce((all, next) => all.flatMap((key) => next.map((one) => `${key} | ${one}`)));
      const expected = tallied(here, keys, figures);
      if (!isEvents && to !== undefined) expect(structured?.not_told ?? 0).toBe(then.unknown);
      const {
        columns,
        rows: cells,
        total,
      } = structured as {
        columns: string[];
        rows: (string | number)[][];
        total: number;
      };
      if (by.length === 1) {
        expect(total).toBe(expected.size);
        for (const [key, ...own] of cells) {
          const row = expected.get(String(key));
          for (const [at, name] of columns.slice(1).entries())
            if (row !== undefined && name in row) expect(own[at], `${key} ${name}`).toBe(row[name]);
          expect(row, String(key)).toBeDefined();
        }
        const gone = tallied(
          parts.filter(({ row }) => !seen(row)),
          () => ["all"],
          figures,
        ).get("all");
        const totals = structured?.totals as (string | number)[][];
        for (const [name, sum] of [
          ["all", tallied(here, () => ["all"], figures).get("all")],
          ["(cannot sign in)", gone],
        ] as const) {
          const line = totals.find(([key]) => key === name);
          for (const figure of figures)
            if (line !== undefined && columns.includes(figure))
              expect(line[columns.indexOf(figure)], `${name} ${figure}`).toBe(sum?.[figure] ?? 0);
        }
      } else {
        const main = isEvents ? "passed" : "overdue";
        for (const [key, ...own] of cells)
          for (const [at, across] of columns.slice(1).entries())
            expect(own[at], `${key} | ${across}`).toBe(expected.get(`${key} | ${across}`)?.[main] ?? 0);
      }
    }),
    { numRuns: runs, endOnFailure: true },
  );
  await academy.close();
}, 600_000);

/** The last second of a day in the pretend account's zone. */
function endOfDay(day: number): number {
  let at = (day + 1) * dayMs - 1_000;
  while (dayOf(at) <= day) at += 3_600_000;
  while (dayOf(at) > day) at -= 1_000;
  return at;
}
