import { describe, expect, it } from "vitest";
import { createDirectory } from "../../src/academy/directory.ts";

const people = [
  {
    id: 101,
    display_name: "Avery Learner",
    email: "avery@example.com",
    user_identifier: "EMP-412",
    ssn: "000-11-2222",
  },
  { id: "102", first_name: "José", last_name: "Müller", email: "jmueller", view_key: "sesame" },
  { id: 103, display_name: "Bo Avery", email: "bo@example.com" },
  { id: 104, display_name: "Kim Lavery", email: "kim@example.com" },
  { id: 110, display_name: "Pat Hall", email: "pat.avery@example.com" },
  { id: null, display_name: "Nobody Avery" },
  "not a record",
];
const lists: Record<string, unknown[]> = {
  get_users: people,
  get_courses: [
    { id: 201, name: "New Hire Orientation", course_code: "ONB-1" },
    { course_id: 202, name: "Safety" },
  ],
  get_user_groups: [{ id: 302, name: "Sales", user_group_id: 301, full_name: "Company > Sales" }],
  get_learning_paths: [{ id: 402, name: "Management 101" }],
  get_saved_advanced_reports: [
    { id: 1002, name: "Audit 2026" },
    { id: 1001, name: "Audit" },
  ],
};
const never = new AbortController().signal;

/** A directory over lists that come when they are let, and a clock that goes when it is told to. */
function open({ cold = false, fails = false } = {}) {
  const asked: string[] = [];
  const clock: (() => void)[] = [];
  let let_ = () => {};
  const gate = cold
    ? new Promise<void>((resolve) => {
        let_ = resolve;
      })
    : Promise.resolve();
  const directory = createDirectory({
    list: async (tool) => {
      asked.push(tool);
      await gate;
      if (fails) throw new Error("SkyPrep is away");
      return lists[tool] ?? [];
    },
    after: (_ms, then) => {
      clock.push(then);
      return () => void clock.splice(clock.indexOf(then), 1);
    },
  });
  return {
    directory,
    asked,
    clock,
    arrive: () => let_(),
    complete: (text: string) => directory.complete("person", text, never),
  };
}

describe("completing a person", () => {
  it.each([
    [
      "aver",
      ["avery@example.com", "bo@example.com", "pat.avery@example.com", "kim@example.com"],
      "part of a name or login, those that begin so first",
    ],
    ["AVERY@example.com", ["avery@example.com", "pat.avery@example.com"], "a login"],
    ["emp-412", ["avery@example.com"], "a code"],
    ["102", ["jmueller"], "a number"],
    ["muller", ["jmueller"], "a name without its accents"],
    ["Müller, Jo", ["jmueller"], "a family name first"],
    ["learner avery", ["avery@example.com"], "words in any order"],
    ["zebedee", [], "nobody"],
  ])("%s → %j: %s", async (text, expected) => {
    const { complete } = open();

    expect(await complete(text)).toEqual(expected);
  });

  it("offers everybody by name where nothing is typed yet", async () => {
    const { complete } = open();

    expect(await complete("")).toEqual([
      "avery@example.com",
      "bo@example.com",
      "jmueller",
      "kim@example.com",
      "pat.avery@example.com",
    ]);
  });

  it("offers the number of whoever has no login", async () => {
    const directory = createDirectory({
      list: async () => [{ id: 7, display_name: "No Login" }],
      after: () => () => {},
    });

    expect(await directory.complete("person", "no", never)).toEqual(["7"]);
  });

  it("never matches what may not be shown", async () => {
    const { complete } = open();

    expect([await complete("000-11"), await complete("sesame")]).toEqual([[], []]);
  });

  it("offers at most 100", async () => {
    const directory = createDirectory({
      list: async () => Array.from({ length: 5_000 }, (_, n) => ({ id: n + 1, display_name: `Person ${n}` })),
      after: () => () => {},
    });

    expect((await directory.complete("person", "person", never)).length).toBe(100);
  });
});

describe("other kinds", () => {
  it("are completed from their own lists", async () => {
    const { directory, asked } = open();

    const found = [
      await directory.complete("course", "onb", never),
      await directory.complete("course", "safety", never),
      await directory.complete("group", "company", never),
      await directory.complete("path", "management", never),
      await directory.complete("report", "aud", never),
    ];

    expect(found).toEqual([["201"], ["202"], ["302"], ["402"], ["1001", "1002"]]);
    expect([...new Set(asked)]).toEqual([
      "get_courses",
      "get_user_groups",
      "get_learning_paths",
      "get_saved_advanced_reports",
    ]);
  });
});

describe("a list that is not there yet", () => {
  it("is begun once, and nothing is offered after a second", async () => {
    const { complete, asked, clock, arrive } = open({ cold: true });

    const first = complete("aver");
    const second = complete("avery");
    for (const ring of [...clock]) ring();

    expect([await first, await second]).toEqual([[], []]);
    expect(asked).toEqual(["get_users"]);

    arrive();

    expect(await complete("avery l")).toEqual(["avery@example.com"]);
    expect(asked).toEqual(["get_users"]);
  });

  it("is waited for where a record is looked for", async () => {
    const { directory, clock, arrive } = open({ cold: true });

    const found = directory.find("person", "emp-412", never);
    for (const ring of [...clock]) ring();
    arrive();

    expect(await found).toEqual([
      { id: 101, label: "Avery Learner (avery@example.com)", login: "avery@example.com", exact: true },
    ]);
  });

  it("leaves no timer behind once it is there", async () => {
    const { complete, clock } = open();

    await complete("avery");

    expect(clock).toEqual([]);
  });

  it("goes on loading when whoever asked first has gone", async () => {
    const { directory, complete, asked, arrive } = open({ cold: true });
    const gone = new AbortController();

    const first = directory.complete("person", "avery l", gone.signal).catch(() => "gone");
    gone.abort();
    const second = complete("avery l");
    arrive();

    expect([await first, await second]).toEqual(["gone", ["avery@example.com"]]);
    expect(asked.length).toBe(1);
  });
});

describe("a list that cannot be had", () => {
  it("offers nothing, and is not asked for again with every key", async () => {
    const { complete, asked, clock } = open({ fails: true });

    const offered = [await complete("a"), await complete("av")];

    expect(offered).toEqual([[], []]);
    expect(asked.length).toBe(1);

    for (const ring of [...clock]) ring();
    await complete("ave");

    expect(asked.length).toBe(2);
  });

  it("is said where a record is looked for", async () => {
    const { directory, complete } = open({ fails: true });
    await complete("a");

    await expect(directory.find("person", "avery", never)).rejects.toThrow("SkyPrep is away");
  });
});

describe("looking for one", () => {
  it("takes the one that is exactly so over those that resemble it", async () => {
    const { directory } = open();

    const exact = await directory.find("report", "AUDIT", never);
    const part = await directory.find("person", "avery", never);

    expect(exact).toEqual([{ id: 1001, label: "Audit", exact: true }]);
    expect(part.map(({ id }) => id)).toEqual([101, 103, 110, 104]);
  });
});
