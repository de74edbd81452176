import { describe, expect, it } from "vitest";
import { createSandbox, type SandboxOptions } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { connect, noon } from "../support/academy.ts";
import { agreeing } from "../support/person.ts";
import { seededTables } from "../support/seeded.ts";

async function academyOf(dialect: NonNullable<SandboxOptions["dialect"]>) {
  let now = noon;
  const sandbox = createSandbox({
    now: () => now,
    tables: seededTables,
    callsPerMinute: Number.POSITIVE_INFINITY,
    dialect,
  });
  const sent: string[] = [];
  const said: string[] = [];
  const send: Send = async (request, signal) => {
    sent.push(request.route);
    return sandbox.send(request, signal);
  };
  const connected = await connect(
    send,
    { SKYPREP_SANDBOX: "true" },
    {
      person: agreeing,
      say: (line) => said.push(line),
      clock: { now: () => now, after: () => () => {} },
      async pause(ms) {
        now += ms;
      },
    },
  );
  return { ...connected, sandbox, sent: (route: string) => sent.filter((one) => one === route), said };
}

describe("where logins are kept in small letters", () => {
  it("somebody is who they were to be, and is found in any spelling", async () => {
    const academy = await academyOf({ "logins-keep-their-case": "lowered" });
    const casey = { email: "Casey@Example.com", first_name: "Casey", last_name: "Newhire" };

    const made = await academy.call("create_user", casey);
    const again = await academy.call("onboard_person", { login: "CASEY@example.com", groups: ["303"] });
    const renamed = await academy.call("update_user", {
      user_id: made.structured?.id,
      email: "C.Newhire@Example.com",
    });
    const plan = await academy.call("plan_enrollment", {
      people: ["C.NEWHIRE@example.COM"],
      courses: ["210"],
    });
    const applied = await academy.call("apply_plan", { plan: plan.structured?.plan });
    const { structured } = await academy.call("list_changes", {});
    const items = (structured?.items ?? []) as { change: number; tool: string }[];
    const change = items.find(({ tool }) => tool === "update_user");
    const undone = await academy.call("undo_change", { change: change?.change });
    await academy.close();

    for (const { text, outcome } of [made, again, renamed, applied, undone]) {
      expect(outcome, text).toBe("done");
      expect(text).not.toMatch(/verified: no|another person|shows another|before, .* now/);
    }
    expect(again.text).toMatch(/1 done/);
    expect(academy.sent("create_user")).toHaveLength(1);
  });

  it("a hire with capitals is onboarded whole", async () => {
    const academy = await academyOf({ "logins-keep-their-case": "lowered" });

    const reply = await academy.call("onboard_person", {
      login: "Casey@Example.com",
      first_name: "Casey",
      last_name: "Newhire",
      groups: ["303"],
      welcome: "link",
    });
    await academy.close();

    expect(reply.text).toMatch(/3 done/);
  });
});

describe("where whoever was deleted is still listed", () => {
  it("they are counted, planned for and found nowhere, and that is said once", async () => {
    const academy = await academyOf({ "deleted-are-gone": "listed" });
    const before = await academy.call("get_users", { limit: 1 });
    const login = [...academy.sandbox.world.people.values()].find(({ id }) => id === 150)?.email ?? "";

    const gone = await academy.call("destroy_user", { user_id: 150 });
    const after = await academy.call("get_users", { limit: 1, fresh: true });
    const shown = await academy.call("get_user", { user_id: 150 });
    const found = await academy.call("find", { query: login });
    const overview = await academy.call("account_overview", {});
    const plan = await academy.call("plan_enrollment", { people: [login], courses: ["210"] });
    await academy.close();

    expect(gone.text).toMatch(/verified: yes/);
    expect(Number(after.structured?.total)).toBe(Number(before.structured?.total) - 1);
    expect(shown.isError).toBe(true);
    expect(found.text).not.toMatch(/\b150\b/);
    expect(overview.text).toContain(String(after.structured?.total));
    expect(plan.text).toMatch(/not found/);
    expect(academy.said.filter((line) => /deleted-are-gone/.test(line))).toHaveLength(1);
  });
});

describe.each(["some-403", "some-401"] as const)("a key that may read only some routes (%s)", (how) => {
  it.each([
    ["account_overview", {}, /302 people, 4 admins/],
    ["access_review", {}, /Could not be read, so not in here: power users/],
    ["offboard_person", { person: "101" }, /power-user rights could not be read: this API key may not/],
    ["session_roster", { session: "511" }, /8 registered/],
    ["find", { text: "Avery Learner" }, /avery@example.com/],
    ["get_power_users", {}, /may not call this route/],
    ["get_payments", {}, /may not call this route/],
  ])(
    "%s gives the rest, and never says of what it may not read that there is none",
    async (name, args, said) => {
      const academy = await academyOf({ "key-opens-all": how });

      const reply = await academy.call(name, args);
      await academy.close();

      expect(reply.text).toMatch(said);
      expect(reply.text).not.toMatch(/\b(0|no) (power users?|payments?|reports?)\b/i);
    },
  );
});

describe("where reads show a write of ours only later", () => {
  it("what somebody has in all is what the write itself said", async () => {
    const academy = await academyOf({ "writes-show-at-once": "later" });
    const avery = { user_email: "avery@example.com" };

    const given = await academy.call("create_gamification_transaction", { ...avery, amount: 50 });
    const more = await academy.call("create_gamification_transaction", { ...avery, amount: 5 });
    const points = await academy.call("get_user_gamification_balance", avery);
    await academy.close();

    expect(more.structured?.balance).toBe(Number(given.structured?.balance) + 5);
    expect(points.structured?.gamification_balance).toBe(more.structured?.balance);
    expect(academy.sent("create_gamification_transaction")).toHaveLength(2);
  });

  it("skills, too", async () => {
    const academy = await academyOf({ "writes-show-at-once": "later" });
    const avery = { user_email: "avery@example.com" };
    const before = await academy.call("get_user_skill_balances_and_competencies", avery);

    await academy.call("create_skill_transaction", { ...avery, skill_id: 1201, amount: 30 });
    const after = await academy.call("get_user_skill_balances_and_competencies", avery);
    await academy.close();

    expect(after.text).not.toBe(before.text);
  });

  it("a training record made just now can be changed by its number", async () => {
    const academy = await academyOf({ "writes-show-at-once": "later" });

    const made = await academy.call("create_course_progress", {
      user_email: "avery@example.com",
      course_id: 210,
    });
    const passed = await academy.call("update_course_progress", {
      course_progress_id: made.structured?.id,
      set_status: "passed",
    });
    await academy.close();

    expect(passed.outcome, passed.text).toBe("done");
  });
});

describe("where reads show a write of ours at once", () => {
  it("what was given is read no more than once", async () => {
    const academy = await academyOf({});
    const avery = { user_email: "avery@example.com" };

    for (const amount of [50, -20, 5]) {
      await academy.call("create_gamification_transaction", { ...avery, amount });
      await academy.call("create_skill_transaction", { ...avery, skill_id: 1201, amount });
    }
    const before = academy.sent("get_user_gamification_balance").length;
    await academy.call("get_user_gamification_balance", avery);
    const skills = academy.sent("get_user_skill_balances_and_competencies").length;
    await academy.call("get_user_skill_balances_and_competencies", avery);
    await academy.close();

    expect(academy.sent("get_user_gamification_balance")).toHaveLength(before + 1);
    expect(academy.sent("get_user_skill_balances_and_competencies")).toHaveLength(skills + 1);
  });
});

describe.each(["says-error", "unprocessable", "empty-list", "nothing"] as const)(
  "where what is not there is answered so: %s",
  (how) => {
    it("whoever manages no group is told from whoever does", async () => {
      const academy = await academyOf({ "unknown-is-404": how });

      const roster = await academy.call("session_roster", { session: "511" });
      const left = await academy.call("offboard_person", { person: "102" });
      await academy.close();

      expect(roster.text).toMatch(/8 registered/);
      expect(left.text).toMatch(/manager of group 301 Sales Team\ttaken away\tyes/);
      expect(left.text).not.toMatch(/not known/);
      expect(academy.sent("remove_manager_from_user_group")).toHaveLength(1);
    });
  },
);

it("a route that always says the same of nothing is not believed to say nobody manages", async () => {
  const sandbox = createSandbox({ now: () => noon, tables: seededTables, callsPerMinute: 1e6 });
  const send: Send = async (request, signal) =>
    request.route === "get_manager_permissions_from_user_group"
      ? sandbox.send({ ...request, route: "get_no_such_route" }, signal).then(async (reply) => ({
          ...reply,
          status: 200,
          body: new TextEncoder().encode("[]"),
        }))
      : sandbox.send(request, signal);
  const academy = await connect(send, { SKYPREP_SANDBOX: "true" }, { person: agreeing });

  const left = await academy.call("offboard_person", { person: "102" });
  await academy.close();

  expect(left.isError, left.text).toBe(true);
  expect(left.text).toMatch(/could not be read/);
});

it("where filters go unheard, few people are asked about one by one", async () => {
  const academy = await academyOf({ "filters-filter": "ignored" });

  const plan = await academy.call("plan_enrollment", { group: "Finance", courses: ["207", "208"] });
  await academy.close();

  expect(plan.text).toMatch(/38 enrollments of \d+ people/);
  expect(academy.sent("get_course_progresses").length).toBeLessThan(5);
});
