import { expect, it } from "vitest";
import { callIn } from "../shared/people-desk.ts";
import { type Academy, createAcademy, planIn } from "../shared/plan-academy.ts";

const learners = ({ world }: Academy) =>
  [...world.people.values()].filter(
    ({ role, login_status, access_end_date, id }) =>
      role === "learner" && login_status !== "disabled" && access_end_date === null && id > 109,
  );

it("takes each row's own day, past or ahead, whoever says in a row that they are gone, and the call's day else", async () => {
  const academy = createAcademy({ people: 100 });
  const [past, ahead, gone, plain] = learners(academy);
  const csv = [
    "Email,Status,Last day",
    `${past?.email},Terminated,2026-11-20`,
    `${ahead?.email},,31.12.2026`,
    `${gone?.email},Terminated,`,
    `${plain?.email},,`,
  ].join("\n");

  const { structured, text, sent } = await callIn(academy, [
    "offboard_people",
    { csv, last_day: "2026-11-30" },
  ]);

  expect(text).toContain("offboard 4 people");
  const items = (structured?.items ?? []) as { login: string; last_day: string }[];
  const days = items.map((one) => [one.login, one.last_day]);
  expect(days).toEqual([
    [past?.email, "2026-11-20"],
    [ahead?.email, "2026-12-31"],
    [gone?.email, "2026-11-30"],
    [plain?.email, "2026-11-30"],
  ]);
  expect(sent.filter(({ route }) => !route.startsWith("get_"))).toEqual([]);
});

it("guesses no day: what can be read in two ways, two days for one person, and whoever is unknown are left out and said", async () => {
  const academy = createAcademy({ people: 100 });
  const [one, two] = learners(academy);
  const csv = [
    "Email,Last day",
    `${one?.email},03/04/2027`,
    `${two?.email},2026-12-01`,
    `${two?.email},2026-12-31`,
    "nobody@example.com,2026-12-01",
  ].join("\n");

  const { structured, text } = await callIn(academy, ["offboard_people", { csv }]);

  expect(text).toContain("offboard 1 person");
  expect(structured?.left_out).toEqual([
    expect.objectContaining({ row: 2, why: expect.stringContaining("two ways") }),
    expect.objectContaining({ row: 4, why: expect.stringContaining("another last day (2026-12-01)") }),
    expect.objectContaining({ row: 5, why: expect.stringContaining("not found") }),
  ]);
});

it("never means everybody: an empty list and a list of nobody make no plan", async () => {
  const academy = createAcademy({ people: 100 });

  for (const args of [
    {},
    { people: [] },
    { csv: "" },
    { csv: "Email\n" },
    { people: ["nobody@example.com"] },
  ]) {
    const reply = await callIn(academy, ["offboard_people", args]);
    expect(reply.isError, JSON.stringify(args)).toBe(true);
    expect(reply.structured?.plan).toBeUndefined();
  }
  expect(academy.writes()).toEqual([]);
});

it("leaves somebody to let others in: all administrators stay, now and when the plan is applied", async () => {
  const academy = createAcademy({ people: 100 });
  const admins = [...academy.world.people.values()].filter(({ role }) => role === "admin");
  const [learner] = learners(academy);
  const everyone = [...admins.map(({ email }) => email), learner?.email];

  const all = await callIn(academy, ["offboard_people", { people: everyone }]);
  expect(all.text).toContain("offboard 1 person");
  expect(all.text).toMatch(/no administrator who can sign in would be left/);

  // One more was there when the plan was made, and is gone when it is applied.
  const other = learners(academy)[3];
  Object.assign(other ?? {}, { role: "admin" });
  const some = await callIn(academy, ["offboard_people", { people: everyone }]);
  Object.assign(other ?? {}, { role: "learner" });
  const applied = await callIn(academy, ["apply_plan", { plan: planIn(some) }]);

  expect(some.text).toContain(`offboard ${admins.length + 1} people`);
  expect(applied.isError).toBe(true);
  expect(applied.text).toMatch(/no administrator who can sign in would be left/);
  expect(academy.writes()).toEqual([]);
});

it("sends nothing on a no, without anybody to ask, unattended, or over a budget", async () => {
  const academy = createAcademy({ people: 100 });
  const people = learners(academy)
    .slice(0, 5)
    .map(({ email }) => email);
  const plan = planIn(await callIn(academy, ["offboard_people", { people }]));
  const apply = ["apply_plan", { plan }] as const;

  const no = await callIn(academy, apply, { person: () => ({ action: "decline" }) });
  const nobody = await callIn(academy, apply, { formless: true, env: { SKYPREP_CONFIRM: "human" } });
  const unattended = await callIn(academy, apply, { env: { SKYPREP_CONFIRM: "unattended" } });
  const many = await callIn(academy, apply, { env: { SKYPREP_MAX_PEOPLE: "4" } });

  expect(no.text).toMatch(/said no/);
  expect(nobody.isError).toBe(true);
  expect(unattended.text).toMatch(/needs a person's yes/);
  expect(many.text).toMatch(/SKYPREP_MAX_PEOPLE/);
  expect(academy.writes()).toEqual([]);
});

it("the strictest kind wins: where one of them has power, no code is enough", async () => {
  const academy = createAcademy({ people: 100 });
  const [learner] = learners(academy);
  const asks = async (people: unknown[]) => {
    const plan = planIn(await callIn(academy, ["offboard_people", { people }]));
    return callIn(academy, ["apply_plan", { plan }], { formless: true });
  };

  const plain = await asks([learner?.email]);
  const power = await asks([learner?.email, "jordan@example.com"]);

  expect(plain.text).toMatch(/confirm: "/);
  expect(power.text).not.toMatch(/confirm: "/);
});

it("says who was offboarded already, and takes on the last day what was left for it", async () => {
  const academy = createAcademy({ people: 100 });
  const member = [...(academy.world.groups.get(303)?.members ?? [])].find((id) => id > 109) ?? 0;
  const day = { people: [academy.login(member)], last_day: "2026-11-24" };
  await callIn(academy, ["apply_plan", { plan: planIn(await callIn(academy, ["offboard_people", day])) }]);
  expect(academy.world.groups.get(303)?.members.has(member)).toBe(true);
  const early = await callIn(academy, ["offboard_people", day]);

  academy.pass(86_400_000);
  await callIn(academy, ["apply_plan", { plan: planIn(await callIn(academy, ["offboard_people", day])) }]);
  const again = await callIn(academy, ["offboard_people", day]);

  expect(early.text).toMatch(/Nothing to do[\s\S]*the rest is for 2026-11-24/);
  expect(academy.world.groups.get(303)?.members.has(member)).toBe(false);
  expect(again.text).toMatch(/Nothing to do[\s\S]*offboarded already/);
});

it("a login that was given to somebody else since takes nobody along", async () => {
  const academy = createAcademy({ people: 100 });
  const [one, two] = learners(academy);
  const plan = planIn(await callIn(academy, ["offboard_people", { people: [one?.email, two?.email] }]));
  Object.assign(one ?? {}, { email: "renamed@example.com" });

  const { structured, text } = await callIn(academy, ["apply_plan", { plan }]);

  expect(text).toMatch(/number and login do not belong together/);
  expect(structured).toMatchObject({ unknown: 0, not_tried: 0 });
  expect(one?.access_end_date).toBeNull();
  expect(two?.access_end_date).not.toBeNull();
});

it("takes people by what they are, in one question, and never everybody, nobody or a field that is not there", async () => {
  const academy = createAcademy({ people: 100 });
  const some = learners(academy).slice(0, 7);
  for (const { id } of some) {
    const person = academy.world.people.get(id);
    if (person) person.profile = { ...person.profile, title: "Seasonal" };
  }
  const before = academy.asked.length;

  const planned = await callIn(academy, ["offboard_people", { where: { Title: "Seasonal" } }]);
  const refused = [];
  for (const where of [{ Title: "no such title" }, { Shoesize: "44" }, { dormant_days: "0" }, {}])
    refused.push(await callIn(academy, ["offboard_people", { where }]));
  const done = await callIn(academy, ["apply_plan", { plan: planIn(planned) }]);

  expect(planned.text).toContain("offboard 7 people");
  expect(planned.text).toMatch(/Selected: 7 of \d+/);
  for (const one of refused) {
    expect(one.isError, one.text).toBe(true);
    expect(one.structured?.plan).toBeUndefined();
  }
  expect(done.isError, done.text).toBe(false);
  expect(academy.asked.length - before).toBe(1);
  for (const { id } of some) expect(academy.world.people.get(id)?.access_end_date).not.toBeNull();
});
