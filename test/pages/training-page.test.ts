import { readFileSync, statSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import type { Board } from "../../src/pages/board.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { connect, noon, openAcademy } from "../support/academy.ts";
import { expectPrivate } from "../support/private-files.ts";
import { noFolder } from "../support/temporary.ts";
import { pageIn, saved } from "./read-plainly.ts";
import { showsApps } from "./saved-page.ts";

const open: { close(): Promise<void> }[] = [];
async function academyWith(more: Parameters<typeof openAcademy>[0] = {}) {
  const academy = await openAcademy(more);
  open.push(academy);
  return academy;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** Read once, so that nothing is on its way any more. */
const ready = async (more: Parameters<typeof openAcademy>[0] = {}) => {
  const academy = await academyWith(more);
  await academy.call("training_status");
  return academy;
};

describe("a page of how training stands", () => {
  it("is a file of its own: 0600, with a policy that lets nothing in or out, and a line that says where", async () => {
    const { call } = await ready();

    const { text, structured } = await call("training_status", { by: ["group"], save: "page" });

    const { page } = structured as { page: { uri: string; file: string; bytes: number } };
    expect(text).toContain(`on this computer: ${page.file}`);
    expect(text).toContain("kept for 7 days");
    expectPrivate(page.file);
    expect(statSync(page.file).size).toBe(page.bytes);
    const html = readFileSync(page.file, "utf8");
    expect(html).toMatch(
      /content="default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'"/,
    );
    expect(html.match(/<(?:link|img|iframe|object|embed|base|form)\b|https?:|@import|url\(/g) ?? []).toEqual(
      [],
    );
  });

  it("has the numbers of the reply, no other, in its large figures, its bars and its table", async () => {
    const { call } = await ready();

    const plain = await call("training_status");
    const page = saved(await call("training_status", { save: "page" }));
    const {
      people,
      records,
      overdue,
      expired,
      due,
      expiring,
      completion_rate: rate,
    } = plain.structured as Record<string, number>;
    expect(page.numbers).toEqual({
      People: people,
      Records: records,
      "% passed": `${((rate ?? 0) * 100).toFixed(1)}%`,
      Overdue: overdue,
      "Due in 30 days": due,
      "Expiring in 30 days": expiring,
      Expired: expired,
    });
    const most = (
      plain.structured as { most_overdue: { course_id: number; course: string; overdue: number }[] }
    ).most_overdue;
    const [courses] = page.tables;
    expect(courses?.rows.slice(0, most.length)).toEqual(
      most.map((one) => [one.course_id, one.course, one.overdue].map(String)),
    );
    expect(page.bars.slice(0, most.length)).toEqual(
      most.map((one) => [`${one.course_id} ${one.course}`, String(one.overdue)]),
    );
  });

  it.each([["group"], ["manager"], ["course"], ["path"], ["month"], ["Region"]])(
    "tells %s apart as the reply does: bars and rows are the same numbers",
    async (by) => {
      const { call } = await ready({ env: { SKYPREP_CUSTOM_FIELDS: "ca_0=Region" } });

      const reply = await call("training_status", { by: [by], save: "page" });

      const { columns, rows, totals } = reply.structured as {
        columns: string[];
        rows: (string | number)[][];
        totals: (string | number)[][];
      };
      const page = saved(reply);
      const [table] = page.tables;
      const at = (name: string) => table?.columns.indexOf(name) ?? -1;
      const named: Record<string, string> = {
        people: "People",
        records: "Records",
        passed: "Passed",
        overdue: "Overdue",
        enrolled: "Enrolled",
        failed: "Failed",
      };
      for (const [n, row] of rows.entries()) {
        for (const [column, value] of columns.slice(1).map((name, k) => [name, row[k + 1]] as const)) {
          if (named[column] === undefined) continue;
          expect([by, n, column, table?.rows[n]?.[at(named[column])]]).toEqual([
            by,
            n,
            column,
            String(value),
          ]);
        }
      }
      expect(table?.totals).toHaveLength(totals.length);
      // What is drawn is written: each bar's number stands in its row of the table.
      for (const [label, value] of page.bars) {
        const row = table?.rows.find(([key]) => key === label);
        expect([label, row?.includes(value.replace("%", ""))]).toEqual([label, true]);
      }
    },
  );

  it("makes a table of two, and lists all who are behind it, where the text has the first", async () => {
    const { call } = await ready();

    const reply = await call("training_status", { by: ["group", "month"], show: "overdue", save: "page" });

    const { total } = reply.structured as { total: number };
    const [figures, list] = saved(reply).tables;
    expect(figures?.columns[0]).toBe("Group");
    expect(list?.rows).toHaveLength(total);
    expect(total).toBeGreaterThan(30);
  });

  it.each([
    [{ until: "2026-02-01", by: ["group"] }, "As it stood at the end of Feb 1, 2026"],
    [{ until: "2026-02-01" }, "As it stood at the end of Feb 1, 2026"],
    [{ since: "2026-01-01", until: "2026-03-01" }, "From Jan 1, 2026 to Mar 1, 2026"],
    [{ since: "2026-01-01", until: "2026-03-01", by: ["group"] }, "From Jan 1, 2026 to Mar 1, 2026"],
    [{ since: "2026-01-01" }, "Since Jan 1, 2026"],
    [{ until: "2026-03-01", by: ["month"] }, "Up to Mar 1, 2026"],
  ])(
    "of days that are over (%j) says which, with the numbers and what is to be known of them",
    async (args, time) => {
      const { call } = await ready();

      const reply = await call("training_status", { ...args, save: "page" });

      const html = pageIn(reply);
      expect(/<p class="time">(.*?)<\/p>/.exec(html)?.[1]).toBe(time);
      expect(Object.keys(saved(reply).numbers).length).toBeGreaterThan(3);
      const [, told = ""] = /\n((?:What stood at|What happened|changed since).*)/.exec(reply.text) ?? [];
      expect(told).not.toBe("");
      // How many changed since a day stands as numbers.
      if (!told.startsWith("changed")) expect(html).toContain(told);
    },
  );

  it("has what happened in a time as the reply has it, large", async () => {
    const { call } = await ready();

    const between = await call("training_status", { since: "2026-01-01", until: "2026-03-01", save: "page" });
    const since = await call("training_status", { since: "2026-01-01", save: "page" });

    const { happened } = between.structured as { happened: Record<string, number> };
    expect(saved(between).numbers).toEqual({
      Enrolled: happened.enrolled,
      Started: happened.started,
      Passed: happened.passed,
      Failed: happened.failed,
      Archived: happened.archived,
    });
    const { changed, passed, failed, started, enrolled } = since.structured as Record<string, number>;
    expect(saved(since).numbers).toEqual({
      Changed: changed,
      Passed: passed,
      Failed: failed,
      Started: started,
      Enrolled: enrolled,
    });
  });

  it("says whose numbers are among them, as the reply does", async () => {
    const { call } = await ready();

    const reply = await call("training_status", { save: "page" });

    const [said = ""] = /(?<=\no)f these, .+ cannot sign in any more/.exec(reply.text) ?? [];
    expect(said).not.toBe("");
    expect(pageIn(reply)).toContain(`O${said}`);
  });

  it("names its two tables apart, and its months in the academy's words", async () => {
    const { call } = await ready();

    const reply = await call("training_status", { by: ["group", "month"], show: "overdue", save: "page" });

    const named = [...pageIn(reply).matchAll(/<section class="scroll"[^>]* aria-label="(.*?)"/g)];
    expect(named.map(([, name]) => name)).toEqual(["Overdue: Group × Month", "Overdue"]);
    const [figures] = saved(reply).tables;
    expect(figures?.columns.slice(-1)).toEqual(["Nov 26"]);
  });

  it("takes no title for a month that reads like one", async () => {
    const { sandbox, call } = await academyWith();
    for (const { profile } of sandbox.world.people.values()) profile.title = "2026-11";
    await call("training_status");

    const reply = await call("training_status", { by: ["group", "title"], save: "page" });

    expect(saved(reply).tables[0]?.columns.slice(1)).toEqual(["2026-11"]);
  });

  it("asks SkyPrep nothing that the reply does not", async () => {
    let asked = 0;
    const { send } = createSandbox({ now: () => noon, callsPerMinute: Number.POSITIVE_INFINITY });
    const { call, close } = await connect(
      async (request, signal) => {
        asked += 1;
        return send(request, signal);
      },
      { SKYPREP_SANDBOX: "true" },
    );
    open.push({ close });
    await call("training_status", { by: ["group"], show: "overdue" });
    const before = asked;

    await call("training_status", { by: ["group"], show: "overdue" });
    const without = asked - before;
    const { structured } = await call("training_status", { by: ["group"], show: "overdue", save: "page" });

    expect(structured?.page).toBeDefined();
    expect(asked - before - without).toBe(without);
  });

  it("speaks the academy's language, from right to left where that is so", async () => {
    const academy = await academyWith();
    for (const person of academy.sandbox.world.people.values()) person.profile.language = "Arabic";
    await academy.call("training_status");

    const reply = await academy.call("training_status", { by: ["group"], save: "page" });

    const html = pageIn(reply);
    expect(html).toMatch(/<html lang="ar" dir="rtl"/);
    expect(html).toContain("التدريب حسب المجموعة");
    expect(html).toContain("من الأكاديمية التجريبية المدمجة");
    // What the assistant reads stays as it is.
    expect(reply.text).toContain("Training of everyone");
  });

  it.each([
    [{}, /<p class="about"><bdi dir="rtl">الجميع<\/bdi> · حتى 23 نوفمبر 2026/],
    [{ group: "Sales Team" }, /<p class="about"><bdi lang="en" dir="ltr">group 301 Sales Team/],
  ])("runs each sentence the way its language does (%j)", async (args, line) => {
    const academy = await academyWith();
    for (const person of academy.sandbox.world.people.values()) person.profile.language = "ar";
    await academy.call("training_status");

    const reply = await academy.call("training_status", { ...args, save: "page" });

    expect(/<p class="about">.*?<\/p>/.exec(pageIn(reply))?.[0]).toMatch(line);
  });

  it("has nothing that SKYPREP_REVEAL hides", async () => {
    const without = saved(await (await ready()).call("training_status", { show: "overdue", save: "page" }));
    const text = JSON.stringify(without);

    expect(text).not.toMatch(/\b\d{3}-\d\d-\d{4}\b|\+1 \d{3}/);
  });

  it("takes names for what they are: text, and never more of it than fits", async () => {
    const academy = await academyWith();
    const hostile = [
      `<img src=x onerror="alert(1)">`,
      `</script><script>alert(2)</script>`,
      '=HYPERLINK("http://x")',
      "\u202eesrever\u2066",
      "A".repeat(10_000),
      `"><svg/onload=alert(3)>`,
      "&lt;b&gt;{n}${7*7}",
    ];
    const people = [...academy.sandbox.world.people.values()];
    people.forEach((person, n) => {
      person.last_name = hostile[n % hostile.length] ?? "";
    });
    await academy.call("training_status");

    const reply = await academy.call("training_status", { show: "overdue", save: "page" });

    const html = pageIn(reply);
    expect(html).not.toMatch(/<img|<svg\/|onerror="|<script>alert|\u202e|\u2066|A{301}/);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain("&#60;img src=x");
  });

  it("leaves the reply whole where the folder cannot be written, and says so", async () => {
    const { call } = await ready({ env: { SKYPREP_STATE_DIR: noFolder() } });

    const plain = await call("training_status", { by: ["group"] });
    const reply = await call("training_status", { by: ["group"], save: "page" });

    expect(reply.outcome).toBe("done");
    expect(reply.text).toContain(plain.text.split("\n")[1]);
    expect(reply.text).toMatch(/The page could not be kept in .+/);
    expect(reply.structured?.page).toBeUndefined();
  });

  it("is not made where nothing was asked for that can be looked at, and of other tools not at all", async () => {
    const { call } = await ready();

    const refused = await call("training_status", { group: "Jugglers", save: "page" });
    const other = await call("account_overview", { save: "page" });

    expect(refused.outcome).toBe("refused");
    expect(refused.text).not.toContain(".html");
    expect(other.outcome).toBe("refused");
    expect(other.text).toContain("save");
  });

  it("is opened where that is set, and said where it could not be: the file is there all the same", async () => {
    const opened: string[] = [];
    for (const opens of [true, false]) {
      const { call } = await ready({
        openPage: async (file) => {
          opened.push(file);
          return opens;
        },
      });

      const { text, structured } = await call("training_status", { save: "page" });

      const { file } = (structured as { page: { file: string } }).page;
      expect(opened.pop()).toBe(file);
      expect(statSync(file).size).toBeGreaterThan(0);
      expect(text).toContain(
        opens ? "It is open in the browser." : "It could not be opened here: open the file.",
      );
    }
  });

  it("asks by a click in the form that the list of tools has", async () => {
    const { client } = await academyWith(showsApps);
    const where = [{ field: "in_group", is: "Sales Team" }];

    const { _meta } = await client.callTool({ name: "training_status", arguments: { by: ["title"], where } });

    const board = _meta?.["skyprep/board"] as Board;
    const [first] = board.charts[0]?.bars ?? [];
    expect(first?.drill?.arguments.where).toEqual([...where, { field: "title", is: first?.label }]);
  });
});
