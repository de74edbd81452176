import { afterEach, describe, expect, it } from "vitest";
import { isLong } from "../../support/long.ts";
import { yes } from "../../support/person.ts";
import { cases } from "./cases.ts";
import { changesOf } from "./changing.ts";
import { approval, createFakePages } from "./fake-pages.ts";
import { type Opened, openCounted } from "./world.ts";

const opened: Opened[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** The channels take turns, and the two eras of a form: what a yes is bound to is not theirs to decide. */
const changing = cases
  .flatMap((one) =>
    changesOf(one).map((change) => ({ ...one, title: `${one.title}, ${change.what}`, change })),
  )
  .map((one, index) => ({ ...one, index, mode: index % 4 < 2 ? ("legacy" as const) : ("auto" as const) }));
/** Each change by one channel, in the long form by every one. */
const byForm = changing.filter(({ index }) => isLong || index % 2 === 0);
const byPage = changing.filter(({ index }) => isLong || index % 2 === 1);

describe("what a call is about changes while a person is asked", () => {
  it.each(byForm)("$title: a form's yes was to something else, mode $mode", async (one) => {
    const { tool, args, change, mode } = one;
    const academy = await openCounted({ mode });
    opened.push(academy);
    await academy.prepare(one);
    let first = true;
    academy.answered((form) => {
      if (!first) return { action: "decline" };
      first = false;
      change.make(academy.world);
      return yes(form);
    });

    const reply = await academy.call(tool.name, args);

    expect(first).toBe(false);
    expect(["declined", "refused"]).toContain(reply.outcome);
    expect(academy.sent).toEqual([]);
  });

  it.each(byPage)("$title: nor does a page's yes hold, or a code where there is one", async (one) => {
    const { tool, args, change } = one;
    const fake = createFakePages();
    const academy = await openCounted({ forms: false, pages: fake.pages });
    opened.push(academy);
    await academy.prepare(one);
    const { structured } = await academy.call(tool.name, args);
    const { confirm } = (structured?.asked ?? {}) as { confirm?: string };

    if (confirm === undefined) fake.last().say(approval(fake.last().question));
    change.make(academy.world);
    const reply = await academy.call(tool.name, { ...args, ...(confirm !== undefined && { confirm }) });

    expect(reply.outcome).not.toBe("done");
    expect(academy.sent).toEqual([]);
  });

  it("nor is a yes kept for what comes back in its place", async () => {
    const fake = createFakePages();
    const academy = await openCounted({ forms: false, pages: fake.pages });
    opened.push(academy);
    const call = () => academy.call("destroy_course", { course_id: 202 });
    const course = academy.world.courses.get(202);
    await call();
    fake.last().say(approval(fake.last().question));

    academy.world.courses.delete(202);
    const gone = await call();
    if (course) academy.world.courses.set(202, course);
    await call();

    expect(gone.text).toMatch(/There is no course 202/);
    expect(fake.put).toHaveLength(2);
    expect(academy.sent).toEqual([]);
  });

  it("but a count that grows a little is no other thing", async () => {
    const academy = await openCounted();
    opened.push(academy);
    const asked = academy.answered((form) => {
      academy.world.groups.get(302)?.members.add(159);
      return yes(form);
    });

    await academy.call("destroy_user_group", { user_group_id: 302 });

    expect(asked()).toBe(1);
    expect(academy.sent).toEqual(["destroy_user_group"]);
  });

  it("and one that grows by more than a tenth and ten is", async () => {
    const academy = await openCounted();
    opened.push(academy);
    let asked = 0;
    academy.answered((form) => {
      asked += 1;
      if (asked > 1) return { action: "decline" };
      for (let id = 130; id < 150; id++) academy.world.groups.get(302)?.members.add(id);
      return yes(form);
    });

    await academy.call("destroy_user_group", { user_group_id: 302 });

    expect(asked).toBe(2);
    expect(academy.sent).toEqual([]);
  });
});
