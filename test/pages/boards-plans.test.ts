import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readCsv } from "../../src/tables/csv.ts";
import { callIn, type Job } from "../jobs/shared/people-desk.ts";
import { type Academy, createAcademy, planIn } from "../jobs/shared/plan-academy.ts";
import {
  boardOf,
  hostile,
  hostileAndTame,
  isPlain,
  pageOf,
  rename,
  type SavedPage,
  saysNoYes,
  withPage,
} from "./saved-page.ts";

const make = () => createAcademy({ people: 100 });
const whom = Array.from({ length: 30 }, (_, n) => String(120 + n));
const reveal = { env: { SKYPREP_REVEAL: "personal" } };
const roster = (academy: Academy) => {
  const rows = [...academy.world.people.values()]
    .filter(({ login_status, id }) => login_status !== "disabled" && id !== 160)
    .map(({ id, email, first_name, last_name }) =>
      [
        email,
        first_name,
        last_name,
        id === 150 ? "Chief" : "",
        id === 150 ? "Finance" : "",
        id === 151 ? "+1 555 0199" : "",
      ].join(","),
    );
  const csv = [
    "Email,First name,Last name,Title,Groups,Cell",
    ...rows,
    "zoe.newhire@example.com,Zoe,Newhire,Clerk,Finance,",
  ];
  return ["plan_roster", { csv: csv.join("\n") }] as const;
};

/** Each plan, and which of its reply's numbers the page shows under which words. */
const plans: readonly (readonly [string, Job, Record<string, string>])[] = [
  [
    "plan_enrollment",
    ["plan_enrollment", { people: [...whom, "nobody.at.all"], courses: ["240"], groups: ["301"] }],
    { People: "people", Enrollments: "to_enroll", "So already": "already" },
  ],
  [
    "moving",
    ["plan_enrollment", { group: "301", groups: ["302"], leave_groups: ["301"] }],
    { People: "people" },
  ],
  [
    "plan_roster",
    roster(make()),
    {
      "New people": "joiners",
      "People changed": "changed",
      Enrollments: "group_joins",
      "People who lose access": "leavers",
    },
  ],
  [
    "plan_course_changes",
    ["plan_course_changes", { csv: "Course,New name,Active\n201,Welcome,\n202,,no\nNo such,X," }],
    { "Courses changed": "courses" },
  ],
  [
    "recertify",
    ["recertify", { by: "2027-01-22", reset: true }],
    { Enrollments: "to_enroll", "Records reset": "to_reset" },
  ],
  [
    "offboard_people",
    ["offboard_people", { people: ["130", "131", "132", "nobody.at.all"] }],
    { People: "people" },
  ],
];

const isDone =
  /(?<!Nothing of this has been )\bdone yet\b|\bgo ahead\b|\bapprove|\bagree\b|\bconfirm\b|\bapply\b/i;

it.each(plans)(
  "%s: the page says what it would do, to whom, and that nothing was done",
  async (_, job, shown) => {
    const { academy, plain, saved, page } = await withPage(make, job);

    const told = plain.structured as Record<string, number>;
    const name = planIn(saved);
    expect(page.title).toBe(`Plan ${name}`);
    expect(page.notDone).toBe("Nothing of this has been done yet.");
    expect(page.numbers).toEqual({
      ...Object.fromEntries(
        Object.entries(shown).flatMap(([label, key]) => (told[key] ? [[label, String(told[key])]] : [])),
      ),
      "Requests to SkyPrep": String(told.calls),
      "People who may be mailed": String(told.mailed),
    });
    const [first = ""] = saved.text.split("\n").filter((line) => line.includes(`Plan ${name}:`));
    expect(first.toLowerCase()).toContain(page.about.split(" · ")[0]?.replace(/\.$/, "").toLowerCase());
    // Everybody and everything that the plan's file has, in its order.
    const file = (saved.structured?.export as { file?: string } | undefined)?.file;
    const csv = readCsv(readFileSync(String(file), "utf8"));
    const inPlan = csv.rows.filter((row) => !/not in the plan|left out|under way/.test(row.at(-1) ?? ""));
    // Numbers of people, courses and records are for programs.
    const numbersOnly = job[0] === "recertify" ? 3 : 0;
    expect(page.tables[0]?.rows).toHaveLength(inPlan.length);
    expect(page.tables[0]?.rows.length).toBeGreaterThan(0);
    for (const [at, row] of page.tables[0]?.rows.entries() ?? []) {
      const cells = Object.values(row).filter((cell) => cell !== "");
      expect(cells.length).toBe(Number(inPlan[at]?.filter((cell) => cell !== "").length) - numbersOnly);
      expect(inPlan[at]).toEqual(expect.arrayContaining([cells[0], cells[1]]));
    }
    const left = page.tables.find(({ title }) => title === "Not in the plan");
    const leftOut = (told.left_out ?? []) as unknown as { who: string; why: string }[];
    for (const { who, why } of leftOut)
      expect(left?.rows).toContainEqual(expect.objectContaining({ "Who or what": who, "Why not": why }));
    expect(page.notes.join("\n")).toContain(`About ${told.calls} request`);
    saysNoYes(page);
    expect(
      [page.title, page.about, page.notDone, ...page.notes, ...Object.keys(page.numbers)].join("\n"),
    ).not.toMatch(isDone);
    expect(academy.writes()).toEqual([]);
  },
);

it("a roster's page names each group that somebody joins, and so does its file", async () => {
  const saved = await callIn(make(), ["plan_roster", { ...roster(make())[1], save: "page" }]);

  const joins = pageOf(saved).tables[0]?.rows.filter(({ What }) => What === "join") ?? [];
  expect(joins).toHaveLength(Number(saved.structured?.group_joins));
  expect(joins.length).toBeGreaterThan(0);
  for (const row of joins) expect(row.After).toBe("306 Finance");
});

it("a name that goes on for pages is cut, and an old one and a new one stay beside each other", async () => {
  const academy = make();
  Object.assign(academy.world.courses.get(201) ?? {}, { name: `${hostile[3]} ${"x".repeat(10_000)}` });

  const page = pageOf(
    await callIn(academy, ["plan_course_changes", { csv: "Course,New name\n201,Welcome", save: "page" }]),
  );

  expect(page.tables[0]?.rows).toMatchObject([{ Course: "201", "New name": "Welcome" }]);
  expect(page.html).toMatch(/safe gpj\.exe x{200,290}…/);
  isPlain(page);
});

it("in a chat shows the first rows, and the address of the plan's file", async () => {
  const job = [
    "plan_enrollment",
    { people: Array.from({ length: 60 }, (_, n) => String(120 + n)), courses: ["240", "239"] },
  ] as const;
  const academy = createAcademy({ people: 200 });
  const board = await boardOf(academy, job);

  const [table] = board.tables;
  expect(board.kind).toBe("plan");
  expect(table?.total).toBe(120);
  expect(table?.rows).toHaveLength(100);
  const server = await academy.open();
  const { contents } = await server.client.readResource({ uri: String(table?.resource) });
  await server.close();
  expect(readCsv((contents[0] as { text: string }).text).rows).toHaveLength(120);
});

it("what was applied shows what became of everybody, first of whom it did not work for; the same again, later", async () => {
  const academy = make();
  academy.refuse(125);
  const plan = planIn(
    await callIn(academy, ["plan_enrollment", { people: [...whom, "nobody.at.all"], courses: ["240"] }]),
  );

  const done = await callIn(academy, ["apply_plan", { plan, save: "page" }]);
  const writes = academy.writes().length;
  const again = await callIn(academy, ["apply_plan", { plan, save: "page" }]);

  const { done: made, failed } = done.structured as Record<string, number>;
  expect([made, failed]).toEqual([29, 1]);
  for (const page of [pageOf(done), pageOf(again)]) {
    expect(page.title).toBe(`Plan ${plan}`);
    expect(page.notDone).toBeUndefined();
    expect(page.numbers).toEqual({
      done: "29",
      "so already": "0",
      failed: "1",
      unknown: "0",
      "not tried": "0",
    });
    expect(page.tables[0]?.rows).toHaveLength(30);
    expect(page.tables[0]?.rows[0]).toMatchObject({ Login: academy.login(125), Outcome: "failed" });
    expect(page.tables[0]?.rows[1]).toMatchObject({ Outcome: "enrolled" });
    expect(page.tables[1]?.rows[0]).toMatchObject({ "Who or what": "nobody.at.all" });
    saysNoYes(page);
  }
  expect(again.text).toContain("was applied already");
  expect(academy.writes()).toHaveLength(writes);
});

it("a question that waits stands by itself, and no page says that anything was done", async () => {
  const academy = make();
  const plan = planIn(await callIn(academy, ["offboard_people", { people: ["130", "131"] }]));

  const plain = await callIn(academy, ["apply_plan", { plan }], { formless: true });
  const saved = await callIn(academy, ["apply_plan", { plan, save: "page" }], { formless: true });

  expect(saved.structured).toMatchObject({ status: "needs_approval", sent: false });
  expect(saved.text).not.toMatch(/page of|page to look at/);
  expect(saved.text.split("\n").length).toBe(plain.text.split("\n").length);
});

it("what SKYPREP_REVEAL hides is on no page, and on it where it is shown", async () => {
  const cells = ({ tables }: SavedPage) => tables[0]?.rows.filter(({ Field }) => Field === "cell") ?? [];

  const hidden = pageOf(await callIn(make(), ["plan_roster", { ...roster(make())[1], save: "page" }]));
  const shown = pageOf(await callIn(make(), ["plan_roster", { ...roster(make())[1], save: "page" }], reveal));

  expect(cells(hidden)).toMatchObject([{ After: "(personal)" }]);
  expect(hidden.html).not.toContain("555 0199");
  expect(cells(shown)).toMatchObject([{ After: "+1 555 0199" }]);
});

it("is the same page whatever people and courses are called", async () => {
  const called = (nameOf: (n: number) => string) => {
    const academy = make();
    for (const [n, id] of whom.entries()) rename(academy.world.people.get(Number(id)), nameOf(n));
    Object.assign(academy.world.courses.get(240) ?? {}, { name: nameOf(0) });
    return academy;
  };

  const { page, tame } = await hostileAndTame(called, [
    "plan_enrollment",
    { people: whom, courses: ["240"] },
  ]);

  expect(page.tags).toEqual(tame.tags);
  isPlain(page);
});
