import fc from "fast-check";
import { expect, it } from "vitest";
import { textPage } from "../../src/mcp/text-page.ts";
import type { BoardTable } from "../../src/pages/board.ts";
import { isRead, withNext } from "../../src/pages/browser/asked.ts";
import { type PagedFile, tableIn, withPage } from "../../src/pages/browser/paged-file.ts";
import { writeCsv } from "../../src/tables/csv.ts";
import { often } from "../support/long.ts";

const uri = "skyprep://exports/a-plan";
/** What `resources/read` gives of a page: src/mcp/resources.ts. */
function pageOf(text: string, offset: number) {
  const page = textPage(text, offset);
  if (page === undefined) throw new Error("past the end");
  const { text: own, next } = page;
  const whole =
    next === undefined
      ? own
      : `${own.replace(/\n$/, "")}\nNext page: ${uri}?offset=${next} (${text.length} characters in all)`;
  return { contents: [{ uri, mimeType: "text/csv", text: whole }] };
}

it("puts a file together again, wherever its pages end and whatever stands in it", () => {
  const cell = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('"', '""', ",", "\n", "\r\n", `Next page: ${uri}?offset=7 (9 characters in all)`, "𝄞é"),
    fc.integer({ min: 1, max: 40_000 }).map((n) => "w".repeat(n)),
  );
  const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(rows, fc.boolean(), (body, isPretend) => {
      const written = writeCsv({ columns: ["a", "b", "c"], rows: body });
      const text = isPretend ? `[sandbox]\n${written}` : written;
      let file: PagedFile | undefined = { text: "", next: uri };
      let before = 0;
      while (file?.next !== undefined) {
        const offset = Number(file.next.split("=")[1] ?? 0);
        file = withPage(pageOf(text, offset), file.text);
        const table: BoardTable | undefined = file && tableIn(file, { title: "t", total: 0 });
        // Of a record that was cut, nothing is shown; what was shown stays.
        expect(table?.rows.length ?? -1).toBeGreaterThanOrEqual(before);
        before = table?.rows.length ?? 0;
      }

      expect(file?.text).toBe(text);
      const whole = file && tableIn(file, { title: "t", total: 0 });
      const alone = tableIn({ text: written }, { title: "t", total: 0 });
      expect(whole).toEqual(alone);
      expect(whole?.rows).toHaveLength(body.length);
    }),
    { numRuns: often({ long: 2_000, short: 60 }) },
  );
});

it("adds the rows that follow under the columns they belong to, and keeps those that only they fill", () => {
  const column = (label: string) => ({ label, is: "text" as const });
  const next = { tool: "training_status", arguments: { cursor: "x" } } as const;
  const table = { title: "t", columns: [column("a"), column("b")], rows: [["1", "2"]], total: 3, next };
  const following = { title: "t", columns: [column("c"), column("a")], rows: [["5", "4"]], total: 4 };

  expect(withNext(table, following)).toEqual({
    title: "t",
    columns: [column("a"), column("b"), column("c")],
    rows: [
      ["1", "2"],
      ["4", "", "5"],
    ],
    total: 4,
  });
  expect(withNext(table, { ...following, next }).next).toBe(next);
});

it("takes for a read what reads, with the arguments that boards are made with", () => {
  expect(isRead({ tool: "session_roster", arguments: { session: "514", date: "2026-11-18" } })).toBe(true);
  expect(isRead({ tool: "training_status", arguments: { group: "301", show: "overdue" } })).toBe(true);
  expect(isRead({ tool: "access_review", arguments: { cursor: "x" } })).toBe(true);
  expect(isRead({ tool: "session_roster", arguments: { session: "514", no_shows_to: "next" } })).toBe(false);
});
