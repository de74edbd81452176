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

const make = () => createAcademy({ people: 100 });
type Item = Record<"name" | "login" | "managers" | "status", string>;

it("is a list to print: the session, its seats, everybody with managers, and an empty cell to tick", async () => {
  const { plain, page } = await withPage(make, ["session_roster", { session: "512" }]);

  const { session, items, total, free_seats } = plain.structured as {
    session: { id: number; name: string; place: string; instructor: string; seats: number };
    items: Item[];
    total: number;
    free_seats: number;
  };
  expect(page.title).toBe(`Session: ${session.id} ${session.name}`);
  expect(page.about).toContain(`${session.place} · ${session.instructor} · Seats: ${session.seats}`);
  expect(page.about).toMatch(/^\w{3} \d+, 2026, \d\d:\d\d–\d\d:\d\d \(UTC[+-]\d\d:\d\d\)/);
  expect(page.numbers).toEqual({ Registered: String(total), "Free seats": String(free_seats) });
  const [table] = page.tables;
  expect(table?.columns).toEqual([
    "Person",
    "Name",
    "Login",
    ...(items.some(({ managers }) => managers) ? ["Managers"] : []),
    "Status",
    "Present",
  ]);
  expect(items.length).toBe(total);
  expect(
    table?.rows.map((row) => [row.Name, row.Login, row.Managers ?? "", row.Status, row.Present]),
  ).toEqual(items.map(({ name, login, managers = "", status }) => [name, login, managers, status, ""]));
  // Only paper has a place to sign.
  expect(page.html).toMatch(/\.sign \{ display: none; \}/);
  expect(page.html).toMatch(/@media print \{.*\.sign \{ display: table-cell/s);
  saysNoYes(page);
});

it("has nothing to sign in a chat, and says there what the text says", async () => {
  const board = await boardOf(make(), ["session_roster", { session: "512" }]);

  expect(board.kind).toBe("roster");
  expect(board.tables[0]?.columns.map(({ is }) => is)).not.toContain("sign");
  expect(board.tables[0]?.rows).toHaveLength(board.tables[0]?.total ?? 0);
});

/** Two weeks later, with nobody marked of what took place since. */
function later(): Academy {
  const academy = make();
  academy.pass(14 * 86_400_000);
  return academy;
}

it("shows every session whose attendance is not marked, with a click to its roster", async () => {
  const { plain, page } = await withPage(later, ["session_roster", { session: "unmarked" }]);
  const academy = later();
  const board = await boardOf(academy, ["session_roster", { session: "unmarked" }]);
  const drill = board.charts[0]?.bars[0]?.drill;
  const roster = await callIn(academy, [String(drill?.tool), { ...drill?.arguments }]);

  const { items, total, looked_at, took_place } = plain.structured as {
    items: Record<"session" | "name" | "unmarked" | "registered", string | number>[];
  } & Record<"total" | "looked_at" | "took_place", number>;
  expect(total).toBeGreaterThan(0);
  expect(page.title).toBe("Attendance not marked");
  expect(page.numbers).toEqual({
    "Attendance not marked": String(total),
    "Looked at": String(looked_at),
    "Sessions that took place": String(took_place),
  });
  expect(page.tables[0]?.rows.map((row) => [row.Session, row["Not marked"], row.Registered])).toEqual(
    items.map(({ session, unmarked, registered }) => [session, unmarked, registered].map(String)),
  );
  expect(page.bars["Not marked"]).toEqual(
    items.map(({ session, name, unmarked }) => [`${session} ${name}`, String(unmarked)]),
  );
  expect(roster.structured?.session).toMatchObject({ id: items[0]?.session });
});

it("is a plan, and says so, where no-shows are planned into the next session", async () => {
  const missed = () => {
    const academy = make();
    for (const row of academy.world.registrations.values())
      if (row.timeslot_id === 514) row.status = row.status === "attended" ? "attended" : "absent";
    return academy;
  };

  const { plain, page, academy } = await withPage(missed, [
    "session_roster",
    { session: "514", no_shows_to: "next" },
  ]);
  const board = await boardOf(missed(), ["session_roster", { session: "514", no_shows_to: "next" }]);

  const { to_register, calls, mailed } = plain.structured as Record<string, number>;
  expect(page.title).toMatch(/^Plan [a-z]+-\d+$/);
  expect(page.notDone).toBe("Nothing of this has been done yet.");
  expect(page.numbers).toEqual({
    Registrations: String(to_register),
    "Requests to SkyPrep": String(calls),
    "People who may be mailed": String(mailed),
  });
  expect(page.tables[0]?.rows).toHaveLength(to_register ?? 0);
  for (const row of page.tables[0]?.rows ?? []) expect(row.Into).toMatch(/^session 512 /);
  expect(board.kind).toBe("plan");
  expect(academy.writes()).toEqual([]);
});

it("is the same page whatever people and sessions are called", async () => {
  const called = (nameOf: (n: number) => string) => {
    const academy = make();
    const people = [...academy.world.registrations.values()].filter(({ timeslot_id }) => timeslot_id === 512);
    for (const at of hostile.keys()) rename(academy.world.people.get(people[at]?.user_id ?? 0), nameOf(at));
    const slot = academy.world.timeslots.get(512);
    if (slot) Object.assign(slot, { name: nameOf(0), location: nameOf(1), instructor: nameOf(3) });
    return academy;
  };

  const { page, tame } = await hostileAndTame(called, ["session_roster", { session: "512" }]);

  expect(page.tags).toEqual(tame.tags);
  expect(page.tables[0]?.rows).toHaveLength(tame.tables[0]?.rows.length ?? 0);
  isPlain(page);
});

it("is written as the academy's people speak, with no request for that", async () => {
  const german = () => {
    const academy = make();
    for (const row of academy.world.people.values()) Object.assign(row.profile, { language: "de" });
    return academy;
  };
  const academy = german();
  const courses = ["plan_course_changes", { csv: "Course,New name\n201,Neu", save: "page" }] as const;

  const before = await callIn(academy, courses);
  await callIn(academy, ["access_review", { save: "page" }]);
  const after = await callIn(academy, courses);

  const languageOf = (html: string) => /data-language="([^"]*)"/.exec(html)?.[1];
  expect(before.sent.map(({ route }) => route)).not.toContain("get_users");
  expect(after.sent.map(({ route }) => route)).not.toContain("get_users");
  expect(languageOf(pageOf(before).html)).toBe("en");
  expect(languageOf(pageOf(after).html)).toBe("de");
});
