import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { World } from "../../../src/sandbox/model/world.ts";
import { noFolder } from "../../support/temporary.ts";
import { exportOf, instead, openDesk, rowsOf, said } from "./desk.ts";

const progressOf = (world: World, users?: Set<number>, courses?: Set<number>) =>
  [...world.progress.values()].filter(
    (row) => (users?.has(row.user_id) ?? true) && (courses?.has(row.course_id) ?? true),
  ).length;
const members = (world: World) => world.groups.get(301)?.members ?? new Set<number>();
const taught = (world: World) => world.groups.get(301)?.courses ?? new Set<number>();
const exam = (world: World) =>
  [...world.courses.values()].flatMap(({ items }) => items).find((item) => item.exam_id !== null)?.exam_id;

const kinds: [string, string[], (world: World) => number][] = [
  ["all_users", [], (world) => world.people.size],
  ["all_courses", [], (world) => progressOf(world)],
  ["single_user", ["avery@example.com"], (world) => progressOf(world, new Set([101]))],
  ["single_course", ["Workplace Safety Basics"], (world) => progressOf(world, undefined, new Set([202]))],
  [
    "single_user_single_course",
    ["Avery Learner", "New Hire Orientation"],
    (world) => progressOf(world, new Set([101]), new Set([201])),
  ],
  [
    "single_user_single_group",
    ["101", "Sales Team"],
    (world) => progressOf(world, new Set([101]), taught(world)),
  ],
  ["single_group_all_users", ["Sales Team"], (world) => progressOf(world, members(world))],
  ["single_group_all_courses", ["301"], (world) => progressOf(world, members(world), taught(world))],
];

describe("export_report", () => {
  it.each(kinds)(
    "keeps %s of %j as a file, and shows its first rows and no more",
    async (report, of, rows) => {
      const desk = await openDesk();

      const reply = await desk.call({ report, ...(of.length > 0 && { of }) });

      const total = rows(desk.world);
      expect(reply.isError, reply.text).toBe(false);
      expect(reply.structured).toMatchObject({ total });
      expect(rowsOf(reply).length).toBeLessThanOrEqual(20);
      const lines = readFileSync(exportOf(reply).file, "utf8").trimEnd().split("\n");
      expect(lines).toHaveLength(1 + total);
      expect(desk.writes().map(({ route }) => route)).toEqual(
        report.startsWith("all_") ? ["generate_async_report"] : [],
      );
      await desk.close();
    },
  );

  it("keeps the report of an exam, by its number", async () => {
    const desk = await openDesk();
    const number = exam(desk.world);

    const reply = await desk.call({ report: "single_exam", of: [String(number)] });

    expect(reply.structured?.columns).toContain("exam_name");
    expect(Number(reply.structured?.total)).toBeGreaterThan(0);
    await desk.close();
  });

  it("says at once who or what is not known, and fetches nothing", async () => {
    const desk = await openDesk();

    const reply = await desk.call({ report: "single_user_single_course", of: ["Nobody Atall", "Workplace"] });

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(
      /no person “Nobody Atall”[\s\S]*No course is called exactly “Workplace”; near it: 202/,
    );
    expect(desk.routes()).not.toContain("get_report");
    await desk.close();
  });

  it.each([
    ["single_user_single_group", ["101"], /needs a person and a group in of, in this order/],
    ["all_users", ["101"], /whole account: leave of out/],
    ["single_exam", ["First exam"], /exam is named by its number/],
    ["All Users Report", ["101"], /Only a type takes of: all_users, /],
    ["1001", ["101"], /Only a type takes of/],
  ])("%s of %j is not guessed at", async (report, of, says) => {
    const desk = await openDesk();

    const reply = await desk.call({ report, of });

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(says);
    expect(desk.sent).toEqual([]);
    await desk.close();
  });

  it("takes a type as a person would write it", async () => {
    const desk = await openDesk();

    expect((await desk.call({ report: "Single course", of: ["202"] })).isError).toBe(false);
    await desk.close();
  });

  it("shows no secret, whatever is asked, and personal columns only where revealed", async () => {
    const csv =
      "SkyPrep ID,Email,SSN,Cell,Certificate Link\n1,a@example.com,123-45-6789,555-0101,https://x/?view_key=abc\n";
    const between = () => instead("get_report", [], said(csv));
    const desk = await openDesk({ between: between() });

    const whole = await desk.call({ report: "single_course", of: ["202"] });
    const asked = await Promise.all(
      [{ columns: ["SSN"] }, { where: { SSN: "123-45-6789" } }, { group_by: ["Certificate Link"] }].map(
        (question) => desk.call({ report: "single_course", of: ["202"], ...question }),
      ),
    );
    const hidden = await desk.call({ report: "single_course", of: ["202"], where: { Cell: "555-0101" } });

    expect(whole.text).toMatch(/Hidden as personal: Cell.*Never shown: SSN, Certificate Link/s);
    for (const one of [whole, ...asked, hidden]) {
      expect(one.text + JSON.stringify(one.structured)).not.toMatch(/123-45|view_key|555-0101/);
    }
    for (const one of [...asked, hidden]) {
      expect(one.isError).toBe(true);
      expect(one.text).toMatch(/no column .* There are "SkyPrep ID", "Email"\./);
    }
    expect(hidden.text).toMatch(/Hidden as personal: Cell/);
    await desk.close();

    const open = await openDesk({ between: between(), env: { SKYPREP_REVEAL: "personal" } });
    expect((await open.call({ report: "single_course", of: ["202"] })).text).toMatch(/555-0101/);
    await open.close();
  });

  it("keeps an Excel file that comes, and says that it is not read", async () => {
    const bytes = new Uint8Array([0x50, 0x4b, 3, 4, 1, 2]);
    const desk = await openDesk({
      between: instead("get_report", [], { status: 200, contentType: "", body: bytes }),
    });

    const reply = await desk.call({ report: "single_course", of: ["202"], where: { status: "passed" } });

    expect(reply.text).toMatch(/an Excel file, not read here/);
    expect(readFileSync(exportOf(reply).file)).toHaveLength(6);
    const asked = await desk.call({ report: exportOf(reply).id, where: { status: "passed" } });
    expect(asked).toMatchObject({ isError: true, text: expect.stringMatching(/Excel file/) });
    await desk.close();
  });

  it.each([
    ["empty", "", /could not be read as a report/],
    ["a word", "success", /could not be read as a report/],
    ["a page", "<!DOCTYPE html><html></html>", /web page instead of data/],
    ["an error", { error: "Report too large" }, /SkyPrep refused: Report too large/],
  ])("says so where what comes is %s", async (_, body, says) => {
    const desk = await openDesk({ between: instead("get_report", [], said(body)) });

    const reply = await desk.call({ report: "single_course", of: ["202"] });

    expect(reply).toMatchObject({ isError: true, text: expect.stringMatching(says) });
    await desk.close();
  });

  it("of a header alone says that it has no rows, and answers questions all the same", async () => {
    const desk = await openDesk({ between: instead("get_report", [], said("user_id,status\n")) });

    const reply = await desk.call({ report: "single_course", of: ["202"] });
    const asked = await desk.call({ report: "single_course", of: ["202"], group_by: ["status"] });

    expect(reply.structured).toMatchObject({ columns: ["user_id", "status"], rows: [], total: 0 });
    expect(asked.structured).toMatchObject({ rows: [], counted: 0 });
    await desk.close();
  });

  it("is read-only: offered and done where nothing may be changed, and without the raw tools", async () => {
    const desk = await openDesk({ env: { SKYPREP_READ_ONLY: "true", SKYPREP_SECTIONS: "jobs" } });

    const reply = await desk.call({ report: "all_users" });

    expect(reply.structured).toMatchObject({ total: 302 });
    await desk.close();
  });

  it("is still shown where its file cannot be kept", async () => {
    const desk = await openDesk({ env: { SKYPREP_STATE_DIR: noFolder() } });

    const reply = await desk.call({ report: "all_users", group_by: ["Login Status"] });

    expect(reply.isError).toBe(false);
    expect(reply.text).toMatch(/could not be kept in/);
    expect(reply.structured).toMatchObject({ counted: 302 });
    await desk.close();
  });
});
