import { describe, expect, it } from "vitest";
import { Unreachable } from "../../../src/skyprep/response.ts";
import { connect, openAcademy } from "../../support/academy.ts";
import { yes } from "../../support/person.ts";
import { academy, last, person, questions, strict, undoing } from "./undoing.ts";

undoing();

describe("an undoing says that it was done only where it was", () => {
  it("of a question that waits for its answer, nothing of the kind", async () => {
    const formless = await openAcademy({ strict, formless: true });
    await formless.call("create_course", { name: "Short-lived" });

    const reply = await formless.call("undo_change", { change: 1 });

    expect(reply.text).not.toMatch(/was undone/);
    expect(formless.sandbox.world.courses.size).toBeGreaterThan(0);
    await formless.close();
  });

  it.each([
    ["lost", "unknown"],
    ["refused", "not undone"],
    ["said to be done, and is not", "in part"],
  ] as const)("of one that is %s: %s", async (how, says) => {
    const send = academy.sandbox.send;
    const own = await connect(
      async (request, signal) => {
        const body = String(request.body);
        if (request.route !== "update_user" || !body.includes("title=Lead")) return send(request, signal);
        if (how === "lost") throw new Unreachable("The connection ended.", "Call again.", "maybe");
        const [status, text] = how === "refused" ? [422, "Not today"] : [200, '{"message":"success"}'];
        return { status, contentType: "application/json", body: new TextEncoder().encode(text) };
      },
      { SKYPREP_SANDBOX: "true" },
      { person: yes },
    );
    Object.assign(academy.sandbox.world.people.get(101) ?? {}, { profile: { title: "Lead" } });
    await own.call("update_user", { user_id: 101, title: "Chief" });

    const { text } = await own.call("undo_change", { change: 1 });
    await own.close();

    expect(text).toMatch(
      {
        unknown: /Whether change 1 was undone is not known/,
        "not undone": /Change 1 was not undone/,
        "in part": /Change 1 was undone in part|Whether change 1 was undone is not known/,
      }[says],
    );
    expect(text).not.toMatch(/verified: yes/);
    expect(text).not.toMatch(/Change 1 was undone\./);
  });
});

describe("undoing is refused", () => {
  it("where the target has changed since, with the difference", async () => {
    await academy.call("update_user", { user_id: 101, title: "Chief" });
    const change = await last();
    await academy.call("update_user", { user_id: 101, title: "Chief of Staff" });

    const reply = await academy.call("undo_change", { change });

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(
      /changed since.*\n.*title: that change set "Chief", now it is "Chief of Staff"/s,
    );
    expect(academy.sandbox.world.people.get(101)?.profile.title).toBe("Chief of Staff");
  });

  it("where it was so before the change already", async () => {
    await academy.call("enroll_user_in_course", { user_id: 101, course_id: 201 });

    const reply = await academy.call("undo_change", { change: await last() });

    expect(reply.text).toMatch(/so before that change already/);
    expect(questions).toEqual([]);
  });

  it("where what was added is gone, and where what was removed is back", async () => {
    const member = { user_id: 102, user_group_id: 304 };
    await academy.call("enroll_user_in_user_group", member);
    const added = await last();
    await academy.call("remove_user_from_user_group", member);
    const removed = await last();
    await academy.call("enroll_user_in_user_group", member);

    expect((await academy.call("undo_change", { change: removed })).text).toMatch(/there again already/);
    await academy.call("remove_user_from_user_group", member);
    expect((await academy.call("undo_change", { change: added })).text).toMatch(/not there any more/);
  });

  it("where the person says no to what the opposite asks", async () => {
    const made = await academy.call("create_course", { name: "Short-lived" });
    const change = await last();
    person.says = () => ({ action: "decline" });

    const reply = await academy.call("undo_change", { change });

    expect(reply.text).toMatch(/said no/);
    expect(academy.sandbox.world.courses.has(Number(made.structured?.id))).toBe(true);
  });

  it("of a change that was never made, or was not done", async () => {
    await academy.call("create_user", { email: "avery@example.com", first_name: "A", last_name: "B" });

    expect((await academy.call("undo_change", { change: await last() })).text).toMatch(/was not done/);
    expect((await academy.call("undo_change", { change: 999 })).text).toMatch(/no change 999/);
  });

  it("where it could not be read whether it was so before: what they had already is not taken from them", async () => {
    let unread = true;
    const { sandbox } = academy;
    const blind = await connect(
      async (request, signal) => {
        if (unread && request.route === "get_user_courses")
          throw new Unreachable("The connection failed.", "Try again.", "no");
        return sandbox.send(request, signal);
      },
      { SKYPREP_SANDBOX: "true" },
      { person: yes },
    );
    await blind.call("enroll_user_in_course", { user_email: "avery@example.com", course_id: 201 });
    unread = false;

    const reply = await blind.call("undo_change", { change: 1 });
    await blind.close();

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(/not kept/);
    expect(sandbox.world.enrollments.get(101)?.has(201)).toBe(true);
  });

  it("where nothing was kept", async () => {
    const bare = await openAcademy({ strict, env: { SKYPREP_KEEP_DAYS: "0" } });
    await bare.call("update_user", { user_id: 101, title: "Chief" });

    expect((await bare.call("undo_change", { change: 1 })).text).toMatch(/SKYPREP_KEEP_DAYS/);
    await bare.close();
  });
});
