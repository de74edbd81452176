import { expect, inject, it } from "vitest";
import { createAcademy, planIn } from "../shared/plan-academy.ts";

const header = "Email,First name,Last name,Groups,Courses,Department,Manager,Start date";
const zoe =
  'zoe.newhire@example.com,Zoe,Newhire,"Contractors; Finance","207; First Aid Basics",Care,jordan@example.com,2026-12-07';
const env = { SKYPREP_CUSTOM_FIELDS: "ca_1=Department" };

it("gives each new person their own groups, courses and the tenant's own fields, in one plan", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { env });
  const omar = "omar.newhire@example.com,Omar,Newhire,,202,,,";

  const planned = await server.call("plan_roster", {
    csv: [header, zoe, omar].join("\n"),
    leavers: "ignore",
  });
  await server.call("apply_plan", { plan: planIn(planned) });

  const { world } = academy;
  const who = (login: string) => [...world.people.values()].find(({ email }) => email === login);
  const [one, other] = [who("zoe.newhire@example.com"), who("omar.newhire@example.com")];
  const courses = (id = 0) => [...world.courses.keys()].filter((course) => academy.has(id, course));
  const groups = (id = 0) =>
    [...world.groups.values()].filter(({ members }) => members.has(id)).map(({ name }) => name);
  // A strict academy takes no field that the page does not name for create_user.
  expect(one?.profile.ca_1).toBe(inject("strict") ? undefined : "Care");
  expect(groups(one?.id).sort()).toEqual(expect.arrayContaining(["Contractors", "Finance"]));
  expect(courses(one?.id)).toEqual(expect.arrayContaining([207, 210]));
  expect(courses(other?.id)).toEqual([202]);
  expect(groups(other?.id)).toEqual([]);
  await server.close();
});

it("says why managers and start days are left, and which course is not there", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { env });

  const { text } = await server.call("plan_roster", {
    csv: [header, zoe.replace("207", "Underwater Welding")].join("\n"),
    leavers: "ignore",
  });

  expect(text).toMatch(/Not used: .*Start date.*Manager/);
  expect(text).toMatch(/SkyPrep knows no manager of a person/);
  expect(text).toMatch(/New people can sign in at once: update_user sets access_start_date/);
  expect(text).toMatch(/no course.*“Underwater Welding”|Underwater Welding.*\(row 2\)/i);
  await server.close();
});

it("enrolls nobody who is here already by a list of everybody, and says so", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { env });

  const { text, structured } = await server.call("plan_roster", {
    csv: [header, zoe, `${academy.login(101)},,,,240,,,`].join("\n"),
    leavers: "ignore",
  });

  expect(text).toMatch(/Courses of 1 person who is here already are left: plan_enrollment enrolls them/);
  expect(structured).toMatchObject({ joiners: 1, group_joins: 2, course_enrollments: 2 });
  await server.close();
});
