import { expect, inject, it } from "vitest";
import { itAtEveryCall } from "../../support/at-every-call.ts";
import { atEveryCall, callIn, items, type Job, writesOf } from "../shared/people-desk.ts";
import { type Between, createHouse, type House } from "../shared/plan-academy.ts";

/** Two people of whom the first has nothing that SkyPrep would leave behind. */
const duplicates = () => {
  const house = createHouse();
  const { world } = house;
  const own = new Set(world.progress.of(101).map(({ course_id }) => course_id));
  for (const row of world.progress.of(121)) if (own.has(row.course_id)) world.progress.delete(row.id);
  return house;
};
/** Both have passed the same course: SkyPrep leaves the first one's record where it is. */
const rivals = () => {
  const house = createHouse();
  const { world } = house;
  for (const id of [101, 121]) {
    const [row] = world.progress.of(id).filter(({ course_id }) => course_id === 201);
    if (row) Object.assign(row, { status: "passed", completion_date: row.created_at });
  }
  return house;
};
const merge: Job = ["merge_people", { from: "linh.carter@example.com", into: "101" }];
const erase: Job = ["merge_people", { ...merge[1], delete: true }];

const stateOf = ({ world }: House) => ({
  from: world.people.has(121) && {
    ends: world.people.get(121)?.access_end_date !== null,
    records: world.progress.of(121).length,
    groups: [...world.groups.values()].filter(({ members }) => members.has(121)).length,
  },
  into: {
    courses: world.progress
      .of(101)
      .map(({ course_id }) => course_id)
      .sort(),
    groups: [...world.groups.values()]
      .filter(({ members }) => members.has(101))
      .map(({ id }) => id)
      .sort(),
  },
});

it("shows what each has, moves, and offboards the first, under one question typed with their login", async () => {
  const house = duplicates();
  const before = stateOf(house);

  const reply = await callIn(house, merge);

  expect(reply.isError).toBe(false);
  expect(house.asked).toHaveLength(1);
  expect(house.asked[0]?.phrase).toBe("linh.carter@example.com");
  expect(house.asked[0]?.message).toMatch(
    /Merge “Linh Carter” \(linh\.carter@example\.com\) into “Avery Learner” \(avery@example\.com\), and then offboard the first\?\nThe first has \d+ courses \(progress: .*\) and 1 group\.\n.*\nThe second, who is kept, has/,
  );
  expect(writesOf(reply).map(({ route }) => route)).toEqual(["move_training_data", "update_user"]);
  expect(reply.text).toMatch(
    /From: person 121 Linh Carter .*group 303 Customer Support\nInto: person 101 Avery Learner/,
  );
  expect(reply.structured).toMatchObject({
    from: { id: 121, groups: ["group 303 Customer Support"] },
    into: { id: 101 },
  });
  const after = stateOf(house);
  expect(after.from).toEqual({ ends: true, records: 0, groups: 0 });
  expect(after.into.courses.length).toBe(
    before.into.courses.length + (before.from ? before.from.records : 0),
  );
  expect(after.into.groups).toContain(303);
});

it("takes the first one's role and rights with the merge, not some day later", async () => {
  const house = duplicates();
  const { world } = house;
  Object.assign(world.people.get(121) ?? {}, { role: "manager" });

  const reply = await callIn(house, merge);

  expect(world.people.get(121)?.role).toBe("learner");
  expect(house.asked[0]?.message).toMatch(
    /\nThey lose the role of [a-z ]+.*, and cannot sign in after that day\./,
  );
  expect(items(reply)).toContainEqual(
    expect.objectContaining({ what: "role manager", outcome: "learner now" }),
  );
});

// Where the list cannot be narrowed to one person, it is not read.
it.skipIf(inject("strict"))(
  "counts all records of somebody who has more than SkyPrep gives in a page",
  async () => {
    const house = duplicates();
    const [row] = house.world.progress.of(121);
    if (row === undefined) throw new Error("121 has no records");
    const had = house.world.progress.of(121).length;
    for (let id = 900_000; id <= 900_100; id++) house.world.progress.set(id, { ...row, id });

    await callIn(house, merge);

    const [, of = ""] =
      /The first has \d+ courses \(progress: ([^)]*)\)/.exec(house.asked[0]?.message ?? "") ?? [];
    expect(of).not.toMatch(/at least/);
    expect([...of.matchAll(/\d+/g)].reduce((sum, [count]) => sum + Number(count), 0)).toBe(had + 101);
  },
);

it("says which memberships did not come along, or that they could not be read", async () => {
  const [house, blind] = [duplicates(), duplicates()];
  const lost = await callIn(house, merge, {
    between: async (_, { route }, pass) => {
      const answer = await pass();
      if (route === "move_training_data") house.world.groups.get(303)?.members.delete(101);
      return answer;
    },
  });
  let moved = false;
  const unread = await callIn(blind, merge, {
    between: async (_, { route }, pass) => {
      if (moved && route === "get_user_group_enrollments_for_user")
        return { status: 500, contentType: "text/plain", body: new TextEncoder().encode("down") };
      moved ||= route === "move_training_data";
      return pass();
    },
  });

  expect(lost.text).toMatch(
    /Lost with the merge: group 303 Customer Support\. Person 101 is not in there; enroll_user_in_user_group/,
  );
  expect(unread.text).toMatch(/Whether person 101 is now in group 303 Customer Support could not be read/);
});

it("called again has nothing to do, and says so", async () => {
  const house = duplicates();
  await callIn(house, merge);

  const again = await callIn(house, merge);

  expect(again.text).toMatch(/Nothing to do/);
  expect(writesOf(again)).toEqual([]);
  expect(house.asked).toHaveLength(1);
});

it("knows a move that was done after one that SkyPrep refused, and deletes then", async () => {
  const house = duplicates();
  const refusing =
    (refused: string): Between =>
    async (_, { route }, pass) =>
      route === refused
        ? { status: 422, contentType: "text/plain", body: new TextEncoder().encode("Not now") }
        : pass();

  await callIn(house, erase, { between: refusing("move_training_data") });
  await callIn(house, erase, { between: refusing("destroy_user") });
  const last = await callIn(house, erase);

  expect(writesOf(last).map(({ route }) => route)).toEqual(["destroy_user"]);
  expect(`${last.text} ${house.asked.at(-1)?.message}`).not.toMatch(/how it ended is not known/);
});

it("deletes the first where that is asked and the move was done, and knows it afterwards", async () => {
  const house = duplicates();

  const reply = await callIn(house, erase);
  const again = await callIn(house, erase);

  expect(house.asked).toHaveLength(1);
  expect(house.asked[0]?.message).toMatch(/and then delete the first\?[\s\S]*^Delete them: with them go/m);
  expect(writesOf(reply).map(({ route }) => route)).toEqual(["move_training_data", "destroy_user"]);
  expect(stateOf(house).from).toBe(false);
  expect(again.text).toMatch(/Nothing to do: “linh.carter@example.com” was deleted already, by change \d+/);
  expect(again.isError).toBe(false);
});

it("never deletes while anything is left with the first, now or when called again", async () => {
  const house = rivals();

  const first = await callIn(house, erase);
  const again = await callIn(house, erase);
  const offboarded = await callIn(house, merge);

  expect(first.text).toMatch(/1 record was not moved and would be lost/);
  expect(items(first).map(({ outcome }) => outcome)).toEqual(["moved to person 101", "not tried"]);
  expect(again.text).toMatch(/was not deleted: 1 record that SkyPrep did not move would be lost/);
  expect(writesOf(again)).toEqual([]);
  expect(writesOf(offboarded).map(({ route }) => route)).toEqual(["update_user"]);
  expect(house.world.people.has(121)).toBe(true);
});

it("does not delete on SkyPrep's word that all was moved where a record is still with the first", async () => {
  const house = duplicates();
  const [row] = house.world.progress.of(121);

  const reply = await callIn(house, erase, {
    between: async (_, { route }, pass) => {
      const answer = await pass();
      if (route === "move_training_data" && row)
        house.world.progress.set(900_000, { ...row, id: 900_000, user_id: 121, status: "passed" });
      return answer;
    },
  });

  expect(reply.text).toMatch(/Person 121 was not deleted: 1 record is still theirs after the move/);
  expect(writesOf(reply).map(({ route }) => route)).toEqual(["move_training_data"]);
});

it("is refused where it is not plain who is meant, or where both are one", async () => {
  const house = duplicates();

  const replies = [
    await callIn(house, ["merge_people", { from: "nobody@example.com", into: "Avery" }]),
    await callIn(house, ["merge_people", { from: "avery@example.com", into: "Avery Learner" }]),
  ];

  expect(replies[0]?.text).toMatch(/no person nobody@example.com[\s\S]*near it: 101 Avery Learner/);
  expect(replies[1]?.text).toMatch(/both are person 101/);
  expect(replies.flatMap(writesOf)).toEqual([]);
  expect(house.asked).toEqual([]);
});

it("sends nothing on a no, on a wrong phrase, or for the last administrator", async () => {
  const house = duplicates();
  for (const id of [104, 105, 106]) Object.assign(house.world.people.get(id) ?? {}, { role: "learner" });

  const no = await callIn(house, erase, { person: () => ({ action: "decline" }) });
  const wrong = await callIn(house, erase, {
    person: () => ({ action: "accept", content: { typed: "avery@example.com" } }),
  });
  const last = await callIn(house, ["merge_people", { from: "103", into: "101" }]);

  expect(no.text).toMatch(/said no/);
  expect(wrong.text).toMatch(/not what was asked for/);
  expect(last.text).toMatch(/last administrator/);
  expect(house.writes()).toEqual([]);
});

it("has no code: what cannot be undone needs a person", async () => {
  const house = duplicates();

  const reply = await callIn(house, merge, { formless: true });

  expect(reply.isError).toBe(true);
  expect(JSON.stringify(reply.structured ?? {})).not.toMatch(/confirm/);
  expect(house.writes()).toEqual([]);
});

it("asks anew where one of the two changed while the question was open", async () => {
  const house = duplicates();
  let asked = 0;

  await callIn(house, merge, {
    person: ({ phrase = "" }) => {
      asked += 1;
      Object.assign(house.world.people.get(101) ?? {}, { role: "manager" });
      return { action: "accept", content: { typed: phrase } };
    },
  });

  expect(asked).toBe(2);
});

const emptyHanded = () => {
  const house = duplicates();
  const { world } = house;
  for (const row of world.progress.of(121)) world.progress.delete(row.id);
  for (const group of world.groups.values())
    if (group.members.has(121)) {
      group.courses.clear();
      group.paths.clear();
    }
  world.enrollments.delete(121);
  return house;
};

it.each([
  ["that SkyPrep did not move", duplicates, merge, /SkyPrep may not move this membership/],
  ["before a deletion, too", duplicates, erase, /SkyPrep may not move this membership/],
  ["where there is no training to move", emptyHanded, merge, /and will not be: this membership is lost/],
] as const)("names memberships that are lost, %s, in question and reply", async (_, make, job, foretold) => {
  const house = make();

  const reply = await callIn(house, job, {
    between: async (_call, sent, pass) => {
      const answer = await pass();
      // SkyPrep moves the training, and no membership.
      if (sent.route === "move_training_data") house.world.groups.get(303)?.members.delete(101);
      return answer;
    },
  });

  expect(house.asked[0]?.message).toMatch(/The second is not in the group “Customer Support” \(303\)/);
  expect(house.asked[0]?.message).toMatch(foretold);
  expect(/There is nothing to move/.test(house.asked[0]?.message ?? "")).toBe(make === emptyHanded);
  expect(reply.text).toMatch(/Lost with the merge: group 303 Customer Support\. Person 101 is not in there/);
});

it("says of a move that it cannot be undone, and undoes the rest", async () => {
  const house = duplicates();
  Object.assign(house.world.people.get(121) ?? {}, { access_end_date: Date.UTC(2027, 0, 15) });
  await callIn(house, merge);
  const { structured } = await callIn(house, ["list_changes", {}]);
  const [access, moved] = (structured?.items ?? []) as { change: number; tool: string }[];

  expect([access?.tool, moved?.tool]).toEqual(["update_user", "move_training_data"]);
  expect((await callIn(house, ["undo_change", { change: moved?.change }])).text).toMatch(/cannot be undone/);
  expect((await callIn(house, ["undo_change", { change: access?.change }])).text).toMatch(/was undone/);
});

itAtEveryCall.each([
  ["offboarded", merge],
  ["deleted", erase],
] as const)(
  "a fault at any call, then %s: nobody is deleted before the move is known, and it is finished when called again",
  async (_, job) => {
    const calls = await atEveryCall(job, {
      house: duplicates,
      end: stateOf,
      check: (called, house, where) => {
        const sent = writesOf(called);
        const move = sent.find(({ route }) => route === "move_training_data");
        const gone = !house.world.people.has(121);
        if (gone) expect(move?.status, where).toBe(200);
        if (gone && sent.every(({ route }) => route !== "destroy_user")) expect.fail(where);
        if (items(called).some(({ what, outcome }) => what.startsWith("training") && outcome === "unknown")) {
          expect(
            sent.map(({ route }) => route),
            where,
          ).not.toContain("destroy_user");
        }
      },
    });

    expect(calls).toBeLessThan(inject("strict") ? 100 : 32);
  },
  120_000,
);
