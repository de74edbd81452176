import { expect, it } from "vitest";
import { type Academy, createAcademy, planIn } from "../shared/plan-academy.ts";

const header = "Email,First name,Last name,Job title,Groups,Cost centre";
const env = { SKYPREP_CUSTOM_FIELDS: "ca_1=Cost centre" };
const active = (academy: Academy) =>
  [...academy.world.people.values()].filter(({ login_status }) => login_status !== "disabled");

/** The list as it would agree with SkyPrep; `but` changes rows, or leaves them out. */
const rosterOf = (
  academy: Academy,
  but: (id: number, cells: string[]) => string[] | undefined = (_, cells) => cells,
): string[][] =>
  active(academy).flatMap(({ id, email, first_name, last_name, profile }) => {
    const cells = but(id, [email, first_name, last_name, profile.title ?? "", "", profile.ca_1 ?? ""]);
    return cells ? [cells] : [];
  });
const csvOf = (rows: string[][], more = "") =>
  [`${header}${more}`, ...rows.map((row) => row.join(","))].join("\n");
const zoe = ["zoe.newhire@example.com", "Zoe", "Newhire", "Clerk", "Contractors; Finance", "4711"];

it("agrees with a list that agrees", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { env });

  const { text, structured } = await server.call("plan_roster", { csv: csvOf(rosterOf(academy)) });

  expect(text).toMatch(/Nothing to do: the list and SkyPrep agree/);
  // Nothing is said of nobody.
  expect(text).not.toMatch(/: \.|Said to be gone/);
  expect(structured).not.toHaveProperty("plan");
  await server.close();
});

it("creates joiners, changes what differs, adds to groups and ends the access of leavers, asked about once", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { env });
  const rows = rosterOf(academy, (id, cells) =>
    id === 160 ? undefined : id === 150 ? [...cells.slice(0, 3), "Chief", "Contractors", "9999"] : cells,
  );
  for (const id of [150]) academy.world.groups.get(309)?.members.delete(id);

  const planned = await server.call("plan_roster", { csv: csvOf([...rows, zoe]) });
  const before = academy.writes().length;
  const applied = await server.call("apply_plan", { plan: planIn(planned) });

  expect(before).toBe(0);
  expect(planned.structured).toMatchObject({ joiners: 1, changed: 1, leavers: 1, group_joins: 3 });
  expect(planned.text).toMatch(/150 [^\n]*: title “[^”]+” → “Chief”, Cost centre “[^”]*” → “9999”/);
  expect(applied.structured).toMatchObject({ finished: true, done: 6, failed: 0 });
  expect(academy.asked).toHaveLength(1);
  expect(academy.asked[0]?.message).toMatch(/Create “[^”]+” \([^)]+\), change “[^”]+” \([^)]+\)/);
  expect(academy.asked[0]?.message).toMatch(/end the access of “[^”]+” \([^)]+\) on 23 Nov 2026\?/);
  const made = [...academy.world.people.values()].find(({ email }) => email === zoe[0]);
  expect(made).toMatchObject({ first_name: "Zoe", role: "learner", profile: { title: "Clerk" } });
  for (const group of [309, 306])
    expect(academy.world.groups.get(group)?.members.has(made?.id ?? 0)).toBe(true);
  expect(academy.world.groups.get(309)?.members.has(150)).toBe(true);
  expect(academy.world.people.get(150)?.profile.title).toBe("Chief");
  expect(academy.world.people.get(160)?.access_end_date).not.toBeNull();
  expect([...new Set(academy.writes().map(({ route }) => route))]).toEqual([
    "create_user",
    "update_user",
    "mass_enroll",
  ]);
  await server.close();
});

it("stops by itself where more than 5% would lose access, unless told otherwise", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { env });
  const csv = csvOf(rosterOf(academy, (id, cells) => (id >= 200 && id < 220 ? undefined : cells)));

  const stopped = await server.call("plan_roster", { csv });
  const told = await server.call("plan_roster", { csv, max_leavers_percent: 10 });
  const ignored = await server.call("plan_roster", { csv, leavers: "ignore" });

  expect(stopped.isError).toBe(true);
  expect(stopped.text).toMatch(/\d+ of \d+ people \([67]\.\d%\) would lose access; the limit is 5%/);
  expect(stopped.structured).not.toHaveProperty("plan");
  expect(told.structured).toMatchObject({ plan: expect.any(String) });
  expect(ignored.text).toMatch(/Nothing to do/);
  await server.close();
});

it("asks once about all leavers, however many: neither reads nor grants of power stand in the way", async () => {
  const academy = createAcademy({ people: 1_000 });
  const server = await academy.open(undefined, { env });
  const rows = rosterOf(academy, (id, cells) => (id >= 200 && id < 240 ? undefined : cells));
  const plan = planIn(await server.call("plan_roster", { csv: csvOf(rows) }));

  const { structured } = await server.call("apply_plan", { plan });

  expect(structured).toMatchObject({ finished: true, failed: 0 });
  expect(Number(structured?.done)).toBeGreaterThan(30);
  expect(academy.asked).toHaveLength(1);
  await server.close();
});

it("ends nobody's access where nobody is there to say yes", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { env: { ...env, SKYPREP_CONFIRM: "unattended" } });
  const rows = rosterOf(academy, (id, cells) => (id === 160 ? undefined : cells));
  const plan = planIn(await server.call("plan_roster", { csv: csvOf(rows) }));

  const { isError, text } = await server.call("apply_plan", { plan });

  expect(isError).toBe(true);
  expect(text).toMatch(/needs a person's yes/);
  expect(academy.writes()).toEqual([]);
  await server.close();
});

it("never makes leavers of admins, nor of people who may be in the list under another login", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { env });
  const admin = active(academy).find(({ role }) => role === "admin");
  for (const [id, first_name] of [
    [170, "Uma"],
    [171, "Rae"],
    [172, "Ida"],
  ] as const)
    Object.assign(academy.world.people.get(id) ?? {}, { first_name, last_name: "Unique" });
  for (const id of [170, 171, 172]) {
    const person = academy.world.people.get(id);
    if (person) person.login_status = "active";
  }
  const rows = rosterOf(academy, (id, [login = "", ...cells]) => {
    if (id === admin?.id) return undefined;
    if (id === 172) return [login.slice(0, -4), "I.", ...cells.slice(1)];
    return [id === 170 ? "" : id === 171 ? "rae.new@example.com" : login, ...cells];
  });

  const { text } = await server.call("plan_roster", { csv: csvOf(rows) });

  expect(text).toMatch(/Nothing to do/);
  expect(text).toMatch(new RegExp(`Admins who are not in the list, left as they are \\(1\\): ${admin?.id} `));
  expect(text).toMatch(/row \d+ “Uma Unique”: it has no login/);
  expect(text).toMatch(/: its login may be cut: 172 Ida Unique/);
  expect(text).toMatch(/“rae.new@example.com”: perhaps person 171 with a new login/);
  await server.close();
});

it("says per row what it cannot use, and does the rest", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { env });
  const rows = rosterOf(academy);
  const bad = [
    rows[3] ?? [],
    ["new1@example.com", "", "", "Clerk", "", ""],
    ["new2@example.com", "Nell", "New", "Clerk", "No such group", "", "31/12/1990"],
    ["new3@example.com", "Ned", "New", "Clerk", "No such group", "", "1990-12-31", "123-45-6789", "admin"],
  ];
  const row = rows.length + 2;

  const planned = await server.call("plan_roster", {
    csv: csvOf([...rows, ...bad], ",Date of birth,SSN,Role"),
  });
  await server.call("apply_plan", { plan: planIn(planned) });

  const said = planned.text;
  expect(said).toMatch(new RegExp(`row ${row} “[^”]+”: the same login as row 5, which counts`));
  expect(said).toMatch(new RegExp(`row ${row + 1} “new1@.*”: a new person needs a first and a last name`));
  expect(said).toMatch(new RegExp(`row ${row + 2} “new2@.*”: SkyPrep would not take its date_of_birth`));
  expect(said).toMatch(new RegExp(`There is no group “No such group”. \\(row ${row + 3}\\)`));
  expect(said).toMatch(/Not used: SSN; Role\./);
  expect(said).not.toMatch(/123-45/);
  expect(academy.writes().map(({ form }) => [form.get("email"), form.get("role"), form.get("ssn")])).toEqual([
    ["new3@example.com", null, null],
  ]);
  await server.close();
});

it("does not add to a group whom SkyPrep would not create", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { env });
  const yan = ["yan.newhire@example.com", "Yan", "Newhire", "Clerk", "Contractors", ""];
  const plan = planIn(await server.call("plan_roster", { csv: csvOf([...rosterOf(academy), zoe, yan]) }));
  // Somebody else takes the login meanwhile.
  await server.call("create_user", { email: zoe[0], first_name: "Somebody", last_name: "Else" });

  const { structured } = await server.call("apply_plan", { plan });

  expect(structured).toMatchObject({ finished: true, done: 2, failed: 3 });
  expect(JSON.stringify(structured)).toMatch(/was not created/);
  const members = [...(academy.world.groups.get(309)?.members ?? [])].map(academy.login);
  expect(members).toContain(yan[0]);
  expect(members).not.toContain(zoe[0]);
  await server.close();
});

it("takes one of two who have the same login by the number or the name beside it", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { env });
  const [one, other] = [academy.world.people.get(170), academy.world.people.get(171)];
  if (!one || !other) throw new Error("they are not there");
  Object.assign(one, { email: other.email, first_name: "Uma", login_status: "active" });
  Object.assign(other, { first_name: "Rae", login_status: "active" });
  const csv = ["Email,First name,Last name,Job title", `${other.email},Rae,${other.last_name},Chief`].join(
    "\n",
  );

  const { text } = await server.call("plan_roster", { csv, leavers: "ignore" });
  await server.close();

  expect(text).toMatch(/171 Rae [^\n]*title [^\n]* → “Chief”/);
});

it("makes no plan where SkyPrep's list of people is not whole, or no column says who is meant", async () => {
  const academy = createAcademy();
  let firstPage: unknown[] | undefined;
  const csv = csvOf(rosterOf(academy));
  const server = await academy.open(async (_, { route }, pass) => {
    const answer = await pass();
    if (route !== "get_users") return answer;
    // The first hundred, whatever page is asked for.
    const all: unknown[] = JSON.parse(new TextDecoder().decode(answer.body as Uint8Array));
    firstPage ??= all.slice(0, 100);
    return { ...answer, body: new TextEncoder().encode(JSON.stringify(firstPage)) };
  });

  const cut = await server.call("plan_roster", { csv });
  const headless = await server.call("plan_roster", { csv: "Shoe,Hat\n9,red" });

  expect(cut.text).toMatch(/list of people is not whole; person \d+ is there/);
  expect(headless.text).toMatch(/No column says who is meant[\s\S]*Understood are/);
  expect(academy.writes()).toEqual([]);
  await server.close();
});

it.each([
  [25, 0],
  [26, 1],
])("%i changes of people are %i questions", async (n, questions) => {
  const academy = createAcademy({ people: 60 });
  const server = await academy.open(undefined, { env });
  const ids = active(academy)
    .slice(0, n)
    .map(({ id }) => id);
  const rows = rosterOf(academy, (id, cells) => (ids.includes(id) ? cells.with(3, "Chief") : cells));

  const applied = await server.call("apply_plan", {
    plan: planIn(await server.call("plan_roster", { csv: csvOf(rows) })),
  });
  await server.close();

  expect(applied.structured).toMatchObject({ finished: true, done: n, failed: 0 });
  expect(academy.asked).toHaveLength(questions);
});

it("gives with everybody's outcome what a read showed of a change that SkyPrep only called a success", async () => {
  const academy = createAcademy();
  const rows = rosterOf(academy, (id, cells) =>
    id === 150 || id === 151 ? [...cells.slice(0, 3), "Chief", ...cells.slice(4)] : cells,
  );
  const server = await academy.open(
    async (_, { route, body }, pass) => {
      if (route !== "update_user") return pass();
      const lost = new URLSearchParams(body).get("user_email") === academy.login(151);
      if (!lost) await pass();
      return {
        status: 200,
        contentType: "application/json",
        body: new TextEncoder().encode('{"message":"success"}'),
      };
    },
    { env },
  );

  const planned = await server.call("plan_roster", { csv: csvOf(rows) });
  const { structured } = await server.call("apply_plan", { plan: planIn(planned) });
  const { id } = (structured?.export ?? {}) as { id?: string };
  const { contents } = await server.client.readResource({ uri: `skyprep://exports/${id}` });
  await server.close();

  const { text } = contents[0] as { text: string };
  expect(text).toMatch(new RegExp(`${academy.login(150)},[^\\n]*,change,changed,yes,`));
  expect(text).toMatch(new RegExp(`${academy.login(151)},[^\\n]*,change,unknown,no,`));
});

it.each([
  [40, /left so \(40\): [^\n]*\d+ \S+ \S+$/m],
  [41, /left so \(41\): [^\n]* and 1 more$/m],
])("of %i people on one line it names forty, and counts only who is left over", async (n, line) => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { env });
  const rows = rosterOf(academy);
  for (const { id } of active(academy).slice(10, 10 + n))
    Object.assign(academy.world.people.get(id) ?? {}, { login_status: "disabled" });

  const { text } = await server.call("plan_roster", { csv: csvOf(rows) });
  await server.close();

  expect(text).toMatch(line);
  expect(text).not.toMatch(/and 0 more/);
});

it("shows twenty kinds of damaged cells, and counts the others", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { env });
  const rows = rosterOf(academy).map((cells, n) => (n >= 10 && n < 31 ? cells.with(3, `=A${n}&B1`) : cells));

  const { text } = await server.call("plan_roster", { csv: csvOf(rows) });
  await server.close();

  expect(text).toMatch(/Damaged, so left as SkyPrep has it \(21\):\n(row [^\n]*\n){20}And 1 more kind\.$/m);
});

it("says of whoever is new with a last day ahead that it is not set, and of nobody else", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { env });
  const leaving = rosterOf(academy).map((row) => [...row, ""]);

  const [withDay, without] = [
    await server.call("plan_roster", { csv: csvOf([...leaving, [...zoe, "2027-03-31"]], ",Last day") }),
    await server.call("plan_roster", { csv: csvOf([...leaving, [...zoe, ""]], ",Last day") }),
  ];

  expect(withDay.text).toContain(`New with a last day, which is not set: row ${leaving.length + 2}`);
  expect(without.text).not.toContain("which is not set");
  await server.close();
});
