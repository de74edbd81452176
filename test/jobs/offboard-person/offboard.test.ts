import { expect, it } from "vitest";
import { noon } from "../../support/academy.ts";
import { itAtEveryCall } from "../../support/at-every-call.ts";
import { atEveryCall, callIn, items, type Job, routes, writesOf } from "../shared/people-desk.ts";
import { createHouse, type House } from "../shared/plan-academy.ts";

/** Manager of a group, power user, member of two groups. */
const jordan: Job = ["offboard_person", { person: "jordan@example.com" }];

const stateOf = ({ world }: House, id: number) => {
  const person = world.people.get(id);
  const of = (rows: Iterable<{ user_id: number }>) =>
    [...rows].filter(({ user_id }) => user_id === id).length;
  return {
    role: person?.role,
    ends:
      person?.access_end_date === null
        ? null
        : new Date(person?.access_end_date ?? 0).toISOString().slice(0, 10),
    groups: [...world.groups.values()].filter(({ members }) => members.has(id)).map((group) => group.id),
    manages: of(world.managerships.values()),
    powers: of(world.powerUsers.values()),
  };
};
const finished = ({ world }: House, id: number) =>
  world.progress.of(id).filter(({ status }) => status === "passed" || status === "failed").length;

it("ends access, role, rights and memberships under one question, and keeps the training record", async () => {
  const house = createHouse();
  const before = finished(house, 102);

  const reply = await callIn(house, jordan);

  expect(reply.isError).toBe(false);
  expect(stateOf(house, 102)).toEqual({
    role: "learner",
    ends: "2026-11-24",
    groups: [],
    manages: 0,
    powers: 0,
  });
  expect(finished(house, 102)).toBe(before);
  expect(house.world.people.has(102)).toBe(true);
  expect(writesOf(reply).map(({ route }) => route)).toEqual([
    "update_user",
    "remove_manager_from_user_group",
    "destroy_power_user",
    "remove_user_from_user_group",
    "remove_user_from_user_group",
    "update_user",
  ]);
  expect(house.asked).toHaveLength(1);
  expect(house.asked[0]?.message).toMatch(
    /Offboard “Jordan Manager” \(jordan@example\.com\): let them sign in only until 23 Nov 2026[\s\S]*1 group they manage, power-user rights and membership of 2 groups[\s\S]*The person, finished training and direct enrollments stay/,
  );
  expect(reply.text).toMatch(/6 done[\s\S]*The training record stays/);
  expect(reply.sent.length).toBeLessThanOrEqual(51);
});

it("says which sessions to come name them as instructor, and before the yes that this stays", async () => {
  const house = createHouse();
  const slot = (id: number) => house.world.timeslots.get(id);

  const two = await callIn(house, jordan);
  const [asked] = house.asked.splice(0);
  for (const id of [511, 515, 516])
    if (slot(id)) Object.assign(slot(id) ?? {}, { instructor: "Pat Instructor" });
  Object.assign(slot(512) ?? {}, { instructor: "Pat Instructor, MANAGER Jordan" });
  const one = await callIn(house, jordan);
  Object.assign(slot(512) ?? {}, { instructor: "Jordan Managerson" });
  const none = await callIn(house, jordan);

  const own = two.structured?.instructs as { session: number }[];
  expect(own.map(({ session }) => session)).toEqual([512, 515]);
  expect(two.text).toMatch(
    /2 sessions to come still name them as instructor: 512 Manager Workshop \(2026-12-03T13:00-05:00\); 515 .*update_ilt_timeslot names somebody else/,
  );
  expect(asked?.message).toMatch(/2 sessions to come still name them as instructor; that stays\./);
  expect(one.text).toMatch(/1 session to come still names them as instructor: 512 /);
  expect(none.text).toMatch(/No session to come names them as instructor\./);
  expect(none.structured).not.toHaveProperty("instructs");
});

it("offboards all the same where sessions cannot be read, and says so", async () => {
  const house = createHouse();

  const reply = await callIn(house, jordan, {
    between: (_, { route }, pass) =>
      route === "get_instructor_led_training_timeslots"
        ? Promise.resolve({ status: 422, contentType: "text/plain", body: new Uint8Array() })
        : pass(),
  });

  expect(reply.isError).toBe(false);
  expect(reply.text).toMatch(
    /6 done[\s\S]*Whether sessions to come name them as instructor could not be read/,
  );
});

it("says that a membership can be given back, and undo_change then gives it back", async () => {
  const house = createHouse();
  const groups = stateOf(house, 102).groups;
  await callIn(house, jordan);
  const listed = await callIn(house, ["list_changes", { limit: 20 }]);
  const changes = (listed.structured?.items ?? []) as { change: number; tool: string }[];
  const removals = changes.filter(({ tool }) => tool === "remove_user_from_user_group");

  for (const { change } of removals) await callIn(house, ["undo_change", { change }]);

  expect(removals).toHaveLength(2);
  expect(stateOf(house, 102).groups).toEqual(groups);
  // Only the end of access, which nothing can unset, is said not to come back.
  expect(house.asked[0]?.message.split("\n")[2]).toMatch(
    /^Not all of this can be undone\. The last day of access cannot be put back: [^.]*\. The rest can be undone, but progress .* may not come back\.$/,
  );
  expect(house.asked[0]?.message).not.toContain("it is so already");
});

it("called again has nothing to do, asks nothing and sends nothing", async () => {
  const house = createHouse();
  await callIn(house, jordan);

  const again = await callIn(house, jordan);

  expect(again.text).toMatch(/Nothing to do: person 102 Jordan Manager/);
  expect(writesOf(again)).toEqual([]);
  expect(house.asked).toHaveLength(1);
});

it("leaves groups in place when asked, says so, and ends access on the day that was given", async () => {
  const house = createHouse();
  const { groups } = stateOf(house, 120);

  const reply = await callIn(house, [
    "offboard_person",
    { person: "120", keep_groups: true, last_day: "2026-12-31" },
  ]);

  expect(stateOf(house, 120)).toMatchObject({ groups, ends: "2027-01-01" });
  expect(reply.text).toMatch(/Left in 1 group, as asked/);
  expect(writesOf(reply)).toHaveLength(1);
  expect(house.asked).toHaveLength(1);
});

it("with a last day ahead only the end of access is set; the rest is left for that day, and then done", async () => {
  const house = createHouse();
  const before = stateOf(house, 102);
  const ahead: Job = ["offboard_person", { person: "102", last_day: "2026-12-31" }];

  const first = await callIn(house, ahead);
  const asked = house.asked.splice(0);
  const again = await callIn(house, ahead);

  expect(stateOf(house, 102)).toEqual({ ...before, ends: "2027-01-01" });
  expect(writesOf(first)).toHaveLength(1);
  expect(first.isError).toBe(false);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.message).toMatch(
    /let them sign in only until 31 Dec 2026, and leave everything else for that day\?\nThey cannot sign in after that day; until then they may do all they may today\.[\s\S]*When this is called again on 31 Dec 2026, they lose the role of manager, 1 group they manage, power-user rights and membership of 2 groups/,
  );
  expect(first.text).toMatch(/begun: access ends with 2026-12-31, the rest is left for that day: 1 done/);
  expect(first.text).toMatch(
    /on 2026-12-31, call offboard_person again\. It then takes: manager of group 301[^;]*; power-user rights; group \d+[^;]*; group \d+[^;]*; role manager/,
  );
  expect(first.structured).toMatchObject({ finished: true, last_day: "2026-12-31" });
  expect(again.text).toMatch(/Nothing to do now: the end of access of person 102[\s\S]*on 2026-12-31, call/);
  expect(writesOf(again)).toEqual([]);
  expect(house.asked).toEqual([]);

  house.pass(Date.UTC(2026, 11, 31, 12) - noon);
  const that = await callIn(house, ahead);

  expect(stateOf(house, 102)).toEqual({
    role: "learner",
    ends: "2027-01-01",
    groups: [],
    manages: 0,
    powers: 0,
  });
  expect(writesOf(that)).toHaveLength(5);
  expect(that.text).toMatch(/Offboarded person 102[\s\S]*5 done, 1 already/);
});

it("takes rights and groups before the last day only where that is asked for, and says what is when", async () => {
  const house = createHouse();

  const reply = await callIn(house, [
    "offboard_person",
    { person: "102", last_day: "2026-12-31", now: true },
  ]);

  expect(stateOf(house, 102)).toEqual({
    role: "learner",
    ends: "2027-01-01",
    groups: [],
    manages: 0,
    powers: 0,
  });
  expect(house.asked[0]?.message).toMatch(
    /take their rights and groups now, before their last day, and let them sign in only until 31 Dec 2026\?/,
  );
  expect(reply.text).toMatch(/Access ends with 2026-12-31; what else is listed here was taken now/);
});

it.each(["2026-11-22", "2026-11-23"])(
  "a last day of %s is no day ahead: all of it goes now",
  async (last_day) => {
    const house = createHouse();

    await callIn(house, ["offboard_person", { person: "102", last_day }]);

    expect(stateOf(house, 102)).toMatchObject({ role: "learner", groups: [], manages: 0, powers: 0 });
  },
);

it("takes a name, and offers the candidates of one that several have", async () => {
  const house = createHouse();
  const [one, two] = [house.world.people.get(130), house.world.people.get(131)];
  if (one && two) Object.assign(two, { first_name: one.first_name, last_name: one.last_name });

  const both = await callIn(house, ["offboard_person", { person: `${one?.first_name} ${one?.last_name}` }]);
  const nobody = await callIn(house, ["offboard_person", { person: "nobody@example.com" }]);
  const near = await callIn(house, ["offboard_person", { person: "Jordan Mana" }]);
  const exact = await callIn(house, ["offboard_person", { person: "Avery Learner" }]);

  expect(both.text).toMatch(/are called[\s\S]*130 [\s\S]*131 /);
  expect(nobody.text).toMatch(/no person nobody@example.com/);
  expect(near.text).toMatch(/near it: 102 Jordan Manager/);
  expect([both, nobody, near].flatMap(writesOf)).toEqual([]);
  expect(exact.text).toMatch(/Offboarded person 101/);
});

it("never takes the last administrator who can sign in", async () => {
  const house = createHouse();
  for (const id of [104, 105, 106])
    Object.assign(house.world.people.get(id) ?? {}, { login_status: "disabled" });

  const last = await callIn(house, ["offboard_person", { person: "103" }]);
  Object.assign(house.world.people.get(104) ?? {}, { login_status: "active" });
  house.pass(61_000);
  const other = await callIn(house, ["offboard_person", { person: "103" }]);

  expect(last.text).toMatch(/Person 103 is the last administrator/);
  expect(writesOf(last)).toEqual([]);
  expect(other.isError).toBe(false);
  expect(house.asked.at(-1)?.message).toMatch(
    /They lose the role of administrator[\s\S]*They are an administrator; if SkyPrep's API key is theirs/,
  );
  expect(stateOf(house, 103)).toMatchObject({ role: "learner" });
});

it("sends nothing on a no, without anybody to ask, unattended, or in read-only mode", async () => {
  const house = createHouse();
  const before = stateOf(house, 102);

  const no = await callIn(house, jordan, { person: () => ({ action: "decline" }) });
  const nobody = await callIn(house, jordan, { formless: true, env: { SKYPREP_CONFIRM: "human" } });
  const unattended = await callIn(house, jordan, { env: { SKYPREP_CONFIRM: "unattended" } });
  const reading = await callIn(house, jordan, { env: { SKYPREP_READ_ONLY: "true" } });

  expect(reading).toMatchObject({
    isError: true,
    sent: [],
    text: expect.stringContaining("SKYPREP_READ_ONLY"),
  });

  expect(no.text).toMatch(/said no/);
  expect(nobody.isError).toBe(true);
  expect(unattended.text).toMatch(/needs a person's yes/);
  expect(house.writes()).toEqual([]);
  expect(stateOf(house, 102)).toEqual(before);
});

it("a code: the answered call begins again and sends exactly what was agreed", async () => {
  const house = createHouse();
  const learner: Job = ["offboard_person", { person: "120" }];
  const server = await house.open(undefined, { formless: true });
  const asked = await server.call(...learner);
  const { confirm, question } = (asked.structured?.asked ?? {}) as { confirm?: string; question?: string };
  expect(question).toMatch(/Offboard “Nadia Clarke” \(nadia\.clarke@example\.com\)/);
  expect(house.writes()).toEqual([]);

  const done = await server.call(learner[0], { ...learner[1], confirm });

  expect(done.isError).toBe(false);
  expect(house.writes().map(({ route }) => route)).toEqual(["update_user", "remove_user_from_user_group"]);
  expect(stateOf(house, 120)).toMatchObject({ ends: "2026-11-24" });
  expect(house.world.groups.get(303)?.members.has(120)).toBe(false);
  await server.close();
});

it("a code is no good once things have changed, nor for somebody else", async () => {
  for (const change of ["another group", "another person"] as const) {
    const house = createHouse();
    const server = await house.open(undefined, { formless: true });
    const asked = await server.call("offboard_person", { person: "120" });
    const { confirm } = (asked.structured?.asked ?? {}) as { confirm?: string };
    if (change === "another group") house.world.groups.get(309)?.members.add(120);

    const reply = await server.call("offboard_person", {
      person: change === "another person" ? "121" : "120",
      confirm,
    });

    expect(reply.text, change).toMatch(/confirm code is wrong/);
    expect(house.writes(), change).toEqual([]);
    await server.close();
  }
});

it("asks anew where their role changed while the question was open", async () => {
  const house = createHouse();
  const messages: string[] = [];
  await callIn(house, ["offboard_person", { person: "120" }], {
    person: ({ message }) => {
      messages.push(message);
      Object.assign(house.world.people.get(120) ?? {}, { role: "content_manager" });
      return { action: "accept", content: { answer: "yes" } };
    },
  });

  expect(messages.length).toBeGreaterThan(1);
});

it("writes each step down, and each can be undone where SkyPrep allows it", async () => {
  const house = createHouse();
  const before = stateOf(house, 102);
  await callIn(house, jordan);
  const { structured } = await callIn(house, ["list_changes", { who: "102" }]);
  const changes = (structured?.items ?? []) as { change: number; tool: string; agreed: string }[];

  expect(changes.map(({ tool }) => tool)).toEqual([
    "update_user",
    "remove_user_from_user_group",
    "remove_user_from_user_group",
    "destroy_power_user",
    "remove_manager_from_user_group",
    "update_user",
  ]);
  expect(changes.every(({ agreed }) => agreed === "by form")).toBe(true);
  const undone: string[] = [];
  for (const { change } of changes) undone.push((await callIn(house, ["undo_change", { change }])).text);
  expect(undone.slice(0, -1).every((text) => /was undone/.test(text))).toBe(true);
  // SkyPrep is told no empty date: what was empty cannot be put back.
  expect(undone.at(-1)).toMatch(/the last day of access cannot: nothing was set before/);
  const after = stateOf(house, 102);
  expect({ ...after, groups: after.groups.sort() }).toEqual({ ...before, ends: "2026-11-24" });
});

itAtEveryCall(
  "an error, a refusal or a lost answer at any call: never worse, and goes on when called again",
  async () => {
    const calls = await atEveryCall(jordan, {
      house: createHouse,
      end: (house) => stateOf(house, 102),
      check: (called, house, where) => {
        expect(house.world.people.has(102), where).toBe(true);
        if (writesOf(called).length === 0) expect(called.isError, where).toBe(true);
      },
    });

    expect(calls).toBeGreaterThan(40);
  },
  120_000,
);

it("what SkyPrep says is gone already counts as gone", async () => {
  const house = createHouse();
  const reply = await callIn(house, jordan, {
    between: async (_, { route }, pass) => {
      // As if access that ended had taken the managed groups along.
      if (route === "update_user")
        for (const [id, row] of house.world.managerships)
          if (row.user_id === 102) house.world.managerships.delete(id);
      return pass();
    },
  });

  expect(items(reply).find(({ what }) => what.startsWith("manager of"))).toMatchObject({
    outcome: "already",
  });
  expect(reply.isError).toBe(false);
  expect(routes(reply)).toContain("remove_manager_from_user_group");
});

it.each([
  ["somebody else's", { user: { id: 999 }, user_group: { id: 301, name: "Sales Team" } }],
  ["of one and the same group", { user: { id: 102 }, user_group: { id: 301, name: "Sales Team" } }],
  ["nobody's", { id: 7 }],
])(
  "takes no group away on rights that are %s, where SkyPrep ignores what it was asked, and says so",
  async (_, row) => {
    const house = createHouse();
    const body = new TextEncoder().encode(JSON.stringify({ can_add_users: true, ...row }));
    const reply = await callIn(house, jordan, {
      between: async (_call, { route }, pass) =>
        route === "get_manager_permissions_from_user_group"
          ? { status: 200, contentType: "application/json", body }
          : pass(),
    });

    const taken = writesOf(reply).filter(({ route }) => route === "remove_manager_from_user_group");
    const theirs = "user" in row && row.user.id === 102;
    expect(taken.map(({ form }) => form.get("user_group_id"))).toEqual(theirs ? ["301"] : []);
    expect(reply.text).toMatch(/Whether they manage groups? [\d, and]+ is not known/);
    expect(stateOf(house, 102)).toMatchObject({ ends: "2026-11-24", powers: 0, groups: [] });
  },
);
