import { expect, it } from "vitest";
import type { Tables } from "../../src/sandbox/model/tables.ts";
import { openPoliced } from "./policed.ts";

/** A plan made and applied, by how many requests; under a policy and under one that says nothing. */
async function requests(
  policy: unknown,
  people: number,
  plan: (tables: Tables) => readonly [string, Record<string, unknown>],
) {
  const academy = await openPoliced(policy, {
    people: people + 50,
    prepare: ({ groups, people: all }) => {
      const members = groups.get(301)?.members;
      for (const id of [...all.keys()].slice(0, people)) members?.add(id);
    },
  });
  const [name, args] = plan(academy.tables);
  const made = await academy.call(name, args);
  const applied = await academy.call("apply_plan", { plan: made.structured?.plan });
  await academy.close();
  return { sent: academy.sent.length, done: applied.structured?.done, text: applied.text.slice(0, 300) };
}

it.each([
  ["900 enrollments", 900, 15, () => ["plan_enrollment", { group: "301", courses: ["241"] }] as const],
  [
    "40 changes, one by one",
    40,
    15,
    ({ people, groups }: Tables) => {
      const rows = [...(groups.get(301)?.members ?? [])].slice(0, 40);
      const csv = ["Email,Job title", ...rows.map((id) => `${people.get(id)?.email},Chief`)].join("\n");
      return ["plan_roster", { csv, leavers: "ignore" }] as const;
    },
  ],
] as const)(
  "needs few requests more under a policy: %s",
  async (_, people, most, plan) => {
    const free = await requests({}, people, plan);
    const held = await requests(
      { people: { in_groups: [301] }, limits: { per_day: { enrollments: 100_000, calls: 100_000 } } },
      people,
      plan,
    );

    expect(held.done).toBe(free.done);
    expect(Number(held.done)).toBeGreaterThan(people / 2);
    expect(held.sent - free.sent).toBeLessThanOrEqual(most);
  },
  120_000,
);
