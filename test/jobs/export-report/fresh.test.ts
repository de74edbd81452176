import { describe, expect, it } from "vitest";
import { exportOf, instead, openDesk, said } from "./desk.ts";

const env = { SKYPREP_CONFIRM: "off" };

describe("an answer from a report that was kept", () => {
  it("has what was just written: the report is made anew", async () => {
    const desk = await openDesk({ env });
    const { progress } = desk.world;
    const [open] = [...progress.values()].filter(
      (one) => one.status === "in-progress" && one.course_id === 202,
    );
    const question = { report: "single_course", of: ["202"], where: { status: "passed" } };
    const before = await desk.call(question);
    desk.pass(1_000);

    await desk.server.call("update_course_progress", { course_progress_id: open?.id, set_status: "passed" });
    desk.pass(1);
    const after = await desk.call(question);
    desk.pass(1_000);
    const calls = desk.sent.length;
    const again = await desk.call(question);

    expect(after.structured?.matched).toBe(Number(before.structured?.matched) + 1);
    expect(again.structured?.matched).toBe(after.structured?.matched);
    expect(desk.sent.length).toBe(calls);
    expect(again.text).toMatch(
      /From the file of 2026-11-23T07:00:01-05:00, just made: SkyPrep was not asked again/,
    );
    await desk.close();
  });

  it("says where a file that was named, or a cursor, is older than what was changed", async () => {
    const desk = await openDesk({ env });
    const first = await desk.call({ report: "single_course", of: ["202"], limit: 2 });
    desk.pass(1_000);
    await desk.server.call("update_user", { user_id: 101, title: "Chief" });
    desk.pass(1_000);

    const next = { report: "single_course", of: ["202"], limit: 2, cursor: first.structured?.next_cursor };
    for (const question of [next, { report: exportOf(first).id, group_by: ["status"] }]) {
      const reply = await desk.call(question);
      expect(reply.isError, reply.text).toBe(false);
      expect(reply.text).toMatch(
        /It is as of 2026-11-23T07:00:00-05:00: what was changed from here since is not in it/,
      );
    }
    await desk.close();
  });

  it("with fresh is asked of SkyPrep again, and a report on its way is picked up, not begun again", async () => {
    const desk = await openDesk({ env });
    const question = { report: "single_course", of: ["202"], group_by: ["status"] };
    await desk.call(question);
    const calls = desk.sent.length;
    await desk.call({ ...question, fresh: true });
    expect(desk.routes().slice(calls)).toContain("get_report");
    await desk.close();

    const slow = await openDesk({
      env,
      between: instead("get_async_report", Array(40).fill(said({ status: "queued" }))),
    });
    for (let n = 0; n < 6; n++) {
      const reply = await slow.call({ report: "all_courses", group_by: ["status"], fresh: true });
      if (!reply.text.includes("Not ready yet")) break;
      slow.pass(60_000);
    }
    expect(slow.routes().filter((route) => route === "generate_async_report")).toHaveLength(1);
    await slow.close();
  });

  it("compares days and numbers, and says what works where it cannot", async () => {
    const desk = await openDesk();
    const truth = [...desk.world.people.values()].filter(
      ({ last_login: at }) => at !== null && at < Date.parse("2026-08-31T00:00:00-04:00"),
    );

    const reply = await desk.call({ report: "all_users", where: { "Last Login": "<2026-08-31" } });
    const wrong = await desk.call({ report: "all_users", where: { "Last Login": "<last month" } });

    expect(truth.length).toBeGreaterThan(0);
    expect(reply.structured?.matched, reply.text).toBe(truth.length);
    expect(wrong.isError).toBe(true);
    expect(wrong.text).toMatch(/names no number and no day\. What works: /);
    await desk.close();
  });

  it("counts rows of people who cannot sign in any more apart", async () => {
    const desk = await openDesk();
    const gone = new Set(
      [...desk.world.people.values()]
        .filter(
          ({ login_status: is, access_end_date: end }) =>
            is === "disabled" || (end ?? Infinity) <= desk.world.now(),
        )
        .map(({ id }) => id),
    );
    const rows = [...desk.world.progress.values()].filter(
      ({ course_id, user_id, status }) => course_id === 202 && status === "passed" && gone.has(user_id),
    );

    const reply = await desk.call({ report: "single_course", of: ["202"], where: { status: "passed" } });

    expect(rows.length).toBeGreaterThan(0);
    expect(reply.text).toMatch(
      new RegExp(
        `Of these, ${rows.length} rows? (?:is of somebody|are of people) who cannot sign in any more`,
      ),
    );
    await desk.close();
  });
});
