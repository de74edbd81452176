import { expect, it } from "vitest";
import { exampleOf, lists as isList } from "../../../src/catalogue/catalogue.ts";
import { connect, noon, openAcademy } from "../../support/academy.ts";
import { tools } from "../../support/catalogue.ts";
import { createClock } from "../../support/clock.ts";
import { agreeing } from "../../support/person.ts";

it("says of a kept list as of when it is, to the second, in the academy's time, and nothing of one just loaded", async () => {
  const clock = createClock(noon);
  const academy = await openAcademy({ clock });
  const first = await academy.call("get_users", { limit: 2 });
  clock.set(noon + 20_000);

  const kept = await academy.call("get_users", { limit: 2 });
  await academy.call("update_user", { user_id: 101, title: "Chief" });
  const after = await academy.call("get_users", { limit: 2 });

  expect(first.text).not.toMatch(/As of/);
  expect(kept.text).toMatch(
    /302 people, 1–2\. As of 2026-11-23T07:00:00-05:00 \(kept for a minute; fresh: true reads anew\)\./,
  );
  expect(kept.structured).toMatchObject({ as_of: "2026-11-23T07:00:00-05:00" });
  expect(after.text).not.toMatch(/As of/);
  await academy.close();
});

const lists = [...tools.values()].filter(({ operation }) => isList(operation));

it.each(lists.map((tool) => [tool.name, tool] as const))(
  "%s reads anew where that is asked for, and only then",
  async (name, tool) => {
    const { call, routes, close } = await counted();
    const args = { ...exampleOf(tool), limit: 2 };
    const asked = async (more: Record<string, unknown> = {}) => {
      const before = routes.length;
      const reply = await call(name, { ...args, ...more });
      expect(reply.isError, reply.text).toBe(false);
      return { ...reply, calls: routes.slice(before).filter((route) => route === tool.route).length };
    };

    const first = await asked();
    const kept = await asked();
    const anew = await asked({ fresh: true });
    const next = anew.structured?.next_cursor;
    const page = next === undefined ? undefined : await asked({ cursor: next, fresh: true });

    const pagesItself = tool.operation.paging !== undefined;
    expect([first.calls, kept.calls, anew.calls]).toEqual([1, pagesItself ? 1 : 0, 1]);
    expect(/As of .*; fresh: true reads anew\)/.test(kept.text)).toBe(!pagesItself);
    expect(anew.text).not.toMatch(/As of/);
    // A list that was read anew on its first page is not read again for each of the others.
    if (page && !pagesItself) expect(page.calls).toBe(0);
    await close();
  },
);

it("calls SkyPrep for nothing but the list: where the academy's zone is not known, times are UTC's and say so", async () => {
  const { call, routes, close } = await counted();
  await call("get_courses", { limit: 2 });
  const unknown = await call("get_courses", { limit: 2 });
  await call("get_ilts", { limit: 2 });
  const known = await call("get_courses", { limit: 2 });

  expect(routes).toEqual(["get_courses", "get_instructor_led_trainings"]);
  expect(unknown.text).toMatch(/As of 2026-11-23T12:00:00Z \(/);
  expect(known.text).toMatch(/As of 2026-11-23T07:00:00-05:00 \(/);
  await close();
});

/** An academy, and what it was asked. */
async function counted() {
  const academy = await openAcademy();
  const routes: string[] = [];
  const server = await connect(
    (request, signal) => {
      routes.push(request.route);
      return academy.sandbox.send(request, signal);
    },
    { SKYPREP_SANDBOX: "true" },
    { clock: createClock(noon), person: agreeing },
  );
  const close = async () => {
    await server.close();
    await academy.close();
  };
  return { ...server, routes, close };
}

it("says what pages the people of a group that does not fit a reply, and that pages them to the end", async () => {
  const academy = await openAcademy();
  const group = academy.sandbox.world.groups.get(301);
  for (const id of academy.sandbox.world.people.keys()) group?.members.add(id);
  for (const person of academy.sandbox.world.people.values()) person.profile.title = "Title ".repeat(60);

  const reply = await academy.call("get_user_group", { user_group_id: 301 });
  const seen = new Set<string>();
  let cursor: unknown;
  do {
    const page = await academy.call("export_report", {
      report: "single_group_all_users",
      of: ["301"],
      columns: ["user_id"],
      limit: 100,
      ...(cursor !== undefined && { cursor }),
    });
    expect(page.isError, page.text).toBe(false);
    const rows = (page.structured?.rows ?? []) as string[][];
    for (const [id = ""] of rows) seen.add(id);
    cursor = page.structured?.next_cursor;
  } while (cursor !== undefined);

  expect(reply.text).toMatch(/users \(302, the first \d+\):/);
  expect(reply.text).toMatch(
    /All 302 are paged by export_report \{"report": "single_group_all_users", "of": \["301"\], "limit": 100\}\./,
  );
  const taking = [...academy.sandbox.world.progress.values()].map(({ user_id }) => String(user_id));
  expect([...seen].every((id) => taking.includes(id))).toBe(true);
  expect(seen.size).toBeGreaterThan(200);
  await academy.close();
});

it("of an enrollment's end says that the deadline does not move with it, and nothing where no end was given", async () => {
  const academy = await openAcademy();
  const [one] = [...academy.sandbox.world.progress.values()].filter(({ status }) => status === "in-progress");
  const enrollment = { user_id: one?.user_id, course_id: one?.course_id };

  const moved = await academy.call("enroll_user_in_course", {
    ...enrollment,
    course_enrollment_expiration_date: "2027-12-31",
  });
  const plain = await academy.call("enroll_user_in_course", enrollment);
  const group = await academy.call("enroll_user_in_user_group", {
    user_id: one?.user_id,
    user_group_id: 303,
    user_group_enrollment_expiration_date: "2027-12-31",
  });

  expect(moved.text).toMatch(/ends the enrollment\. The deadline does not move with it/);
  expect(plain.text).not.toMatch(/deadline/);
  expect(group.text).toMatch(/ends the membership\. Deadlines do not move with it/);
  await academy.close();
});
