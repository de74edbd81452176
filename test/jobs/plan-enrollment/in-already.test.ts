import { expect, it } from "vitest";
import { createAcademy, quietCourse } from "../shared/plan-academy.ts";

const year = 365 * 86_400_000;

it("counts whoever is in a learning path as in, and enrolls the others", async () => {
  const academy = createAcademy();
  const server = await academy.open();
  const members = academy.world.groups.get(402)?.members;
  members?.add(150);
  members?.delete(151);

  const { structured, text } = await server.call("plan_enrollment", {
    people: ["150", "151"],
    paths: ["402"],
  });
  await server.close();

  expect(structured).toMatchObject({ to_enroll: 1, already: 1 });
  expect(text).not.toMatch(/could not be read/);
});

it("enrolls anew in a course whose pass ran out, whatever other courses are asked for with it", async () => {
  const academy = createAcademy();
  const { world } = academy;
  const server = await academy.open();
  const [any] = world.progress.values();
  if (any === undefined) throw new Error("nobody has a record");
  world.progress.clear();
  world.enrollments.set(150, new Set([201]));
  world.progress.set(900_000, {
    ...any,
    ...{ id: 900_000, user_id: 150, course_id: 201, status: "passed" },
    ...{ completion_date: academy.now() - 2 * year, expiration_date: academy.now() - year },
  });

  const { structured } = await server.call("plan_enrollment", {
    people: ["150"],
    courses: ["201", String(quietCourse)],
  });
  await server.close();

  expect(structured).toMatchObject({ to_enroll: 2, already: 0 });
});

it("says that it does not know whether a pass ran out where SkyPrep shows other people's records instead", async () => {
  const academy = createAcademy();
  const { world } = academy;
  const server = await academy.open(async (_, { route }, pass) => {
    if (route !== "get_course_progresses") return pass();
    const rows = [{ id: 1, user_id: 151, course_id: 201, status: "passed", expired: true }];
    return {
      status: 200,
      contentType: "application/json",
      body: new TextEncoder().encode(JSON.stringify(rows)),
    };
  });
  world.enrollments.set(150, new Set([201]));

  const { text, structured } = await server.call("plan_enrollment", {
    people: ["150"],
    courses: ["201", String(quietCourse)],
  });
  await server.close();

  expect(structured).toMatchObject({ to_enroll: 1, already: 1 });
  expect(text).toMatch(/Whether passes of person 150 ran out could not be read\./);
});

it("takes nobody for enrolled by the record of a course that was taken off them again", async () => {
  const academy = createAcademy();
  const { world } = academy;
  const server = await academy.open();
  const [any] = world.progress.values();
  if (any === undefined) throw new Error("nobody has a record");
  world.progress.set(900_000, {
    ...any,
    ...{ id: 900_000, user_id: 150, course_id: quietCourse, status: "archived" },
  });

  const { structured } = await server.call("plan_enrollment", {
    people: ["150", "151", "152"],
    courses: [String(quietCourse)],
  });
  await server.close();

  expect(structured).toMatchObject({ to_enroll: 3, already: 0 });
});
