import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readsBack } from "../../../src/journal/entry.ts";
import { connect, openAcademy } from "../../support/academy.ts";
import { agreeing } from "../../support/person.ts";
import { temporaryFolder } from "../../support/temporary.ts";

type Rows = Record<string, unknown>[];
let academy: Awaited<ReturnType<typeof openAcademy>>;
beforeEach(async () => {
  academy = await openAcademy();
});
afterEach(() => academy.close());

describe("list_changes", () => {
  it("says of a time that is still to come what time it is, so that no change is taken for none", async () => {
    await academy.call("update_user", { user_id: 101, title: "Chief" });

    const ahead = await academy.call("list_changes", { since: "2099-01-01T09:00" });
    const past = await academy.call("list_changes", { since: "2020-01-01T09:00" });

    expect(ahead.text).toMatch(
      /0 changes, [^\n]*\n2099-01-01T09:00 is still to come: it is \d{4}-\d\d-\d\dT/,
    );
    expect(past.text).not.toMatch(/still to come/);
  });

  it("says what was done, by which tool, on whom, who agreed and how it ended, newest first", async () => {
    await academy.call("update_user", { user_id: 101, title: "Chief" });
    await academy.call("destroy_course", { course_id: 202 });
    await academy.call("create_user", { email: "avery@example.com", first_name: "A", last_name: "B" });

    const { text, structured } = await academy.call("list_changes");

    const rows = structured?.items as Rows;
    expect(rows.map(({ tool }) => tool)).toEqual(["create_user", "destroy_course", "update_user"]);
    expect(rows[0]).toMatchObject({
      on: "person avery@example.com",
      ended: expect.stringMatching(/^not done: .*422/),
    });
    expect(rows[1]).toMatchObject({
      on: "course 202 Workplace Safety Basics",
      agreed: "by form",
      ended: "done",
    });
    expect(rows[2]).toMatchObject({ on: "person 101", ended: "done" });
    expect(rows[2]).not.toHaveProperty("agreed");
    expect(text.split("\n")).toHaveLength(5);
  });

  it("does not list reads, refusals or questions nobody agreed to", async () => {
    academy.client.setRequestHandler("elicitation/create", async () => ({ action: "decline" as const }));
    await academy.call("get_user", { user_id: 101 });
    await academy.call("destroy_course", { course_id: 202 });

    expect((await academy.call("list_changes")).structured).toMatchObject({ items: [], total: 0 });
  });

  it("finds what was done to one person, by login or number, and goes on by its cursor", async () => {
    for (let n = 0; n < 5; n++) {
      await academy.call("create_gamification_transaction", {
        user_email: "avery@example.com",
        amount: n + 1,
      });
      await academy.call("create_gamification_transaction", { user_id: 102, amount: n + 1 });
    }

    const page = await academy.call("list_changes", { who: "avery@example.com", limit: 3 });
    const rest = await academy.call("list_changes", {
      who: "avery@example.com",
      limit: 3,
      cursor: page.structured?.next_cursor,
    });

    expect(page.structured).toMatchObject({ total: 5 });
    expect([page, rest].flatMap(({ structured }) => (structured?.items ?? []) as Rows)).toHaveLength(5);
    expect(rest.structured).not.toHaveProperty("next_cursor");
    expect((await academy.call("list_changes", { who: "102" })).structured).toMatchObject({ total: 5 });
    expect((await academy.call("list_changes", { since: "2099-01-01" })).structured).toMatchObject({
      total: 0,
    });
  });

  it("remembers over a restart, and keeps accounts apart", async () => {
    const state = temporaryFolder("state");
    const env = { SKYPREP_SANDBOX: "true", SKYPREP_STATE_DIR: state };
    const first = await connect(academy.sandbox.send, env, { person: agreeing });
    await first.call("destroy_course", { course_id: 203 });
    await first.close();

    const second = await connect(academy.sandbox.send, env);
    const live = await connect(academy.sandbox.send, {
      SKYPREP_API_KEY: "sandbox-key",
      SKYPREP_ACCT_KEY: "example.skyprepapp.com",
      SKYPREP_STATE_DIR: state,
    });

    expect((await second.call("list_changes")).structured).toMatchObject({ total: 1 });
    expect((await live.call("list_changes")).structured).toMatchObject({ total: 0 });
    await second.close();
    await live.close();
  });

  it("never shows a password or a social security number, there or on disk", async () => {
    await academy.call("update_user", { user_id: 101, password: "hunter2-hunter2", ssn: "123-45-6789" });

    const { text } = await academy.call("list_changes");

    expect(text).not.toMatch(/hunter2|123-45/);
  });

  it("shows from what to what, in the academy's time, and which client as it calls itself", async () => {
    const avery = academy.sandbox.world.people.get(101);
    if (avery) avery.profile.title = "Clerk";
    await academy.call("update_user", {
      user_id: 101,
      title: "Chief",
      phone: "555-0199",
      custom_fields: { "1": "EMEA" },
      password: "hunter2-hunter2",
    });
    await academy.call("update_course", { course_id: 202, name: "Safety Basics" });

    const { text, structured } = await academy.call("list_changes");

    const [course, person] = (structured?.items ?? []) as Rows;
    expect(person?.changed).toMatch(/job: “Clerk” → “Chief”/);
    expect(person?.changed).toMatch(/custom field 1: .* → “EMEA”/);
    expect(person?.changed).toMatch(/phone: another \(not shown\); password: set anew|password: set anew/);
    expect(text).not.toMatch(/555-0199|hunter2/);
    expect(course?.changed).toBe("name: “Workplace Safety Basics” → “Safety Basics”");
    expect(course).toMatchObject({ client: "“test”", at: expect.stringMatching(/^2026-11-23T07:00$/) });
    expect(text).toMatch(/times in Eastern Time \(US & Canada\); a client is named as it calls itself/);
  });

  it.each([
    ["the number", "101"],
    ["what we print", "person 101 (avery@example.com)"],
    ["the login", "Avery@Example.com"],
    ["the name", "Avery Learner"],
    ["the name the other way round", "Learner, Avery"],
    ["a part of it that nobody else has", "avery"],
  ])("finds what was done to a person by %s, whatever the change named them by", async (_, who) => {
    await academy.call("update_user", { user_id: 101, title: "Chief" });
    await academy.call("create_gamification_transaction", { user_email: "avery@example.com", amount: 1 });
    await academy.call("update_user", { user_id: 102, title: "Chief" });
    await academy.call("mass_enroll", { user_emails: ["avery@example.com"], course_ids: [240] });

    const { structured } = await academy.call("list_changes", { who });

    expect(structured).toMatchObject({ total: 3 });
  });

  it("finds a course or a group by its name, and says where nothing is called so", async () => {
    await academy.call("update_course", { course_id: 202, name: "Safety Refreshed" });
    await academy.call("update_user", { user_id: 101, title: "Chief" });

    const course = await academy.call("list_changes", { who: "safety refreshed" });
    const nobody = await academy.call("list_changes", { who: "Nobody Atall" });

    expect(course.structured).toMatchObject({
      items: [{ on: expect.stringContaining("course 202") }],
      total: 1,
    });
    expect(nobody.text).toMatch(/^\[sandbox\] 0 changes.*\nNobody and nothing is called “Nobody Atall”/);
  });

  it("finds a person by the login they had, and whom it made", async () => {
    await academy.call("create_user", {
      email: "zoe@example.com",
      first_name: "Zoe",
      last_name: "Quillfeather",
    });
    await academy.call("update_user", { user_email: "zoe@example.com", email: "zoe.q@example.com" });

    for (const who of ["zoe@example.com", "zoe.q@example.com", "Zoe Quillfeather"])
      expect((await academy.call("list_changes", { who })).structured, who).toMatchObject({ total: 2 });
  });

  it("still lists where SkyPrep cannot be reached, and says that times are UTC's", async () => {
    const state = temporaryFolder("state");
    const env = { SKYPREP_SANDBOX: "true", SKYPREP_STATE_DIR: state };
    const first = await connect(academy.sandbox.send, env, { person: agreeing });
    await first.call("update_user", { user_email: "avery@example.com", title: "Chief" });
    await first.close();
    const away = await connect(
      async () => ({ status: 503, contentType: "text/plain", body: new Uint8Array() }),
      env,
    );

    const { text, structured } = await away.call("list_changes", { who: "avery@example.com" });
    await away.close();

    expect(structured).toMatchObject({ total: 1, zone: "UTC" });
    expect(text).toMatch(/times in UTC[\s\S]*could not be looked up in SkyPrep now/);
  });

  it("names the plan of a step, and reads the lines that older versions wrote", async () => {
    const planned = await academy.call("plan_enrollment", { people: ["101", "102"], courses: ["240"] });
    const plan = String(planned.structured?.plan);
    await academy.call("apply_plan", { plan });
    await academy.call("update_user", { user_id: 101, title: "Chief" });

    const { structured } = await academy.call("list_changes");

    const rows = structured?.items as Rows;
    expect(rows[0]).not.toHaveProperty("plan");
    expect(rows.slice(1).map((row) => row.plan)).toEqual(rows.slice(1).map(() => plan));
    expect(rows.length).toBeGreaterThan(1);
    const old = {
      line: "intent",
      tool: "update_user",
      account: "a",
      arguments: {},
      targets: [],
      agreed: "nobody",
    } as const;
    expect(readsBack(old)).toBe(true);
    expect(readsBack({ ...old, plan: "oak-17", client: "x".repeat(60) })).toBe(true);
  });

  it.each([
    ["all of them", {}],
    ["of one person", { who: "avery@example.com" }],
    ["since a day, of one person by name", { who: "Avery Learner", since: "2026-11-23" }],
  ])("follows its cursor to the end, each change once, while new ones come in: %s", async (_, filter) => {
    const add = (n: number) =>
      academy.call("create_gamification_transaction", { user_id: 101 + (n % 2), amount: n + 1 });
    for (let n = 0; n < 23; n++) await add(n);
    const before = await academy.call("list_changes", { ...filter, limit: 500 });
    const wanted = ((before.structured?.items ?? []) as Rows).map(({ change }) => change);

    const seen: unknown[] = [];
    let cursor: unknown;
    do {
      const page = await academy.call("list_changes", { ...filter, limit: 4, ...(cursor ? { cursor } : {}) });
      expect(page.isError, page.text).toBe(false);
      const items = page.structured?.items as Rows;
      expect(page.text).toMatch(/^\[sandbox\] \d+ changes, \d+–\d+ of them, newest first, times in/);
      seen.push(...items.map(({ change }) => change));
      cursor = page.structured?.next_cursor;
      if (cursor) await add(seen.length);
    } while (cursor);

    expect(wanted.length).toBe("who" in filter ? 12 : 23);
    expect(seen).toEqual(wanted);
  });

  it.each(["no such", "-1", "1e3", "7.5", "AQ"])(
    "says of what is none of its cursors that it is none: %s",
    async (cursor) => {
      await academy.call("update_user", { user_id: 101, title: "Chief" });

      const { text, isError } = await academy.call("list_changes", { cursor });

      expect(isError).toBe(true);
      expect(text).toMatch(
        /cursor is not one that this server gave: copy it from the last reply, or leave it out/,
      );
    },
  );
});
