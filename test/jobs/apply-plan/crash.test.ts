import { expect, it } from "vitest";
import { itAtEveryCall, turnsOf } from "../../support/at-every-call.ts";
import { quiet } from "../../support/clock.ts";
import { often, patience } from "../../support/long.ts";
import { type Academy, type Between, copyOf, createAcademy, never, planIn } from "../shared/plan-academy.ts";

/** In the short form fewer batches, of the same kinds. */
const people = Array.from({ length: often({ long: 12, short: 7 }) }, (_, n) => 150 + n);
/** Two courses for all but one, and a group for those of them who are not in it. */
const pairs = 3 * (people.length - 1) - 4;
const courses = [240, 239];
const groups = [309];

/** Small batches come of people who lack different things. */
async function planned(academy: Academy): Promise<string> {
  const { world } = academy;
  for (const row of [...world.progress.values()])
    if (courses.includes(row.course_id)) world.progress.delete(row.id);
  for (const own of world.enrollments.values()) for (const id of courses) own.delete(id);
  for (const id of people) world.groups.get(309)?.members.delete(id);
  for (const id of people.slice(0, 4)) world.groups.get(309)?.members.add(id);
  const server = await academy.open();
  const reply = await server.call("plan_enrollment", {
    people: people.map(String),
    courses: courses.map(String),
    groups: groups.map(String),
  });
  // One who is refused, so that halves are among the steps, too.
  academy.refuse(155);
  await server.close();
  return planIn(reply);
}

const left = people.filter((id) => id !== 155);
const endOf = (academy: Academy) =>
  left.map((id) => [
    id,
    ...courses.filter((course) => academy.has(id, course)),
    academy.world.groups.get(309)?.members.has(id),
  ]);

/** Applied again and again, by a new server each time, until it is finished. */
async function finish(academy: Academy, plan: string) {
  for (let tries = 0; tries < 10; tries++) {
    academy.pass(61_000);
    const server = await academy.open();
    const { structured } = await server.call("apply_plan", { plan });
    await server.close();
    if (structured?.finished) return structured;
  }
  throw new Error("never finished");
}

/** An academy with a plan, as often as it is wanted: the plan is made once. */
async function prepared(make = planned) {
  const academy = createAcademy({ people: 100 });
  const plan = await make(academy);
  return () => ({ academy: copyOf(academy), plan });
}
type Prepared = Awaited<ReturnType<typeof prepared>>;

async function whole(begin: Prepared) {
  const { academy, plan } = begin();
  const from = academy.sent.length;
  const result = await finish(academy, plan);
  return { academy, end: endOf(academy), sent: academy.sent.slice(from), result };
}

/** Killed at call `n`: nothing of that server runs any more. */
async function killedAt(n: number, how: "before" | "after", begin: Prepared) {
  const { academy, plan } = begin();
  let reached = () => {};
  const dead = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const between: Between = async (call, _, pass) => {
    if (call < n) return pass();
    if (call === n && how === "after") await pass();
    reached();
    return never();
  };
  const server = await academy.open(between);
  server.call("apply_plan", { plan }).catch(() => {});
  await dead;
  return { academy, result: await finish(academy, plan) };
}

itAtEveryCall(
  "killed at any call, before SkyPrep got it or after it was done, it ends as without, and enrolls each once",
  async () => {
    const begin = await prepared();
    const { end, sent, result } = await whole(begin);
    expect(sent.length).toBeGreaterThan(6);
    expect(result).toMatchObject({ failed: 3, unknown: 0, not_tried: 0 });

    for (const { n, way: how } of turnsOf(sent, ["before", "after"] as const)) {
      const { academy, result: resumed } = await killedAt(n, how, begin);

      expect(endOf(academy), `${how} ${n}`).toEqual(end);
      expect(resumed, `${how} ${n}`).toMatchObject({ failed: 3, unknown: 0, not_tried: 0 });
      expect(
        [...academy.pairs()].filter(([, times]) => times > 1),
        `${how} ${n}`,
      ).toEqual([]);
      expect(academy.pairs().size, `${how} ${n}`).toBe(pairs);
    }
  },
  patience,
);

itAtEveryCall(
  "an error at any call is no end either",
  async () => {
    const begin = await prepared();
    const { end, sent } = await whole(begin);

    for (const { n } of turnsOf(sent, ["broken"])) {
      const { academy, plan } = begin();
      const server = await academy.open(async (call, _, pass) => {
        const answer = await pass();
        if (call === n) throw new Error("the line broke");
        return answer;
      });
      await server.call("apply_plan", { plan }).catch(() => {});
      await server.close();

      await finish(academy, plan);

      expect(endOf(academy), `${n}`).toEqual(end);
      expect(
        [...academy.pairs()].filter(([, times]) => times > 1),
        `${n}`,
      ).toEqual([]);
    }
  },
  patience,
);

it("turned away by the limit half-way, it stops, says so, and goes on with what is left", async () => {
  const academy = createAcademy();
  const plan = await planned(academy);
  let writes = 0;
  const server = await academy.open(async (_, { route }, pass) => {
    if (route === "mass_enroll" && ++writes > 1) {
      return {
        status: 429,
        contentType: "text/plain",
        body: new TextEncoder().encode("Slow down"),
        retryAfter: 30,
      };
    }
    return pass();
  });

  const stopped = await server.call("apply_plan", { plan });
  await server.close();

  expect(stopped.isError).toBe(true);
  expect(stopped.structured).toMatchObject({ finished: false, unknown: 0 });
  expect(stopped.text).toMatch(/429[\s\S]*goes on from here/);
  expect(await finish(academy, plan)).toMatchObject({ done: pairs, failed: 3 });
  expect([...academy.pairs()].filter(([, times]) => times > 1)).toEqual([]);
});

it("cancelled half-way, it goes on with what is left, and asks about that only", async () => {
  const academy = createAcademy();
  const plan = await planned(academy);
  const cancel = new AbortController();
  const server = await academy.open(async (_, { route }, pass) => {
    const answer = await pass();
    if (route === "mass_enroll") {
      cancel.abort();
      await quiet();
    }
    return answer;
  });

  await expect(
    server.client.callTool({ name: "apply_plan", arguments: { plan } }, { signal: cancel.signal }),
  ).rejects.toThrow();
  await quiet();
  const done = academy.pairs().size;
  await server.close();

  expect(done).toBeLessThan(pairs);
  expect(await finish(academy, plan)).toMatchObject({ done: pairs, failed: 3 });
  expect([...academy.pairs()].filter(([, times]) => times > 1)).toEqual([]);
});

it("what became of a batch is not asked of SkyPrep by doing it again: it waits for a read that shows it", async () => {
  const academy = createAcademy();
  const plan = await planned(academy);
  let lost = false;
  const server = await academy.open(async (_, { route }, pass) => {
    if (route !== "mass_enroll" || lost) return pass();
    lost = true;
    return { status: 504, contentType: "text/plain", body: new TextEncoder().encode("Too slow") };
  });

  const first = await server.call("apply_plan", { plan });
  const atOnce = await server.call("apply_plan", { plan });
  const sentAgain = academy.writes().filter(({ status }) => status === 200).length;
  academy.pass(61_000);
  const later = await server.call("apply_plan", { plan });
  await server.close();

  expect(first.structured).toMatchObject({ finished: false });
  expect(Number(first.structured?.unknown)).toBeGreaterThan(0);
  expect(atOnce.structured).toMatchObject({ finished: false, unknown: first.structured?.unknown });
  expect(sentAgain).toBeGreaterThan(0);
  expect(later.structured).toMatchObject({ finished: true, done: pairs, failed: 3 });
  expect([...academy.pairs()].filter(([, times]) => times > 1)).toEqual([]);
});

/** Two join, one of them in a group; one changes; two leave. */
async function rostered(academy: Academy): Promise<string> {
  const people = [...academy.world.people.values()].filter(({ login_status }) => login_status !== "disabled");
  const rows = people
    .filter(({ id }) => id !== 160 && id !== 161)
    .map(({ id, email }) => `${email},,,${id === 150 ? "Chief" : ""},`);
  const csv = ["Login,First name,Last name,Title,Groups", ...rows, ...joining].join("\n");
  const server = await academy.open();
  const reply = await server.call("plan_roster", { csv });
  await server.close();
  return planIn(reply);
}
const joining = ["zoe@example.com,Zoe,New,Clerk,Contractors", "yan@example.com,Yan,New,Clerk,"];
const rosterEnd = (academy: Academy) => ({
  people: academy.world.people.size,
  joined: [...academy.world.people.values()]
    .filter(({ email }) => /^(zoe|yan)@/.test(email))
    .map(({ id, email }) => [email, academy.world.groups.get(309)?.members.has(id)])
    .sort(),
  changed: academy.world.people.get(150)?.profile.title,
  left: [160, 161].map((id) => academy.world.people.get(id)?.access_end_date),
});

it("finds by their login whom the plan itself created, where the answer about their group was lost", async () => {
  const academy = createAcademy();
  const plan = await rostered(academy);
  const server = await academy.open(async (_, { route }, pass) => {
    const answer = await pass();
    if (/enroll/.test(route) && !route.startsWith("get_")) throw new Error("the line broke");
    return answer;
  });
  await server.call("apply_plan", { plan });
  await server.close();

  const resumed = await finish(academy, plan);

  expect(resumed).toMatchObject({ done: 6, failed: 0, unknown: 0 });
  expect([...academy.pairs().values()]).toEqual([1]);
});

itAtEveryCall(
  "a roster killed at any call ends as without, and creates each once",
  async () => {
    const begin = await prepared(rostered);
    const { academy: unharmed, sent, result } = await whole(begin);
    const end = rosterEnd(unharmed);
    expect(result).toMatchObject({ done: 6, failed: 0 });
    expect(end).toMatchObject({
      changed: "Chief",
      joined: [
        ["yan@example.com", false],
        ["zoe@example.com", true],
      ],
    });

    for (const { n, way: how } of turnsOf(sent, ["before", "after"] as const)) {
      const { academy, result: resumed } = await killedAt(n, how, begin);

      expect(rosterEnd(academy), `${how} ${n}`).toEqual(end);
      expect(resumed, `${how} ${n}`).toMatchObject({ failed: 0, unknown: 0, not_tried: 0 });
      const creates = academy.writes().filter(({ route, status }) => route === "create_user" && status > 0);
      expect(creates, `${how} ${n}`).toHaveLength(2);
      expect(
        [...academy.pairs()].filter(([, times]) => times > 1),
        `${how} ${n}`,
      ).toEqual([]);
    }
  },
  patience,
);
