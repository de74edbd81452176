import { afterEach, describe, expect, it } from "vitest";
import { type FormResult, yes } from "../support/person.ts";
import { type Counted, type Opened, openCounted } from "./asked/world.ts";

const opened: Opened[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
async function open(options: Counted = {}) {
  const academy = await openCounted(options);
  opened.push(academy);
  return academy;
}
const ids = (count: number, from = 120) => Array.from({ length: count }, (_, index) => from + index);

/** Gates for two that read alike: each read of the one waits for the other's, so that neither is ever ahead. */
function inStep() {
  const gone = [0, 0];
  let waiting = () => {};
  const gate = (own: number) => async () => {
    const mine = (gone[own] ?? 0) + 1;
    gone[own] = mine;
    if (mine === gone[1 - own]) return waiting();
    await new Promise<void>((go) => {
      waiting = go;
    });
  };
  return [gate(0), gate(1)] as const;
}

describe("deletions", () => {
  it("end at 25 an hour, before anybody is asked, and a restart does not count anew", async () => {
    const academy = await open();
    academy.answered(yes);
    for (const user_id of ids(25)) await academy.call("destroy_user", { user_id });
    const again = await open({ beside: academy });
    const asked = again.answered(yes);

    const reply = await again.call("destroy_user", { user_id: 150 });

    expect(academy.sent).toHaveLength(25);
    expect(reply.text).toMatch(/25 deletions an hour is the limit.*SKYPREP_MAX_DELETIONS/);
    expect([asked(), again.sent]).toEqual([0, []]);
    await again.clock.run(3_600_001);
    await again.call("destroy_user", { user_id: 150 });
    expect(again.sent).toEqual(["destroy_user"]);
  });

  it("are counted where nobody is asked, too", async () => {
    const { call, sent } = await open({ env: { SKYPREP_CONFIRM: "off", SKYPREP_MAX_DELETIONS: "2" } });

    for (const user_id of ids(3)) await call("destroy_user", { user_id });

    expect(sent).toEqual(["destroy_user", "destroy_user"]);
  });

  it("are counted once for two processes, though both were given a yes", async () => {
    const env = { SKYPREP_MAX_DELETIONS: "1" };
    const [oneStep, otherStep] = inStep();
    const one = await open({ env, gate: oneStep });
    const other = await open({ env, gate: otherStep, beside: one });
    let agree = () => {};
    const both = new Promise<void>((resolve) => {
      agree = resolve;
    });
    let asked = 0;
    for (const academy of [one, other]) {
      academy.answered(async (form): Promise<FormResult> => {
        asked += 1;
        if (asked === 2) agree();
        await both;
        return yes(form);
      });
    }

    const replies = await Promise.all([
      one.call("destroy_user", { user_id: 120 }),
      other.call("destroy_user", { user_id: 121 }),
    ]);

    expect(asked).toBe(2);
    expect([...one.sent, ...other.sent]).toEqual(["destroy_user"]);
    expect(replies.map(({ text }) => text).join()).toMatch(/SKYPREP_MAX_DELETIONS/);
  });
});

describe("people reached by one call", () => {
  it.each([
    ["named", "mass_enroll", { user_ids: ids(11), course_ids: [203] }],
    ["through a group", "add_course_to_user_group", { user_group_id: 301, course_id: 203 }],
    ["through a path", "add_course_to_learning_path", { learning_path_id: 402, course_id: 203 }],
    ["in a group that goes", "destroy_user_group", { user_group_id: 301 }],
    ["on a path that goes", "destroy_learning_path", { learning_path_id: 402 }],
    ["in a course that goes", "destroy_course", { course_id: 202 }],
  ])("are counted when they are %s, whoever is asked", async (_, tool, args) => {
    for (const confirm of ["ask", "off"]) {
      const { answered, call, sent } = await open({
        env: { SKYPREP_MAX_PEOPLE: "10", SKYPREP_CONFIRM: confirm },
      });
      const asked = answered(yes);

      const reply = await call(tool, args);

      expect(reply.text, confirm).toMatch(/This reaches \d+ people.*SKYPREP_MAX_PEOPLE/);
      expect([asked(), sent], confirm).toEqual([0, []]);
    }
  });
});

describe("grants of power", () => {
  it("end at the limit, before anybody is asked, after a restart too", async () => {
    const env = { SKYPREP_MAX_GRANTS: "2" };
    const first = await open({ env });
    first.answered(yes);
    await first.call("update_user", { user_id: 120, role: "manager" });
    await first.call("create_or_update_power_users", {
      user_ids: [121],
      user_role_id: 601,
      dataset_ids: [701],
    });
    const academy = await open({ env, beside: first });
    const asked = academy.answered(yes);

    const reply = await academy.call("update_user", { user_id: 122, role: "admin" });

    expect(first.sent).toHaveLength(2);
    expect(reply.text).toMatch(/2 grants of power an hour is the limit.*SKYPREP_MAX_GRANTS/);
    expect([asked(), academy.sent]).toEqual([0, []]);
  });

  it("to several people at once are several", async () => {
    const { answered, call, sent } = await open({ env: { SKYPREP_MAX_GRANTS: "2" } });
    const asked = answered(yes);

    const user_ids = [120, 121, 122];
    await call("create_or_update_power_users", { user_ids, user_role_id: 601, dataset_ids: [701] });

    expect([asked(), sent]).toEqual([0, []]);
  });
});

describe("enrollments that nobody is asked about", () => {
  it("are 25 an hour, one by one or by several processes; the next is asked about", async () => {
    const one = await open();
    const other = await open({ beside: one });
    const asked = [one, other].map((academy) => academy.answered(() => ({ action: "decline" })));
    for (const user_id of ids(13)) await one.call("enroll_user_in_course", { user_id, course_id: 211 });
    for (const user_id of ids(12, 133))
      await other.call("enroll_user_in_course", { user_id, course_id: 211 });
    const before = asked.map((times) => times());

    await one.call("enroll_user_in_course", { user_id: 150, course_id: 211 });
    await other.call("enroll_user_in_course", { user_id: 150, course_id: 211 });

    expect(before).toEqual([0, 0]);
    expect([one.sent.length, other.sent.length]).toEqual([13, 12]);
    expect(asked.map((times) => times())).toEqual([1, 1]);
  });

  it("do not pass 25 when two processes send at the same moment", async () => {
    const one = await open();
    const other = await open({ beside: one });

    await Promise.all(
      [one, other].map((academy, at) =>
        academy.call("mass_enroll", { user_ids: ids(20, 120 + 20 * at), course_ids: [211] }),
      ),
    );

    expect([...one.sent, ...other.sent]).toEqual(["mass_enroll"]);
  });

  it("count again after an hour, and not at all what a person agreed to", async () => {
    const academy = await open();
    const asked = academy.answered(yes);
    const enroll = (count: number) =>
      academy.call("mass_enroll", { user_ids: ids(count), course_ids: [211] });

    await enroll(26);
    await enroll(25);
    await academy.clock.run(3_600_001);
    await enroll(25);

    expect(asked()).toBe(1);
    expect(academy.sent).toHaveLength(3);
  });
});
