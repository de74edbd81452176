import { expect, it } from "vitest";
import { callIn } from "../shared/people-desk.ts";
import { type Academy, createAcademy, planIn } from "../shared/plan-academy.ts";

const plan = (academy: Academy, csv: string) => callIn(academy, ["plan_course_changes", { csv }]);
const nameOf = ({ world }: Academy, id: number) => world.courses.get(id)?.name;

it("takes the list of courses as get_courses shows it, edited: what differs is changed, and an empty cell says nothing", async () => {
  const academy = createAcademy({ people: 100 });
  const [kept, code] = [nameOf(academy, 202), nameOf(academy, 203)];
  const csv = `id\tname\tcourse_code\tactive\tcategory\n201\tWelcome\t\ttrue\t\n202\t${kept}\t\t\t\n\t\tCOM-101\tno\tEthics`;

  const planned = await plan(academy, csv);
  const done = await callIn(academy, ["apply_plan", { plan: planIn(planned) }]);

  expect(planned.text).toContain("change 2 courses");
  expect(planned.text).toContain("1 course is as the table says already");
  expect(planned.text).toContain(`“${code}” (203): switched off, category “Compliance” changed to “Ethics”`);
  expect(done.isError, done.text).toBe(false);
  expect(nameOf(academy, 201)).toBe("Welcome");
  expect(nameOf(academy, 202)).toBe(kept);
  expect(academy.world.courses.get(203)).toMatchObject({ name: code, active: false, category: "Ethics" });
});

it("guesses no course and no word: what means two courses, none, or neither yes nor no is left out and said", async () => {
  const academy = createAcademy({ people: 100 });
  const csv = [
    "Course,Number,New name,Active",
    `${nameOf(academy, 201)},202,Mixed up,`,
    "No such course,,X,",
    "201,,,perhaps",
    "203,,Conduct,",
    "203,,Conduct again,",
    ",,Nameless,",
  ].join("\n");

  const { structured, text } = await plan(academy, csv);

  expect(text).toContain("change 1 course.");
  const left = structured?.left_out as { row: number; why: string }[];
  expect(left.map(({ row, why }) => [row, why.replace(/:.*/s, "")])).toEqual([
    [2, "it means two courses"],
    [3, "There is no course “No such course”."],
    [4, "“perhaps” is neither yes nor no"],
    [6, "the same course as row 5, which counts"],
    [7, "no course is named"],
  ]);
});

it("makes no plan of a table that says nothing it can do, and says what it understands", async () => {
  const academy = createAcademy({ people: 100 });

  for (const csv of [
    "Course\n201",
    "Colour,Size\nred,4",
    "Name\nWelcome",
    "{}",
    "Course,New name\nNo such course,X",
  ]) {
    const reply = await plan(academy, csv);
    expect(reply.isError, csv).toBe(true);
    expect(reply.text, csv).toMatch(/No plan was made/);
  }
  expect(academy.writes()).toEqual([]);
});

it("asks about what is switched off, and about many; a few new names need no question", async () => {
  const academy = createAcademy({ people: 100 });
  const rename = (n: number) =>
    `Course,New name\n${[...academy.world.courses.keys()]
      .slice(0, n)
      .map((id) => `${id},Course ${id} of ${n}`)
      .join("\n")}`;
  const asked = async (csv: string) => {
    const before = academy.asked.length;
    await callIn(academy, ["apply_plan", { plan: planIn(await plan(academy, csv)) }]);
    return academy.asked.length - before;
  };

  expect(await asked(rename(15))).toBe(0);
  expect(await asked("Course,Active\n201,no")).toBe(1);
  expect(await asked(rename(26))).toBe(1);
});

it("is put back as a plan: names, what is on, and categories; who was renamed again since stays", async () => {
  const academy = createAcademy({ people: 100 });
  const before = [...academy.world.courses.values()]
    .slice(0, 4)
    .map(({ id, name, active, category }) => ({ id, name, active, category }));
  const csv = `id,name,active,category\n${before.map(({ id, name }) => `${id},${name} 2027,no,Yearly`).join("\n")}`;
  const made = planIn(await plan(academy, csv));
  await callIn(academy, ["apply_plan", { plan: made }]);
  const [first] = before;
  await callIn(academy, ["update_course", { course_id: first?.id, name: "Another name" }]);

  const undone = await callIn(academy, ["undo_change", { plan: made }]);

  expect(undone.text).toMatch(/3 of 4 changes undone/);
  expect(undone.text).toMatch(/changed since: name: that change set/);
  const now = before.map(({ id }) => academy.world.courses.get(id));
  expect(now[0]?.name).toBe("Another name");
  expect(
    now
      .slice(1)
      .map((one) => ({ id: one?.id, name: one?.name, active: one?.active, category: one?.category })),
  ).toEqual(before.slice(1));
});
