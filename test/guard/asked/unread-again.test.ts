import { afterEach, describe, expect, it } from "vitest";
import { yes } from "../../support/person.ts";
import { type Case, cases } from "./cases.ts";
import { createFakePages } from "./fake-pages.ts";
import { type Counted, type Opened, openCounted } from "./world.ts";

const opened: Opened[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** An academy whose reads can be made to fail once a question was put; and what was read for that question. */
async function openFlaky(one: Pick<Case, "kind">, options: Counted = {}) {
  const seen: string[] = [];
  let fails = (_: string): boolean => false;
  const academy = await openCounted({
    ...options,
    fails: (route) => {
      seen.push(route);
      return fails(route);
    },
  });
  opened.push(academy);
  await academy.prepare(one);
  seen.splice(0);
  return {
    ...academy,
    seen,
    failing: (which: typeof fails) => {
      fails = which;
    },
  };
}

describe.each(["legacy", "auto"] as const)("what cannot be read again, mode %s", (mode) => {
  // Every third case in each era: what fails differs from case to case.
  const some = cases.filter((_, n) => n % 3 === (mode === "auto" ? 0 : 1));
  it.each(some)("$title: the question is put once; it is sent, or is not and says why", async (one) => {
    const academy = await openFlaky(one, { mode });
    const asked = academy.answered((form) => {
      const read = [...new Set(academy.seen)];
      // Another read fails for each case, the same in each run.
      const which = read[one.title.length % Math.max(1, read.length)];
      academy.failing((route) => route === which);
      return yes(form);
    });

    const reply = await academy.call(one.tool.name, one.args);

    expect(asked()).toBe(1);
    if (academy.sent.length === 0) {
      expect(reply.isError).toBe(true);
      expect(reply.text).toMatch(/could not be (read again|looked up)/);
    } else expect(academy.sent).toEqual([one.tool.route]);
  });

  it("a count that cannot be read again is no change", async () => {
    const academy = await openFlaky({ kind: "irreversible" }, { mode });
    const asked = academy.answered((form) => {
      academy.failing((route) => route === "get_course_progresses");
      return yes(form);
    });

    await academy.call("destroy_course", { course_id: 202 });

    expect(asked()).toBe(1);
    expect(academy.sent).toEqual(["destroy_course"]);
  });

  it.each([
    ["rights", "destroy_power_user", { user_id: 102 }, "get_power_users"],
    [
      "a pair",
      "remove_user_from_user_group",
      { user_id: 102, user_group_id: 301 },
      "get_user_group_enrollments_for_user",
    ],
    [
      "what a manager may do",
      "remove_manager_from_user_group",
      { user_id: 102, user_group_id: 301 },
      "get_manager_permissions_from_user_group",
    ],
    ["who it is", "destroy_user", { user_id: 105 }, "get_user"],
  ])("%s that cannot be read again: nothing is sent, and that is said", async (_, tool, args, route) => {
    const academy = await openFlaky({ kind: "removing" }, { mode });
    const asked = academy.answered((form) => {
      academy.failing((one) => one === route);
      return yes(form);
    });

    const reply = await academy.call(tool, args);

    expect(asked()).toBe(1);
    expect(academy.sent).toEqual([]);
    expect(reply.text).toMatch(
      /was not sent: .*could not be (read again|looked up)[\s\S]*Nothing was sent\. Call again/,
    );
  });

  it("a read that fails every other time puts no question a third time", async () => {
    const academy = await openFlaky({ kind: "removing" }, { mode });
    let n = 0;
    academy.failing((route) => route === "get_power_users" && n++ % 2 === 0);
    const asked = academy.answered(yes);

    await academy.call("destroy_power_user", { user_id: 102 });

    expect(asked()).toBeLessThanOrEqual(2);
  });

  it("the same holds for a job: one whose people cannot be read again is not begun", async () => {
    const academy = await openFlaky({ kind: "removing" }, { mode });
    const asked = academy.answered((form) => {
      academy.failing((route) => route === "get_user");
      return yes(form);
    });

    const reply = await academy.call("offboard_person", { person: "102" });

    expect(asked()).toBe(1);
    expect(academy.sent).toEqual([]);
    expect(reply.text).toMatch(/could not be (read again|looked up|read)/);
  });
});

it("a code or a page's yes: a count that cannot be read again is no change, a right that cannot sends nothing", async () => {
  const byCode = async (route: string, tool: string, args: Record<string, unknown>) => {
    const academy = await openFlaky({ kind: "removing" }, { forms: false });
    const { structured } = await academy.call(tool, args);
    const { confirm } = (structured?.asked ?? {}) as { confirm?: string };
    academy.failing((one) => one === route);
    const reply = await academy.call(tool, { ...args, confirm });
    return { ...reply, sent: academy.sent };
  };
  const byPage = async (route: string, tool: string, args: Record<string, unknown>) => {
    const fake = createFakePages();
    const academy = await openFlaky({ kind: "removing" }, { forms: false, pages: fake.pages });
    await academy.call(tool, args);
    academy.failing((one) => one === route);
    // Not answered yet: the same question still stands.
    await academy.call(tool, args);
    expect(fake.put).toHaveLength(1);
    fake.last().say({ said: "yes" });
    const reply = await academy.call(tool, args);
    expect(fake.put).toHaveLength(1);
    return { ...reply, sent: academy.sent };
  };
  const group = { user_group_id: 301, course_id: 201 };
  for (const by of [byCode, byPage]) {
    const counted = await by("get_course_progresses", "remove_course_from_user_group", group);
    const right = await by("get_power_users", "destroy_power_user", { user_id: 102 });

    expect(counted.sent).toEqual(["remove_course_from_user_group"]);
    expect(right.sent).toEqual([]);
    expect(right.text).toMatch(/could not be read again/);
  }
});
