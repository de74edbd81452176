import { expect, inject, it } from "vitest";
import type { Incoming } from "../../../src/skyprep/send.ts";
import { rowsOf, straight } from "./straight.ts";
import { type Academy, createAcademy } from "./training-academy.ts";

type Raw = Record<string, unknown>;

/** The same academy through a SkyPrep that spells its progress differently. */
const openWith = (academy: Academy, spell: (row: Raw) => Raw | undefined) =>
  academy.open(async ({ route }, pass): Promise<Incoming> => {
    const answer = await pass();
    if (route !== "get_course_progresses" || answer.status !== 200) return answer;
    const rows = JSON.parse(new TextDecoder().decode(answer.body as Uint8Array)) as Raw[];
    return {
      ...answer,
      body: new TextEncoder().encode(JSON.stringify(rows.flatMap((row) => spell(row) ?? []))),
    };
  });

it("lists everything that is unknown or ambiguous at once, and reads nothing", async () => {
  const academy = createAcademy();
  const server = await academy.open();

  const reply = await server.call("training_status", {
    person: "Somebody Else",
    group: "No such group",
    course: "Safety",
    path: "999999",
    show: "late",
  });

  expect(reply.isError).toBe(true);
  expect(reply.structured).not.toHaveProperty("records");
  expect(reply.text).toMatch(/show is one of overdue, due, /);
  expect(reply.text).toMatch(/There is no person “Somebody Else”/);
  expect(reply.text).toMatch(/There is no group “No such group”/);
  expect(reply.text).toMatch(/No course is called exactly “Safety”/);
  expect(reply.text).toMatch(/There is no learning path “999999”/);
  expect(academy.pages()).toEqual([]);
  await server.close();
});

it("refuses what is no day, no number of days, or no argument", async () => {
  const academy = createAcademy();
  const server = await academy.open();

  for (const args of [{ since: "yesterday" }, { days: -1 }, { days: 4_000 }, { status: "passed" }]) {
    expect((await server.call("training_status", args)).isError, JSON.stringify(args)).toBe(true);
  }
  expect(academy.sent).toEqual([]);
  await server.close();
});

it("answers for an empty group, a course nobody takes, and a person outside the group", async () => {
  const academy = createAcademy();
  academy.world.groups.get(309)?.members.clear();
  for (const row of [...academy.world.progress.values()])
    if (row.course_id === 210) academy.world.progress.delete(row.id);
  const server = await academy.open();
  const outside = [...academy.world.people.keys()].find(
    (id) => !academy.world.groups.get(301)?.members.has(id),
  );

  const empty = await server.call("training_status", { group: "309" });
  const untaken = await server.call("training_status", { course: "210", show: "overdue" });
  const stranger = await server.call("training_status", { group: "301", person: String(outside) });

  expect(empty.text).toMatch(/group 309 .*\(0 people\)[\s\S]*Nobody is meant by that/);
  for (const { structured, isError } of [empty, untaken, stranger]) {
    expect(isError).toBe(false);
    expect(structured).toMatchObject({ records: 0, people: 0, overdue: 0, statuses: {} });
    expect(structured).not.toHaveProperty("completion_rate");
  }
  expect(untaken.structured).toMatchObject({ items: [], total: 0 });
  await server.close();
});

it("counts a status it does not know apart, and says which", async () => {
  const academy = createAcademy();
  const server = await openWith(academy, (row) =>
    row.course_id === 203 ? { ...row, status: "Pending Review\u202e" } : row,
  );

  const reply = await server.call("training_status", { course: "203" });

  const rows = rowsOf(academy.world, { course: 203 });
  expect(reply.structured).toMatchObject({
    records: rows.length,
    other_statuses: rows.length,
    overdue: 0,
    statuses: {},
  });
  expect(reply.structured).toMatchObject({ other_names: ["pending-review"] });
  expect(reply.text).toMatch(
    /statuses this server does not know \(pending-review\), in no other number here/,
  );
  await server.close();
});

it("reads rows without dates, numbers as text, bare days, other spellings, and leaves out what has no number", async () => {
  const academy = createAcademy();
  let n = 0;
  const server = await openWith(academy, (row) => {
    if (row.course_id !== 203) return row;
    n += 1;
    const bare = {
      id: String(row.id),
      user_id: String(row.user_id),
      course_id: "203",
      status: "In_Progress",
    };
    if (n === 1) return { ...bare, id: null };
    if (n === 2) return bare;
    if (n === 3) return { ...bare, computed_deadline_date: "2026-11-22", updated_at: "nonsense" };
    if (n === 4) return { ...bare, computed_deadline_date: "2026-11-23", updated_at: row.updated_at };
    if (n === 5)
      return { ...bare, computed_deadline_date: "", deadline_date: "2026-11-22T10:00:00.000-04:00" };
    if (n === 6) {
      // Overridden for this person: what was computed decides.
      return {
        ...bare,
        computed_deadline_date: "2027-01-30T23:59:59.000-04:00",
        deadline_date: "2026-01-01T00:00:00.000-04:00",
      };
    }
    return { ...bare, status: "passed", expiration_date: null, expired: n === 7 };
  });

  const { structured } = await server.call("training_status", { course: "203", days: 0 });

  const rows = rowsOf(academy.world, { course: 203 });
  expect(structured).toMatchObject({
    records: rows.length - 1,
    statuses: { "in-progress": 5, passed: rows.length - 6 },
    overdue: 2,
    due: 1,
    expired: 1,
    expiring: 0,
  });
  await server.close();
});

it("takes days as they are where the account is", async () => {
  const academy = createAcademy();
  const [one, two, three] = rowsOf(academy.world, { course: 203 });
  // 21:00 there, and already tomorrow in UTC.
  academy.clock.set(Date.UTC(2026, 10, 24, 2));
  const at = (iso: string) => Date.parse(`${iso}-05:00`);
  for (const row of rowsOf(academy.world, { course: 203 }))
    Object.assign(row, { status: "archived", updated_at: at("2026-01-01T00:00") });
  Object.assign(one ?? {}, {
    status: "not-started",
    deadline_date: at("2026-11-23T23:59:59"),
    updated_at: at("2026-11-22T23:59"),
  });
  Object.assign(two ?? {}, {
    status: "not-started",
    deadline_date: at("2026-11-24T00:00:01"),
    updated_at: at("2026-11-23T00:00"),
  });
  Object.assign(three ?? {}, {
    status: "not-started",
    deadline_date: at("2026-11-23T20:59:59"),
    updated_at: at("2026-11-23T20:00"),
  });
  const server = await academy.open();

  const now = await server.call("training_status", { course: "203", days: 0, show: "due" });
  const tomorrow = await server.call("training_status", { course: "203", days: 1, show: "due" });
  const since = await server.call("training_status", { course: "203", since: "2026-11-23" });

  expect(now.structured).toMatchObject({
    due: 1,
    overdue: 1,
    items: [{ user_id: one?.user_id, deadline: "2026-11-23", days_left: 0 }],
  });
  expect(tomorrow.structured).toMatchObject({ due: 2 });
  expect(since.structured).toMatchObject({ changed: 2 });
  await server.close();
});

it("of several passes of one person in one course only the latest can run out", async () => {
  const academy = createAcademy();
  const now = academy.clock.now();
  const passed = rowsOf(academy.world, { course: 203 }).filter(({ status }) => status === "passed");
  const day = 86_400_000;
  for (const row of passed) Object.assign(row, { expiration_date: now + 400 * day });
  const [first] = passed;
  if (first) {
    Object.assign(first, { completion_date: now - 300 * day, expiration_date: now + 5 * day });
    academy.world.progress.set(90_001, {
      ...first,
      id: 90_001,
      completion_date: now - day,
      expiration_date: now + 365 * day,
    });
    academy.world.progress.set(90_002, {
      ...first,
      id: 90_002,
      completion_date: now - 700 * day,
      expiration_date: now - 300 * day,
    });
  }
  const server = await academy.open();

  expect(
    (await server.call("training_status", { course: "203", show: "expiring" })).structured,
  ).toMatchObject({
    expiring: 0,
    expired: 0,
    total: 0,
  });
  await server.close();
});

it("narrows first: open records where there are very many, a person's by the person, a course's by the course", async () => {
  const academy = createAcademy({ people: 800 });
  const server = await academy.open();
  const formsOf = async (args: Record<string, unknown>) => {
    const before = academy.pages().length;
    await server.call("training_status", args);
    const forms = academy
      .pages()
      .slice(before)
      .map(({ body }) => new URLSearchParams(body));
    // Small ones are looks at how many there are, and whether archived ones are listed.
    return { forms: forms.filter((one) => Number(one.get("per_page")) > 20), looks: forms.length };
  };

  const overdue = await formsOf({ group: "301", show: "overdue" });
  const course = await formsOf({ course: "204", group: "301", show: "overdue" });
  const person = await formsOf({ person: "101", show: "overdue" });
  const again = await formsOf({ group: "302", show: "due" });

  expect(overdue.looks - overdue.forms.length).toBe(1);
  for (const form of overdue.forms) expect(form.get("status")).toBe("not-started,in-progress,failed");
  for (const form of course.forms) expect(form.get("course_id")).toBe("204");
  for (const form of course.forms) expect(form.get("status")).toBe(null);
  expect(person.forms[0]?.get("user_id")).toBe("101");
  expect(person.forms[0]?.get("status")).toBe(null);
  // Where SkyPrep does not know that filter, everybody's are read, and kept.
  if (!inject("strict")) expect(person.looks).toBe(1);
  expect(again.forms).toEqual([]);
  await server.close();
});

it("keeps a file of all where the list is longer than a reply, and the whole of it in the file", async () => {
  const academy = createAcademy();
  const server = await academy.open();

  const reply = await server.call("training_status", { show: "passed" });

  const {
    items,
    total,
    export: kept,
  } = reply.structured as { items: Raw[]; total: number; export: { id: string } };
  const { statuses } = straight([...academy.world.progress.values()], academy.clock.now(), 30);
  expect(items).toHaveLength(30);
  expect(total).toBe(statuses.passed);
  const resource = await server.client.readResource({ uri: `skyprep://exports/${kept.id}` });
  const text = String((resource.contents[0] as { text?: string }).text);
  expect(text).toMatch(/^(?:.*\n)?user_id,name,login,course_id,course,completed,expires\n/);
  expect(reply.text).toContain(`skyprep://exports/${kept.id}`);
  await server.close();
});
