import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readCsv } from "../../src/tables/csv.ts";
import { createAcademy } from "../jobs/shared/plan-academy.ts";
import { boardOf, hostileAndTame, isPlain, rename, saysNoYes, withPage } from "./saved-page.ts";

const make = () => createAcademy({ people: 100 });
interface Letters {
  items: { manager: string; login: string; overdue: number }[];
  total: number;
  people: number;
  letter: { text: string };
  table: { file: string; uri: string };
}

it("shows every letter ready to copy, and who is reminded of what, as the CSV has it", async () => {
  const { saved, page } = await withPage(make, ["chase", { days: 14 }]);

  const { items, total, people, letter, table: kept } = saved.structured as unknown as Letters;
  const csv = readCsv(readFileSync(kept.file, "utf8"));
  const at = (name: string) => csv.columns.indexOf(name);
  expect(items.length).toBe(total);
  expect(page.title).toBe("Reminders to managers");
  expect(page.notDone).toBe("Nothing was sent.");
  expect(page.numbers).toEqual({ Letters: String(total), People: String(people) });
  expect(page.bars["Overdue, by manager"]).toEqual(
    items.filter(({ overdue }) => overdue > 0).map(({ manager, overdue }) => [manager, String(overdue)]),
  );
  expect(
    page.tables[0]?.rows.map((row) => [row.Name, row.Course, row["Days late"], row["Days left"]]),
  ).toEqual(
    csv.rows.map((row) => ["name", "course", "days_overdue", "days_left"].map((name) => row[at(name)])),
  );
  expect(page.tables[0]?.rows.every(({ Manager }) => Manager !== "")).toBe(true);
  expect(page.texts.map(({ heading }) => heading)).toEqual(
    items.map(({ manager, login }) => `To ${manager} <${login}>`),
  );
  expect(page.texts[0]?.text).toContain(letter.text);
  expect(page.texts[0]?.text).toMatch(/^Subject: /);
  const board = await boardOf(make(), ["chase", { days: 14 }]);
  expect(board.tables[0]?.resource).toMatch(/^skyprep:\/\/exports\//);
  expect(board.texts).toHaveLength(total);
  saysNoYes({ ...page, html: page.html.replaceAll(/https:\/\/[\w.-]+/g, "") });
});

it("is the same page whatever people, managers and courses are called", async () => {
  const called = (nameOf: (n: number) => string) => {
    const academy = make();
    let n = 0;
    for (const row of academy.world.people.values()) rename(row, nameOf(n++));
    for (const row of academy.world.courses.values()) Object.assign(row, { name: nameOf(n++) });
    return academy;
  };

  const { page, tame } = await hostileAndTame(called, ["chase", {}]);

  // The same names in another order, so sorted otherwise: as many of each tag.
  expect([...page.tags].sort()).toEqual([...tame.tags].sort());
  isPlain(page);
});
