import { describe, expect, it } from "vitest";
import type { Driven } from "./drive.ts";
import { exchanged, type Line } from "./exchanged.ts";
import { judge, shownAs } from "./judge.ts";
import { type Row, rowOf, rowsIn, tableOf } from "./table.ts";
import { type Seen, type StepName, steps } from "./task.ts";

const code =
  'Only the person may release it. On their yes repeat this same call with the code:\nconfirm: "ABCD-2345"';
const page = `approve: http://127.0.0.1:4000/${"a".repeat(43)}`;
const row = (id: number) => `${id}\tAvery Learner\tavery@example.com\tlearner\tactive\t`;
const rows = Array.from({ length: 100 }, (_, index) => row(101 + index)).join("\n");
const people = `[sandbox] 302 people, 1–100.\nid\tdisplay_name\temail\trole\n${rows}\n`;
/** What the server would best say. */
const best: Readonly<Record<StepName, readonly string[]>> = {
  read: [
    "[sandbox] Person 131: Henry Patel\nemail: henry.patel@example.com\nrole: learner\nuser_identifier: EMP-131\n",
  ],
  people: [people],
  file: [
    "[sandbox] Report all_courses: 1706 rows, 5 columns; 5 shown. /s/exports/sandbox/report-all-courses-0123456789abcdef.csv skyprep://exports/report-all-courses-0123456789abcdef\nuser_id\tuser_email\tcourse_id\tcourse_name\tstatus\n101\tavery@example.com\t201\tNew Hire Orientation\tin-progress\n",
  ],
  enroll: ["[sandbox] Done: Enroll a person in a course\nverified: yes"],
  many: [
    `[sandbox] Not done yet: a person has to agree.\n${page}\n${code}`,
    "[sandbox] Done: Enroll many people",
  ],
  delete: [
    `[sandbox] Not done yet: a person has to agree.\nDelete henry.patel@example.com? Type henry.patel@example.com to go on.\n${page}`,
    "[sandbox] Done: Delete a person",
  ],
  remove: [
    `[sandbox] Not done yet: a person has to agree.\n${page}\n${code}`,
    "[sandbox] Done: Take a person out of a group",
  ],
};

interface Changes {
  shows?: (text: string) => string;
  results?: object;
  form?: string;
  words?: Partial<Record<StepName, readonly string[]>>;
  told?: Partial<Seen>;
}
/** A host that had this said to it, over the wire and to its model. */
function driven({ shows = (text) => text, results = {}, form, words = {}, told = {} }: Changes = {}): Driven {
  const lines: Line[] = [];
  const seen: Seen[] = [];
  let id = 0;
  const line = (from: Line["from"], message: object) => lines.push({ from, message });
  line("host", { id, method: "initialize", params: { clientInfo: { name: "h", version: "1" } } });
  line("server", { id, result: { protocolVersion: "2025-11-25" } });
  line("host", { id: ++id, method: "tools/list" });
  line("server", { id, result: { tools: steps.map(({ tool }) => ({ name: tool })) } });
  for (const { name, tool } of steps)
    for (const [index, text] of (words[name] ?? best[name]).entries()) {
      line("host", { id: ++id, method: "tools/call", params: { name: tool } });
      if (form !== undefined && name === "remove") {
        line("server", { id: 900, method: "elicitation/create", params: { message: "Sure?" } });
        line("host", { id: 900, result: { action: form } });
      }
      line("server", { id, result: { content: [{ type: "text", text }], ...results } });
      seen.push({
        step: name,
        tool,
        text: shows(text),
        error: false,
        again: index > 0,
        unanswered: false,
        ...told,
      });
    }
  const wire = exchanged([lines]);
  return { seen, offered: wire.tools, named: [], exchanged: wire, said: "", seconds: 1 };
}

describe("a host is judged", () => {
  it("well where its model has the server's words, in JSON or between its own, and costs what they cost", () => {
    for (const shows of [
      (text: string) => text,
      (text: string) => `Wall time: 1.2 seconds\nOutput:\n${text}`,
    ])
      expect(judge(driven({ shows })).faults).toEqual([]);

    const { faults } = judge(
      driven({ shows: (text) => JSON.stringify({ content: [{ type: "text", text }] }) }),
    );

    // Ends of lines and columns, escaped, weigh more.
    expect(faults.filter((fault) => !fault.startsWith("people: "))).toEqual([]);
  });

  it.each<[string, Changes, RegExp]>([
    ["another text", { shows: () => '{"id":131}' }, /read: not the server's text/],
    ["twice the text", { shows: (text) => `${text}\n${text}` }, /people: 2\.\d\d × the tokens/],
    ["a success told as a failure", { told: { error: true } }, /enroll: told as an error/],
    ["advice to mend a mistake", { shows: (text) => `${text}\n Please fix your mistakes.` }, /many: says/],
    ["structure beside the text", { results: { structuredContent: {} } }, /read: structuredContent was sent/],
    ["a question sent as an error", { results: { isError: true } }, /many: sent as an error/],
    [
      "a link beside the text",
      {
        results: {
          content: [
            { type: "text", text: people },
            { type: "resource_link", uri: "skyprep://x" },
          ],
        },
      },
      /people: resource_link was sent/,
    ],
    [
      "a machine's no as a person's",
      { form: "decline", words: { remove: ["[sandbox] Not done. The person said no to this."] } },
      /remove: lacks “answered at once”/,
    ],
    [
      "a question behind other words",
      { words: { many: [`Hello. ${best.many[0]}`] } },
      /many: lacks “Not done yet”/,
    ],
    [
      "a question without its code",
      { words: { many: [`[sandbox] Not done yet: x\n${page}`] } },
      /many: lacks the code/,
    ],
    ["a step that never came", { words: { remove: [] } }, /remove: never came to it/],
  ])("badly where its model has %s", (_, changes, fault) => {
    expect(judge(driven(changes)).faults.join("\n")).toMatch(fault);
  });

  it("by what it offers and says of tools", () => {
    const host = { ...driven(), offered: ["mcp__skyprep__get_user"], named: ["get_users"] };

    const { tools } = judge({ ...host, said: "All well\nWarning: tool find has no schema\n" });

    expect(tools.shown).toBe("2 of 7, 1 by name only");
    expect(tools.faults).toEqual(["5 are not offered", "warns: Warning: tool find has no schema"]);
  });

  it("by its form's answer, not by the text of it", () => {
    const words = {
      remove: [
        "Answered: it was answered at once, perhaps by the program and not by a person. A page, or unattended.",
      ],
    };

    const { steps: cells, faults } = judge(driven({ form: "decline", words }));

    expect(faults).toEqual([]);
    expect(cells.remove.shown).toBe("form, decline: text");
  });

  it("as without forms, where it failed on its form", () => {
    const { steps: cells, faults } = judge(driven({ form: "error" }));

    expect(faults).toEqual([]);
    expect(cells.remove.shown).toBe("form failed, asked: text; then: text");
  });

  it("shows what it put around the text", () => {
    const sent = [{ tool: "x", parts: [{ type: "text", text: "a\nb" }], structured: false, error: false }];

    expect(shownAs("a\nb\n", sent)).toBe("text");
    expect(shownAs('{"output":"a\\nb"}', sent)).toBe('text in JSON `{"output":"…"}`');
    expect(shownAs("something", sent)).toBeUndefined();
  });
});

describe("the table", () => {
  const host = { id: "sdk-1.0.4", title: "MCP SDK client 1.0.4" } as const;
  const well: Row = { host, driven: driven(), verdict: judge(driven()) };

  it("has a row with each step, and tells what falls short in it", () => {
    const short = driven({ results: { structuredContent: {} } });

    const good = rowOf(well, "2026-12-01");
    const bad = rowOf({ ...well, verdict: judge(short) }, "2026-12-01");

    expect(good).toBe(
      "| MCP SDK client 1.0.4 | `@modelcontextprotocol/sdk` 1.0.4 | 2026-12-01 | 2025-11-25 | 7 of 7 | text | text, 1.00 × | text | text | asked: text; then: text | asked: text; then: text | asked: text; then: text |",
    );
    expect(bad).toContain("| text<br>**structuredContent was sent** |");
  });

  it("keeps the rows that did not run, with their day", () => {
    const [other, third] = [{ title: "Another" }, { title: "Third" }];
    const old = tableOf(
      [host, other],
      new Map([
        [host.title, rowOf(well, "2026-11-01")],
        ["Another", "| Another | x |"],
      ]),
      new Map(),
    );

    const now = tableOf(
      [host, other, third],
      new Map([["Another", "| Another | y |"]]),
      rowsIn(`# T\n\n${old}\n\nMore`),
    );

    expect(now).toContain("| 2026-11-01 |");
    expect(now).toContain("| Another | y |");
    expect(now).not.toContain("| Another | x |");
    expect(now).toMatch(/\| Third \| {2}\| never \|/);
  });
});
