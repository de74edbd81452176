import { expect, it } from "vitest";
import { noon } from "../../support/academy.ts";
import { callIn, type Job, writesOf } from "../shared/people-desk.ts";
import { type Academy, createAcademy } from "../shared/plan-academy.ts";
import { jordan, stateOf } from "./offboarding.ts";

const finished = ({ world }: Academy, id: number) =>
  world.progress.of(id).filter(({ status }) => status === "passed" || status === "failed").length;

it("ends access, role, rights and memberships under one question, and keeps the training record", async () => {
  const academy = createAcademy();
  const before = finished(academy, 102);

  const reply = await callIn(academy, jordan);

  expect(reply.isError).toBe(false);
  expect(stateOf(academy, 102)).toEqual({
    role: "learner",
    ends: "2026-11-24",
    groups: [],
    manages: 0,
    powers: 0,
  });
  expect(finished(academy, 102)).toBe(before);
  expect(academy.world.people.has(102)).toBe(true);
  expect(writesOf(reply).map(({ route }) => route)).toEqual([
    "update_user",
    "remove_manager_from_user_group",
    "destroy_power_user",
    "remove_user_from_user_group",
    "remove_user_from_user_group",
    "update_user",
  ]);
  expect(academy.asked).toHaveLength(1);
  expect(academy.asked[0]?.message).toMatch(
    /Offboard “Jordan Manager” \(jordan@example\.com\): let them sign in only until 23 Nov 2026[\s\S]*1 group they manage, power-user rights and membership of 2 groups[\s\S]*Their account, finished training and direct enrollments stay/,
  );
  expect(reply.text).toMatch(/6 done[\s\S]*The training record stays/);
  expect(reply.sent.length).toBeLessThanOrEqual(55);
});

it("says which sessions to come name them as instructor, and before the yes that this stays", async () => {
  const academy = createAcademy();
  const slot = (id: number) => academy.world.timeslots.get(id);

  const two = await callIn(academy, jordan);
  const [asked] = academy.asked.splice(0);
  for (const id of [511, 515, 516])
    if (slot(id)) Object.assign(slot(id) ?? {}, { instructor: "Pat Instructor" });
  Object.assign(slot(512) ?? {}, { instructor: "Pat Instructor, MANAGER Jordan" });
  const one = await callIn(academy, jordan);
  Object.assign(slot(512) ?? {}, { instructor: "Jordan Managerson" });
  const none = await callIn(academy, jordan);

  const own = two.structured?.instructs as { session: number }[];
  expect(own.map(({ session }) => session)).toEqual([512, 515]);
  expect(two.text).toMatch(
    /2 sessions to come still name them as instructor: 512 Manager Workshop \(2026-12-03T13:00-05:00\); 515 .*update_ilt_timeslot names somebody else/,
  );
  expect(asked?.message).toMatch(/2 upcoming sessions still name them as instructor; that does not change\./);
  expect(one.text).toMatch(/1 session to come still names them as instructor: 512 /);
  expect(none.text).toMatch(/No session to come names them as instructor\./);
  expect(none.structured).not.toHaveProperty("instructs");
});

it("offboards all the same where sessions cannot be read, and says so", async () => {
  const academy = createAcademy();

  const reply = await callIn(academy, jordan, {
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
  const academy = createAcademy();
  const groups = stateOf(academy, 102).groups;
  await callIn(academy, jordan);
  const listed = await callIn(academy, ["list_changes", { limit: 20 }]);
  const changes = (listed.structured?.items ?? []) as { change: number; tool: string }[];
  const removals = changes.filter(({ tool }) => tool === "remove_user_from_user_group");

  for (const { change } of removals) await callIn(academy, ["undo_change", { change }]);

  expect(removals).toHaveLength(2);
  expect(stateOf(academy, 102).groups).toEqual(groups);
  // Only the end of access, which nothing can unset, is said not to come back.
  expect(academy.asked[0]?.message.split("\n")[2]).toMatch(
    /^Not all of this can be undone\. The last day of access cannot be put back: [^.]*\. The rest can be undone, but progress .* may not come back\.$/,
  );
  expect(academy.asked[0]?.message).not.toContain("SkyPrep has it this way already");
});

it("called again has nothing to do, asks nothing and sends nothing", async () => {
  const academy = createAcademy();
  await callIn(academy, jordan);

  const again = await callIn(academy, jordan);

  expect(again.text).toMatch(/Nothing to do: person 102 Jordan Manager/);
  expect(writesOf(again)).toEqual([]);
  expect(academy.asked).toHaveLength(1);
});

it("leaves groups in place when asked, says so, and ends access on the day that was given", async () => {
  const academy = createAcademy();
  const { groups } = stateOf(academy, 120);

  const reply = await callIn(academy, [
    "offboard_person",
    { person: "120", keep_groups: true, last_day: "2026-12-31" },
  ]);

  expect(stateOf(academy, 120)).toMatchObject({ groups, ends: "2027-01-01" });
  expect(reply.text).toMatch(/Left in 1 group, as asked/);
  expect(writesOf(reply)).toHaveLength(1);
  expect(academy.asked).toHaveLength(1);
});

it("with a last day ahead only the end of access is set; the rest is left for that day, and then done", async () => {
  const academy = createAcademy();
  const before = stateOf(academy, 102);
  const ahead: Job = ["offboard_person", { person: "102", last_day: "2026-12-31" }];

  const first = await callIn(academy, ahead);
  const asked = academy.asked.splice(0);
  const again = await callIn(academy, ahead);

  expect(stateOf(academy, 102)).toEqual({ ...before, ends: "2027-01-01" });
  expect(writesOf(first)).toHaveLength(1);
  expect(first.isError).toBe(false);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.message).toMatch(
    /let them sign in only until 31 Dec 2026, and leave everything else for that day\?\nThey cannot sign in after that day; until then they can do everything they can do today\.[\s\S]*When this is run again on 31 Dec 2026, they lose the role of manager, 1 group they manage, power-user rights and membership of 2 groups/,
  );
  expect(first.text).toMatch(/begun: access ends with 2026-12-31, the rest is left for that day: 1 done/);
  expect(first.text).toMatch(
    /on 2026-12-31, call offboard_person again\. It then takes: manager of group 301[^;]*; power-user rights; group \d+[^;]*; group \d+[^;]*; role manager/,
  );
  expect(first.structured).toMatchObject({ finished: true, last_day: "2026-12-31" });
  expect(again.text).toMatch(/Nothing to do now: the end of access of person 102[\s\S]*on 2026-12-31, call/);
  expect(writesOf(again)).toEqual([]);
  expect(academy.asked).toEqual([]);

  academy.pass(Date.UTC(2026, 11, 31, 12) - noon);
  const that = await callIn(academy, ahead);

  expect(stateOf(academy, 102)).toEqual({
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
  const academy = createAcademy();

  const reply = await callIn(academy, [
    "offboard_person",
    { person: "102", last_day: "2026-12-31", now: true },
  ]);

  expect(stateOf(academy, 102)).toEqual({
    role: "learner",
    ends: "2027-01-01",
    groups: [],
    manages: 0,
    powers: 0,
  });
  expect(academy.asked[0]?.message).toMatch(
    /take away their rights and groups now, before their last day, and let them sign in only until 31 Dec 2026\?/,
  );
  expect(reply.text).toMatch(/Access ends with 2026-12-31; what else is listed here was taken now/);
});

it.each(["2026-11-22", "2026-11-23"])(
  "a last day of %s is no day ahead: all of it goes now",
  async (last_day) => {
    const academy = createAcademy();

    await callIn(academy, ["offboard_person", { person: "102", last_day }]);

    expect(stateOf(academy, 102)).toMatchObject({ role: "learner", groups: [], manages: 0, powers: 0 });
  },
);

it("takes a name, and offers the candidates of one that several have", async () => {
  const academy = createAcademy();
  const [one, two] = [academy.world.people.get(130), academy.world.people.get(131)];
  if (one && two) Object.assign(two, { first_name: one.first_name, last_name: one.last_name });

  const both = await callIn(academy, ["offboard_person", { person: `${one?.first_name} ${one?.last_name}` }]);
  const nobody = await callIn(academy, ["offboard_person", { person: "nobody@example.com" }]);
  const near = await callIn(academy, ["offboard_person", { person: "Jordan Mana" }]);
  const exact = await callIn(academy, ["offboard_person", { person: "Avery Learner" }]);

  expect(both.text).toMatch(/are called[\s\S]*130 [\s\S]*131 /);
  expect(nobody.text).toMatch(/no person nobody@example.com/);
  expect(near.text).toMatch(/near it: 102 Jordan Manager/);
  expect([both, nobody, near].flatMap(writesOf)).toEqual([]);
  expect(exact.text).toMatch(/Offboarded person 101/);
});

it("never takes the last administrator who can sign in", async () => {
  const academy = createAcademy();
  for (const id of [104, 105, 106])
    Object.assign(academy.world.people.get(id) ?? {}, { login_status: "disabled" });

  const last = await callIn(academy, ["offboard_person", { person: "103" }]);
  Object.assign(academy.world.people.get(104) ?? {}, { login_status: "active" });
  academy.pass(61_000);
  const other = await callIn(academy, ["offboard_person", { person: "103" }]);

  expect(last.text).toMatch(/Person 103 is the last administrator/);
  expect(writesOf(last)).toEqual([]);
  expect(other.isError).toBe(false);
  expect(academy.asked.at(-1)?.message).toMatch(
    /They lose the role of administrator[\s\S]*They are an administrator; if SkyPrep's API key is theirs/,
  );
  expect(stateOf(academy, 103)).toMatchObject({ role: "learner" });
});

it("writes each step down, and each can be undone where SkyPrep allows it", async () => {
  const academy = createAcademy();
  const before = stateOf(academy, 102);
  await callIn(academy, jordan);
  const { structured } = await callIn(academy, ["list_changes", { who: "102" }]);
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
  for (const { change } of changes) undone.push((await callIn(academy, ["undo_change", { change }])).text);
  expect(undone.slice(0, -1).every((text) => /was undone/.test(text))).toBe(true);
  // SkyPrep is told no empty date: what was empty cannot be put back.
  expect(undone.at(-1)).toMatch(/the last day of access cannot: nothing was set before/);
  const after = stateOf(academy, 102);
  expect({ ...after, groups: after.groups.sort() }).toEqual({ ...before, ends: "2026-11-24" });
});
