import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Person } from "../../../../src/sandbox/model/tables.ts";
import { createSandbox } from "../../../../src/sandbox/server/sandbox.ts";
import type { Incoming, Outgoing } from "../../../../src/skyprep/send.ts";
import { connect, noon, openAcademy } from "../../../support/academy.ts";
import { often } from "../../../support/long.ts";
import { seededTables } from "../../../support/seeded.ts";
import { canSignIn, dayOf } from "../../training-status/straight.ts";

const env = { SKYPREP_CUSTOM_FIELDS: "ca_0=Region,ca_1=Department" };
const day = 86_400_000;
const runs = often({ long: 400, short: 60 });

let academy: Awaited<ReturnType<typeof openAcademy>>;
beforeAll(async () => {
  academy = await openAcademy({ strict: inject("strict"), env });
  const { people, groups } = academy.sandbox.world;
  // Somebody is in no group, somebody has no region, and somebody never signed in.
  for (const group of groups.values()) for (const id of [390, 391, 392]) group.members.delete(id);
  for (const id of [200, 201]) Object.assign(people.get(id)?.profile ?? {}, { ca_0: null });
  Object.assign(people.get(202) ?? {}, { last_login: null });
});
afterAll(() => academy.close());

const find = (args: Record<string, unknown>) => academy.call("find", args);
const plan = (args: Record<string, unknown>) =>
  academy.call("plan_enrollment", { courses: ["203"], ...args });

/** Each condition as one would write it down over the tables. */
const holds: Readonly<Record<string, (is: string) => (one: Person) => boolean>> = {
  Region: (is) => (one) => (is === "empty" ? !one.profile.ca_0 : one.profile.ca_0 === is),
  title: (is) => (one) => is.split(" | ").includes(String(one.profile.title)),
  role: (is) => (one) => one.role === is,
  last_login:
    (is) =>
    ({ last_login }) =>
      last_login !== null && dayOf(last_login) < Date.parse(is.slice(1)) / day,
  in_group: (is) => (one) => membersOf(Number(is)).has(one.id),
  no_group: (is) => (one) => (groupsOf(one.id).length === 0) === (is === "true"),
  managed_by: (is) => (one) =>
    one.id !== Number(is) &&
    [...academy.sandbox.world.managerships.values()].some(
      ({ user_id, user_group_id }) => user_id === Number(is) && membersOf(user_group_id).has(one.id),
    ),
  enrolled_in: (is) => (one) => isIn(one.id, Number(is)),
  not_enrolled_in: (is) => (one) => !isIn(one.id, Number(is)),
  dormant_days: (is) => (one) => (one.last_login ?? one.created_at) <= noon - Number(is) * day,
  status: (is) => (one) =>
    is === "access" || is === "no access"
      ? canSignIn(one, noon) === (is === "access")
      : one.login_status === is,
};
const membersOf = (id: number) => academy.sandbox.world.groups.get(id)?.members ?? new Set<number>();
const groupsOf = (person: number) =>
  [...academy.sandbox.world.groups.values()].filter(
    ({ type, members }) => type === "user" && members.has(person),
  );
const isIn = (person: number, course: number) =>
  academy.sandbox.world.progress
    .of(person)
    .some(
      ({ course_id, status }) => course_id === course && !["archived", "not-applicable"].includes(status),
    );

const values: Readonly<Record<string, readonly string[]>> = {
  Region: ["Europe", "North America", "empty"],
  title: ["Team Lead", "Team Lead | QA Analyst"],
  role: ["learner", "manager"],
  last_login: ["<2026-06-01", "<2026-11-01"],
  in_group: ["301", "305"],
  no_group: ["true", "false"],
  managed_by: ["102", "200"],
  enrolled_in: ["201", "203"],
  not_enrolled_in: ["202", "203"],
  dormant_days: ["30", "120"],
  status: ["active", "disabled", "access", "no access"],
};

it(`means whom a plain filter over the tables means, for ${runs} combinations`, async () => {
  const wheres = fc
    .uniqueArray(fc.constantFrom(...Object.keys(values)), { minLength: 1, maxLength: 3 })
    .chain((names) =>
      fc.record(Object.fromEntries(names.map((name) => [name, fc.constantFrom(...(values[name] ?? []))]))),
    );

  await fc.assert(
    fc.asyncProperty(wheres, async (where) => {
      const { structured, isError, text } = await find({ where });

      expect(isError, text).toBe(false);
      const meant = [...academy.sandbox.world.people.values()].filter((one) =>
        Object.entries(where).every(([name, is]) => holds[name]?.(String(is))(one)),
      );
      const items = structured?.items as { user_id: number }[];
      expect(structured).toMatchObject({ total: meant.length, of: 302 });
      expect(items.map((one) => one.user_id)).toEqual(meant.slice(0, 10).map(({ id }) => id));
    }),
    { numRuns: runs, endOnFailure: true },
  );
}, 300_000);

describe("find where", () => {
  it("goes on to the end with a cursor, and shows what was asked about", async () => {
    const all: number[] = [];
    for (let cursor: unknown; ; ) {
      const { structured } = await find({ where: { Region: "Europe" }, ...(cursor ? { cursor } : {}) });
      const items = structured?.items as { user_id: number; Region: string }[];
      expect(items.every(({ Region }) => Region === "Europe")).toBe(true);
      all.push(...items.map((one) => one.user_id));
      cursor = structured?.next_cursor;
      if (cursor === undefined) break;
    }

    const meant = [...academy.sandbox.world.people.values()].filter(
      holds.Region?.("Europe") ?? (() => false),
    );
    expect(all).toEqual(meant.map(({ id }) => id));
  });

  it("with a text too means those of them who are called so", async () => {
    const { structured } = await find({ where: { role: "manager" }, text: "yara" });

    expect(structured?.items).toMatchObject([{ user_id: 150 }, { user_id: 275 }, { user_id: 400 }]);
  });

  it.each([
    [{ Regin: "Europe" }, /People have no field “Regin”\. Near it: Region\./],
    [{ in_grup: "Sales Team" }, /People have no field “in_grup”\..*Or in_group, no_group\?|Or in_group\?/],
    [{ cell: "555" }, /“cell” is hidden as personal: SKYPREP_REVEAL=personal shows it/],
    [{ ssn: "1" }, /People have no field “ssn”/],
    [{ view_key: "1" }, /People have no field “view_key”/],
    [{ in_group: "Zales Team Nord" }, /No group is called exactly|There is no group/],
    [{ enrolled_in: "Nothing at all" }, /There is no course/],
    [{ managed_by: "Nobody Atall" }, /There is no person|near it/],
    [{ dormant_days: "long" }, /dormant_days is a number of days, 1 or more, not “long”/],
    [{ no_group: "perhaps" }, /no_group is true or false/],
    [{ status: "asleep" }, /status is active, inactive, disabled, access or no access/],
    [{ Region: " " }, /Region: nothing is no condition/],
    [{ Region: null, role: "manager" }, /Region came empty, which would let everybody through/],
    [{ in_group: "301", group: "302" }, /in_group is given twice/],
    [{ Region: "Europe", ca_0: "Asia Pacific" }, /Region is given twice/],
    [{ Region: ">Europe" }, /names no number and no day/],
  ])("%j is refused, and says what is there", async (where, why) => {
    const { isError, text } = await find({ where });

    expect(isError).toBe(true);
    expect(text).toMatch(why);
  });

  it("a value that nobody has is said, with those there are; so is everybody", async () => {
    const none = await find({ where: { Region: "Euroland" } });
    const all = await find({ where: { status: "access | no access" } });

    expect(none.text).toMatch(/Nobody of 302 people is that/);
    expect(none.text).toMatch(/There are: North America, Europe, Asia Pacific/);
    expect(all.text).toMatch(/That is everybody: all 302/);
  });
});

describe("a plan", () => {
  it.each([
    ["nobody", { Region: "Euroland" }, /Nobody of 302 people is that/],
    ["everybody", { status: "access | no access" }, /That is everybody: all 302 are that/],
    ["a field that is not there", { Regin: "Europe" }, /Near it: Region/],
    ["a condition left empty", { Region: "" }, /nothing is no condition/],
    ["a condition that is null", { Region: null, role: "learner" }, /came empty/],
  ])("of %s is not made, beside others who are named neither", async (_, where, why) => {
    for (const more of [{}, { people: ["101"] }]) {
      const { isError, text, structured } = await plan({ where, ...more });

      expect(isError, text).toBe(true);
      expect(text).toMatch(why);
      expect(structured?.plan).toBeUndefined();
    }
  });

  it("of an empty where alone is refused: it means nobody, never all", async () => {
    for (const where of [{}, [], null, ""]) {
      const { isError, text } = await plan({ where });

      expect(isError).toBe(true);
      expect(text).toMatch(/Give at least one of people or csv or group or where/);
    }
  });

  it("is of those whom all conditions leave, and of those who are named", async () => {
    const where = { Region: "Europe", in_group: "Sales Team", status: "access" };
    const { structured, text } = await plan({ where, people: ["Avery Learner"] });

    const meant = [...academy.sandbox.world.people.values()].filter((one) =>
      Object.entries({ ...where, in_group: "301" }).every(([name, is]) => holds[name]?.(is)(one)),
    );
    expect(structured?.people).toBe(meant.length + 1);
    expect(text).toContain(`Selected: ${meant.length} of 302`);
  });
});

describe("groups of everybody", () => {
  const opened = async (between: (request: Outgoing, pass: () => Promise<Incoming>) => Promise<Incoming>) => {
    const sandbox = createSandbox({
      now: () => noon,
      strict: inject("strict"),
      people: 302,
      callsPerMinute: Number.POSITIVE_INFINITY,
      tables: seededTables,
    });
    for (const group of sandbox.world.groups.values()) group.members.delete(390);
    const sent: Outgoing[] = [];
    const on = await connect(
      (request, signal) => {
        sent.push(request);
        return between(request, () => sandbox.send(request, signal));
      },
      { SKYPREP_SANDBOX: "true" },
    );
    return { ...on, sent };
  };
  const without = (request: Outgoing, pass: () => Promise<Incoming>) =>
    pass().then((answer) => {
      if (request.route !== "get_users" || !request.body.includes("include_groups")) return answer;
      const rows = JSON.parse(new TextDecoder().decode(answer.body as Uint8Array)) as Record<
        string,
        unknown
      >[];
      const body = JSON.stringify(rows.map(({ user_groups: _, ...row }) => row));
      return { ...answer, body: new TextEncoder().encode(body) };
    });

  it("come with the list of people, in one call", async () => {
    const on = await opened((_, pass) => pass());

    const { structured } = await on.call("find", { where: { no_group: "true" } });

    expect(structured?.total).toBe(1);
    expect(on.sent.map(({ route }) => route).sort()).toEqual(["get_user_groups", "get_users", "get_users"]);
    await on.close();
  });

  it("come group by group where SkyPrep does not add them: nobody is taken to be in none for that", async () => {
    const on = await opened(without);

    const { structured } = await on.call("find", { where: { no_group: "true" } });

    expect(structured?.items).toMatchObject([{ user_id: 390 }]);
    expect(structured?.total).toBe(1);
    expect(on.sent.filter(({ route }) => route === "get_user_group")).toHaveLength(9);
    await on.close();
  });

  it("are not made up where a group cannot be read: nobody is chosen by a part", async () => {
    const on = await opened((request, pass) =>
      request.route === "get_user_group" && request.body.includes("303")
        ? Promise.resolve({ status: 500, contentType: "text/plain", body: new Uint8Array() })
        : without(request, pass),
    );

    const { isError, text } = await on.call("plan_enrollment", {
      where: { no_group: "true" },
      courses: ["203"],
    });

    expect(isError).toBe(true);
    expect(text).toMatch(/No plan was made: SkyPrep could not be read/);
    await on.close();
  });
});

describe("the report people", () => {
  it("has fields, groups, manager and last sign-in of whom where says, and answers from its file", async () => {
    const args = { report: "people", where: { Region: "Europe" } };
    const { structured } = await academy.call("export_report", {
      ...args,
      columns: ["user_id", "groups", "manager"],
      limit: 500,
    });
    const counted = await academy.call("export_report", { ...args, group_by: ["Department"] });

    const meant = [...academy.sandbox.world.people.values()].filter(
      holds.Region?.("Europe") ?? (() => false),
    );
    const rows = structured?.rows as string[][];
    expect(rows.map(([id]) => Number(id))).toEqual(meant.map(({ id }) => id));
    for (const [id, groups] of rows)
      expect(groups).toBe(
        groupsOf(Number(id))
          .map(({ name }) => name)
          .join("; "),
      );
    const byDepartment = new Map<string, number>();
    for (const { profile } of meant)
      byDepartment.set(String(profile.ca_1 ?? ""), (byDepartment.get(String(profile.ca_1 ?? "")) ?? 0) + 1);
    expect(
      new Map(
        ((counted.structured ?? {}) as { rows: string[][] }).rows.map(([key, n]) => [key ?? "", Number(n)]),
      ),
    ).toEqual(byDepartment);
    expect(JSON.stringify(structured)).not.toMatch(/900-\d\d-|Harbour Street|view_key/);
  });
});
