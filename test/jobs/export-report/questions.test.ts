import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { createNetwork } from "../../../src/skyprep/network.ts";
import { connect, liveAccount } from "../../support/academy.ts";
import { answer, listen } from "../../support/loopback.ts";
import { exportOf, instead, openDesk, rowsOf, said } from "./desk.ts";

const words = ["passed", "Passed", "failed", "in-progress"];
const csvOf = (n: number) =>
  `User ID,Email,Course,Status\n${Array.from(
    { length: n },
    (_, at) => `${at + 1},p${at + 1}@example.com,Course ${at % 7},${words[at % 4]}\n`,
  ).join("")}`;
const withCsv = (n: number) => openDesk({ between: instead("get_async_report", [], said(csvOf(n))) });

describe("a question on a report", () => {
  it("is answered from the file made before, with no call, and says how old that is", async () => {
    const desk = await openDesk();
    await desk.call({ report: "all_courses" });
    const before = desk.sent.length;
    desk.pass(20 * 60_000);

    const passed = await desk.call({
      report: "all_courses",
      where: { status: "passed" },
      columns: ["user_email"],
      limit: 3,
    });
    const counts = await desk.call({ report: "all_courses", group_by: ["status"] });

    expect(desk.sent.length - before).toBe(0);
    const rows = [...desk.world.progress.values()];
    const truth = new Map<string, number>();
    for (const { status } of rows) truth.set(status, (truth.get(status) ?? 0) + 1);
    expect(passed.structured).toMatchObject({
      columns: ["user_email"],
      matched: truth.get("passed"),
      total: rows.length,
    });
    expect(rowsOf(passed)).toHaveLength(3);
    expect(new Map(rowsOf(counts).map(([status, n]) => [status, Number(n)]))).toEqual(truth);
    expect(counts.text).toMatch(new RegExp(`${rows.length} of ${rows.length} rows counted by status`));
    expect(counts.text).toMatch(
      /From the file of 2026-11-23T07:00:00-05:00, 20 minutes old: SkyPrep was not asked again/,
    );
    await desk.close();
  });

  it("asked first makes the file, and answers", async () => {
    const desk = await openDesk();

    const reply = await desk.call({
      report: "single_group_all_users",
      of: ["Sales Team"],
      where: { status: "failed" },
    });

    expect(exportOf(reply).uri).toMatch(/^skyprep:\/\/exports\//);
    expect(rowsOf(reply).every((row) => row[4] === "failed")).toBe(true);
    await desk.close();
  });

  it("over an hour later is asked of SkyPrep again, but not with an export named or a cursor given", async () => {
    const desk = await openDesk();
    const first = await desk.call({ report: "single_course", of: ["202"], limit: 2 });
    desk.pass(61 * 60_000);
    const before = desk.sent.length;

    const next = await desk.call({
      report: "single_course",
      of: ["202"],
      limit: 2,
      cursor: first.structured?.next_cursor,
    });
    const named = await desk.call({ report: exportOf(first).id, group_by: ["status"] });
    const free = desk.sent.length - before;
    await desk.call({ report: "single_course", of: ["202"], limit: 2 });

    expect(free).toBe(0);
    expect(next.isError, next.text).toBe(false);
    expect(named.isError, named.text).toBe(false);
    expect(desk.routes().slice(before)).toContain("get_report");
    await desk.close();
  });

  it("without a question, fetches the report anew", async () => {
    const desk = await openDesk();
    await desk.call({ report: "single_course", of: ["202"] });
    const before = desk.sent.length;

    await desk.call({ report: "single_course", of: ["202"] });

    expect(desk.routes().slice(before)).toEqual(["get_report"]);
    await desk.close();
  });

  it("is counted by several columns, case-blind, of the rows that answer", async () => {
    const desk = await withCsv(280);

    const reply = await desk.call({
      report: "all_courses",
      where: { course: "COURSE 3" },
      group_by: ["course", "status"],
    });

    expect(reply.structured).toMatchObject({ columns: ["Course", "Status", "count"], counted: 40, total: 3 });
    expect(rowsOf(reply)).toEqual([
      ["Course 3", "Passed", "20"],
      ["Course 3", "failed", "10"],
      ["Course 3", "in-progress", "10"],
    ]);
    await desk.close();
  });

  it("on a column that is not there lists those that are", async () => {
    const desk = await withCsv(10);

    for (const question of [
      { where: { stauts: "passed" } },
      { columns: ["stauts"] },
      { group_by: ["stauts"] },
    ]) {
      const reply = await desk.call({ report: "all_courses", ...question });
      expect(reply.isError).toBe(true);
      expect(reply.text).toMatch(/no column "stauts"\. There are "User ID", "Email", "Course", "Status"\./);
    }
    await desk.close();
  });

  it("takes columns or group_by, not both", async () => {
    const desk = await openDesk();

    const reply = await desk.call({ report: "all_users", columns: ["Email"], group_by: ["Email"] });

    expect(reply).toMatchObject({
      isError: true,
      text: expect.stringMatching(/columns or group_by, not both/),
    });
    expect(desk.sent).toEqual([]);
    await desk.close();
  });

  it("is read a page at a time by whoever wants it all, each row once, with no further call", async () => {
    const desk = await withCsv(1_234);
    const seen: string[] = [];
    let cursor: unknown;
    do {
      const reply = await desk.call({
        report: "all_courses",
        columns: ["user_id"],
        limit: 500,
        ...(cursor !== undefined && { cursor }),
      });
      seen.push(...rowsOf(reply).map(([id]) => id ?? ""));
      cursor = reply.structured?.next_cursor;
    } while (cursor !== undefined);

    expect(seen).toEqual(Array.from({ length: 1_234 }, (_, at) => String(at + 1)));
    expect(desk.routes()).toEqual(["generate_async_report", "get_async_report", "get_users"]);
    const other = await desk.call({ report: "all_courses", where: { status: "failed" }, cursor: "AQ" });
    expect(other).toMatchObject({
      isError: true,
      text: expect.stringMatching(/cursor is not one that this server gave/),
    });
    await desk.close();
  });

  it("finds a cell that a spreadsheet would run, and one with markup, in the file as in the report", async () => {
    const csv =
      'Email,Note\na@example.com,"=HYPERLINK(""x"")"\nb@example.com,<b>bold</b> move\nc@example.com,@home\n';
    const desk = await openDesk({ between: instead("get_report", [], said(csv)) });
    const asked = { report: "single_course", of: ["202"], columns: ["Email"] };
    await desk.call({ report: "single_course", of: ["202"] });

    for (const [note, email] of [
      ['=HYPERLINK("x")', "a@example.com"],
      ["bold move", "b@example.com"],
      ["@home", "c@example.com"],
    ]) {
      expect(rowsOf(await desk.call({ ...asked, where: { Note: note } }))).toEqual([[email]]);
    }
    await desk.close();
  });

  it("over a hundred thousand rows costs little to read and little time", async () => {
    const desk = await withCsv(100_000);
    const tokens: number[] = [];
    const times: number[] = [];
    for (const question of [
      {},
      { where: { status: "failed" } },
      { group_by: ["course", "status"] },
      { where: { course: "Course 1" }, columns: ["email"], limit: 20 },
    ]) {
      // Of this process, so that a machine with other work counts none of that.
      const begun = process.cpuUsage();
      const { text, structured } = await desk.call({ report: "all_courses", ...question });
      const { user, system } = process.cpuUsage(begun);
      times.push((user + system) / 1_000);
      tokens.push(countTokens(text), countTokens(JSON.stringify(structured)));
    }

    expect(Math.max(...tokens)).toBeLessThanOrEqual(4_000);
    expect(Math.max(...times)).toBeLessThan(5_000);
    expect(desk.sent.filter(({ route }) => route === "get_async_report")).toHaveLength(1);
    await desk.close();
  }, 60_000);

  it("with sixty long columns is a look, not a flood", async () => {
    const columns = Array.from({ length: 60 }, (_, n) => `Custom field number ${n}`);
    const row = columns.map((_, n) => `a rather long value of the field ${n}`);
    const csv = [columns, ...Array(200).fill(row)].map((one) => one.join(",")).join("\n");
    const desk = await openDesk({ between: instead("get_report", [], said(csv)) });

    const look = await desk.call({ report: "single_course", of: ["202"] });

    expect(countTokens(look.text)).toBeLessThanOrEqual(4_000);
    expect(look.structured).toMatchObject({ total: 200 });
    await desk.close();
  });

  it("of a report over 64 MB is cut off with an error, and nothing is kept", async () => {
    const big = `id,name\n${"1,a name of some length that is often said again\n".repeat(1_500_000)}`;
    const site = await listen(answer(big, { type: "text/csv" }));
    const network = createNetwork({ baseUrl: site.baseUrl });
    const academy = await connect(network, liveAccount);

    const reply = await academy.call("export_report", { report: "single_course", of: ["202"] });
    const saved = await academy.call("export_report", { report: "1001" });
    const { resources } = await academy.client.listResources();

    expect(Buffer.byteLength(big)).toBeGreaterThan(64 * 1024 * 1024);
    expect(reply.isError).toBe(true);
    expect(saved).toMatchObject({ isError: true, text: expect.stringMatching(/more than|larger|64/i) });
    expect(resources.filter(({ uri }) => uri.includes("exports"))).toEqual([]);
    await academy.close();
    await network.close();
    await site.close();
  }, 60_000);
});
