import { afterEach, describe, expect, it } from "vitest";
import { openAcademy } from "../../support/academy.ts";
import type { FormResult } from "../../support/person.ts";
import { cases } from "./cases.ts";
import { createFakePages } from "./fake-pages.ts";
import { type Opened, openCounted } from "./world.ts";

const opened: Opened[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const kinds = [...new Map(cases.map((one) => [one.kind, one])).values()];
const eras = (["legacy", "auto"] as const).flatMap((mode) =>
  kinds.map((one) => ({ mode, one, title: one.title })),
);
const answers: readonly (readonly [FormResult, RegExp])[] = [
  [{ action: "decline" }, /The person said no to/],
  [{ action: "accept", content: { answer: "no" } }, /The person said no to/],
  [{ action: "cancel" }, /The question was closed without an answer/],
];
const inTime = 2_000;

describe.each(eras)("$title, mode $mode", ({ mode, one }) => {
  it("a person's no, and a closed question, are answers and no errors, and told as not done", async () => {
    for (const [answer, words] of answers) {
      const academy = await openCounted({ mode });
      opened.push(academy);
      await academy.prepare(one);
      academy.answered(() => answer, inTime);

      const reply = await academy.call(one.tool.name, one.args);

      expect([reply.outcome, reply.isError]).toEqual(["declined", false]);
      expect(reply.text).toMatch(/^\[sandbox\] Not done\. .*Nothing was sent\.$/m);
      expect(reply.text).toMatch(words);
      expect(reply.structured).toMatchObject({
        status: "declined",
        sandbox: true,
        notes: [expect.anything(), expect.anything()],
      });
      expect(academy.sent).toEqual([]);
      await academy.close();
    }
  });
});

it("a no on the page is told alike, whatever code stands for the question", async () => {
  const one = cases.find(({ kind }) => kind === "removing");
  if (one === undefined) throw new Error("none that removes");
  const fake = createFakePages();
  const academy = await openCounted({ forms: false, pages: fake.pages });
  opened.push(academy);
  await academy.prepare(one);
  await academy.call(one.tool.name, one.args);

  fake.last().say({ said: "no" });
  const reply = await academy.call(one.tool.name, one.args);

  expect([reply.outcome, reply.isError]).toEqual(["declined", false]);
  expect(reply.text).toMatch(/^\[sandbox\] Not done\. The person said no to/);
  expect(academy.sent).toEqual([]);
});

it.each([
  ["offboard_person", { person: "102" }],
  ["merge_people", { from: "101", into: "102" }],
  ["write_operation", { operation: "destroy_course", arguments: { course_id: 201 } }],
])("a job and a tool that stands for others end so, too: %s", async (name, args) => {
  const env = name === "write_operation" ? { SKYPREP_SECTIONS: "essentials" } : {};
  const academy = await openAcademy({ env, person: () => ({ action: "decline" }) });

  const reply = await academy.call(name, args);
  await academy.close();

  expect([reply.outcome, reply.isError]).toEqual(["declined", false]);
  expect(reply.text).toMatch(/^\[sandbox\] Not done\. The person said no/);
});

it("is so for undoing a change, with what was meant to be undone still done", async () => {
  let agrees = true;
  const academy = await openAcademy({
    person: ({ phrase }) =>
      agrees
        ? { action: "accept", content: phrase === undefined ? { answer: "yes" } : { typed: phrase } }
        : { action: "decline" },
  });
  await academy.call("create_course", { name: "Short-lived" });
  const { structured } = await academy.call("list_changes", { limit: 1 });
  const [made] = (structured?.items ?? []) as { change: number }[];
  agrees = false;

  const reply = await academy.call("undo_change", { change: made?.change });
  await academy.close();

  expect([reply.outcome, reply.isError]).toEqual(["declined", false]);
  expect(reply.text).toMatch(/^\[sandbox\] Not done\. The person said no/);
});
