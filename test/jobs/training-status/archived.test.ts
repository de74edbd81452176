import { expect, it } from "vitest";
import { createSandbox, type SandboxOptions } from "../../../src/sandbox/server/sandbox.ts";
import { connect, noon } from "../../support/academy.ts";
import { seededTables } from "../../support/seeded.ts";

type Dialect = NonNullable<SandboxOptions["dialect"]>;
const minute = 60_000;

async function open(dialect: Dialect) {
  let now = noon;
  const sandbox = createSandbox({
    tables: seededTables,
    now: () => now,
    callsPerMinute: Number.POSITIVE_INFINITY,
    dialect,
  });
  const sent: string[] = [];
  const academy = await connect(
    (request, signal) => {
      if (request.route === "get_course_progresses") sent.push(request.body);
      return sandbox.send(request, signal);
    },
    { SKYPREP_SANDBOX: "true" },
    { clock: { now: () => now, after: () => () => {} } },
  );
  const rows = [...sandbox.world.progress.values()];
  const pass = (ms: number) => {
    now += ms;
  };
  const status = async (args: Record<string, unknown>) => {
    const { text, structured } = await academy.call("training_status", args);
    const { statuses, records, overdue } = structured as Record<string, unknown>;
    return { text, numbers: { statuses, records, overdue } };
  };
  return { ...academy, sent, rows, pass, status, now: () => now };
}
const apart: Dialect = { "archived-are-listed": "left-out" };
const scopes = (
  rows: { status: string; user_id: number; course_id: number }[],
): Record<string, unknown>[] => {
  const one = rows.find(({ status }) => status === "archived");
  const none = rows.find((row) => !rows.some((a) => a.status === "archived" && a.user_id === row.user_id));
  return [
    {},
    { person: String(one?.user_id) },
    { person: String(none?.user_id) },
    { course: String(one?.course_id) },
    { show: "archived" },
    { since: "2026-06-01" },
  ];
};

const linesOf = (text: string) =>
  text
    .split("\n")
    .filter((line) => !/on this computer|cursor/.test(line))
    .sort();

it("counts archived records where SkyPrep lists them only by themselves", async () => {
  const [ordinary, other] = [await open({}), await open(apart)];

  for (const scope of scopes(ordinary.rows)) {
    const wanted = await ordinary.status(scope);
    const { numbers, text } = await other.status(scope);

    expect(numbers, JSON.stringify(scope)).toEqual(wanted.numbers);
    expect(linesOf(text)).toEqual(linesOf(wanted.text));
  }
  await ordinary.close();
  await other.close();
});

it("sees what was archived since, and what came back", async () => {
  const academy = await open(apart);
  await academy.status({});
  const late = academy.rows.find(({ status }) => status === "in-progress");
  const back = academy.rows.find(({ status }) => status === "archived");
  const before = academy.rows.filter(({ status }) => status === "archived").length;
  academy.pass(10 * minute);
  Object.assign(late ?? {}, { status: "archived", updated_at: academy.now() });
  academy.pass(2 * minute);

  const first = await academy.status({});
  academy.pass(10 * minute);
  Object.assign(back ?? {}, { status: "passed", updated_at: academy.now() });
  academy.pass(2 * minute);
  const then = await academy.status({});
  await academy.close();

  expect(first.numbers).toMatchObject({ records: academy.rows.length });
  expect(first.numbers.statuses).toMatchObject({ archived: before + 1 });
  expect(then.numbers).toMatchObject({ records: academy.rows.length });
  expect(then.numbers.statuses).toMatchObject({ archived: before });
});

it("asks nothing more where they are listed with the others, and two small things where none came", async () => {
  const all = await open({});
  await all.status({});
  await all.status({ person: "101" });
  await all.close();
  const some = await open({});
  const [, , none] = scopes(some.rows);
  await some.status(none ?? {});
  const asked = some.sent.filter((body) => /status=archived/.test(body));
  const sent = some.sent.length;
  await some.status({ ...none, fresh: true });
  await some.close();

  expect(all.sent.filter((body) => /status=archived/.test(body))).toEqual([]);
  expect(asked).toEqual(["status=archived&per_page=1"]);
  expect(sent).toBe(3);
  expect(some.sent).toHaveLength(4);
});

it("says so where SkyPrep does not narrow by status", async () => {
  const academy = await open({ ...apart, "filters-filter": "ignored" });

  const { text } = await academy.status({});
  await academy.close();

  expect(text).toMatch(
    /Archived records, if there are any, could not be counted: SkyPrep lists them neither/,
  );
});
