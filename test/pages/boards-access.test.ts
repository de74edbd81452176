import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { callIn } from "../jobs/shared/people-desk.ts";
import { type Academy, createAcademy } from "../jobs/shared/plan-academy.ts";
import {
  boardOf,
  hostile,
  hostileAndTame,
  isPlain,
  pageOf,
  rename,
  saysNoYes,
  withPage,
} from "./saved-page.ts";

type Counts = Record<"admin" | "content_manager" | "manager" | "power_user", number>;

/** More content managers than a reply shows at once. */
function many(): Academy {
  const academy = createAcademy({ people: 120 });
  for (const { id } of [...academy.world.people.values()].slice(20, 90))
    Object.assign(academy.world.people.get(id) ?? {}, { role: "content_manager" });
  return academy;
}

it("shows on a page how many have each power and everybody who is meant, as the reply counts them", async () => {
  const { academy, plain, page } = await withPage(many, ["access_review", {}]);

  const { counts, odd, total, items } = plain.structured as {
    counts: Counts;
    odd: number;
    total: number;
    items: Record<string, unknown>[];
  };
  expect(page.title).toBe("Who may do what");
  expect(page.about).toMatch(/^Everyone/);
  expect(page.numbers).toEqual({
    Administrators: String(counts.admin),
    "Content managers": String(counts.content_manager),
    Managers: String(counts.manager),
    "Power users": String(counts.power_user),
    "To look at": String(odd),
  });
  expect(page.bars.Role).toEqual([
    ["Administrators", String(counts.admin)],
    ["Content managers", String(counts.content_manager)],
    ["Power users", String(counts.power_user)],
    ["Managers", String(counts.manager)],
  ]);
  const above = [...academy.world.people.values()].filter(({ role }) => role !== "learner");
  const [table] = page.tables;
  expect(above.length).toBeGreaterThan(items.length);
  expect(table?.rows.map((row) => Number(row.Number)).sort()).toEqual(above.map(({ id }) => id).sort());
  expect(table?.said).toBe(`${total} of ${total} shown`);
  for (const [at, item] of items.entries())
    expect(table?.rows[at]).toMatchObject({ Name: item.name, Role: item.is, "To look at": item.odd ?? "" });
  saysNoYes(page);
});

it("is of those who were asked for, and in a chat goes on where the text does", async () => {
  const page = pageOf(await callIn(many(), ["access_review", { kind: "content_manager", save: "page" }]));
  const academy = many();
  const board = await boardOf(academy, ["access_review", { kind: "content_manager" }]);
  const next = board.tables[0]?.next;
  const more = await callIn(academy, [String(next?.tool), { ...next?.arguments }]);

  expect(page.about).toMatch(/^Content managers/);
  expect(page.tables[0]?.rows).toHaveLength(73);
  expect(board.tables[0]?.rows).toHaveLength(50);
  expect(board.tables[0]?.total).toBe(73);
  expect(more.structured?.items).toHaveLength(23);
  expect(board.charts[0]?.bars[1]?.drill).toEqual({
    tool: "access_review",
    arguments: { kind: "content_manager" },
  });
});

it("is the same page whatever people are called", async () => {
  const called = (nameOf: (n: number) => string) => {
    const academy = createAcademy({ people: 100 });
    const admins = [...academy.world.people.values()].filter(({ role }) => role !== "learner");
    for (const at of hostile.keys()) rename(academy.world.people.get(admins[at]?.id ?? 0), nameOf(at));
    return academy;
  };

  const { page, tame } = await hostileAndTame(called, ["access_review", {}]);

  expect(page.tags).toEqual(tame.tags);
  expect(page.tables[0]?.rows).toHaveLength(tame.tables[0]?.rows.length ?? 0);
  const names = page.tables[0]?.rows.map(({ Name }) => Name).join("\n");
  for (const name of [hostile[2], "safe gpj.exe", "Ann xxx"]) expect(names).toContain(name);
  isPlain(page);
});

it("costs training no call more, either, where nobody was listed for it", async () => {
  const make = () => createAcademy({ people: 100 });

  const { plain, page } = await withPage(make, ["training_status", { course: "201", show: "passed" }]);

  expect(plain.sent.map(({ route }) => route)).not.toContain("get_users");
  expect(page.tables[0]?.rows).toHaveLength(Number(plain.structured?.total));
  expect(plain.text).toMatch(/\nAll of them on this computer: \//);
});

it("leaves the reply by itself where the folder cannot be written, and says why there is no page", async () => {
  const shut = () => {
    const academy = createAcademy({ people: 100 });
    writeFileSync(join(academy.state, "exports"), "a file");
    return academy;
  };

  const plain = await callIn(shut(), ["access_review", {}]);
  const saved = await callIn(shut(), ["access_review", { save: "page" }]);

  expect(saved.isError).toBe(false);
  expect(saved.text.startsWith(plain.text)).toBe(true);
  expect(saved.text.slice(plain.text.length)).toMatch(
    /^\nThe page could not be kept in \/\S+: a file stands/,
  );
  expect(saved.structured).toMatchObject({
    items: plain.structured?.items,
    counts: plain.structured?.counts,
  });
  expect(saved.structured).not.toHaveProperty("page");
});
