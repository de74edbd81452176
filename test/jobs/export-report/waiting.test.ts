import { describe, expect, it } from "vitest";
import type { Send } from "../../../src/skyprep/send.ts";
import { connect } from "../../support/academy.ts";
import { createSkippingClock } from "../../support/skipping-clock.ts";
import { noFolder } from "../../support/temporary.ts";
import { type Between, createAcademy } from "../shared/plan-academy.ts";
import { countedSandbox, exportOf, instead, openDesk, said } from "./desk.ts";

const processing = said({ status: "processing" });
const slow: Between = instead("get_async_report", [], processing);
const generated = (desk: { routes: () => string[] }) =>
  desk.routes().filter((route) => route === "generate_async_report").length;

describe("a report that SkyPrep takes its time for", () => {
  it("is waited for, and how far it is is told", async () => {
    const desk = await openDesk();
    const told: string[] = [];

    const { structuredContent } = await desk.server.client.callTool(
      { name: "export_report", arguments: { report: "all_users" } },
      { onprogress: ({ message }) => void told.push(message ?? "") },
    );

    expect(told).toEqual(["The report is queued.", "The report is processing."]);
    expect(structuredContent).toMatchObject({ total: 302 });
    expect(desk.routes()).toEqual(["generate_async_report", ...Array(3).fill("get_async_report")]);
    await desk.close();
  });

  it("is said not to be ready in the time a client waits; called again, it is picked up and not started again", async () => {
    const desk = await openDesk({ between: slow });

    const first = await desk.call({ report: "all_courses" });
    const second = await desk.call({ report: "all_courses", group_by: ["status"] });

    for (const reply of [first, second]) {
      expect(reply.isError).toBe(false);
      expect(reply.text).toMatch(
        /Not ready yet: .*processing, number \d+, \d+ s so far.* Call export_report again/,
      );
      expect(reply.structured).toMatchObject({ ready: false, status: "processing" });
    }
    expect(first.structured?.process_queue_item_id).toBe(second.structured?.process_queue_item_id);
    expect(generated(desk)).toBe(1);
    await desk.close();
  });

  it("is picked up by another process, hours later, and answers what was asked", async () => {
    const desk = await openDesk({ between: slow });
    await desk.call({ report: "all_courses" });
    await desk.close();
    desk.pass(5 * 3_600_000);
    const later = await desk.academy.open(undefined, {});

    const reply = await later.call("export_report", { report: "all_courses", group_by: ["status"] });

    expect(reply.structured).toMatchObject({
      columns: ["status", "count"],
      counted: desk.world.progress.size,
    });
    expect(generated(desk)).toBe(1);
    await later.close();
  });

  it("ready late, is had by the call in which it is, and the next plain call starts another", async () => {
    const desk = await openDesk({ between: instead("get_async_report", Array(15).fill(processing)) });

    const replies = [];
    for (let n = 0; n < 3; n++) replies.push(await desk.call({ report: "all_users" }));

    expect(replies.map(({ structured }) => structured?.ready)).toEqual([false, undefined, undefined]);
    expect(replies[1]?.structured).toMatchObject({ total: 302 });
    expect(generated(desk)).toBe(2);
    await desk.close();
  });

  it("a day old is not waited for any more", async () => {
    const desk = await openDesk({ between: slow });
    await desk.call({ report: "all_users" });
    desk.pass(25 * 3_600_000);

    await desk.call({ report: "all_users" });

    expect(generated(desk)).toBe(2);
    await desk.close();
  });

  it("that fails is an error, and the next call starts anew", async () => {
    const desk = await openDesk({ between: instead("get_async_report", [said({ status: "failed" })]) });

    const failed = await desk.call({ report: "all_users" });
    const again = await desk.call({ report: "all_users" });

    expect(failed).toMatchObject({
      isError: true,
      text: expect.stringMatching(/could not make this report \(failed\)/),
    });
    expect(again.structured).toMatchObject({ total: 302 });
    expect(generated(desk)).toBe(2);
    await desk.close();
  });

  it("that SkyPrep no longer knows is started anew in the same call, once", async () => {
    const desk = await openDesk({
      between: instead("get_async_report", [...Array(12).fill(processing), said("Report not found", 404)]),
    });
    await desk.call({ report: "all_users" });

    const reply = await desk.call({ report: "all_users" });

    expect(reply.structured).toMatchObject({ total: 302 });
    expect(generated(desk)).toBe(2);
    await desk.close();
  });

  it("is started once by two calls at the same time", async () => {
    const desk = await openDesk({ between: slow });

    const replies = await Promise.all([
      desk.call({ report: "all_users" }),
      desk.call({ report: "all_users" }),
    ]);

    expect(new Set(replies.map(({ structured }) => structured?.process_queue_item_id)).size).toBe(1);
    expect(generated(desk)).toBe(1);
    await desk.close();
  });

  it("of one account is not picked up for another run of the sandbox or another account", async () => {
    const academy = createAcademy();
    const desk = await openDesk({ academy, between: slow });
    await desk.call({ report: "all_users" });
    const other = await openDesk({ academy, between: slow, env: { SKYPREP_REVEAL: "personal" } });

    await other.call({ report: "all_users" });

    expect(generated(desk)).toBe(2);
    await desk.close();
    await other.close();
  });

  it("whose start was lost is not started a second time by that call", async () => {
    const lost: Between = async (_, { route }, pass) => {
      const answer = await pass();
      if (route === "generate_async_report") throw new TypeError("fetch failed");
      return answer;
    };
    const desk = await openDesk({ between: lost });

    const reply = await desk
      .call({ report: "all_users" })
      .catch((error: unknown) => ({ text: String(error) }));

    expect(reply.text).not.toMatch(/Not ready yet/);
    expect(generated(desk)).toBe(1);
    await desk.close();
  });

  it("of a group or course that takes too long at once is made in the background instead", async () => {
    const clock = createSkippingClock();
    const { sandbox, routes, send } = countedSandbox();
    let asked = 0;
    const silent: Send = async (request, signal) => {
      if (request.route === "get_report") {
        asked += 1;
        await clock.pause(60_000, signal);
      }
      return send(request, signal);
    };
    const server = await connect(silent, { SKYPREP_SANDBOX: "true" }, { clock, pause: clock.pause });

    const reply = await server.call("export_report", { report: "single_course", of: ["202"] });

    const rows = [...sandbox.world.progress.values()].filter((row) => row.course_id === 202).length;
    expect(reply.structured, reply.text).toMatchObject({ total: rows });
    expect(asked).toBe(1);
    expect(routes).toEqual([
      "get_courses",
      "generate_async_report",
      ...Array(3).fill("get_async_report"),
      "get_users",
    ]);
    await server.close();
  });

  it("is picked up after the call that waited for it was cancelled", async () => {
    const desk = await openDesk({ between: slow });
    const stop = new AbortController();
    const waiting = await desk.academy.open(slow, {
      pause: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          stop.abort();
        }),
    });
    const call = { name: "export_report", arguments: { report: "all_users" } };

    await expect(waiting.client.callTool(call, { signal: stop.signal })).rejects.toThrow();
    await desk.call({ report: "all_users" });

    expect(generated(desk)).toBe(1);
    await waiting.close();
    await desk.close();
  });

  it("can be collected by hand where nothing can be remembered", async () => {
    const desk = await openDesk({ between: slow, env: { SKYPREP_STATE_DIR: noFolder() } });

    const reply = await desk.call({ report: "all_users" });

    expect(reply.text).toMatch(/get_async_report, process_queue_item_id \d+/);
    await desk.close();
  });

  it("is still ours after the file that remembers it was spoilt: another is started, and nothing breaks", async () => {
    const desk = await openDesk({ between: slow });
    await desk.call({ report: "all_users" });
    const { writeFileSync } = await import("node:fs");
    writeFileSync(`${desk.state}/jobs/sandbox/reports.json`, "{");

    const reply = await desk.call({ report: "all_users" });

    expect(reply.structured).toMatchObject({ ready: false });
    await desk.close();
  });
});

describe("what was waited for", () => {
  it("leaves a file that opens again", async () => {
    const desk = await openDesk();

    const { id } = exportOf(await desk.call({ report: "all_users" }));
    const reply = await desk.call({
      report: `skyprep://exports/${id}`,
      where: { Email: "avery@example.com" },
    });

    expect(reply.structured).toMatchObject({ matched: 1, total: 302 });
    await desk.close();
  });
});
