import { expect, it } from "vitest";
import { asPrincipal } from "../../../src/access/principal.ts";
import { type Academy, type Between, createAcademy, planIn } from "../shared/plan-academy.ts";

/** Learners who can sign in. */
const leaversOf = (academy: Academy) =>
  [...academy.world.people.values()]
    .filter(({ id, role, login_status }) => id >= 150 && role === "learner" && login_status !== "disabled")
    .slice(0, 30)
    .map(({ id }) => id);

async function leaversPlan(academy: Academy) {
  const leavers = leaversOf(academy);
  const rows = [...academy.world.people.values()]
    .filter(({ id, login_status }) => login_status !== "disabled" && !leavers.includes(id))
    .map(({ email, first_name, last_name }) => `${email},${first_name},${last_name}`);
  const server = await academy.open();
  const csv = ["Email,First name,Last name", ...rows].join("\n");
  const reply = await server.call("plan_roster", { csv, max_leavers_percent: 100 });
  await server.close();
  return planIn(reply);
}

/** Each call to SkyPrep takes a second. */
const slow =
  (academy: Academy): Between =>
  async (_, __, pass) => {
    academy.pass(1_000);
    return pass();
  };

it.each(["a form", "a code"])(
  "a plan is applied within the call's own time, and the same call goes on under the same yes, of %s",
  async (how) => {
    const academy = createAcademy();
    const plan = await leaversPlan(academy);
    const server = await academy.open(slow(academy), { formless: how === "a code" });
    const args: Record<string, string> = { plan };
    if (how === "a code") {
      const { text } = await server.call("apply_plan", args);
      args.confirm = /confirm: "([^"]+)"/.exec(text)?.[1] ?? "";
    }

    const took: number[] = [];
    let reply: Awaited<ReturnType<typeof server.call>>;
    const texts: string[] = [];
    do {
      const before = academy.now();
      reply = await server.call("apply_plan", args);
      took.push(academy.now() - before);
      texts.push(reply.text);
    } while (!reply.structured?.finished && took.length < 10);
    await server.close();

    expect(texts[0]).toMatch(/not finished: \d+ done, .*\d+ not tried/);
    expect(texts[0]).toMatch(/This call's own time is over \(50 s, SKYPREP_TIMEOUT\)/);
    expect(texts[0]).toMatch(new RegExp(`apply_plan with ${plan} goes on from here`));
    expect(took.length).toBeGreaterThan(1);
    expect(Math.max(...took)).toBeLessThanOrEqual(50_000);
    expect(reply.structured).toMatchObject({ finished: true, done: 30, failed: 0, unknown: 0 });
    expect(academy.asked).toHaveLength(how === "a form" ? 1 : 0);
    expect(academy.writes().filter(({ route }) => route === "update_user")).toHaveLength(30);
  },
);

it("a person's time is not the call's, and a yes that was not used for ten minutes is asked for again", async () => {
  const academy = createAcademy();
  const plan = await leaversPlan(academy);
  const asked: string[] = [];
  const server = await academy.open(slow(academy), {
    person: ({ message }) => {
      academy.pass(120_000);
      asked.push(message);
      return { action: "accept", content: { answer: "yes" } };
    },
  });

  const first = await server.call("apply_plan", { plan });
  academy.pass(601_000);
  const second = await server.call("apply_plan", { plan });
  await server.close();

  expect(Number(first.structured?.done)).toBeGreaterThan(3);
  expect(Number(second.structured?.done)).toBeGreaterThan(Number(first.structured?.done));
  expect(asked).toHaveLength(2);
  expect(asked[1]).toMatch(/It goes on where it was/);
});

it.each([
  [599_999, 1],
  [600_000, 2],
])(
  "a yes lasts for ten minutes and not a moment longer: after %i ms a person was asked %i times",
  async (ms, times) => {
    const academy = createAcademy();
    const plan = await leaversPlan(academy);
    let each = 1_000;
    const server = await academy.open(async (_, __, pass) => {
      academy.pass(each);
      return pass();
    });
    await server.call("apply_plan", { plan });
    each = 0;

    academy.pass(ms);
    await server.call("apply_plan", { plan });
    await server.close();

    expect(academy.asked).toHaveLength(times);
  },
);

it("a call that was ended by its client is asked about anew", async () => {
  const academy = createAcademy();
  const plan = await leaversPlan(academy);
  const stop = new AbortController();
  let writes = 0;
  const server = await academy.open(async (_, { route }, pass) => {
    if (route === "update_user" && ++writes === 3) stop.abort();
    return pass();
  });

  await server.client
    .callTool({ name: "apply_plan", arguments: { plan } }, { signal: stop.signal })
    .catch(() => {});
  const { structured } = await server.call("apply_plan", { plan });
  await server.close();

  expect(structured).toMatchObject({ finished: true });
  expect(academy.asked).toHaveLength(2);
});

it.each([1, 3])("something is done in each call, in however little time: %i s", async (seconds) => {
  const academy = createAcademy();
  const plan = await leaversPlan(academy);
  const server = await academy.open(slow(academy), { env: { SKYPREP_TIMEOUT: String(seconds) } });

  const done: number[] = [];
  for (let n = 0; n < 3; n++) done.push(Number((await server.call("apply_plan", { plan })).structured?.done));
  await server.close();

  expect(done).toEqual([...new Set(done)]);
  expect(done[0]).toBeGreaterThan(0);
});

it("other jobs end in their own time, too, and go on when called again, asked once", async () => {
  const academy = createAcademy();
  const [leaver = 0] = leaversOf(academy);
  for (const group of academy.world.groups.values()) group.members.add(leaver);
  const server = await academy.open(async (_, { route }, pass) => {
    academy.pass(/^(get_|test_)/.test(route) ? 500 : 18_000);
    return pass();
  });

  const first = await server.call("offboard_person", { person: String(leaver) });
  let last = first;
  let calls = 1;
  while (last.structured?.finished !== true && calls++ < 6)
    last = await server.call("offboard_person", { person: String(leaver) });
  await server.close();

  expect(first.text).toMatch(/own time is over[\s\S]*Call again to go on/);
  expect(last.structured).toMatchObject({ finished: true });
  expect(academy.asked).toHaveLength(1);
});

it("where one server serves several, what one person agreed to is no yes of another who makes the same call", async () => {
  const academy = createAcademy();
  const plan = await leaversPlan(academy);
  const server = await academy.open(slow(academy));
  const callAs = (person: string) =>
    asPrincipal({ person, scopes: ["write"], replica: "r1" }, () => server.call("apply_plan", { plan }));

  const first = await callAs("ana");
  await callAs("ben");
  const askedFor = academy.asked.length;
  await callAs("ben");
  await server.close();

  expect(first.text).toMatch(/not finished/);
  expect(askedFor).toBe(2);
  expect(academy.asked).toHaveLength(2);
});
