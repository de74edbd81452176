import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clocksIn } from "../../../src/jobs/shared/as-of.ts";
import { connect, noon, openAcademy } from "../../support/academy.ts";
import { jobTools } from "../../support/catalogue.ts";
import { createClock } from "../../support/clock.ts";
import { agreeing } from "../../support/person.ts";

type Server = Awaited<ReturnType<typeof connect>>;
let academy: Awaited<ReturnType<typeof openAcademy>>;
let server: Server;
let clock: ReturnType<typeof createClock>;
let routes: string[];
beforeEach(async () => {
  academy = await openAcademy();
  clock = createClock(noon);
  routes = [];
  server = await connect(
    (request, signal) => {
      routes.push(request.route);
      return academy.sandbox.send(request, signal);
    },
    { SKYPREP_SANDBOX: "true" },
    { clock, pause: clock.pause, person: agreeing },
  );
});
afterEach(async () => {
  await server.close();
  await academy.close();
});

/** What answers from lists that are kept, and the lists it is of. */
const answers: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ["find", { text: "avrey lerner" }, "people"],
  ["find", { text: "Sales Team", kind: "group" }, "groups"],
  ["access_review", { kind: "admin" }, "people"],
  ["access_review", { person: "Avery Learner" }, "people"],
  ["account_overview", {}, "people"],
  ["plan_enrollment", { people: ["Avery Learner", "Nadia Clarke"], courses: ["240"] }, "people"],
  ["plan_roster", { csv: "Email\navery@example.com", leavers: "ignore" }, "people"],
  ["session_roster", { session: "Manager Workshop", date: "2026-12-03" }, "instructor-led trainings"],
];

describe.each(answers)("%s %j", (name, args, of) => {
  const ask = async (more: Record<string, unknown> = {}) => {
    const reply = await server.call(name, { ...args, ...more });
    expect(reply.isError, reply.text).toBe(false);
    return reply;
  };

  it("says as of when, in the academy's time, what it took from a kept list, and reads it anew with fresh", async () => {
    const first = await ask();
    clock.set(noon + 20_000);
    const kept = await ask();
    const anew = await ask({ fresh: true });
    const since = await ask();

    // Groups alone do not tell the academy's zone, which is no reason to ask for anything else.
    const isTold = of !== "groups";
    const stamp = (seconds: string) =>
      `2026-11-23T${isTold ? "07" : "12"}:00:${seconds}${isTold ? "-05:00" : "Z"}`;
    const said = (seconds: string) =>
      new RegExp(`As of ${stamp(seconds)}: .*${of}.*\\(kept for a minute; fresh: true reads anew\\)`);
    expect(first.text).not.toMatch(/kept for a minute/);
    expect(kept.text).toMatch(said("00"));
    expect(kept.structured).toMatchObject({ as_of: stamp("00") });
    expect(anew.text).not.toMatch(/kept for a minute/);
    expect(since.text).toMatch(said("20"));
  });
});

it("what was changed elsewhere is found with fresh, and a page further on is not read anew again", async () => {
  for (const [id, person] of academy.sandbox.world.people) if (id > 150) person.last_name = "Marlowe";
  const asked = { text: "Marlowe", kind: "person" };
  const first = await server.call("find", asked);
  const avery = academy.sandbox.world.people.get(101);
  if (avery) avery.last_name = "Marlowe";

  const kept = await server.call("find", asked);
  const anew = await server.call("find", { ...asked, fresh: true });
  const calls = routes.length;
  const page = await server.call("find", {
    ...asked,
    fresh: true,
    cursor: anew.structured?.next_cursor,
  });

  expect(kept.structured?.total).toBe(first.structured?.total);
  expect(anew.structured?.total).toBe(Number(first.structured?.total) + 1);
  expect(page.isError, page.text).toBe(false);
  expect(routes.length).toBe(calls);
});

it("of what was read outright, and of what was just done, nothing is said", async () => {
  await server.call("get_users");
  const outright = await server.call("find", { text: "avery@example.com" });
  const done = await server.call("onboard_person", {
    login: "zoe@example.com",
    first_name: "Zoe",
    last_name: "Quillfeather",
  });

  expect(outright.text).toMatch(/One for “avery@example.com”/);
  expect(done.isError, done.text).toBe(false);
  for (const { text } of [outright, done]) expect(text).not.toMatch(/kept for a minute/);
});

it("every job takes fresh, in the same words", () => {
  for (const [name, { shape }] of jobTools) {
    const property = shape.plain.properties.fresh ?? shape.unlisted.get("fresh")?.property;
    expect(property, name).toMatchObject({ type: "boolean" });
  }
});

it("days in access_review and account_overview are the academy's, whose evening is UTC's next day", async () => {
  const late = Date.UTC(2026, 10, 20, 3, 30);
  const { people } = academy.sandbox.world;
  for (const [id, change] of [
    [103, { last_login: late }],
    [102, { access_end_date: late, login_status: "active" }],
  ] as const)
    Object.assign(people.get(id) ?? {}, change);
  clock.set(Date.UTC(2026, 10, 24, 3, 30));

  const review = await server.call("access_review");
  const overview = await server.call("account_overview");

  const items = (review.structured?.items ?? []) as Record<string, unknown>[];
  const of = (wanted: number) => items.find(({ id }) => id === wanted);
  expect(of(103)).toMatchObject({ last_sign_in: "2026-11-19" });
  expect(of(102)?.odd).toMatch(/access ended 2026-11-19/);
  expect(overview.text).toMatch(/"Last Login", "is": "<2026-08-25"/);
});

it("where no zone is named, a day is the one SkyPrep wrote, in whatever offset", () => {
  const { dayIn, stamp } = clocksIn(undefined);

  expect(dayIn("2026-11-19T22:30:00.000-05:00")).toBe("2026-11-19");
  expect(dayIn("2026-11-20")).toBe("2026-11-20");
  expect(clocksIn({ name: "Eastern", zone: "America/New_York" }).dayIn("2026-11-20")).toBe("2026-11-20");
  expect(stamp(noon)).toBe("2026-11-23T12:00:00Z");
});
