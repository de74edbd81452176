import { describe, expect, it } from "vitest";
import { syncPerson } from "../../src/sandbox/model/enrollment.ts";
import type { Progress } from "../../src/sandbox/model/tables.ts";
import type { World } from "../../src/sandbox/model/world.ts";
import { newSandbox, noon } from "./ask.ts";

const day = 86_400_000;

const rows = (world: World): Progress[] => [...world.progress.values()];
const open = ({ status }: Progress) => status === "not-started" || status === "in-progress";

function tally(world: World): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of rows(world)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Everything in a world, as text; sets and maps as lists. */
const dump = (world: World): string =>
  JSON.stringify(world, (_, value) => (value instanceof Map || value instanceof Set ? [...value] : value));

describe("the seed", () => {
  it("has the counts of the page's account", () => {
    const { world } = newSandbox();
    const ofType = (type: string) => [...world.groups.values()].filter((group) => group.type === type).length;

    expect(world.people.size).toBe(302);
    expect([...world.people.values()].filter(({ role }) => role === "admin")).toHaveLength(4);
    expect(world.courses.size).toBe(42);
    expect([ofType("user"), ofType("learning_path")]).toEqual([9, 6]);
  });

  it("is the same every time, to the row", () => {
    const first = newSandbox().world;
    const second = newSandbox().world;

    expect(dump(first)).toBe(dump(second));
    expect(tally(first)).toEqual({
      "in-progress": 169,
      passed: 1184,
      archived: 63,
      "not-started": 156,
      "not-applicable": 39,
      failed: 95,
    });
  });

  it("has open, overdue, expiring, expired, failed and archived training", () => {
    const { world } = newSandbox();
    const passed = rows(world).filter(({ status }) => status === "passed");
    const expiry = (from: number, to: number) =>
      passed.filter(({ expiration_date: at }) => at !== null && at > from && at <= to).length;

    expect(
      rows(world).filter((row) => open(row) && (row.deadline_date ?? Infinity) < noon).length,
    ).toBeGreaterThan(50);
    expect(expiry(noon, noon + 30 * day)).toBeGreaterThan(10);
    expect(expiry(0, noon)).toBeGreaterThan(10);
    expect(tally(world).failed).toBeGreaterThan(20);
    expect(tally(world).archived).toBeGreaterThan(20);
  });

  it("tells no story out of order", () => {
    const { world } = newSandbox();

    const wrong = rows(world).filter((row) => {
      const hired = world.people.get(row.user_id)?.created_at ?? Infinity;
      const begun = row.commencement_date ?? row.enrollment_date;
      return (
        row.enrollment_date < hired ||
        begun < row.enrollment_date ||
        (row.completion_date ?? begun) < begun ||
        row.updated_at > noon
      );
    });

    expect(wrong).toEqual([]);
  });

  it("gives everybody what their groups give: bringing all in line changes nothing", () => {
    const { world } = newSandbox();
    const before = dump(world);

    for (const id of world.people.keys()) syncPerson(world, id);

    expect(dump(world)).toBe(before);
  });

  it("has Avery as the everyday example", () => {
    const { world } = newSandbox();
    const avery = rows(world).filter(({ user_id }) => user_id === 101);
    const statuses = new Set(avery.map(({ status }) => status));
    const groups = [...world.groups.values()].filter(({ members }) => members.has(101)).map(({ id }) => id);
    const points = [...world.points.values()].filter(({ user_id }) => user_id === 101);

    expect(statuses).toEqual(new Set(["in-progress", "passed", "not-started"]));
    expect(avery.filter((row) => open(row) && (row.deadline_date ?? Infinity) < noon)).toHaveLength(1);
    expect(groups).toEqual([301, 302]);
    expect(points.reduce((sum, { amount }) => sum + amount, 0)).toBe(125);
  });

  it("answers to the ids of the page's samples", () => {
    const { world } = newSandbox();

    expect(world.people.get(101)).toMatchObject({ email: "avery@example.com", role: "learner" });
    expect(world.people.get(102)).toMatchObject({ email: "jordan@example.com", role: "manager" });
    expect(world.courses.get(201)?.items.map(({ id }) => id)).toEqual([211, 212]);
    expect(world.courses.get(202)).toMatchObject({
      name: "Workplace Safety Basics",
      course_code: "SAFE-101",
    });
    expect([...(world.groups.get(301)?.paths ?? [])]).toEqual([402]);
    expect(world.groups.get(302)).toMatchObject({ name: "West Region", parent_id: 301 });
    expect(world.progress.get(901)).toMatchObject({ user_id: 101, course_id: 201, status: "in-progress" });
    expect(world.registrations.get(521)).toMatchObject({ user_id: 101, timeslot_id: 511, status: "pending" });
    expect(world.registrations.get(522)).toMatchObject({ user_id: 102, status: "attended" });
    expect(world.powerUsers.get(801)).toEqual({
      id: 801,
      user_id: 102,
      user_role_id: 601,
      dataset_ids: [701],
    });
    expect(world.managerships.get(1601)).toMatchObject({ user_id: 102, user_group_id: 301 });
  });

  it.each([noon, noon + 3 * day, noon + 200 * day + 11])(
    "has sessions in the week before and the week after %d",
    (now) => {
      const { world } = newSandbox({ now: () => now });
      const starts = [...world.timeslots.values()].map((slot) => slot.commencement_time - now);

      expect(starts.some((away) => away < 0 && away > -14 * day)).toBe(true);
      expect(starts.some((away) => away > 0 && away < 14 * day)).toBe(true);
      expect(world.timeslots.get(511)?.commencement_time).toBeGreaterThan(now);
      expect(world.timeslots.get(513)?.commencement_time).toBeLessThan(now);
    },
  );

  it("refers to nothing that is not there", () => {
    const { world } = newSandbox({ people: 10 });

    for (const table of [
      world.registrations,
      world.managerships,
      world.powerUsers,
      world.points,
      world.skillPoints,
      world.payments,
    ])
      for (const row of table.values()) expect(world.people.has(row.user_id)).toBe(true);
    for (const group of world.groups.values()) {
      for (const id of group.courses) expect(world.courses.has(id)).toBe(true);
      for (const id of group.members) expect(world.people.has(id)).toBe(true);
    }
  });

  it("makes an academy of 20,000, with unique logins", () => {
    const { world } = newSandbox({ people: 20_000 });

    expect(world.people.size).toBe(20_000);
    expect(new Set([...world.people.values()].map(({ email }) => email)).size).toBe(20_000);
    expect(world.progress.size / 20_000).toBeGreaterThan(2);
    expect(world.progress.size / 20_000).toBeLessThan(5);
  });

  it("is not made before the first call", async () => {
    let looked = 0;
    const sandbox = newSandbox({
      now: () => {
        looked += 1;
        return noon;
      },
    });
    expect(looked).toBe(0);

    expect(sandbox.world).toBe(sandbox.world);
  });

  it.each([1, 20_001, 2.5])("is not made for %d people", (people) => {
    expect(() => newSandbox({ people }).world).toThrow(RangeError);
  });
});
