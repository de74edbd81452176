import { expect, inject, it } from "vitest";
import { itAtEveryCall } from "../../support/at-every-call.ts";
import { patience } from "../../support/long.ts";
import { atEveryCall, callIn, items, type Job, writesOf } from "../shared/people-desk.ts";
import { type Academy, type Between, createAcademy } from "../shared/plan-academy.ts";

/** Two people of whom the first has nothing that SkyPrep would leave behind. */
const duplicates = (people?: number) => {
  const academy = createAcademy({ people });
  const { world } = academy;
  const own = new Set(world.progress.of(101).map(({ course_id }) => course_id));
  for (const row of world.progress.of(121)) if (own.has(row.course_id)) world.progress.delete(row.id);
  return academy;
};
/** Both have passed the same course: SkyPrep leaves the first one's record where it is. */
const rivals = () => {
  const academy = createAcademy();
  const { world } = academy;
  for (const id of [101, 121]) {
    const [row] = world.progress.of(id).filter(({ course_id }) => course_id === 201);
    if (row) Object.assign(row, { status: "passed", completion_date: row.created_at });
  }
  return academy;
};
const merge: Job = ["merge_people", { from: "linh.carter@example.com", into: "101" }];
const erase: Job = ["merge_people", { ...merge[1], delete: true }];

const stateOf = ({ world }: Academy) => ({
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
  const academy = duplicates();
  const before = stateOf(academy);

  const reply = await callIn(academy, merge);

  expect(reply.isError).toBe(false);
  expect(academy.asked).toHaveLength(1);
  expect(academy.asked[0]?.phrase).toBe("linh.carter@example.com");
  expect(academy.asked[0]?.message).toMatch(
    /Merge “Linh Carter” \(linh\.carter@example\.com\) into “Avery Learner” \(avery@example\.com\), and then offboard “Linh Carter” \(linh\.carter@example\.com\)\?\nThe account to be offboarded has \d+ courses \(progress: .*\) and 1 group\.\n.*\nThe account that is kept has/,
  );
  expect(writesOf(reply).map(({ route }) => route)).toEqual(["move_training_data", "update_user"]);
  expect(reply.text).toMatch(
    /From: person 121 Linh Carter .*group 303 Customer Support\nInto: person 101 Avery Learner/,
  );
  expect(reply.structured).toMatchObject({
    from: { id: 121, groups: ["group 303 Customer Support"] },
    into: { id: 101 },
  });
  const after = stateOf(academy);
  expect(after.from).toEqual({ ends: true, records: 0, groups: 0 });
  expect(after.into.courses.length).toBe(
    before.into.courses.length + (before.from ? before.from.records : 0),
  );
  expect(after.into.groups).toContain(303);
});

it("takes the first one's role and rights with the merge, not some day later", async () => {
  const academy = duplicates();
  const { world } = academy;
  Object.assign(world.people.get(121) ?? {}, { role: "manager" });

  const reply = await callIn(academy, merge);

  expect(world.people.get(121)?.role).toBe("learner");
  expect(academy.asked[0]?.message).toMatch(
    /\nThe account to be offboarded loses the role of [a-z ]+.*, and cannot be used to sign in after \d+ \w+ \d{4}\./,
  );
  expect(items(reply)).toContainEqual(
    expect.objectContaining({ what: "role manager", outcome: "learner now" }),
  );
});

// Where the list cannot be narrowed to one person, it is not read.
it.skipIf(inject("strict"))(
  "counts all records of somebody who has more than SkyPrep gives in a page",
  async () => {
    const academy = duplicates();
    const [row] = academy.world.progress.of(121);
    if (row === undefined) throw new Error("121 has no records");
    const had = academy.world.progress.of(121).length;
    for (let id = 900_000; id <= 900_100; id++) academy.world.progress.set(id, { ...row, id });

    await callIn(academy, merge);

    const [, of = ""] =
      /The account to be (?:offboarded|deleted) has \d+ courses \(progress: ([^)]*)\)/.exec(
        academy.asked[0]?.message ?? "",
      ) ?? [];
    expect(of).not.toMatch(/at least/);
    expect([...of.matchAll(/\d+/g)].reduce((sum, [count]) => sum + Number(count), 0)).toBe(had + 101);
  },
);

it("says which memberships did not come along, or that they could not be read", async () => {
  const [academy, blind] = [duplicates(), duplicates()];
  const lost = await callIn(academy, merge, {
    between: async (_, { route }, pass) => {
      const answer = await pass();
      if (route === "move_training_data") academy.world.groups.get(303)?.members.delete(101);
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
  const academy = duplicates();
  await callIn(academy, merge);

  const again = await callIn(academy, merge);

  expect(again.text).toMatch(/Nothing to do/);
  expect(writesOf(again)).toEqual([]);
  expect(academy.asked).toHaveLength(1);
});

it("knows a move that was done after one that SkyPrep refused, and deletes then", async () => {
  const academy = duplicates();
  const refusing =
    (refused: string): Between =>
    async (_, { route }, pass) =>
      route === refused
        ? { status: 422, contentType: "text/plain", body: new TextEncoder().encode("Not now") }
        : pass();

  await callIn(academy, erase, { between: refusing("move_training_data") });
  await callIn(academy, erase, { between: refusing("destroy_user") });
  const last = await callIn(academy, erase);

  expect(writesOf(last).map(({ route }) => route)).toEqual(["destroy_user"]);
  expect(`${last.text} ${academy.asked.at(-1)?.message}`).not.toMatch(/how it ended is not known/);
});

it("deletes the first where that is asked and the move was done, and knows it afterwards", async () => {
  const academy = duplicates();

  const reply = await callIn(academy, erase);
  const again = await callIn(academy, erase);

  expect(academy.asked).toHaveLength(1);
  expect(academy.asked[0]?.message).toMatch(
    /and then delete “[^”]*” \(\S+\)\?[\s\S]*^Delete “[^”]*” \(\S+\): they lose/m,
  );
  expect(writesOf(reply).map(({ route }) => route)).toEqual(["move_training_data", "destroy_user"]);
  expect(stateOf(academy).from).toBe(false);
  expect(again.text).toMatch(/Nothing to do: “linh.carter@example.com” was deleted already, by change \d+/);
  expect(again.isError).toBe(false);
});

it("never deletes while anything is left with the first, now or when called again", async () => {
  const academy = rivals();

  const first = await callIn(academy, erase);
  const again = await callIn(academy, erase);
  const offboarded = await callIn(academy, merge);

  expect(first.text).toMatch(/1 record was not moved and would be lost/);
  expect(items(first).map(({ outcome }) => outcome)).toEqual(["moved to person 101", "not tried"]);
  expect(again.text).toMatch(/was not deleted: 1 record that SkyPrep did not move would be lost/);
  expect(writesOf(again)).toEqual([]);
  expect(writesOf(offboarded).map(({ route }) => route)).toEqual(["update_user"]);
  expect(academy.world.people.has(121)).toBe(true);
});

it("does not delete on SkyPrep's word that all was moved where a record is still with the first", async () => {
  const academy = duplicates();
  const [row] = academy.world.progress.of(121);

  const reply = await callIn(academy, erase, {
    between: async (_, { route }, pass) => {
      const answer = await pass();
      if (route === "move_training_data" && row)
        academy.world.progress.set(900_000, { ...row, id: 900_000, user_id: 121, status: "passed" });
      return answer;
    },
  });

  expect(reply.text).toMatch(/Person 121 was not deleted: 1 record is still theirs after the move/);
  expect(writesOf(reply).map(({ route }) => route)).toEqual(["move_training_data"]);
});

it("is refused where it is not plain who is meant, or where both are one", async () => {
  const academy = duplicates();

  const replies = [
    await callIn(academy, ["merge_people", { from: "nobody@example.com", into: "Avery" }]),
    await callIn(academy, ["merge_people", { from: "avery@example.com", into: "Avery Learner" }]),
  ];

  expect(replies[0]?.text).toMatch(/no person nobody@example.com[\s\S]*near it: 101 Avery Learner/);
  expect(replies[1]?.text).toMatch(/both are person 101/);
  expect(replies.flatMap(writesOf)).toEqual([]);
  expect(academy.asked).toEqual([]);
});

it("sends nothing on a no, on a wrong phrase, or for the last administrator", async () => {
  const academy = duplicates();
  for (const id of [104, 105, 106]) Object.assign(academy.world.people.get(id) ?? {}, { role: "learner" });

  const no = await callIn(academy, erase, { person: () => ({ action: "decline" }) });
  const wrong = await callIn(academy, erase, {
    person: () => ({ action: "accept", content: { typed: "avery@example.com" } }),
  });
  const last = await callIn(academy, ["merge_people", { from: "103", into: "101" }]);

  expect(no.text).toMatch(/said no/);
  expect(wrong.text).toMatch(/not what was asked for/);
  expect(last.text).toMatch(/last administrator/);
  expect(academy.writes()).toEqual([]);
});

it("has no code: what cannot be undone needs a person", async () => {
  const academy = duplicates();

  const reply = await callIn(academy, merge, { formless: true });

  expect(reply.isError).toBe(true);
  expect(JSON.stringify(reply.structured ?? {})).not.toMatch(/confirm/);
  expect(academy.writes()).toEqual([]);
});

it("asks anew where one of the two changed while the question was open", async () => {
  const academy = duplicates();
  let asked = 0;

  await callIn(academy, merge, {
    person: ({ phrase = "" }) => {
      asked += 1;
      Object.assign(academy.world.people.get(101) ?? {}, { role: "manager" });
      return { action: "accept", content: { typed: phrase } };
    },
  });

  expect(asked).toBe(2);
});

const emptyHanded = () => {
  const academy = duplicates();
  const { world } = academy;
  for (const row of world.progress.of(121)) world.progress.delete(row.id);
  for (const group of world.groups.values())
    if (group.members.has(121)) {
      group.courses.clear();
      group.paths.clear();
    }
  world.enrollments.delete(121);
  return academy;
};

it.each([
  ["that SkyPrep did not move", duplicates, merge, /SkyPrep may not move this membership/],
  ["before a deletion, too", duplicates, erase, /SkyPrep may not move this membership/],
  ["where there is no training to move", emptyHanded, merge, /and will not be: this membership is lost/],
] as const)("names memberships that are lost, %s, in question and reply", async (_, make, job, foretold) => {
  const academy = make();

  const reply = await callIn(academy, job, {
    between: async (_call, sent, pass) => {
      const answer = await pass();
      // SkyPrep moves the training, and no membership.
      if (sent.route === "move_training_data") academy.world.groups.get(303)?.members.delete(101);
      return answer;
    },
  });

  expect(academy.asked[0]?.message).toMatch(
    /The account that is kept is not in the group “Customer Support” \(303\)/,
  );
  expect(academy.asked[0]?.message).toMatch(foretold);
  expect(/There is nothing to move/.test(academy.asked[0]?.message ?? "")).toBe(make === emptyHanded);
  expect(reply.text).toMatch(/Lost with the merge: group 303 Customer Support\. Person 101 is not in there/);
});

it("says of a move that it cannot be undone, and undoes the rest", async () => {
  const academy = duplicates();
  Object.assign(academy.world.people.get(121) ?? {}, { access_end_date: Date.UTC(2027, 0, 15) });
  await callIn(academy, merge);
  const { structured } = await callIn(academy, ["list_changes", {}]);
  const [access, moved] = (structured?.items ?? []) as { change: number; tool: string }[];

  expect([access?.tool, moved?.tool]).toEqual(["update_user", "move_training_data"]);
  expect((await callIn(academy, ["undo_change", { change: moved?.change }])).text).toMatch(
    /cannot be undone/,
  );
  expect((await callIn(academy, ["undo_change", { change: access?.change }])).text).toMatch(/was undone/);
});

itAtEveryCall.each([
  ["offboarded", merge],
  ["deleted", erase],
] as const)(
  "a fault at any call, then %s: nobody is deleted before the move is known, and it is finished when called again",
  async (_, job) => {
    const calls = await atEveryCall(job, {
      academy: () => duplicates(100),
      end: stateOf,
      check: (called, academy, where) => {
        const sent = writesOf(called);
        const move = sent.find(({ route }) => route === "move_training_data");
        const gone = !academy.world.people.has(121);
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

    // A round number of people might be a page of them, and is looked past.
    expect(calls).toBeLessThan(inject("strict") ? 100 : 39);
  },
  patience,
);
