import assert from "node:assert/strict";
import type { Desk, Journey, Row } from "./journey.ts";

const planIn = ({ structured }: { structured: Row | undefined }) => String(structured?.plan);
const called = (world: Desk["world"], name: string) =>
  [...world.groups.values()].find((group) => group.name === name);
const records = (world: Desk["world"], person: number, course: number) =>
  world.progress.of(person).filter(({ course_id }) => course_id === course);

/** Jobs about who is in which course, group or learning path. */
export const enrolling: readonly Journey[] = [
  {
    job: 18,
    asks: "Enrol Avery in Public Speaking and Lean Basics.",
    async play({ world, call }) {
      const plan = await call("plan_enrollment", {
        people: ["Avery Learner"],
        courses: ["Public Speaking", "Lean Basics"],
      });
      await call("apply_plan", { plan: planIn(plan) });

      for (const course of [232, 240]) assert.equal(world.enrollments.get(101)?.has(course), true);
    },
  },
  {
    job: 19,
    asks: "Everyone in Sales has to take Fire Safety and Evacuation.",
    async play({ world, call, asked }) {
      await call("add_course_to_user_group", { user_group_id: 301, course_id: 209 });

      assert.equal(world.groups.get(301)?.courses.has(209), true);
      assert.equal(asked.length, 1, "54 people are enrolled by it: somebody was asked");
    },
  },
  {
    job: 20,
    asks: "Put all of Finance and Human Resources through Phishing, and Password Hygiene.",
    async play({ world, call }) {
      for (const group of ["Finance", "Human Resources"]) {
        const plan = await call("plan_enrollment", {
          group,
          courses: ["Phishing and Social Engineering", "SEC-103"],
        });
        await call("apply_plan", { plan: planIn(plan) });
      }

      for (const group of [306, 307])
        for (const person of world.groups.get(group)?.members ?? [])
          for (const course of [207, 208])
            assert.ok(
              world.enrollments.get(person)?.has(course) || records(world, person, course).length > 0,
            );
    },
  },
  {
    job: 21,
    asks: "Take Avery out of Public Speaking again.",
    async play({ world, call, asked }) {
      await call("enroll_user_in_course", { user_email: "avery@example.com", course_id: 240 });
      await call("remove_user_from_course", { user_email: "avery@example.com", course_id: 240 });

      assert.equal(world.enrollments.get(101)?.has(240), false);
      assert.equal(asked.length, 1);
    },
  },
  {
    job: 22,
    asks: "Make a group “Night Shift” with these two people and Workplace Safety.",
    async play({ world, call, items }) {
      assert.deepEqual(await items("get_user_groups", { search: "night" }), []);
      await call("create_user_group", { name: "Night Shift", course_ids: [202], user_ids: [110, 111] });

      const group = called(world, "Night Shift");
      assert.deepEqual([...(group?.members ?? [])], [110, 111]);
      assert.deepEqual([...(group?.courses ?? [])], [202]);
    },
  },
  {
    job: 23,
    asks: "Avery moves from West Region to Finance.",
    async play({ world, call }) {
      await call("enroll_user_in_user_group", { user_email: "avery@example.com", user_group_id: 306 });
      await call("remove_user_from_user_group", { user_email: "avery@example.com", user_group_id: 302 });

      assert.equal(world.groups.get(306)?.members.has(101), true);
      assert.equal(world.groups.get(302)?.members.has(101), false);
    },
  },
  {
    job: 24,
    asks: "Build a path “First Month” of three courses and give it to Contractors.",
    async play({ world, call }) {
      const made = await call("create_learning_path", { name: "First Month", course_ids: [201, 203] });
      const learning_path_id = made.structured?.id;
      await call("add_course_to_learning_path", { learning_path_id, course_id: 205 });
      await call("add_group_to_learning_path", { learning_path_id, user_group_id: 309 });

      const path = called(world, "First Month");
      assert.deepEqual([...(path?.courses ?? [])], [201, 203, 205]);
      assert.equal(world.groups.get(309)?.paths.has(path?.id ?? 0), true);
    },
  },
  {
    job: 25,
    asks: "Avery passed First Aid in a classroom last week: put it on record.",
    async play({ world, call }) {
      await call("create_course_progress", { user_email: "avery@example.com", course_id: 210 });
      const [made] = records(world, 101, 210);
      await call("update_course_progress", { course_progress_id: made?.id, set_status: "passed" });

      assert.equal(records(world, 101, 210)[0]?.status, "passed");
    },
  },
];
