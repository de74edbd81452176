import { expect, inject, it } from "vitest";
import { rowsOf, straight } from "./straight.ts";
import { type Academy, createAcademy } from "./training-academy.ts";

type Structured = Record<string, unknown> | undefined;
const inSecond = async (academy: Academy) => academy.pass(1);

const agrees = (academy: Academy, structured: Structured, course?: number) => {
  const { statuses, records } = straight(rowsOf(academy.world, { course }), academy.clock.now(), 30);
  expect(structured).toMatchObject({ statuses, records });
};

it("with show counts everything that was asked about, not what is listed", async () => {
  const academy = createAcademy();
  const server = await academy.open();

  for (const show of ["passed", "overdue", "archived", "expiring", "not-applicable"]) {
    const { structured, text } = await server.call("training_status", { course: "203", show });
    agrees(academy, structured, 203);
    expect(text).toMatch(/completion rate/);
    expect(text).toMatch(/overdue: \d+ \(\d+ (?:people|person)\)/);
  }
  await server.close();
});

it("sees what was just written, in the next call", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { SKYPREP_CONFIRM: "off" });
  const other = await academy.open();
  await server.call("training_status");
  await other.call("training_status", { course: "203" });
  const open = rowsOf(academy.world, { course: 203 }).filter(({ status }) => status === "in-progress");
  await inSecond(academy);

  for (const { id } of open.slice(0, 3)) {
    const wrote = await server.call("update_course_progress", {
      course_progress_id: id,
      set_status: "passed",
    });
    expect(wrote.isError, wrote.text).toBe(false);
    agrees(academy, (await server.call("training_status")).structured);
    // Another process reads the same journal.
    agrees(academy, (await other.call("training_status", { course: "203" })).structured, 203);
    await inSecond(academy);
  }
  await server.call("training_status");
  const before = academy.pages().length;
  await server.call("training_status");
  expect(academy.pages()).toHaveLength(before);
  await server.close();
  await other.close();
});

it("does not count what was just removed", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { SKYPREP_CONFIRM: "off" });
  await server.call("training_status");
  await server.call("training_status", { course: "203" });
  await inSecond(academy);
  const [one] = rowsOf(academy.world, { course: 203 });

  const gone = await server.call("destroy_course_progress", { course_progress_id: one?.id });

  expect(gone.isError, gone.text).toBe(false);
  expect(academy.world.progress.has(one?.id ?? 0)).toBe(false);
  agrees(academy, (await server.call("training_status", { course: "203" })).structured, 203);
  agrees(academy, (await server.call("training_status")).structured);
  await server.close();
});

it("of very many records says that what was removed may still count, and counts the few that are asked about anew", async () => {
  const academy = createAcademy({ people: 900 });
  const server = await academy.open(undefined, { SKYPREP_CONFIRM: "off" });
  for (let wait = 1; wait > 0; ) {
    const { structured } = await server.call("training_status");
    wait = (structured?.reading as { ask_again_in_seconds?: number } | undefined)?.ask_again_in_seconds ?? 0;
    await academy.pass(wait);
  }
  await inSecond(academy);
  const [one] = rowsOf(academy.world, { course: 210 });
  await server.call("destroy_course_progress", { course_progress_id: one?.id });

  const all = await server.call("training_status");
  const course = await server.call("training_status", { course: "210" });

  expect(all.text).toMatch(/what was removed from here since may still count\. fresh: true reads all anew/);
  agrees(academy, course.structured, 210);
  await server.close();
});

it("fresh reads all of it anew, once, and goes on with what it began", async () => {
  const academy = createAcademy();
  const server = await academy.open();
  await server.call("training_status");
  // Removed by somebody else: looking at what changed does not show it.
  for (const { id } of rowsOf(academy.world, { course: 203 }).slice(0, 5)) academy.world.progress.delete(id);

  const anew = await server.call("training_status", { fresh: true });

  agrees(academy, anew.structured);
  expect(anew.text).toMatch(/As of 2026-11-23T07:00:00-05:00/);
  expect(anew.structured).toMatchObject({ as_of: "2026-11-23T07:00:00-05:00" });
  const before = academy.pages().length;
  await server.call("training_status");
  expect(academy.pages()).toHaveLength(before);
  await server.close();
});

it("lists follow their cursor to the end, each record once, while time goes on", async () => {
  const academy = createAcademy();
  const server = await academy.open();
  const seen: string[] = [];
  let total: unknown;
  let cursor: unknown;
  for (let n = 0; n < 30; n++) {
    const { structured, isError, text } = await server.call("training_status", {
      show: "passed",
      ...(cursor !== undefined && { cursor }),
    });
    expect(isError, text).toBe(false);
    total = structured?.total;
    const items = (structured?.items ?? []) as Record<string, unknown>[];
    seen.push(...items.map((one) => `${one.user_id} ${one.course}`));
    cursor = structured?.next_cursor;
    expect(text.includes(`More follow: call again with cursor ${String(cursor)}`)).toBe(cursor !== undefined);
    if (n > 0) expect(text).not.toMatch(/completion rate/);
    if (cursor === undefined) break;
    await academy.pass(45);
  }

  expect(seen).toHaveLength(Number(total));
  const passed = rowsOf(academy.world, {}).filter(({ status }) => status === "passed");
  expect(new Set(seen).size).toBe(new Set(passed.map((one) => `${one.user_id} ${one.course_id}`)).size);
  expect(total).toBe(straight(rowsOf(academy.world, {}), academy.clock.now(), 30).statuses.passed);
  await server.close();
});

it("refuses a cursor of another list, one that is none, and one without a list", async () => {
  const academy = createAcademy();
  const server = await academy.open();
  const { structured } = await server.call("training_status", { show: "passed" });
  const cursor = structured?.next_cursor;

  for (const args of [{ show: "failed", cursor }, { show: "passed", cursor: "AQ" }, { cursor }]) {
    const reply = await server.call("training_status", args);
    expect(reply.isError, reply.text).toBe(true);
    expect(reply.text).toMatch(/cursor/);
  }
  await server.close();
});

it("leaves people who cannot sign in any more out of every list of what is to be done, and says how many", async () => {
  const academy = createAcademy();
  const server = await academy.open();
  const gone = [...academy.world.people.values()].filter(({ login_status }) => login_status === "disabled");
  const names = new Set(gone.map(({ id }) => id));

  for (const show of ["overdue", "due", "open", "not-started", "in-progress", "failed", "expired"]) {
    const { structured, text } = await server.call("training_status", { show });
    const { total, left_out: out = 0, items } = structured as Record<string, number> & { items: Row[] };
    expect(items.some(({ user_id }) => names.has(user_id))).toBe(false);
    const all = straight(rowsOf(academy.world, {}), academy.clock.now(), 30);
    const { "not-started": waiting = 0, "in-progress": begun = 0, failed = 0 } = all.statuses;
    const counted =
      show === "open"
        ? waiting + begun + failed
        : show in all
          ? (all[show as "overdue"].length as number)
          : all.statuses[show];
    expect(Number(total) + Number(out)).toBe(counted);
    expect(/besides \d+ of people who cannot sign in any more/.test(text)).toBe(Number(out) > 0);
  }
  const one = gone.find(({ id }) =>
    rowsOf(academy.world, { person: id }).some(({ status }) => status === "not-started"),
  );
  if (one !== undefined && !inject("strict")) {
    const { structured } = await server.call("training_status", {
      person: String(one.id),
      show: "not-started",
    });
    expect(Number(structured?.total)).toBeGreaterThan(0);
  }
  await server.close();
});
interface Row {
  readonly user_id: number;
}
