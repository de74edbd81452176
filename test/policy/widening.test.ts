import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { exampleOf } from "../../src/catalogue/catalogue.ts";
import { connect } from "../support/academy.ts";
import { tools } from "../support/catalogue.ts";
import { agreeing, type Form, yes } from "../support/person.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { openPoliced, type PolicedOptions } from "./policed.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
async function open(policy: unknown, options: PolicedOptions = {}) {
  const academy = await openPoliced(policy, options);
  closing.push(academy.close);
  const { tables } = academy;
  const members = [...(tables.groups.get(301)?.members ?? [])];
  const isLearner = (id: number) => tables.people.get(id)?.role === "learner";
  const stranger = [...tables.people.keys()].find((id) => !members.includes(id) && isLearner(id)) ?? 0;
  const login = (id: number) => tables.people.get(id)?.email ?? "";
  return { academy, tables, members, stranger, login };
}
const sales = { people: { in_groups: ["Sales Team"] } };

it("lets nobody be put within it by whoever works under it", async () => {
  const { academy, tables, members, stranger, login } = await open(sales);
  const [insider = 0] = members;
  const before = [...(tables.groups.get(301)?.members ?? [])];
  const tried: [string, Record<string, unknown>][] = [
    ["enroll_user_in_user_group", { user_id: stranger, user_group_id: 301 }],
    ["enroll_user_in_user_group", { user_email: login(stranger), user_group_id: 301 }],
    ["mass_enroll", { user_ids: [stranger], user_group_ids: [301] }],
    ["mass_enroll", { user_ids: [insider, stranger], user_group_ids: [301] }],
    ["mass_enroll", { user_emails: [login(stranger)], user_group_ids: [301] }],
    ["create_user_group", { name: "Mine", user_ids: [stranger] }],
    ["create_learning_path", { name: "Mine", user_ids: [stranger], user_group_ids: [301] }],
    ["create_learning_path", { name: "Mine", user_group_ids: [303] }],
    ["get_login_key", { user_email: login(stranger), user_groups: ["Sales Team"] }],
    ["get_login_key", { user_email: "new@example.com", autocreate: true, user_groups: ["Sales Team"] }],
    ["move_training_data", { source_user_id: insider, target_user_id: stranger }],
    ["move_training_data", { source_user_id: stranger, target_user_id: insider }],
    ["create_or_update_power_users", { user_ids: [insider], user_role_id: 601, dataset_ids: [701] }],
    ["update_user", { user_id: insider, role: "admin" }],
    ["create_user", { email: "x@example.com", first_name: "X", last_name: "Y" }],
    ["assign_manager_to_user_group", { user_id: insider, user_group_id: 303 }],
    ["update_user_group", { user_group_id: 303, name: "Sales Team" }],
    ["create_user_group", { name: "sales team" }],
    ["update_user_group", { user_group_id: 301, name: "Other" }],
    ["update_user", { user_id: insider, extra: { user_group_ids: "303" } }],
    ["create_user_group", { name: "Mine", extra: { users: String(stranger) } }],
    ["create_user_group", { name: "Mine", extra: { "user_ids[]": String(stranger) } }],
    ["onboard_person", { login: login(stranger), first_name: "A", last_name: "B", groups: ["301"] }],
    ["plan_enrollment", { people: [login(stranger)], groups: ["301"] }],
  ];
  const passed: string[] = [];
  for (const [name, args] of tried) {
    const { isError, text } = await academy.call(name, args);
    if (!isError) passed.push(`${name} ${JSON.stringify(args)}: ${text}`);
    else if (/again in a minute/.test(text)) passed.push(text);
  }

  expect(passed).toEqual([]);
  expect([...(tables.groups.get(301)?.members ?? [])]).toEqual(before);
});

it("hands out no way in to anybody who may do more than it allows", async () => {
  const { academy, tables, members, login } = await open(sales);
  const [learner = 0, manager = 0, admin = 0, power = 0] = members.filter(
    (id) => tables.people.get(id)?.role === "learner" || id === 102,
  );
  Object.assign(tables.people.get(manager) ?? {}, { role: "manager" });
  Object.assign(tables.people.get(admin) ?? {}, { role: "admin" });
  tables.powerUsers.set(899, { id: 899, user_id: power, user_role_id: 601, dataset_ids: [701] });

  for (const id of [manager, admin, power]) {
    expect((await academy.call("get_login_key", { user_id: id })).isError).toBe(true);
    expect((await academy.call("get_login_key", { user_email: login(id) })).isError).toBe(true);
    expect((await academy.call("update_user", { user_id: id, password: "Correct-horse-9" })).isError).toBe(
      true,
    );
  }
  expect((await academy.call("update_user", { user_id: manager, title: "Chief" })).isError).toBe(false);
  expect((await academy.call("get_login_key", { user_id: learner })).isError).toBe(false);
});

it("takes no number for another that SkyPrep would read otherwise, and no second name for a login", async () => {
  const { academy, members, stranger, login } = await open(sales, {
    prepare: (tables) => {
      const [one] = tables.groups.get(301)?.members ?? [];
      const outside = [...tables.people.values()].find(({ id }) => !tables.groups.get(301)?.members.has(id));
      Object.assign(tables.people.get(one ?? 0)?.profile ?? {}, { username: outside?.email });
    },
  });
  const [insider = 0] = members;
  for (const user_id of [`0x${insider.toString(16)}`, `${insider}.0`, `${insider}e0`, `+${insider}`]) {
    const { isError } = await academy.call("get_user", { user_id });
    if (!isError) expect(academy.sent.at(-1)?.form.get("user_id")).toBe(String(insider));
  }
  expect((await academy.call("get_user", { user_email: login(stranger) })).isError).toBe(true);
});

it("sees at once who is in a group no more, while a question waits and before the next write", async () => {
  let leave = () => {};
  const forms: Form[] = [];
  const { academy, tables, members } = await open(sales, {
    person: (form) => {
      forms.push(form);
      leave();
      return yes(form);
    },
  });
  const [, , one = 0, two = 0, three = 0] = members;
  const goes = (id: number) => () => tables.groups.get(301)?.members.delete(id);
  const writes = () =>
    academy.sent.filter(({ route }) => !route.startsWith("get_")).map(({ route }) => route);

  leave = goes(one);
  const asked = await academy.call("remove_user_from_user_group", { user_id: one, user_group_id: 301 });
  leave = () => {};
  await academy.call("update_user", { user_id: two, title: "A" });
  goes(two)();
  const after = await academy.call("update_user", { user_id: two, title: "B" });
  leave = goes(three);
  const job = await academy.call("offboard_person", { person: String(three), now: true });

  expect(forms.length).toBeGreaterThanOrEqual(2);
  for (const { text, isError } of [asked, after, job])
    expect({ text, isError }).toMatchObject({
      isError: true,
      text: expect.stringMatching(/not among the members/),
    });
  expect(writes()).toEqual(["update_user"]);
});

it("does the whole of a job that takes somebody out of its own group", async () => {
  const { academy, tables, members } = await open(sales);
  const learners = members.filter((id) => tables.people.get(id)?.role === "learner");
  const [, , one = 0, two = 0, three = 0] = learners;
  for (const id of [302, 303]) tables.groups.get(id)?.members.add(one);

  const off = await academy.call("offboard_person", { person: String(one), now: true });
  const merged = await academy.call("merge_people", { from: String(two), into: String(three) });

  expect(off).toMatchObject({ isError: false, text: expect.not.stringMatching(/not tried/) });
  for (const id of [301, 302, 303]) expect(tables.groups.get(id)?.members.has(one)).toBe(false);
  expect(merged).toMatchObject({ isError: false, text: expect.not.stringMatching(/not tried/) });
  // What was agreed to together is over with it.
  expect((await academy.call("update_user", { user_id: one, title: "B" })).isError).toBe(true);
});

it("applies no step of a plan to somebody who left since it was made, or was written into it", async () => {
  const state = temporaryFolder("state");
  const { academy, tables, members, login, stranger } = await open(sales, {
    env: { SKYPREP_STATE_DIR: state },
  });
  const [, one = 0, two = 0, three = 0] = members;
  const plan = await academy.call("plan_enrollment", { people: [login(one), login(two)], courses: ["241"] });
  tables.groups.get(301)?.members.delete(one);
  const applied = await academy.call("apply_plan", { plan: plan.structured?.plan });
  const forged = await academy.call("plan_enrollment", { people: [login(three)], courses: ["240"] });
  let edited = 0;
  for (const name of readdirSync(state, { recursive: true, encoding: "utf8" })) {
    const path = join(state, name);
    if (!statSync(path).isFile() || name.includes("journal")) continue;
    const text = readFileSync(path, "utf8");
    if (!text.includes(login(three))) continue;
    writeFileSync(
      path,
      text.replaceAll(login(three), login(stranger)).replaceAll(`:${three}`, `:${stranger}`),
    );
    edited += 1;
  }
  await academy.call("apply_plan", { plan: forged.structured?.plan });

  const has = (id: number, course = 241) =>
    [...tables.progress.values()].some((row) => row.user_id === id && row.course_id === course);
  expect(edited).toBeGreaterThan(0);
  expect(has(stranger, 240)).toBe(false);
  expect({ two: has(two), text: applied.text }).toMatchObject({ two: true });
  expect(plan.isError).toBe(false);
  expect(has(one)).toBe(false);
  expect(applied.text).not.toMatch(new RegExp(`Done for person ${one}\\b`));
});

it("shows and undoes the changes of its own agents only, and of whom it still means", async () => {
  const state = temporaryFolder("state");
  const { academy, tables, members, login } = await open(sales, { env: { SKYPREP_STATE_DIR: state } });
  const free = await connect(
    academy.send,
    { SKYPREP_SANDBOX: "true", SKYPREP_STATE_DIR: state },
    { person: agreeing },
  );
  closing.push(free.close);
  const [, one = 0, two = 0] = members;
  await free.call("update_user", { user_id: one, title: "Not theirs" });
  await academy.call("update_user", { user_id: one, title: "Theirs" });
  await academy.call("update_user", { user_id: two, title: "Left since" });
  await free.call("training_status", {});
  await free.call("export_report", { report: "all_users" });
  tables.groups.get(301)?.members.delete(two);
  await academy.call("update_user", { user_id: one, title: "Again" });

  const changes = await academy.call("list_changes", {});
  const others = [
    await academy.call("undo_change", { change: 1 }),
    await academy.call("undo_change", { change: 5 }),
  ];
  const { resources } = await academy.client.listResources();

  // Of their own change they see what stood there before.
  expect(changes.text.match(/^\d+\t/gm)).toEqual(["7\t", "3\t"]);
  expect(changes.text).not.toMatch(/Left since/);
  expect(changes.text).not.toContain(login(two));
  for (const { isError } of others) expect(isError).toBe(true);
  expect(resources.filter(({ uri }) => uri.startsWith("skyprep://exports/"))).toEqual([]);
  expect(tables.people.get(one)?.profile.title).toBe("Again");
});

it("lets no undocumented parameter name anybody, and lets one through that names nobody", async () => {
  const { academy, members, stranger } = await open(
    { people: { in_groups: [301] }, courses: [201, 202], groups: [301] },
    { env: { SKYPREP_CONFIRM: "off" } },
  );
  const inside: Record<string, unknown> = {
    user_id: members[3],
    course_id: 201,
    user_group_id: 301,
    course_ids: [201],
    user_ids: [members[3]],
  };
  const telling = [
    "users",
    "user_ids[]",
    "Members",
    "people[0][id]",
    "group",
    "bundle_ids",
    "COURSE",
    "ids",
    "emails",
  ];
  const wrong: string[] = [];
  let passed = 0;
  for (const tool of tools.values()) {
    if (!("extra" in tool.operation.input.shape)) continue;
    const example = exampleOf(tool);
    const args = Object.fromEntries(
      Object.entries(example).map(([name, value]) => [name, name in inside ? inside[name] : value]),
    );
    for (const name of telling) {
      const from = academy.sent.length;
      const { isError } = await academy.call(tool.name, { ...args, extra: { [name]: String(stranger) } });
      const sent = academy.sent.slice(from).some(({ form }) => form.has(name));
      if (!isError || sent) wrong.push(`${tool.name} ${name}`);
    }
    if (!(await academy.call(tool.name, { ...args, extra: { theme: "dark" } })).isError) passed += 1;
  }

  expect(wrong).toEqual([]);
  expect(passed).toBeGreaterThan(2);
});
