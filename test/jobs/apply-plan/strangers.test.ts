import { expect, it } from "vitest";
import { type Academy, type Between, createAcademy, planIn, quietCourse } from "../shared/plan-academy.ts";

const notTheSame = /number and login do not belong together any more/;

/** A login goes to somebody else, as it does where a leaver's address is given to whoever follows. */
function give(academy: Academy, from: number, to: number): void {
  const [one, other] = [academy.world.people.get(from), academy.world.people.get(to)];
  if (!one || !other) throw new Error("nobody to give it to");
  other.email = one.email;
  one.email = `was.${from}@example.com`;
}
const endOf = ({ world }: Academy, id: number) => world.people.get(id)?.access_end_date ?? null;

/** A roster from which these are gone. */
async function leaversPlan(academy: Academy, ids: readonly number[]) {
  const rows = [...academy.world.people.values()]
    .filter(({ id, login_status }) => login_status !== "disabled" && !ids.includes(id))
    .map(({ email, first_name, last_name }) => `${email},${first_name},${last_name}`);
  const server = await academy.open();
  const csv = ["Email,First name,Last name", ...rows].join("\n");
  const reply = await server.call("plan_roster", { csv, max_leavers_percent: 100 });
  await server.close();
  return planIn(reply);
}

async function apply(academy: Academy, plan: string, between?: Between) {
  const server = await academy.open(between);
  const reply = await server.call("apply_plan", { plan });
  await server.close();
  return reply;
}

it("ends nobody's access in a leaver's stead, and says whom it was not done for", async () => {
  const academy = createAcademy();
  const plan = await leaversPlan(academy, [160, 161]);
  const login = academy.login(160);
  give(academy, 160, 170);

  const { text, structured } = await apply(academy, plan);

  expect(endOf(academy, 170)).toBeNull();
  expect(endOf(academy, 160)).toBeNull();
  expect(endOf(academy, 161)).not.toBeNull();
  expect(structured).toMatchObject({ done: 1, failed: 1, finished: true });
  expect(text).toMatch(new RegExp(`${login}[^\\n]*leave[^\\n]*failed`));
  expect(text).toMatch(notTheSame);
  expect(text).toMatch(/make a new plan/);
  expect(text).toContain(`Done for person 161 (${academy.login(161)}).`);
  expect(academy.asked[0]?.message).toContain(`” (${academy.login(161)})`);
  expect(academy.asked[0]?.message).not.toContain(academy.login(160));
});

it("sends nothing for a leaver who is gone meanwhile", async () => {
  const academy = createAcademy();
  const plan = await leaversPlan(academy, [160, 161]);
  const login = academy.login(160);
  academy.world.people.delete(160);

  const { text, structured } = await apply(academy, plan);

  expect(structured).toMatchObject({ done: 1, failed: 1, finished: true });
  expect(text).toMatch(new RegExp(`${login}[^\\n]*leave[^\\n]*failed[^\\n]*${notTheSame.source}`));
  expect(academy.writes().map(({ form }) => form.get("user_email"))).toEqual([academy.login(161)]);
});

it.each([1, 2, 3])("nor where the login moves after the question, at write %i", async (nth) => {
  const academy = createAcademy();
  const ids = [160, 161, 162];
  const plan = await leaversPlan(academy, ids);
  const moved = ids[nth - 1] ?? 0;
  let writes = 0;
  let over = false;
  const { structured, text } = await apply(academy, plan, async (_, { route }, pass) => {
    // Just before whoever it is for is read for the last time.
    if (academy.asked.length > 0 && route === "get_user" && writes === nth - 1 && !over) {
      over = true;
      give(academy, moved, 170);
    }
    const answer = await pass();
    if (route === "update_user") writes += 1;
    return answer;
  });

  expect(over).toBe(true);
  expect(endOf(academy, 170)).toBeNull();
  expect(endOf(academy, moved)).toBeNull();
  for (const id of ids) if (id !== moved) expect(endOf(academy, id)).not.toBeNull();
  expect(structured).toMatchObject({ done: 2, failed: 1 });
  expect(text).toMatch(notTheSame);
});

it.each([
  ["before it is applied", false],
  ["after the question", true],
])("enrolls nobody else where logins moved %s; those who are who they were are enrolled", async (_, late) => {
  const academy = createAcademy();
  const server = await academy.open(async (_call, { route }, pass) => {
    if (late && academy.asked.length > 0 && route === "get_users") move();
    return pass();
  });
  const ids = Array.from({ length: 30 }, (_each, n) => 150 + n);
  const plan = planIn(
    await server.call("plan_enrollment", { people: ids.map(String), courses: [String(quietCourse)] }),
  );
  const moved = [150, 163, 179];
  const given = moved.map(academy.login);
  let done = false;
  const move = () => {
    if (!done) for (const [n, id] of moved.entries()) give(academy, id, 200 + n);
    done = true;
  };
  if (!late) move();

  const { structured, text } = await server.call("apply_plan", { plan });

  expect(structured).toMatchObject({ done: 27, failed: 3, finished: true });
  for (const id of [...moved, 200, 201, 202]) expect(academy.has(id, quietCourse)).toBe(false);
  for (const id of ids) if (!moved.includes(id)) expect(academy.has(id, quietCourse)).toBe(true);
  for (const login of given) expect(text).toMatch(new RegExp(`${login}[^\\n]*failed`));
  expect(academy.asked).toHaveLength(1);
  expect(academy.asked[0]?.message).toMatch(/This is for “[^”]+” \(\S+\), .* and \d+ more\./);
  await server.close();
});

it("does what was planned for somebody whose name or spelling of the login changed only", async () => {
  const academy = createAcademy();
  const plan = await leaversPlan(academy, [160, 161]);
  const one = academy.world.people.get(160);
  if (one) Object.assign(one, { email: one.email.toUpperCase(), last_name: "Married" });

  const { structured } = await apply(academy, plan);

  expect(structured).toMatchObject({ done: 2, failed: 0 });
  expect(endOf(academy, 160)).not.toBeNull();
});

it("of what nobody knows, another's training shows nothing: it stays unknown, and is not sent again", async () => {
  const academy = createAcademy();
  const server = await academy.open(async (_, { route }, pass) => {
    if (route === "mass_enroll") throw new Error("the connection ended");
    return pass();
  });
  const plan = planIn(
    await server.call("plan_enrollment", { people: ["150"], courses: [String(quietCourse)] }),
  );
  await server.call("apply_plan", { plan });
  await server.close();
  give(academy, 150, 170);
  const other = await academy.open();
  await other.call("enroll_user_in_course", { user_id: 170, course_id: quietCourse });
  await other.close();
  expect(academy.has(170, quietCourse)).toBe(true);
  academy.pass(61_000);

  const { structured } = await apply(academy, plan);

  expect(structured).toMatchObject({ done: 0, unknown: 1 });
  expect(academy.has(150, quietCourse)).toBe(false);
});

it("whoever cannot be read again is not written to, and the plan goes on another time", async () => {
  const academy = createAcademy();
  const plan = await leaversPlan(academy, [160, 161]);
  let down = true;
  const { text } = await apply(academy, plan, async (_, { route }, pass) =>
    down && academy.asked.length > 0 && route === "get_user"
      ? { status: 500, contentType: "text/plain", body: new TextEncoder().encode("down") }
      : pass(),
  );
  down = false;
  const writes = academy.writes().length;
  const { structured } = await apply(academy, plan);

  expect(text).toMatch(/could not be (read again|looked up)/);
  expect(writes).toBe(0);
  expect(structured).toMatchObject({ done: 2, failed: 0 });
});

it.each([
  [30, "30"],
  [30, "29"],
])(
  "%i people of a plan, one course or many, are one call's people where %s may be reached",
  async (n, most) => {
    const academy = createAcademy();
    const server = await academy.open(undefined, { env: { SKYPREP_MAX_PEOPLE: most } });
    const ids = Array.from({ length: n }, (_, one) => 150 + one);
    for (const id of ids.slice(0, 9)) academy.world.groups.get(309)?.members.add(id);
    for (const id of ids.slice(9)) academy.world.groups.get(309)?.members.delete(id);
    // Those who lack different things go in steps of their own.
    const wanted = { people: ids.map(String), courses: [String(quietCourse)], groups: ["309"] };
    const plan = planIn(await server.call("plan_enrollment", wanted));

    const { structured, text } = await server.call("apply_plan", { plan });

    if (Number(most) === n) expect(structured).toMatchObject({ failed: 0, finished: true });
    else {
      expect(text).toMatch(/This reaches 30 people; one call may reach 29[\s\S]*SKYPREP_MAX_PEOPLE/);
      expect(academy.writes()).toEqual([]);
      expect(academy.asked).toEqual([]);
    }
    await server.close();
  },
);

it.each([
  [3, "3"],
  [3, "2"],
])("%i leavers of a roster are one call's people where %s may be reached", async (n, most) => {
  const academy = createAcademy();
  const plan = await leaversPlan(academy, [160, 161, 162]);
  const server = await academy.open(undefined, { env: { SKYPREP_MAX_PEOPLE: most } });

  const { structured, text } = await server.call("apply_plan", { plan });

  if (Number(most) === n) expect(structured).toMatchObject({ done: 3 });
  else {
    expect(text).toMatch(/This reaches 3 people; one call may reach 2/);
    expect(academy.writes()).toEqual([]);
  }
  await server.close();
});
