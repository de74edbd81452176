import { chmodSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { expectPrivate } from "../../support/private-files.ts";
import { windows } from "../../support/system.ts";
import { createAcademy, planIn, quietCourse } from "../shared/plan-academy.ts";

it("plans people of all spellings into courses, groups and paths, and says who is left out and why", async () => {
  const academy = createAcademy();
  const [one, two] = [academy.world.people.get(110), academy.world.people.get(111)];
  if (one && two) Object.assign(two, { first_name: one.first_name, last_name: one.last_name });
  const twin = `${one?.first_name} ${one?.last_name}`;
  const server = await academy.open();

  const csv = `E-mail;Note\n${academy.login(120)};x\n\n${academy.login(120)};again\nnobody@example.com;y\n;z`;
  const reply = await server.call("plan_enrollment", {
    people: ["Avery Learner", "102", twin, "Nobody Atall"],
    csv,
    courses: ["New Hire Orientation", "203"],
    groups: ["Contractors"],
    paths: ["402"],
  });

  expect(reply.text).toMatch(
    /Plan [a-z]+-\d+: \d+ enrollments of 3 people in 1 course, 1 group and 1 learning path; \d+ are there already/,
  );
  expect(reply.text).toMatch(/“Nobody Atall”: not found/);
  expect(reply.text).toMatch(new RegExp(`“${twin}”: 2 are called so: 110 .*; 111 `));
  expect(reply.text).toMatch(/row 5 “nobody@example.com”: not found/);
  expect(reply.text).toMatch(/Nobody is named in row 6/);
  expect(reply.text).toMatch(/counted once: row 4/);
  expect(reply.structured).toMatchObject({ people: 3, left_out_total: 3 });
  expect(Number(reply.structured?.already) + Number(reply.structured?.to_enroll)).toBe(12);
  expect(Number(reply.structured?.already)).toBeGreaterThan(0);
  expect(academy.writes()).toEqual([]);
  await server.close();
});

it("keeps plans for their owner's eyes only", async () => {
  const academy = createAcademy();
  const server = await academy.open();

  await server.call("plan_enrollment", { people: ["101"], courses: ["210"] });

  const folder = join(academy.state, "jobs", "sandbox", "plans");
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  expect(files).toHaveLength(2);
  expectPrivate(folder, ...files.map((file) => join(folder, file)));
  expect(files.map((file) => readFileSync(join(folder, file), "utf8")).join()).not.toMatch(
    /ssn|webcal|view_key/,
  );
  await server.close();
});

it.skipIf(windows)(
  "takes the eyes of others off a folder that it finds (skipped on Windows: no such rights)",
  async () => {
    const academy = createAcademy();
    const server = await academy.open();
    const folder = join(academy.state, "jobs", "sandbox", "plans");
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);

    await server.call("plan_enrollment", { people: ["101"], courses: ["210"] });
    await server.close();

    expectPrivate(folder);
  },
);

it("lists all unknown targets at once, and plans nothing", async () => {
  const academy = createAcademy();
  const server = await academy.open();

  const { text, isError, structured } = await server.call("plan_enrollment", {
    people: ["101", "Nobody Atall"],
    courses: ["No such course", "999999"],
    groups: ["Sales"],
    paths: ["402"],
  });

  expect(isError).toBe(true);
  expect(text).toMatch(
    /no course “No such course”[\s\S]*no course “999999”[\s\S]*No group is called exactly “Sales”; near it: 301 Sales Team/,
  );
  expect(text).toMatch(/“Nobody Atall”: not found/);
  expect(structured).not.toHaveProperty("plan");
  await server.close();
});

it("a thousand enrollments among two thousand people cost at most 25 calls, reads included", async () => {
  const academy = createAcademy({ people: 2_000 });
  const course = quietCourse;
  const server = await academy.open();
  const ids = Array.from({ length: 1_000 }, (_, n) => 500 + n);
  const csv = `Login\n${ids.map(academy.login).join("\n")}`;

  const planned = await server.call("plan_enrollment", { csv, courses: [String(course)] });
  const plannedIn = academy.sent.length;
  const applied = await server.call("apply_plan", { plan: planIn(planned) });

  expect(planned.structured).toMatchObject({ people: 1_000, to_enroll: 1_000, already: 0 });
  expect(applied.structured).toMatchObject({ finished: true, done: 1_000, failed: 0 });
  expect(ids.every((id) => academy.has(id, course))).toBe(true);
  expect(academy.asked).toHaveLength(1);
  expect(academy.asked[0]?.message).toMatch(
    /Enroll 1000 people in the course “[^”]+” \(\d+\)\?[\s\S]*This makes 1000 enrollments\./,
  );
  expect(academy.sent.length).toBeLessThanOrEqual(25);
  expect([...academy.pairs().values()].every((n) => n === 1)).toBe(true);
  // Two of them prove that people came whole, and that there are no more records.
  expect([plannedIn, academy.sent.length]).toEqual([5, 16]);
  await server.close();
});

it("stays within 25 calls where the course has more records than are worth reading", async () => {
  const academy = createAcademy({ people: 2_000 });
  const server = await academy.open();
  const csv = `Login\n${Array.from({ length: 500 }, (_, n) => academy.login(500 + n)).join("\n")}`;

  const planned = await server.call("plan_enrollment", { csv, courses: ["201", "202"] });
  const applied = await server.call("apply_plan", { plan: planIn(planned) });

  expect(planned.text).toMatch(/Course 20[12] has more records than were read/);
  expect(applied.structured).toMatchObject({ finished: true, failed: 0 });
  expect(academy.sent.length).toBeLessThanOrEqual(25);
  await server.close();
});

it("halves a batch that is refused down to whom it fails for, and enrolls the rest once", async () => {
  const academy = createAcademy();
  const course = quietCourse;
  const server = await academy.open();
  const ids = Array.from({ length: 60 }, (_, n) => 150 + n);
  const planned = await server.call("plan_enrollment", {
    people: ids.map(String),
    courses: [String(course)],
  });
  const gone = [academy.login(163), academy.login(190)];
  academy.refuse(163);
  academy.refuse(190);

  const { structured, text } = await server.call("apply_plan", { plan: planIn(planned) });

  expect(structured).toMatchObject({ finished: true, done: 58, failed: 2 });
  expect(((structured?.items ?? []) as { login: string }[]).map(({ login }) => login)).toEqual(gone);
  expect(text).toMatch(/failed\tSkyPrep answered 404: User not found/);
  expect([...academy.pairs().values()].every((n) => n === 1)).toBe(true);
  expect(academy.pairs().size).toBe(58);
  expect(academy.asked).toHaveLength(1);
  await server.close();
});

it.each([
  ["the first three", [150, 151, 152]],
  ["three in a row among others", [170, 171, 172]],
  ["the last three", [207, 208, 209]],
  ["three apart", [150, 180, 209]],
  ["the first three and one more", [150, 151, 152, 200]],
  ["the first five and the last three", [150, 151, 152, 153, 154, 207, 208, 209]],
])("enrolls the good people around those who are refused: %s", async (_, refused) => {
  const academy = createAcademy();
  const server = await academy.open();
  const ids = Array.from({ length: 60 }, (_each, n) => 150 + n);
  const planned = await server.call("plan_enrollment", {
    people: ids.map(String),
    courses: [String(quietCourse)],
  });
  for (const id of refused) academy.refuse(id);

  const { structured } = await server.call("apply_plan", { plan: planIn(planned) });

  expect(structured).toMatchObject({ finished: true, done: 60 - refused.length, failed: refused.length });
  for (const id of ids) expect(academy.has(id, quietCourse), String(id)).toBe(!refused.includes(id));
  expect([...academy.pairs().values()].every((n) => n === 1)).toBe(true);
  await server.close();
});

it.each([1, 5])("of %i with two targets the first is refused and the second taken", async (n) => {
  const academy = createAcademy();
  const server = await academy.open(async (_, { route, body }, pass) =>
    route === "mass_enroll" && new URLSearchParams(body).get("course_ids")?.split(",").includes("239")
      ? { status: 422, contentType: "text/plain", body: new TextEncoder().encode("not today") }
      : pass(),
  );
  const ids = Array.from({ length: n }, (_each, one) => 150 + one);
  const planned = await server.call("plan_enrollment", {
    people: ids.map(String),
    courses: ["239", String(quietCourse)],
  });
  const wanted = Number(planned.structured?.to_enroll);

  const { structured } = await server.call("apply_plan", { plan: planIn(planned) });

  expect(structured).toMatchObject({ finished: true, done: n, failed: wanted - n });
  for (const id of ids) expect(academy.has(id, quietCourse)).toBe(true);
  await server.close();
});

it("does not try two hundred one by one where the course itself is gone", async () => {
  const academy = createAcademy();
  const course = quietCourse;
  const server = await academy.open((_, { route }, pass) => {
    if (route === "mass_enroll") academy.world.courses.delete(course);
    return pass();
  });
  const people = Array.from({ length: 150 }, (_, n) => String(150 + n));
  const planned = await server.call("plan_enrollment", { people, courses: [String(course)] });

  const { structured } = await server.call("apply_plan", { plan: planIn(planned) });

  expect(structured).toMatchObject({ finished: true, failed: 150, done: 0 });
  expect(academy.writes().length).toBeLessThan(15);
  await server.close();
});

it("enrolls one by one where an end is wanted, and refuses a path with an end", async () => {
  const academy = createAcademy();
  const course = quietCourse;
  const server = await academy.open();

  const path = await server.call("plan_enrollment", {
    people: ["150"],
    paths: ["402"],
    expires: "2027-12-31",
  });
  const planned = await server.call("plan_enrollment", {
    people: ["150", "151"],
    courses: [String(course)],
    groups: ["309"],
    expires: "2027-12-31",
  });
  const applied = await server.call("apply_plan", { plan: planIn(planned) });

  expect(path.isError).toBe(true);
  expect(applied.structured).toMatchObject({ finished: true, done: 4 });
  expect(
    academy
      .writes()
      .map(({ route, form }) => [
        route,
        form.get("course_enrollment_expiration_date") ?? form.get("user_group_enrollment_expiration_date"),
      ]),
  ).toEqual([
    ["enroll_user_in_course", "2027-12-31"],
    ["enroll_user_in_user_group", "2027-12-31"],
    ["enroll_user_in_course", "2027-12-31"],
    ["enroll_user_in_user_group", "2027-12-31"],
  ]);
  await server.close();
});

it("leaves out who is in already, and says when there is nothing to do", async () => {
  const academy = createAcademy();
  const server = await academy.open();
  const members = [...(academy.world.groups.get(301)?.members ?? [])];

  const all = await server.call("plan_enrollment", { group: "Sales Team", groups: ["Sales Team"] });
  const some = await server.call("plan_enrollment", {
    people: [String(members[0]), "150"],
    groups: ["301"],
  });

  expect(all.text).toMatch(new RegExp(`Nothing to do: all ${members.length} are in already`));
  expect(all.structured).not.toHaveProperty("plan");
  expect(some.structured).toMatchObject({ to_enroll: 1, already: 1 });
  await server.close();
});

it("foretells as many calls as apply_plan then takes, looks at a few of many included", async () => {
  const academy = createAcademy();
  const server = await academy.open();
  const people = Array.from({ length: 20 }, (_, n) => String(150 + n));

  const planned = await server.call("plan_enrollment", { people, courses: [String(quietCourse)] });
  const from = academy.sent.length;
  await server.call("apply_plan", { plan: planIn(planned) });
  await server.close();

  expect(planned.text).toContain(`About ${academy.sent.length - from} requests to SkyPrep`);
});

it.each([
  [2, "yes"],
  [6, "in part"],
])(
  "gives everybody's outcome as a file: of %i people who were enrolled, verified: %s",
  async (n, verified) => {
    const academy = createAcademy();
    const course = quietCourse;
    const server = await academy.open();
    const planned = await server.call("plan_enrollment", {
      people: [...["150", "151", "152", "153", "154", "155"].slice(0, n), "Nobody Atall"],
      courses: [String(course)],
    });

    const { structured } = await server.call("apply_plan", { plan: planIn(planned) });

    const { id } = (structured?.export ?? {}) as { id?: string };
    const { contents } = await server.client.readResource({ uri: `skyprep://exports/${id}` });
    const text = (contents[0] as { text: string }).text;
    expect(text).toContain(`${academy.login(150)},`);
    expect(text.match(/,enrolled,[^,]*/g)).toEqual(Array(n).fill(`,enrolled,${verified}`));
    expect(text).toMatch(/Nobody Atall,,,not in the plan,,not found/);
    await server.close();
  },
);

it.each([
  [500, [500]],
  [501, [500, 1]],
])("enrolls %i people in one course by calls of %j", async (n, sizes) => {
  const academy = createAcademy({ people: 600 });
  const server = await academy.open();
  const people = [...academy.world.people.values()]
    .filter(({ login_status }) => login_status !== "disabled")
    .slice(0, n)
    .map(({ id }) => `${id}`);

  const planned = await server.call("plan_enrollment", { people, courses: [`${quietCourse}`] });
  const applied = await server.call("apply_plan", { plan: planIn(planned) });
  await server.close();

  expect(applied.structured).toMatchObject({ finished: true, done: n });
  expect(applied.text).toContain(`${n} done, 0 already, 0 failed`);
  const calls = academy.sent.filter(({ route }) => route === "mass_enroll");
  expect(calls.map(({ form }) => form.get("user_emails")?.split(",").length)).toEqual(sizes);
});
