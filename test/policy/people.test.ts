import { expect, it } from "vitest";
import { exampleOf } from "../../src/catalogue/catalogue.ts";
import { jobTools, tools } from "../support/catalogue.ts";
import { markOutsiders, openPoliced, outsideState } from "./policed.ts";

/** Arguments that name somebody or something, and who or what is inside and outside. */
const group = 301;
type Pick = Readonly<Record<string, readonly unknown[]>>;

const examplesOfJobs: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  find: [{ text: "a" }, { text: "canary" }, { text: "Outside" }],
  account_overview: [{}],
};

it("lets nobody outside be seen or touched, whatever tool is called with whatever target", async () => {
  let members = new Set<number>();
  const isIn = (id: number) => members.has(id);
  const academy = await openPoliced(
    { people: { in_groups: [group] } },
    {
      prepare: (tables) => {
        members = new Set(tables.groups.get(group)?.members);
        markOutsiders(tables, isIn);
      },
    },
  );
  const { tables } = academy;
  // Whoever an example of a job names has left by then.
  const [, second, , , , insider = 0] = [...members];
  const stranger = [...tables.people.keys()].find((id) => !isIn(id)) ?? 0;
  const picks: Pick = {
    user_id: [insider, stranger],
    user_email: [tables.people.get(insider)?.email],
    user_ids: [[insider], [insider, stranger]],
    source_user_id: [insider, stranger],
    target_user_id: [second, stranger],
    course_id: [201],
    user_group_id: [group, 303],
    user_group_ids: [[group], [303]],
    learning_path_id: [402, 404, 405],
    learning_path_ids: [[404]],
    course_bundle_ids: [[404]],
    course_progress_id: [
      [...tables.progress.values()].find((row) => isIn(row.user_id))?.id,
      [...tables.progress.values()].find((row) => !isIn(row.user_id))?.id,
    ],
    primary_instructor_user_id: [stranger],
  };
  const leaks: string[] = [];
  let asked = 0;
  const done = new Set<string>();
  const before = outsideState(tables, isIn);
  const go = async (name: string, args: Record<string, unknown>) => {
    asked += 1;
    const reply = await academy.call(name, args);
    if (!reply.isError && tools.get(name)?.operation.effect !== "read") done.add(name);
    const all = JSON.stringify([reply.text, reply.structured]);
    const found = /canary\d+|outside\d+/i.exec(all);
    if (found)
      leaks.push(
        `${name} ${JSON.stringify(args)} shows ${all.slice(Math.max(0, found.index - 120), found.index + 60)}`,
      );
    // What reads is not looked after each time: the next write is.
    const reads = tools.get(name)?.operation.effect === "read";
    if (!reads && outsideState(tables, isIn) !== before) {
      leaks.push(`${name} ${JSON.stringify(args)} touched somebody: ${reply.text}`);
      return false;
    }
    return true;
  };
  for (const { name, shape } of jobTools.values()) {
    const example = Object.fromEntries(
      (shape.plain.required ?? []).map((field) => [field, shape.details.get(field)?.example]),
    );
    for (const args of examplesOfJobs[name] ?? [example]) await go(name, args);
  }
  // What takes things away comes last, and the own group of the policy at the very end.
  const rank = (name: string) =>
    Number(/^(destroy|remove|delete|move)/.test(name)) + Number(name === "destroy_user_group");
  for (const tool of [...tools.values()].sort((a, b) => rank(a.name) - rank(b.name))) {
    const example = exampleOf(tool);
    for (const args of variants(example, picks)) if (!(await go(tool.name, args))) break;
    if (leaks.some((leak) => leak.includes("touched"))) break;
  }
  expect(leaks).toEqual([]);
  expect(asked).toBeGreaterThan(130);
  // It lets through what is within: a policy that refuses everything would pass all of the above.
  expect(done.size).toBeGreaterThan(15);
  await academy.close();
}, 120_000);

/** Each argument that names somebody or something, in turn inside and outside; all others as in the example. */
function variants(example: Record<string, unknown>, picks: Pick): Record<string, unknown>[] {
  let all: Record<string, unknown>[] = [example];
  for (const [name, values] of Object.entries(picks)) {
    if (!(name in example)) continue;
    all = all.flatMap((args) => values.map((value) => ({ ...args, [name]: value })));
  }
  return all;
}
