import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { often } from "../../support/long.ts";
import type { FormResult } from "../../support/person.ts";
import { type Opened, openCounted } from "./world.ts";

type Content = Extract<FormResult, { action: "accept" }>["content"];

const opened: Opened[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const login = "nadia.clarke@example.com";
/** What a client may put where an answer is due; `phrase` stands for what has to be typed. */
const value = fc.constantFrom<Content[string]>(
  ...["yes", "no", "YES", "YES ", "yes ", " yes", "Yes, yes", "true", "1", "", " ", "on", "phrase"],
  ...[true, false, 0, 1],
  ...[[], ["yes"], ["no"], ["yes", "no"], ["phrase"]],
);
const name = fc.constantFrom(
  ...["answer", "answer", "answer", "typed", "typed", "Answer", "answer ", "answers"],
  ...["constructor", "toString", "hasOwnProperty", "valueOf", "action", "content", "confirm"],
);
const contents: fc.Arbitrary<Content> = fc
  .uniqueArray(fc.tuple(name, value), { maxLength: 3, selector: ([one]) => one })
  .map((entries) => Object.fromEntries(entries));

const asked = [
  {
    title: "a yes-or-no question",
    tool: "remove_user_from_user_group",
    args: { user_id: 102, user_group_id: 301 },
    phrase: undefined,
    isYes: (content: Content) => content.answer === "yes",
  },
  {
    title: "a phrase",
    tool: "destroy_course",
    args: { course_id: 202 },
    phrase: "delete 202",
    isYes: (content: Content) => content.typed === "delete 202",
  },
];

describe.each(["legacy", "auto"] as const)("whatever a form comes back with, mode %s", (mode) => {
  it.each(asked)("only the very answer to $title goes through, and a no always wins", async (one) => {
    const academy = await openCounted({ mode, env: { SKYPREP_MAX_DELETIONS: "1000" } });
    opened.push(academy);
    const course = academy.world.courses.get(202);

    await fc.assert(
      fc.asyncProperty(contents, async (given) => {
        const content = Object.fromEntries(
          Object.entries(given).map(([key, said]) => [key, said === "phrase" ? (one.phrase ?? login) : said]),
        );
        academy.sent.splice(0);
        academy.answered(() => ({ action: "accept", content }));

        const reply = await academy.call(one.tool, one.args).catch(() => undefined);
        if (course) academy.world.courses.set(202, course);
        academy.world.groups.get(301)?.members.add(102);

        const isYes = one.isYes(content) && Object.keys(content).length === 1;
        expect(academy.sent).toEqual(isYes ? [one.tool] : []);
        if (content.answer === "no") expect(reply?.text).toMatch(/The person said no/);
      }),
      { numRuns: often({ long: 120, short: 30 }) },
    );
  });

  it.each([
    { answer: "no", typed: "" },
    { typed: "no" },
    { typed: "" },
    { typed: "yes" },
    { answer: "yes", typed: "yes" },
    { answer: "no", typed: 5 },
  ] as Content[])("%j where nothing had to be typed sends nothing", async (content) => {
    const academy = await openCounted({ mode });
    opened.push(academy);
    academy.answered(() => ({ action: "accept", content }));

    await academy.call("remove_user_from_user_group", { user_id: 102, user_group_id: 301 }).catch(() => {});

    expect(academy.sent).toEqual([]);
  });
});
