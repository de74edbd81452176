import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { tell } from "../../../src/jobs/steps/outcome-text.ts";
import { connect, liveAccount, noon, openAcademy } from "../../support/academy.ts";
import { agreeing } from "../../support/person.ts";
import { temporaryFolder } from "../../support/temporary.ts";

interface Left {
  readonly row?: number;
  readonly who: string;
  readonly why: string;
}
let academy: Awaited<ReturnType<typeof openAcademy>>;
let state: string;
let routes: string[];
const open = (env: Record<string, string> = { SKYPREP_SANDBOX: "true" }) =>
  connect(
    (request, signal) => {
      routes.push(request.route);
      return academy.sandbox.send(request, signal);
    },
    { SKYPREP_STATE_DIR: state, ...env },
    { person: agreeing, clock: { now: () => noon, after: () => () => {} } },
  );
beforeEach(async () => {
  academy = await openAcademy();
  state = temporaryFolder("left");
  routes = [];
});
afterEach(() => academy.close());

const strangers = (n: number) => Array.from({ length: n }, (_, at) => `nobody${at}@nowhere.example`);
const csv = (people: readonly string[]) => ["Email", ...people].join("\n");
const logins = () => [...academy.sandbox.world.people.values()].map(({ email }) => email);

const lists: readonly (readonly [string, string, () => Record<string, unknown>, boolean])[] = [
  [
    "of a plan",
    "plan_enrollment",
    () => ({ csv: csv(["avery@example.com", ...strangers(500)]), courses: ["240"] }),
    true,
  ],
  [
    "of a pasted list of which nobody was found",
    "plan_enrollment",
    () => ({ people: strangers(500), courses: ["240"] }),
    false,
  ],
  [
    "of a plan that was not made for another reason",
    "plan_enrollment",
    () => ({ csv: csv(["avery@example.com", ...strangers(500)]), courses: ["No Such Course"] }),
    false,
  ],
  [
    "where there is nothing to do",
    "plan_enrollment",
    () => ({ csv: csv(["avery@example.com", ...strangers(500)]), groups: ["301"] }),
    true,
  ],
  [
    "of a roster",
    "plan_roster",
    () => ({
      csv: [
        "Email,First Name,Last Name",
        ...logins().map((one) => `${one},,`),
        ...strangers(500).map((one) => `${one},,`),
      ].join("\n"),
      leavers: "ignore",
    }),
    true,
  ],
  ["of a session's roster", "session_roster", () => ({ session: "512", register: strangers(500) }), false],
];

it.each(lists)(
  "all 500 who are left out %s are read by a cursor, each once",
  async (_, name, asked, isDone) => {
    const server = await open();
    const args = asked();
    const first = await server.call(name, args);
    const told = /More follow: call again with cursor (\S+)/;
    let cursor = told.exec(first.text)?.[1];
    const seen = ((first.structured?.left_out ?? []) as Left[]).map(({ who }) => who);
    const before = routes.length;
    let pages = 0;
    // By the same call with its cursor, as all lists; in another process; and while people come.
    const other = await open();
    while (cursor !== undefined) {
      academy.sandbox.world.people.delete(300 - pages);
      const { call } = pages % 2 === 0 ? server : other;
      const alone = name !== "session_roster" && pages % 3 === 0;
      const page = await call(name, alone ? { cursor } : { ...args, cursor });
      expect(page.isError, page.text).toBe(false);
      expect(page.structured).toMatchObject({ left_out_total: 500 });
      const items = page.structured?.left_out as Left[];
      for (const { who, why } of items) expect(page.text).toContain(`“${who}”: ${why}`);
      seen.push(...items.map(({ who }) => who));
      cursor = told.exec(page.text)?.[1];
      expect(page.structured?.next_cursor).toBe(cursor);
      pages += 1;
    }
    await server.close();
    await other.close();

    expect(first.isError).toBe(!isDone);
    // A refusal of a session's roster names them in its text only.
    expect(seen).toEqual(strangers(500).slice(name === "session_roster" ? 40 : 0));
    expect(pages).toBeLessThanOrEqual(6);
    // Nobody is looked up and nothing planned again for it.
    expect(routes.length).toBe(before);
  },
);

it("a cursor that was not given, or is another account's, is refused; and no plan is made of who was left out", async () => {
  const server = await open();
  const first = await server.call("plan_enrollment", { people: strangers(50), courses: ["240"] });
  const cursor = String(first.structured?.next_cursor);
  const elsewhere = await open({
    ...liveAccount,
    SKYPREP_API_KEY: "sandbox-key",
    SKYPREP_ACCT_KEY: "example.skyprepapp.com",
  });

  for (const [call, one] of [
    [server.call, "oak-17"],
    [server.call, "oak-17.40"],
    [server.call, "../x.40"],
    [elsewhere.call, cursor],
  ] as const) {
    const { text, isError } = await call("plan_roster", { cursor: one });
    expect(isError, one).toBe(true);
    expect(text).toMatch(/Nothing was listed\./);
  }
  const over = await server.call("plan_enrollment", { cursor: cursor.replace(/\d+$/, "999") });
  const applied = await server.call("apply_plan", { plan: cursor.replace(/\.\d+$/, "") });
  const few = await server.call("plan_enrollment", { people: strangers(40), courses: ["240"] });
  await server.close();
  await elsewhere.close();

  expect(over.text).toMatch(/Left out: 50, none here\./);
  expect(applied.text).toMatch(/has nothing to be done/);
  expect(few.text).not.toMatch(/More follow/);
});

it("whom a big plan enrolls is all in a file that the reply names, as the resource it is, too", async () => {
  const server = await open();
  const reply = await server.call("plan_enrollment", { csv: csv(logins()), courses: ["240"] });
  const { id, file } = (reply.structured?.export ?? {}) as { id: string; file: string };
  const { contents } = await server.client.readResource({ uri: `skyprep://exports/${id}` });
  const few = await server.call("plan_enrollment", { people: ["101"], courses: ["240"] });
  await server.close();

  const rows = readFileSync(file, "utf8").trim().split("\n").slice(1);
  expect(rows.length).toBe(Number(reply.structured?.to_enroll) + Number(reply.structured?.already));
  for (const login of logins())
    expect(
      rows.filter((row) => row.split(",").includes(login)),
      login,
    ).toHaveLength(1);
  expect(reply.text).toContain(file);
  expect(JSON.stringify(contents)).toContain("so_far");
  expect(few.structured).not.toHaveProperty("export");
});

it("of more outcomes than a reply holds, those that somebody has to look after are shown, and the rest is said to be done", () => {
  const outcomes = Array.from({ length: 3_000 }, (_, n) => ({
    what: `register person ${n}`,
    outcome: n > 2_990 ? "failed" : "registered",
    is: n > 2_990 ? ("failed" as const) : ("done" as const),
  }));

  const { text, structured } = tell({ first: "Of session 512.", outcomes });
  const items = structured?.items as { outcome: string }[];

  expect(items.filter(({ outcome }) => outcome === "failed")).toHaveLength(9);
  expect(text).toContain(`And ${3_000 - items.length} more, all of them done or so already.`);
  expect(structured).toMatchObject({ total: 3_000 });
});

it("whoever would lose access by a roster that is refused is in a file, where they are too many to name", async () => {
  const server = await open();
  const { text, isError } = await server.call("plan_roster", { csv: "Email\navery@example.com" });
  await server.close();

  const [, count = ""] = /(\d+) of \d+ people/.exec(text) ?? [];
  const [, file = ""] = /All of them on this computer: (\S+\.csv);/.exec(text) ?? [];
  expect(isError).toBe(true);
  expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(Number(count) + 1);
});

it("a refusal names who was not found for programs as well, however few they are", async () => {
  const server = await open();

  const refused = await server.call("plan_enrollment", { people: strangers(2), courses: ["240"] });
  await server.close();

  expect(refused.structured).toMatchObject({
    status: "refused",
    left_out: strangers(2).map((who) => ({ who, why: "not found" })),
    left_out_total: 2,
  });
});
