import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect, openAcademy } from "../support/academy.ts";
import { agreeing } from "../support/person.ts";
import { temporaryFolder } from "../support/temporary.ts";

type Rows = Record<string, unknown>[];
let academy: Awaited<ReturnType<typeof openAcademy>>;
beforeEach(async () => {
  academy = await openAcademy();
});
afterEach(() => academy.close());

describe("list_changes", () => {
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
});
