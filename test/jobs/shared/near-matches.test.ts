import { expect, it } from "vitest";
import { callIn } from "./people-desk.ts";
import { createAcademy } from "./plan-academy.ts";

const academy = createAcademy();
const ask = (name: string, args: Record<string, unknown>) => callIn(academy, [name, args]);

it.each([
  ["training_status", { group: "Sales" }],
  ["training_status", { group: "sale team" }],
  ["training_status", { where: { in_group: "Sales" } }],
  ["find", { where: { in_group: "Sales" } }],
  ["find", { where: { in_group: "Sales | Finance" } }],
  ["chase", { group: "Sales" }],
] as const)("%s %o takes the only group that is near, and says which", async (name, args) => {
  const { isError, text } = await ask(name, args);

  expect(isError, text).toBe(false);
  expect(text).toMatch(/“(?:Sales|sale team)” was read as group 301 Sales Team\./);
  expect(text.match(/was read as group 301/g)).toHaveLength(1);
});

it.each([
  ["plan_enrollment", { people: ["101"], groups: ["Sales"] }],
  ["plan_enrollment", { where: { in_group: "Sales" }, courses: ["207"] }],
  ["offboard_people", { where: { in_group: "Sales" } }],
  ["recertify", { course: "Phishing", by: "2027-01-01" }],
] as const)("%s %o plans nothing by a near name, and offers it", async (name, args) => {
  const { isError, text } = await ask(name, args);

  expect(isError).toBe(true);
  expect(text).toMatch(/near it: (?:301 Sales Team|207 Phishing)/);
});

it.each([
  [{ course: "data privacy" }, /near it: 205 .*242 /],
  [{ group: "30" }, /no group “30”/],
  [{ course: "First Month" }, /No course is called exactly/],
  [{ person: "Zzyzx Qwerty" }, /There is no person|near it/],
] as const)("training_status %o takes none where several are near, or none is", async (args, said) => {
  const { isError, text } = await ask("training_status", args);

  expect(isError).toBe(true);
  expect(text).toMatch(said);
});

it("who is enrolled in a learning path is whom SkyPrep shows on it; with a course beside it, of either", async () => {
  const { world } = academy;
  const path = [...world.groups.values()].find(({ type, members }) => type !== "user" && members.size > 0);
  const members = path?.members ?? new Set();
  const takers = new Set(
    [...world.progress.values()]
      .filter(
        ({ course_id, status }) => course_id === 207 && !["archived", "not-applicable"].includes(status),
      )
      .map(({ user_id }) => user_id),
  );

  const on = await ask("find", { where: { enrolled_in: String(path?.name) } });
  const off = await ask("find", { where: { not_enrolled_in: String(path?.id) } });
  const either = await ask("find", { where: { enrolled_in: `207 | ${path?.name}` } });

  const all = world.people.size;
  expect(on.text).toContain(`${members.size} of ${all} people: enrolled in learning path ${path?.id}`);
  expect(off.text).toContain(`${all - members.size} of ${all} people`);
  expect(either.text).toContain(`${new Set([...members, ...takers]).size} of ${all} people`);
});

it("a name that a course and a path both have means neither", async () => {
  const { world } = academy;
  const course = world.courses.get(207);
  const path = [...world.groups.values()].find(({ type }) => type !== "user");
  if (course && path) path.name = course.name;
  academy.pass(61_000);

  const { isError, text } = await ask("find", { where: { enrolled_in: String(course?.name) } });

  expect(isError).toBe(true);
  expect(text).toMatch(/is both course 207 .* and learning path \d+ .*say which by its number/);
});

it("says of a field that has no empty value that none is empty, not that “empty” is no value of it", async () => {
  const none = await ask("find", { where: { title: "empty" } });
  const other = await ask("find", { where: { company: "!=Example Co." } });

  expect(none.text).toContain('No "title" is empty. There are: ');
  expect(other.text).toContain('No other "company" is there. There are: Example Co.');
});

it("sends nobody who offboards everybody to an argument that the job does not take", async () => {
  const { isError, text } = await ask("offboard_people", { where: { company: "Example Co." } });

  expect(isError).toBe(true);
  expect(text).toMatch(/If everybody is meant, name all of them in csv\./);
});
