import fc from "fast-check";
import { expect, inject, it } from "vitest";
import type { Progress, Status } from "../../../src/sandbox/model/tables.ts";
import { noon, openAcademy } from "../../support/academy.ts";
import { often } from "../../support/long.ts";
import { canSignIn, dayOf, rowsOf, straight, straightChanges } from "./straight.ts";

const runs = often({ long: 500, short: 150 });
const minute = 60_000;
const dayMs = 24 * 3_600_000;
const statuses: Status[] = ["not-started", "in-progress", "passed", "failed", "not-applicable", "archived"];
const shows = ["overdue", "due", "expiring", "expired", ...statuses];
/** What is over is listed of everybody; what is still to be done, not of people who cannot do it. */
const over = ["passed", "not-applicable", "archived"];

/** Changes an academy would see in a while: somebody got on, was given a course again, or a date was moved. */
function shuffle(rows: readonly Progress[], now: number, pick: (n: number) => number): void {
  for (let n = 0; n < 12; n++) {
    const row = rows[pick(rows.length)];
    if (row === undefined) continue;
    const status = statuses[pick(statuses.length)] ?? "passed";
    const near = now + (pick(120) - 60) * dayMs + pick(dayMs / minute) * minute;
    Object.assign(row, {
      status,
      completion_date: status === "passed" || status === "failed" ? now - pick(3) * dayMs : null,
      deadline_date: pick(4) === 0 ? null : near,
      expiration_date: status === "passed" && pick(3) > 0 ? near : null,
      updated_at: now,
    });
  }
}

it(`agrees with a straightforward count over the tables, for ${runs} scopes of an academy that goes on`, async () => {
  let now = noon;
  const academy = await openAcademy({
    strict: inject("strict"),
    clock: { now: () => now, after: () => () => {} },
  });
  const { world } = academy.sandbox;
  Object.assign(academy.sandbox.world, { now: () => now });
  const all = [...world.progress.values()];
  // Recertification leaves several passes of one person in one course.
  let id = Math.max(...world.progress.keys());
  for (const row of all.filter(({ status }) => status === "passed").slice(0, 60)) {
    id += 1;
    const ended = (row.completion_date ?? noon) - 200 * dayMs;
    const expires = id % 2 === 0 ? noon + (id % 40) * dayMs : noon - dayMs;
    world.progress.set(id, { ...row, id, completion_date: ended, expiration_date: expires });
  }
  const groups = [...world.groups.values()];
  const name = (of: ReadonlyMap<number, { name: string }>, n: number) => of.get(n)?.name ?? "";
  const scopes = fc.record({
    person: fc.option(fc.constantFrom(...world.people.keys()), { nil: undefined, freq: 1 }),
    group: fc.option(fc.constantFrom(...groups.filter(({ type }) => type === "user").map((one) => one.id)), {
      nil: undefined,
    }),
    course: fc.option(fc.constantFrom(...world.courses.keys()), { nil: undefined, freq: 1 }),
    path: fc.option(fc.constantFrom(...groups.filter(({ type }) => type !== "user").map((one) => one.id)), {
      nil: undefined,
      freq: 1,
    }),
    show: fc.option(fc.constantFrom(...shows), { nil: undefined }),
    since: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined, freq: 1 }),
    days: fc.constantFrom(0, 1, 7, 30, 90, 400),
    spelling: fc.integer({ min: 0, max: 3 }),
    later: fc.boolean(),
    chances: fc.array(fc.nat(), { minLength: 72, maxLength: 72 }),
  });
  let n = 0;

  await fc.assert(
    fc.asyncProperty(
      scopes,
      async ({ person, group, course, path, show, since, days, spelling, later, chances }) => {
        if (++n % 10 === 0) {
          if (later) now += 2 * minute;
          let at = 0;
          if (later) shuffle(all, now, (below) => (chances[at++ % chances.length] ?? 0) % below);
        }
        const sinceDay = since === undefined ? undefined : dayOf(now) - since;
        const args = {
          person: person && (spelling === 1 ? world.people.get(person)?.email : String(person)),
          group: group && (spelling === 2 ? name(world.groups, group) : String(group)),
          course:
            course &&
            (spelling === 3 ? world.courses.get(course)?.course_code || String(course) : String(course)),
          path: path && (spelling === 2 ? name(world.groups, path) : String(path)),
          show,
          days,
          since: sinceDay && new Date(sinceDay * dayMs).toISOString().slice(0, 10),
        };

        const { structured, isError, text } = await academy.call("training_status", args);

        expect(isError, text).toBe(false);
        const rows = rowsOf(world, { person, group, course, path });
        if (sinceDay !== undefined) {
          const { changed, ...counts } = straightChanges(rows, sinceDay);
          expect(structured).toMatchObject({ changed, ...counts });
          if (show === undefined) expect(structured?.total).toBe(changed);
          return;
        }
        const { overdue, due, expiring, expired, completion_rate, ...same } = straight(rows, now, days);
        expect(structured).toMatchObject(same);
        expect(structured).toMatchObject({
          overdue: overdue.length,
          overdue_people: new Set(overdue.map((row) => row.user_id)).size,
          due: due.length,
          expiring: expiring.length,
          expired: expired.length,
        });
        if (completion_rate === undefined) expect(structured).not.toHaveProperty("completion_rate");
        else expect(structured?.completion_rate).toBeCloseTo(completion_rate, 2);
        if (show !== undefined) {
          const chased = !over.includes(show) && person === undefined;
          const behind = (
            { overdue, due, expiring, expired }[show as "overdue"] ??
            rows.filter(({ status }) => status === show)
          ).filter((row) => !chased || canSignIn(world.people.get(row.user_id), noon));
          expect(structured?.total).toBe(behind.length);
          const items = structured?.items as { user_id?: number }[];
          expect(items).toHaveLength(Math.min(30, behind.length));
          if (show === "overdue" && person === undefined) {
            const first = [...behind].sort(
              (a, b) => Number(a.deadline_date) - Number(b.deadline_date) || a.id - b.id,
            );
            expect(items.map((one) => one.user_id)).toEqual(first.slice(0, 30).map((row) => row.user_id));
          }
        }
      },
    ),
    { numRuns: runs, endOnFailure: true },
  );
  await academy.close();
}, 600_000);
