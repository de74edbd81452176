import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { Tables } from "../../src/sandbox/model/tables.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { marksIn, openMarked } from "./sweep.ts";

const group = 301;
const insideOf = (tables: Tables) => ({ people: new Set(tables.groups.get(group)?.members) });
const policy = { people: { in_groups: ["Sales Team"] } };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(options: Parameters<typeof openMarked>[2] = {}) {
  const academy = await openMarked(policy, insideOf, options);
  closing.push(academy.close);
  const { people } = academy.inside;
  const of = (id: number | undefined) => {
    const person = academy.tables.people.get(id ?? 0);
    if (person === undefined) throw new Error("nobody");
    return { id: person.id, login: person.email, name: `${person.first_name} ${person.last_name}` };
  };
  const isPlain = (id: number) =>
    academy.tables.people.get(id)?.role === "learner" &&
    academy.tables.people.get(id)?.login_status === "active";
  const ids = [...(people ?? [])].filter(isPlain);
  const others = [...academy.tables.people.keys()].filter((id) => !people?.has(id) && isPlain(id));
  return { academy, ids, of, others };
}
const planIn = ({ structured }: { structured: Record<string, unknown> | undefined }) =>
  typeof structured?.plan === "string" ? structured.plan : undefined;

it("shows and counts in every job only who is within, and says that it is a part", async () => {
  const state = temporaryFolder("state");
  const { academy, ids, of, others } = await open({ env: { SKYPREP_STATE_DIR: state } });
  const [insider, stranger] = [of(ids[0]), of(others[0])];
  const shows = ["overdue", "due", "expiring", "expired", "open", "not-started", "in-progress", "passed"];
  const tried: [string, Record<string, unknown>][] = [
    ["training_status", {}],
    ...shows.map((show): [string, Record<string, unknown>] => ["training_status", { show }]),
    ["training_status", { since: "2026-01-01" }],
    ["training_status", { group: "Customer Support", show: "open" }],
    ["training_status", { course: "201", show: "open" }],
    ["training_status", { path: "404", show: "open" }],
    ["training_status", { person: stranger.login }],
    ["training_status", { person: insider.login, show: "open" }],
    ["find", { text: "a" }],
    ["find", { text: "Outside" }],
    ["find", { text: stranger.login }],
    ["find", { text: String(stranger.id) }],
    ["find", { text: "e", kind: "person" }],
    ["account_overview", {}],
    ...["odd", "admin", "manager", "power_user", "content_manager"].map(
      (kind): [string, Record<string, unknown>] => ["access_review", { kind }],
    ),
    ["access_review", {}],
    ["access_review", { person: stranger.login }],
    ["session_roster", { session: "511" }],
    ["session_roster", { session: "512" }],
    ...["all_courses", "all_users", "user", "group", "course", "1001", "1002", "1003"].map(
      (report): [string, Record<string, unknown>] => ["export_report", { report }],
    ),
    ["export_report", { report: "user_courses", of: [stranger.login] }],
    ["export_report", { report: "group_courses", of: ["Customer Support"] }],
    ["list_changes", {}],
    ["offboard_people", { people: [insider.login, stranger.login, String(stranger.id), stranger.name] }],
  ];
  for (const [name, args] of tried) {
    let next: Record<string, unknown> | undefined = args;
    for (let page = 0; next !== undefined && page < 3; page++) {
      await academy.go(name, next);
      const last = academy.replies.at(-1);
      if (last && !last.isError && name !== "list_changes")
        expect({ name, next, text: last.text }).toMatchObject({
          text: expect.stringContaining("Policy “desk”"),
        });
      const cursor: unknown = last?.structured?.next_cursor;
      next = typeof cursor === "string" ? { ...args, cursor } : undefined;
    }
  }

  expect(academy.wrong).toEqual([]);
  expect([...academy.done.keys()].sort()).toEqual([
    "access_review",
    "account_overview",
    "export_report",
    "find",
    "list_changes",
    "offboard_people",
    "session_roster",
    "training_status",
  ]);
  expect(filesIn(join(state, "exports")).flatMap((path) => marksIn(readFileSync(path, "utf8")))).toEqual([]);
  const total = academy.replies[0]?.structured?.people;
  expect(Number(total ?? ids.length)).toBeLessThan(80);
});

it("plans and applies for who is within, and never ends the access of who cannot be seen", async () => {
  const { academy, ids, of, others } = await open();
  const [first, second, third, fourth] = ids.map(of);
  const stranger = of(others[0]);
  const header = "Email,First name,Last name,Job title";
  const row = (id: number, title = "Chief") => {
    const person = academy.tables.people.get(id);
    return [person?.email, person?.first_name, person?.last_name, title].join(",");
  };
  const csv = (rows: string[]) => [header, ...rows].join("\n");
  const all = [...(academy.inside.people ?? [])];
  const but = (id: number | undefined) => all.filter((one) => one !== id);
  const plans: [string, Record<string, unknown>][] = [
    ["plan_enrollment", { people: [first?.login], courses: ["205", "206"] }],
    ["plan_enrollment", { people: [second?.login, stranger.login, stranger.name], courses: ["205"] }],
    ["plan_enrollment", { people: [String(stranger.id), String(third?.id)], groups: ["303"] }],
    ["plan_enrollment", { csv: `Email\n${first?.login}\n${stranger.login}`, paths: ["405"] }],
    ["plan_enrollment", { group: "Customer Support", courses: ["207"] }],
    ["plan_enrollment", { group: "Sales Team", courses: ["207"] }],
    ["recertify", { course: "206" }],
    ["plan_roster", { csv: csv(all.slice(0, 5).map((id) => row(id))), leavers: "ignore" }],
    ["plan_roster", { csv: csv(but(fourth?.id).map((id) => row(id, "Clerk"))), max_leavers_percent: 100 }],
    ["plan_roster", { csv: csv([...all, others[0] ?? 0].map((id) => row(id))), max_leavers_percent: 100 }],
  ];
  const applied: string[] = [];
  for (const [name, args] of plans) {
    if (!(await academy.go(name, args))) break;
    const plan = planIn(academy.replies.at(-1) ?? { structured: undefined });
    if (plan === undefined) continue;
    if (!(await academy.go("apply_plan", { plan }))) break;
    applied.push(academy.replies.at(-1)?.text ?? "");
  }

  expect(academy.wrong).toEqual([]);
  expect(academy.enrolled(first?.id, 205)).toBe(true);
  expect(academy.enrolled(second?.id, 205)).toBe(true);
  expect(academy.tables.groups.get(303)?.members.has(third?.id ?? 0)).toBe(true);
  expect(academy.enrolled(fourth?.id, 207)).toBe(true);
  expect(academy.tables.people.get(fourth?.id ?? 0)?.access_end_date).not.toBeNull();
  // A row of somebody outside keeps nobody else's from being compared.
  expect(academy.replies.at(-2)?.text).toMatch(/1 not matched/);
  expect(academy.replies.at(-2)?.text).not.toMatch(/Joiners/);
  expect(applied.filter((text) => !/refused|not done|not applied/i.test(text)).length).toBeGreaterThan(5);
  // Whoever is outside is told like whoever is not there.
  expect(academy.replies.map(({ text }) => text).join("\n")).not.toMatch(/outside the policy/i);
});

it("does whole jobs for who is within, and nothing for who is not, whatever they are called by", async () => {
  const { academy, ids, of, others } = await open();
  const [one, two, three, four] = ids.slice(5).map(of);
  const stranger = of(others[3]);
  const tried: [string, Record<string, unknown>][] = [
    [
      "onboard_person",
      { login: "casey.new@example.com", first_name: "Casey", last_name: "New", groups: ["301"] },
    ],
    ["onboard_person", { login: stranger.login, first_name: "A", last_name: "B", groups: ["301"] }],
    ["onboard_person", { login: one?.login, first_name: "A", last_name: "B", courses: ["210"] }],
    ["session_roster", { session: "511", register: [one?.login, stranger.login] }],
    ["session_roster", { session: "511", register: [one?.login] }],
    ["session_roster", { session: "511", attended: [stranger.login] }],
    ...[stranger.login, String(stranger.id), stranger.name].map(
      (person): [string, Record<string, unknown>] => ["offboard_person", { person, now: true }],
    ),
    ["offboard_person", { person: two?.login, now: true }],
    ["merge_people", { from: stranger.login, into: three?.login }],
    ["merge_people", { from: three?.login, into: stranger.login }],
    ["merge_people", { from: three?.login, into: four?.login }],
  ];
  const said: string[] = [];
  for (const [name, args] of tried) {
    if (!(await academy.go(name, args))) break;
    said.push(`${name} ${academy.replies.at(-1)?.isError ? "no" : "yes"}: ${academy.replies.at(-1)?.text}`);
  }
  await academy.go("list_changes", {});
  const changes = [...(academy.replies.at(-1)?.text ?? "").matchAll(/^(\d+)\b/gm)].map(([n]) => Number(n));
  for (const change of changes) if (!(await academy.go("undo_change", { change }))) break;

  expect(academy.wrong).toEqual([]);
  expect(said.filter((line) => line.includes(" yes:")).length).toBeGreaterThanOrEqual(4);
  expect(academy.tables.people.get(two?.id ?? 0)?.access_end_date).not.toBeUndefined();
  for (const line of said) expect(line).not.toMatch(/again in a minute/);
});

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
