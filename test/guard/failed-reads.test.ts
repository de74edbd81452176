import { afterAll, describe, expect, it } from "vitest";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { connect, noon } from "../support/academy.ts";
import { reads } from "../support/catalogue.ts";
import { yes } from "../support/person.ts";
import { seededTables } from "../support/seeded.ts";
import { cases, population } from "./asked/cases.ts";

const failing = { status: 500, body: "oops" };

/** An academy that answers one read with a fault, before somebody who agrees to everything. */
async function without(route: string, { status, body }: { status: number; body: string } = failing) {
  const sandbox = createSandbox({
    tables: seededTables,
    now: () => noon,
    people: population,
    callsPerMinute: Number.POSITIVE_INFINITY,
  });
  const sent: string[] = [];
  const fault = { status, contentType: "application/json", body: new TextEncoder().encode(body) };
  const broken = { on: true, met: 0 };
  const send: Send = async (request, signal) => {
    if (broken.on && request.route === route) {
      broken.met += 1;
      return fault;
    }
    if (!reads.has(request.route)) sent.push(request.route);
    return sandbox.send(request, signal);
  };
  const asked: string[] = [];
  const academy = await connect(
    send,
    { SKYPREP_SANDBOX: "true" },
    {
      person: (form) => {
        asked.push(form.message);
        return yes(form);
      },
    },
  );
  return { ...academy, sent, asked, broken };
}

/** The read that tells who or what it is. */
const tellers = {
  person: "get_user",
  course: "get_course",
  group: "get_user_group",
  path: "get_learning_path",
  progress: "get_course_progress",
  timeslot: "get_instructor_led_training_timeslot",
  role: "get_user_roles",
  datasets: "get_datasets",
} as const;

const told = cases
  .filter(({ kind }) => kind !== "many")
  .flatMap((one) => {
    const about = "about" in one.tool.operation ? one.tool.operation.about : [];
    return Object.entries(tellers).flatMap(([subject, route]) =>
      about.some((name) => name === subject) ? [[one.title, route, one] as const] : [],
    );
  });

describe("what cannot be looked up is neither asked about nor touched", () => {
  let met = 0;
  afterAll(() => {
    expect(met).toBeGreaterThan(30);
  });

  it.each(told)("%s, where %s fails", async (title, route, { tool, args }) => {
    const academy = await without(route);

    const reply = await academy.call(tool.name, args);
    await academy.close();

    // A course or a path, a timeslot that only tells more: what was not given is not read.
    if (academy.broken.met === 0) return;
    met += 1;
    expect(reply.isError, title).toBe(true);
    expect(reply.text).toMatch(/could not be looked up/);
    expect(academy.asked).toEqual([]);
    expect(academy.sent).toEqual([]);
  });

  it("a sign-in link that may make a person is not asked about as for somebody new", async () => {
    const academy = await without("get_user");
    const args = { user_email: "avery@example.com", autocreate: true };

    const reply = await academy.call("get_login_key", args);
    academy.broken.on = false;
    await academy.call("get_login_key", args);
    await academy.close();

    expect(reply.text).toMatch(/could not be looked up/);
    expect(academy.asked).toEqual([
      expect.stringMatching(
        /^\[sandbox\] Make a sign-in link for “Avery Learner” \(avery@example\.com\)\?\nWhoever holds the link can act as this person/,
      ),
    ]);
    expect(academy.sent).toEqual(["get_login_key"]);
  });

  it("points that are no number are said to be unread", async () => {
    const academy = await without("get_user_gamification_balance", {
      status: 200,
      body: '{"gamification_balance":"n/a"}',
    });

    await academy.call("destroy_user", { user_id: 101 });
    await academy.close();

    expect(academy.asked).toEqual([expect.stringContaining("points (how many could not be read)")]);
  });

  it.each([
    [{ user_group_ids: [302], course_ids: [201] }, "could not be counted\\."],
    [
      { user_group_ids: [302], user_ids: [101, 120], course_ids: [201] },
      "could not be counted, but it is at least 2\\.",
    ],
  ])("where a group does not say who is in it, the question for %j says that", async (args, words) => {
    const academy = await without("get_user_group", { status: 200, body: '{"id":302,"name":"Sales"}' });

    await academy.call("create_learning_path", { name: "Basics", ...args });
    await academy.close();

    expect(academy.asked).toEqual([expect.stringMatching(words)]);
  });

  it("an empty list is no person", async () => {
    const academy = await without("get_user", { status: 200, body: "[]" });

    const reply = await academy.call("destroy_user", { user_id: 101 });
    await academy.close();

    expect(reply.text).toMatch(
      /could not be looked up \(SkyPrep gave an empty list, though get_users lists user_id 101/,
    );
    expect(academy.sent).toEqual([]);
  });
});
