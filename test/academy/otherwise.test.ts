import { describe, expect, it } from "vitest";
import { createSandbox, type SandboxOptions } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { connect, noon } from "../support/academy.ts";
import { agreeing } from "../support/person.ts";
import { seededTables } from "../support/seeded.ts";

async function academyOf(dialect: NonNullable<SandboxOptions["dialect"]>) {
  const sandbox = createSandbox({
    now: () => noon,
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
    { person: agreeing, say: (line) => said.push(line) },
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
