import { AssertionError } from "node:assert/strict";
import { describe, expect, it } from "vitest";
import { type Exchange, type Row, TurnedDown } from "../journeys/journey.ts";
import { outcomeOf, type Seen } from "./outcome.ts";

const said = (
  name: string,
  text: string,
  more: { args?: Row; structured?: Row; isError?: boolean; asked?: string[]; changes?: string[] } = {},
): Seen["exchanges"][number] => ({
  name,
  args: more.args ?? {},
  asked: more.asked ?? [],
  changes: more.changes ?? [],
  reply: { text, structured: more.structured, isError: more.isError ?? false, outcome: "" },
});
const seen = (exchanges: Seen["exchanges"], changes: string[] = [], thrown?: unknown): Seen => ({
  exchanges,
  changes,
  people: new Set(["Avery Learner", "Jordan Sample"]),
  ...(thrown !== undefined && { thrown }),
});
const turnedDown = (exchanges: Seen["exchanges"], changes: string[] = []): Seen =>
  seen(exchanges, changes, new TurnedDown(exchanges.at(-1) as Exchange));

describe("of a read", () => {
  const list = (ids: number[], total: number | null, text = `${ids.length} people.`) =>
    said("get_users", text, { structured: { items: ids.map((id) => ({ id, status: "passed" })), total } });
  const ordinary = seen([list([1, 2, 3], 3)]);

  it("the same is right", () => {
    expect(outcomeOf(ordinary, ordinary)).toEqual({ is: "right", why: "" });
  });

  it.each<[string, Seen, RegExp]>([
    ["fewer people as all of them", seen([list([1, 2], 2)]), /total is 2 in place of 3/],
    ["a count in words alone", seen([list([1, 2, 3], 3, "25 people.")]), /counts “25 people”/],
    ["other people", seen([list([1, 2, 4], 3)]), /rows 4 too many \(1\), 3 missing/],
    [
      "another status",
      seen([
        said("get_users", "3 people.", {
          structured: {
            items: [1, 2, 3].map((id) => ({ id, status: id === 2 ? "failed" : "passed" })),
            total: 3,
          },
        }),
      ]),
      /status of 2 is "failed"/,
    ],
    ["nobody", seen([list([1, 2, 3], 3, "Nobody is overdue.")]), /says absent: Nobody is overdue/],
    ["a stranger", seen([list([1, 2, 3], 3, "3 people. First: Jordan Sample.")]), /names Jordan Sample/],
    ["a fault of its own", seen([list([1, 2, 3], 3, "undefined people.")]), /a fault of the program's own/],
    [
      "nothing wrong, and the journey fails",
      seen([list([1, 2, 3], 3)], [], new AssertionError({ message: "302 !== 25" })),
      /though every call was answered: 302 !== 25/,
    ],
  ])("%s is false", (_, under, why) => {
    expect(outcomeOf(under, ordinary)).toEqual({ is: "false", why: expect.stringMatching(why) });
  });

  it("fewer, said to be perhaps not all, is a refusal where the journey needs all, and no claim", () => {
    const few = [list([1, 2], null, "2 people; there may be more.")];

    expect(outcomeOf(seen(few, [], new AssertionError({ message: "3 !== 2" })), ordinary)).toEqual({
      is: "refused",
      why: expect.stringMatching(/there may be more/),
    });
  });

  it("a refusal that says what cannot be read is one; that there is no such person is a claim", () => {
    const plain = said("get_users", "SkyPrep's answer could not be read: a web page. Call again later.", {
      isError: true,
    });
    const claim = said("get_users", "There is no such person in the academy. Call find.", { isError: true });

    expect(outcomeOf(turnedDown([plain]), ordinary).is).toBe("refused");
    expect(outcomeOf(turnedDown([claim]), ordinary).is).toBe("false");
  });
});

describe("of a write", () => {
  const points = '+points {"user_id":101,"amount":50}';
  const ordinary = seen([said("create_points", "Done: gave 50 points.", { changes: [points] })], [points]);
  const unclear = said("create_points", "Whether it was done is unknown: look before you call again.", {
    isError: true,
  });
  const nothing = said("create_points", "SkyPrep refused it, and nothing was changed. Say so.", {
    isError: true,
  });

  it("done once and said is right; done twice, or said and not done, is false", () => {
    expect(outcomeOf(ordinary, ordinary).is).toBe("right");
    expect(outcomeOf({ ...ordinary, changes: [points, points] }, ordinary).why).toMatch(
      /beyond what it should/,
    );
    expect(outcomeOf({ ...ordinary, changes: [] }, ordinary).why).toMatch(/said to be done and is not/);
  });

  it("done and called unclear is a refusal; done and called nothing is false", () => {
    expect(outcomeOf(turnedDown([unclear], [points]), ordinary).is).toBe("refused");
    expect(outcomeOf(turnedDown([nothing], [points]), ordinary).is).toBe("false");
    expect(outcomeOf(turnedDown([nothing], []), ordinary).is).toBe("refused");
  });

  it("what an earlier call did is not put on the one that was refused", () => {
    const first = said("create_group", "Done.", { changes: ["+groups 1"] });
    const both = seen([first, said("add_course", "Done.")], ["+groups 1", "+groups 1.courses.2=true"]);
    const refused = said("add_course", "SkyPrep refused it, and nothing was changed. Say so.", {
      isError: true,
    });

    expect(outcomeOf(turnedDown([first, refused], ["+groups 1"]), both).is).toBe("refused");
    expect(outcomeOf(turnedDown([first, refused], both.changes.slice()), both).is).toBe("false");
  });

  it("refused on the way stands where the ordinary run stood then: a row that is not yet finished is no other one", () => {
    const stage = ['+groups 1 {"courses":{}}'];
    const both = seen(
      [said("create_group", "Done.", { changes: stage }), said("add_course", "Done.")],
      ['+groups 1 {"courses":{"2":true}}'],
    );
    const refused = said("add_course", "SkyPrep refused it, and nothing was changed. Say so.", {
      isError: true,
    });
    const first = both.exchanges.slice(0, 1);

    expect(outcomeOf(turnedDown([...first, refused], stage), both).is).toBe("refused");
    expect(outcomeOf(turnedDown([...first, refused], [...stage, ...stage]), both).is).toBe("false");
  });

  it("less done than asked is a refusal where the reply says what could not be read, and false in silence", () => {
    const all = "Offboarded person 102: 6 done.\nNot all of this can be undone.";
    const both = seen([said("offboard_person", all)], ["-rights 102", "-groups 1"]);
    const some = (text: string) => seen([said("offboard_person", text)], ["-groups 1"]);

    expect(outcomeOf(some(`${all} Whether they have rights could not be read.`), both).is).toBe("refused");
    expect(outcomeOf(some(all), both).is).toBe("false");
  });

  it("what a step finds already so, or does again without harm, is one outcome; no other two are", () => {
    const row = (outcome: string) =>
      seen([said("merge_people", "3 done.", { structured: { items: [{ id: 4, outcome }] } })]);

    expect(outcomeOf(row("left"), row("already")).is).toBe("right");
    expect(outcomeOf(row("left"), row("moved")).why).toMatch(/outcome of 4/);
  });

  it("a question that counts another number than the ordinary one is false", () => {
    const asked = (n: number) =>
      seen([said("destroy_user", "Done.", { asked: [`Delete Nadia Clarke with ${n} course enrollments?`] })]);

    expect(outcomeOf(asked(1), asked(7)).why).toMatch(/1 course enrollments/);
  });

  it("a write to somebody else than the ordinary run's is false", () => {
    const to = (id: number | undefined) =>
      seen([said("update_course_progress", "Done.", { args: { course_progress_id: id } })]);

    expect(outcomeOf(to(7), to(8)).why).toMatch(/was called with/);
    expect(outcomeOf(to(8), to(8)).is).toBe("right");
  });
});

describe("of a proof and of a part", () => {
  const removal = (text: string) =>
    seen([said("remove_user_from_course", text, { args: { user_id: 101, course_id: 240 } })]);
  const removed = removal("Done: Take a person off a course.");

  it("what the call was given is no count, and any other number is", () => {
    const shows = (n: number) =>
      outcomeOf(removal(`Done: get_user_courses does not show ${n} any more.`), removed);
    expect(shows(240).is).toBe("right");
    expect(shows(241)).toMatchObject({ is: "false", why: expect.stringContaining("241 any more") });
  });

  it("how far it was looked is said, and is no absence", () => {
    const managers = "Managers: 6 asked; there may be more.";
    const of = (text: string) => seen([said("session_roster", `${managers} ${text}`)]);
    const part = of("For 0 of 6 people a manager was looked for to the end: the limit of calls is used up.");
    expect(outcomeOf(part, of("Their managers are beside them.")).is).toBe("right");
    expect(outcomeOf(of("0 of 6 people have a manager."), of("Their managers are beside them.")).is).toBe(
      "false",
    );
  });

  it("somebody who should not be there is named only beside who could not be left out", () => {
    const of = (text: string) => seen([said("training_status", text)]);
    const mixed = "Who has no access any more could not be read; they are counted with the others.";
    const ordinary = of("Nobody.");
    expect(outcomeOf(of("Jordan Sample is overdue."), ordinary).why).toMatch(/names Jordan Sample/);
    expect(outcomeOf(of(`${mixed}\nJordan Sample is overdue, so far.`), ordinary).is).toBe("right");
  });
});
