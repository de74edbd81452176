import { expect, it } from "vitest";
import { academyDay } from "../../../src/jobs/shared/as-of.ts";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import { writtenIn } from "../../../src/text/zone.ts";
import { connect } from "../../support/academy.ts";
import { agreeing } from "../../support/person.ts";
import { seededTables } from "../../support/seeded.ts";

const eastern = "America/New_York";

it("is the day by the zone that is named, also where the nearest date is from before the clocks changed", () => {
  const rows = [
    { time_zone: "Eastern Time (US & Canada)", created_at: writtenIn(eastern, Date.UTC(2026, 9, 30, 12)) },
  ];

  expect(academyDay(Date.UTC(2026, 10, 5, 4, 30), rows)).toBe("2026-11-04");
  expect(academyDay(Date.UTC(2026, 10, 5, 5, 30), rows)).toBe("2026-11-05");
  expect(academyDay(Date.UTC(2026, 6, 5, 4, 30), rows)).toBe("2026-07-05");
});

it.each([
  ["late in the evening there", Date.UTC(2026, 10, 24, 4, 30), "2026-11-23", "2026-11-23T23:30"],
  ["after midnight there", Date.UTC(2026, 10, 24, 5, 30), "2026-11-24", "2026-11-24T00:30"],
])("%s, days without a time and times are the academy's", async (_, now, day, time) => {
  const sandbox = createSandbox({
    tables: seededTables,
    now: () => now,
    callsPerMinute: Number.POSITIVE_INFINITY,
  });
  const asked: string[] = [];
  const { call, close } = await connect(
    sandbox.send,
    { SKYPREP_SANDBOX: "true" },
    {
      clock: { now: () => now, after: () => () => {} },
      person: (form) => {
        asked.push(form.message);
        return agreeing(form);
      },
    },
  );
  const rows = [...sandbox.world.people.values()].filter(
    ({ id, login_status }) => login_status !== "disabled" && id !== 160,
  );
  const csv = ["Email", ...rows.map(({ email }) => email)].join("\n");

  const planned = await call("plan_roster", { csv });
  await call("apply_plan", { plan: String(planned.structured?.plan) });
  await call("offboard_person", { person: "151" });
  const changes = await call("list_changes", { since: day });
  const before = await call("list_changes", { since: "2026-11-25" });
  const overview = await call("account_overview");
  await close();

  expect(asked.join("\n")).toMatch(
    new RegExp(`End the access of “[^”]+” \\([^)]+\\) on ${Number(day.slice(8))} Nov 2026\\?`),
  );
  expect(sandbox.world.people.get(151)?.access_end_date).not.toBeNull();
  expect(changes.structured?.items).toEqual(
    ((changes.structured?.items ?? []) as unknown[]).map(() => expect.objectContaining({ at: time })),
  );
  expect(Number(changes.structured?.total)).toBeGreaterThan(1);
  expect(before.structured).toMatchObject({ total: 0 });
  // Some seconds were taken to read the questions.
  expect(overview.text).toMatch(new RegExp(`at ${time}:0\\d \\(Eastern Time`));
});
