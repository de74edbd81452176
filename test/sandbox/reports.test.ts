import { describe, expect, test } from "vitest";
import { ask, newSandbox, noon, type Params } from "./ask.ts";

const day = 86_400_000;
const courseColumns = "user_id,user_email,course_id,course_name,status";
const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const linesOf = (text: string) => text.trimEnd().split("\n");
const queueId = (url: string) => Number(new URL(url).searchParams.get("process_queue_item_id"));

describe("get_report", () => {
  test("one person in one course is CSV with the page's columns", async () => {
    const report = await ask(newSandbox().send, "get_report", {
      report_type: "single_user_single_course",
      user_id: 101,
      course_id: 201,
    });

    expect(report.contentType).toMatch(/^text\/csv/);
    expect(linesOf(report.text)[0]).toBe(courseColumns);
    expect(linesOf(report.text)).toContain("101,avery@example.com,201,New Hire Orientation,in-progress");
  });

  test("every person is one line of all_users", async () => {
    const { send, world } = newSandbox();

    const lines = linesOf((await ask(send, "get_report", { report_type: "all_users" })).text);

    expect(lines[0]).toBe(
      "SkyPrep ID,First name,Last name,Email,Work phone,Login Status,Last Login,User Created At",
    );
    expect(lines).toHaveLength(1 + world.people.size);
  });

  test.each<[Params, (row: { user_id: number; course_id: number }) => boolean]>([
    [{ report_type: "all_courses" }, () => true],
    [{ report_type: "single_user", user_id: 101 }, (row) => row.user_id === 101],
    [{ report_type: "single_course", course_id: 202 }, (row) => row.course_id === 202],
  ])("%j shows the rows it names and no other", async (params, wanted) => {
    const { send, world } = newSandbox();

    const lines = linesOf((await ask(send, "get_report", params)).text);

    expect(lines).toHaveLength(1 + [...world.progress.values()].filter(wanted).length);
  });

  test("a group's reports show its members, in all courses or in the group's", async () => {
    const { send, world } = newSandbox();
    const group = world.groups.get(301);
    const rowsOf = async (params: Params) => linesOf((await ask(send, "get_report", params)).text).length - 1;
    const count = (user: (id: number) => boolean, course: (id: number) => boolean) =>
      [...world.progress.values()].filter((row) => user(row.user_id) && course(row.course_id)).length;
    const member = (id: number) => group?.members.has(id) ?? false;
    const taught = (id: number) => group?.courses.has(id) ?? false;

    expect(await rowsOf({ report_type: "single_group_all_users", user_group_id: 301 })).toBe(
      count(member, () => true),
    );
    expect(await rowsOf({ report_type: "single_group_all_courses", user_group_id: 301 })).toBe(
      count(member, taught),
    );
    expect(await rowsOf({ report_type: "single_user_single_group", user_id: 101, user_group_id: 301 })).toBe(
      count((id) => id === 101, taught),
    );
  });

  test("an exam's report shows who may sit it", async () => {
    const { send, world } = newSandbox();
    const exam = world.courses.get(201)?.items.find((item) => item.exam_id !== null)?.exam_id ?? 0;

    const lines = linesOf(
      (await ask(send, "get_report", { report_type: "single_exam", exam_id: exam })).text,
    );

    expect(lines[0]).toContain("exam_id");
    expect(lines.length).toBeGreaterThan(1);
  });

  test("cells that hold a comma or a quotation mark are quoted", async () => {
    const { send, world } = newSandbox();
    const course = world.courses.get(201);
    if (!course) throw new Error("201 is in the seed");
    course.name = 'Lifting, "safely"';

    const { text } = await ask(send, "get_report", { report_type: "single_user", user_id: 101 });

    expect(text).toContain(',201,"Lifting, ""safely""",');
  });

  test("xlsx is a workbook's bytes", async () => {
    const report = await ask(newSandbox().send, "get_report", { report_type: "all_users", format: "xlsx" });

    expect(report.contentType).toBe(xlsx);
    expect([...report.bytes.slice(0, 4)]).toEqual([0x50, 0x4b, 3, 4]);
    expect(report.text).toContain("avery@example.com");
  });

  test.each<[Params, number]>([
    [{}, 422],
    [{ report_type: "single_course_single_user", user_id: 101, course_id: 201 }, 422],
    [{ report_type: "all_users", format: "pdf" }, 422],
    [{ report_type: "single_user" }, 422],
    [{ report_type: "single_course", course_id: 999999 }, 404],
    [{ report_type: "single_exam", exam_id: 999999 }, 404],
  ])("%j is refused with %i", async (params, status) => {
    expect((await ask(newSandbox().send, "get_report", params)).status).toBe(status);
  });
});

describe("asynchronous reports", () => {
  const start = async (send: Parameters<typeof ask>[0], params: Params) =>
    (await ask(send, "generate_async_report", params)).json<{ status_url: string }>().status_url;

  test("are queued, then processing, then done", async () => {
    const { send } = newSandbox();
    const question = { report_type: "single_user", user_id: 101 };
    const url = await start(send, { ...question, format: "csv" });
    const poll = () => ask(send, "get_async_report", { process_queue_item_id: queueId(url) });

    expect(url).toMatch(
      /^https:\/\/api\.skyprep\.io\/admin\/api\/get_async_report\?process_queue_item_id=\d+$/,
    );
    expect((await poll()).json()).toEqual({ status: "queued" });
    expect((await poll()).json()).toEqual({ status: "processing" });
    const { text } = await ask(send, "get_report", question);
    expect((await poll()).json()).toEqual({ status: "complete", data: text });
    expect((await poll()).json()).toEqual({ status: "complete", data: text });
  });

  test("end in a workbook's bytes when asked for xlsx", async () => {
    const { send } = newSandbox();
    const id = queueId(await start(send, { report_type: "all_users", format: "xlsx" }));

    const bodies = [];
    for (let n = 0; n < 3; n++)
      bodies.push(await ask(send, "get_async_report", { process_queue_item_id: id }));

    expect(bodies.map((body) => body.contentType.split(";")[0])).toEqual([
      "application/json",
      "application/json",
      xlsx,
    ]);
  });

  test("move on with time even when nobody asks", async () => {
    let now = noon;
    const { send } = newSandbox({ now: () => now });
    const id = queueId(await start(send, { report_type: "all_users" }));

    now += 2 * 60_000;

    expect((await ask(send, "get_async_report", { process_queue_item_id: id })).json().status).toBe(
      "complete",
    );
  });

  test("number 1001 of the seed has long been done, 999999 was never begun", async () => {
    const { send } = newSandbox();

    const old = await ask(send, "get_async_report", { process_queue_item_id: 1001 });

    expect(old.json().status).toBe("complete");
    expect((await ask(send, "get_async_report", { process_queue_item_id: 999999 })).status).toBe(404);
  });
});

describe("saved reports", () => {
  const list = async (options: { strict?: boolean }, params: Params) => {
    const { send, world } = newSandbox(options);
    const report = world.savedReports.get(1001);
    if (!report) throw new Error("1001 is in the seed");
    report.updated_at = noon - 400 * day;
    return (await ask(send, "get_saved_advanced_reports", params)).json<{ id: number }[]>();
  };

  test("a listed report has the page's twelve keys", async () => {
    const [first] = (await ask(newSandbox().send, "get_saved_advanced_reports")).json<object[]>();

    expect(Object.keys(first ?? {})).toEqual(
      "created_at created_at_int updated_at updated_at_int id saved_advanced_report_id model_type xlsx_url csv_url report_params_digest saved_report_type name".split(
        " ",
      ),
    );
  });

  test("a window of dates narrows the list, unless the sandbox is strict", async () => {
    const window = { start_date: "2026-01-01T00:00:00.000Z", end_date: "2026-05-07" };

    expect((await list({}, window)).map((report) => report.id)).not.toContain(1001);
    expect((await list({}, {})).map((report) => report.id)).toContain(1001);
    expect((await list({ strict: true }, window)).map((report) => report.id)).toContain(1001);
  });

  test("reads as columns and rows", async () => {
    const { send, world } = newSandbox();

    const report = await ask(send, "get_saved_advanced_report", { saved_advanced_report_id: 1001 });

    const { name, columns, rows } = report.json<{ name: string; columns: string[]; rows: unknown[] }>();
    expect(name).toBe("All Course Progresses Report");
    expect(columns).toEqual(["User ID", "Email", "Course", "Status"]);
    expect(rows).toHaveLength(world.progress.size);
    expect(rows).toContainEqual([101, "avery@example.com", "New Hire Orientation", "in-progress"]);
  });

  test("format=csv is text that begins with a byte order mark and ends its lines with CRLF", async () => {
    const report = await ask(newSandbox().send, "get_saved_advanced_report", {
      saved_advanced_report_id: 1001,
      format: "csv",
    });

    expect(report.contentType).toMatch(/^text\/csv/);
    expect([...report.bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(report.text).toContain("User ID,Email,Course,Status\r\n");
  });

  test("a definition without data has no rows", async () => {
    const { send, world } = newSandbox();
    const saved = world.savedReports.get(1002);
    if (!saved) throw new Error("1002 is in the seed");
    saved.type = "saved_report";

    const report = await ask(send, "get_saved_advanced_report", { saved_advanced_report_id: 1002 });

    expect(report.json()).toMatchObject({ saved_report_type: "saved_report", rows: [] });
  });
});
