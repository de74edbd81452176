import { describe, expect, it } from "vitest";
import { createAcademy } from "../shared/plan-academy.ts";
import { instead, openDesk, said } from "./desk.ts";

const day = 86_400_000;

function withRuns() {
  const academy = createAcademy();
  const first = academy.world.savedReports.get(1002);
  if (first === undefined) throw new Error("the seed has report 1002");
  const add = (id: number, more: Partial<typeof first>) =>
    academy.world.savedReports.set(id, { ...first, id, ...more });
  add(1010, { updated_at: first.updated_at - 30 * day });
  add(1011, { updated_at: first.updated_at - day });
  // The newest of the name, but a mere definition.
  add(1012, { updated_at: first.updated_at + day, type: "saved_report" });
  return academy;
}

describe("export_report of a saved report", () => {
  it("is had by its number, in one call, and called by its name", async () => {
    const desk = await openDesk();

    const reply = await desk.call({ report: "1002" });

    expect(reply.text).toMatch(/All Users Report: 302 rows/);
    expect(desk.routes()).toEqual(["get_saved_advanced_report"]);
    await desk.close();
  });

  it("is had by its name, the newest that has rows, and the others are named", async () => {
    const desk = await openDesk({ academy: withRuns() });

    const reply = await desk.call({ report: "all users report" });

    expect(reply.text).toMatch(
      /Saved report 1002 of 2026-11-23, the newest of 4 called so; others: 1011 of 2026-11-22, 1010 of /,
    );
    expect(reply.structured).toMatchObject({ total: 302 });
    expect(desk.routes()).toEqual(["get_saved_advanced_reports", "get_saved_advanced_report"]);
    expect(desk.sent[1]?.form.get("saved_advanced_report_id")).toBe("1002");
    await desk.close();
  });

  it("of part of a name is not guessed: those it may mean are listed, and the types", async () => {
    const desk = await openDesk();

    const reply = await desk.call({ report: "report" });

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(
      /called exactly “report”; near it:\n100\d .*\n100\d .*\nTypes of report: all_users, all_courses/,
    );
    expect(desk.routes()).toEqual(["get_saved_advanced_reports"]);
    await desk.close();
  });

  it.each([
    ["Payroll", /No saved report is called exactly “Payroll”[\s\S]*Types of report/],
    ["999999", /There is no saved report 999999/],
    ["skyprep://exports/nothing-here-1", /no such export/],
  ])("%s, which is not there, is said so", async (report, says) => {
    const desk = await openDesk();

    expect(await desk.call({ report })).toMatchObject({ isError: true, text: expect.stringMatching(says) });
    await desk.close();
  });

  it("that is a mere definition says what makes rows", async () => {
    const desk = await openDesk();

    const reply = await desk.call({ report: "Quarterly Compliance Template" });

    expect(reply.structured).toMatchObject({ total: 0, columns: ["User ID", "Email", "Course", "Status"] });
    expect(reply.text).toMatch(/no rows: if it should, run it in SkyPrep's web admin/);
    await desk.close();
  });

  it.each([
    ["CSV", "\ufeffUser ID,Status\r\n101,&lt;b&gt;Passed\r\n"],
    ["columns and rows", { name: "R", columns: ["User ID", "Status"], rows: [[101, "<b>Passed</b>"]] }],
  ])("is read as %s", async (_, body) => {
    const desk = await openDesk({ between: instead("get_saved_advanced_report", [], said(body)) });

    const reply = await desk.call({ report: "1002", where: { status: "passed" } });

    expect(reply.structured).toMatchObject({ rows: [["101", "Passed"]], matched: 1 });
    await desk.close();
  });

  it("of a second question by name costs no call", async () => {
    const desk = await openDesk();
    await desk.call({ report: "All Users Report" });
    const before = desk.sent.length;

    const reply = await desk.call({ report: "All users report", group_by: ["Login Status"] });

    expect(desk.sent.length - before).toBe(0);
    expect(reply.structured).toMatchObject({ counted: 302 });
    await desk.close();
  });
});
