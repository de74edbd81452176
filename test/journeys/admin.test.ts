import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { openAcademy } from "../support/academy.ts";

const strict = inject("strict");
let academy: Awaited<ReturnType<typeof openAcademy>>;
beforeEach(async () => {
  academy = await openAcademy({ strict });
});
afterEach(() => academy.close());

type Row = Record<string, unknown>;
const items = async (name: string, args: Row = {}) =>
  ((await academy.call(name, args)).structured?.items ?? []) as Row[];
const ids = (rows: Row[]) => rows.map(({ id }) => id);

describe("an administrator", () => {
  it("finds a person by login and by name, whether or not SkyPrep filters", async () => {
    const byLogin = await academy.call("get_users", { email: "AVERY@example.com" });
    const byName = await items("get_users", { last_name: "learner", first_name: "avery" });

    expect(byLogin.structured?.items).toMatchObject([{ id: 101, display_name: "Avery Learner" }]);
    expect(byLogin.text.includes("SkyPrep ignored email")).toBe(strict);
    expect(ids(byName)).toEqual([101]);
  });

  it("sees who is new, newest first, whether or not SkyPrep filters and sorts", async () => {
    const made = await academy.call("create_user", { email: "casey", first_name: "Casey", last_name: "New" });

    const recent = await academy.call("get_users", { created_within_the_past_day: true });
    const sorted = await items("get_users", { order_by_created_at_desc: true, limit: 1 });
    const withGroups = await items("get_users", { email: "avery@example.com", include_groups: true });

    expect(ids(recent.structured?.items as Row[])).toEqual([made.structured?.id]);
    expect(recent.text.includes("SkyPrep ignored")).toBe(strict);
    expect(ids(sorted)).toEqual([made.structured?.id]);
    expect(Array.isArray(withGroups[0]?.user_groups)).toBe(!strict);
  });

  it("onboards a hire: creates, adds to a group, and sees the group's courses", async () => {
    const made = await academy.call("create_user", {
      email: "casey",
      first_name: "Casey",
      last_name: "Newhire",
      title: "Clerk",
    });
    const user_id = made.structured?.id as number;
    await academy.call("enroll_user_in_user_group", { user_id, user_group_id: 301 });
    await academy.call("enroll_user_in_courses", { user_email: "casey", course_ids: [240] });

    const courses = ids(await items("get_user_courses", { user_id }));

    expect(made.structured).toMatchObject({ display_name: "Casey Newhire", email: "casey", role: "learner" });
    expect(courses).toEqual(expect.arrayContaining([201, 202, 203, 205, 240]));
    expect(ids(await items("get_user_group_enrollments_for_user", { user_email: "casey" }))).toEqual([301]);
  });

  it("cannot create the same login twice, and is told so in SkyPrep's words", async () => {
    const again = await academy.call("create_user", {
      email: "Avery@Example.com",
      first_name: "A",
      last_name: "B",
    });

    expect(again.isError).toBe(true);
    expect(again.text).toMatch(/422/);
    expect(academy.sandbox.world.people.size).toBe(302);
  });

  it("changes one field of a person and leaves the others", async () => {
    const before = (await academy.call("get_user", { user_id: 101 })).structured;

    const reply = await academy.call("update_user", {
      user_id: 101,
      title: "Team Lead",
      custom_fields: { 0: "EMEA" },
    });

    const { title, ca_0, updated_at, ...rest } =
      (await academy.call("get_user", { user_id: 101 })).structured ?? {};
    expect(reply.text).toMatch(/Done: Change a person\.\nPerson 101: Avery Learner/);
    expect({ title, ca_0 }).toEqual({ title: "Team Lead", ca_0: "EMEA" });
    const { title: _, ca_0: __, updated_at: ___, ...was } = before ?? {};
    expect(rest).toEqual(was);
  });

  /** Follows the cursors to the end. */
  async function everyPage(name: string, args: Row): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor: unknown;
    do {
      const reply = await academy.call(name, { ...args, ...(cursor !== undefined && { cursor }) });
      rows.push(...((reply.structured?.items ?? []) as Row[]));
      cursor = reply.structured?.next_cursor;
    } while (cursor !== undefined);
    return rows;
  }

  it("reads who is overdue, page by page, each record once", async () => {
    const rows = await everyPage("get_course_progresses", {
      status: ["not-started", "in-progress"],
    });

    const open = [...academy.sandbox.world.progress.values()].filter(({ status }) =>
      /not-started|in-progress/.test(status),
    );
    expect(ids(rows).sort()).toEqual(open.map(({ id }) => id).sort());
  });

  it("reads one person's records, whether or not SkyPrep filters by person", async () => {
    const rows = await everyPage("get_course_progresses", { user_id: 101 });

    const theirs = [...academy.sandbox.world.progress.values()].filter(({ user_id }) => user_id === 101);
    expect(theirs.length).toBeGreaterThan(3);
    expect(ids(rows).sort()).toEqual(theirs.map(({ id }) => id).sort());
  });

  it("enrolls several people in several courses at once", async () => {
    await academy.call("mass_enroll", {
      user_emails: ["avery@example.com", "jordan@example.com"],
      course_ids: "204, 210",
    });

    for (const user_id of [101, 102]) {
      expect(ids(await items("get_user_courses", { user_id }))).toEqual(expect.arrayContaining([204, 210]));
    }
  });

  it("schedules nothing twice: sees a session's seats, registers, marks attendance", async () => {
    const slot = { instructor_led_training_timeslot_id: 511 };
    const before = (await academy.call("get_ilt_timeslot", slot)).structured;

    const made = await academy.call("create_ilt_timeslot_registrations", {
      ...slot,
      user_email: "nadia.clarke@example.com",
    });
    await academy.call("update_ilt_timeslot_registration", {
      instructor_led_training_timeslot_registration_id: made.structured?.id,
      status: "attended",
    });

    const roster = await items("get_ilt_timeslot_registrations", slot);
    expect(roster).toHaveLength(Number(before?.registration_count) + 1);
    expect(roster.find(({ user_id }) => user_id === 120)).toMatchObject({ status: "attended" });
  });

  it("waits for a report and reads it", async () => {
    const { structured } = await academy.call("generate_async_report", { report_type: "all_users" });
    const { process_queue_item_id } = structured ?? {};
    const reply = await academy.call("get_async_report", { process_queue_item_id });

    expect(reply.text).toMatch(/Report 1002: 302 rows/);
    expect(reply.structured).toMatchObject({
      total: 302,
      export: { uri: expect.stringMatching(/^skyprep:/) },
    });
  });

  it("gives and takes points, each call once", async () => {
    const balance = async () =>
      (await academy.call("get_user_gamification_balance", { user_id: 101 })).structured
        ?.gamification_balance;

    await academy.call("create_gamification_transaction", { user_email: "avery@example.com", amount: 25 });
    await academy.call("create_gamification_transaction", { user_id: 101, amount: -50 });

    expect(await balance()).toBe(100);
  });

  it("moves a person between groups", async () => {
    await academy.call("enroll_user_in_user_group", { user_id: 102, user_group_id: 303 });
    await academy.call("remove_user_from_user_group", {
      user_email: "jordan@example.com",
      user_group_id: 301,
    });

    expect(ids(await items("get_user_group_enrollments_for_user", { user_id: 102 }))).toEqual(
      expect.arrayContaining([303]),
    );
    expect(ids(await items("get_user_group_enrollments_for_user", { user_id: 102 }))).not.toContain(301);
  });

  it("deletes a person, and everything of theirs is gone", async () => {
    const reply = await academy.call("destroy_user", { user_id: 101 });

    expect(reply.text).toMatch(/Done: Delete a person \(user_id 101\)/);
    expect((await academy.call("get_user", { user_id: 101 })).text).toMatch(/404/);
    expect(await items("get_course_progresses", { user_email: "avery@example.com" })).toEqual([]);
    expect(academy.sandbox.world.people.size).toBe(301);
  });
});

it("a reply stays within its size, whatever is asked of 2,000 people", async () => {
  const big = await openAcademy({ strict, people: 2_000 });
  const reads = [...big.catalogue.tools.values()].filter(({ operation }) => operation.effect === "read");
  const { exampleOf } = await import("../../src/catalogue/catalogue.ts");
  for (const tool of reads) {
    const reply = await big.call(tool.name, exampleOf(tool));
    expect(Buffer.byteLength(reply.text), tool.name).toBeLessThanOrEqual(40_000);
    expect(Buffer.byteLength(JSON.stringify(reply.structured ?? {})), tool.name).toBeLessThanOrEqual(60_000);
  }
  await big.close();
});
