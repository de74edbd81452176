import { expect, it } from "vitest";
import type { Tables } from "../../src/sandbox/model/tables.ts";
import { everyJob, everyTool, type Inside, openMarked } from "./sweep.ts";

const jobsToo = everyJob({
  find: [{ text: "a" }, { text: "course" }, { text: "207" }],
  account_overview: [{}],
  training_status: [{}, { show: "overdue" }, { user_group_id: 303 }, { course_id: 205 }],
  access_review: [{}],
});

interface Case {
  readonly policy: Record<string, unknown>;
  readonly inside: (tables: Tables) => Inside;
  readonly picks: Readonly<Record<string, readonly unknown[]>>;
  readonly strict?: boolean;
  readonly atLeast: number;
}

const cases: Readonly<Record<string, Case>> = {
  courses: {
    policy: { courses: [201, 202, 216] },
    inside: () => ({ courses: new Set([201, 202, 216]) }),
    picks: {
      course_id: [201, 205],
      course_ids: [[202], [201, 205]],
      user_group_id: [302, 301, 303],
      user_group_ids: [[302], [303]],
      learning_path_id: [404, 403],
      learning_path_ids: [[403]],
      course_bundle_ids: [[403]],
      course_progress_id: [901, 950],
      course_item_id: [211],
      exam_id: [312],
    },
    atLeast: 25,
  },
  groups: {
    // One that stands in another, which is outside.
    policy: { groups: ["West Region", 304] },
    inside: () => ({ groups: new Set([302, 304]) }),
    picks: {
      user_group_id: [302, 301],
      user_group_ids: [[302], [304, 303]],
      learning_path_id: [405, 404],
    },
    atLeast: 24,
  },
  paths: {
    policy: { paths: [405, "New Hire Learning Path"] },
    inside: () => ({ paths: new Set([405, 402]) }),
    picks: {
      learning_path_id: [405, 406],
      learning_path_ids: [[402], [402, 406]],
      course_bundle_ids: [[405], [406, 402]],
      user_group_id: [301, 305],
      user_group_ids: [[305]],
    },
    atLeast: 20,
  },
  "all of them, in the strict academy": {
    policy: { people: { in_groups: ["sales team"] }, courses: [201, 202], groups: [301], paths: [405, 402] },
    inside: (tables) => ({
      people: new Set(tables.groups.get(301)?.members),
      courses: new Set([201, 202]),
      groups: new Set([301]),
      paths: new Set([402, 405]),
    }),
    strict: true,
    picks: {
      user_id: [102, 150],
      user_ids: [[106], [106, 150]],
      course_id: [202, 205],
      course_ids: [[202], [201, 205]],
      user_group_id: [301, 303],
      user_group_ids: [[301], [303]],
      learning_path_id: [402, 406],
      course_progress_id: [901, 950],
    },
    atLeast: 8,
  },
};

for (const [name, { policy, inside, picks, strict = false, atLeast }] of Object.entries(cases)) {
  it(`leaves nothing outside to be seen or touched: ${name}`, async () => {
    const academy = await openMarked(policy, inside, { strict, people: 150 });
    for (const { name: tool, args } of [...jobsToo, ...everyTool(picks)])
      if (!(await academy.go(tool, args))) break;
    expect(academy.wrong).toEqual([]);
    // It lets through what is within: a policy that refuses everything would pass all of the above.
    expect(academy.writes().length).toBeGreaterThanOrEqual(atLeast);
    await academy.close();
  }, 120_000);
}
