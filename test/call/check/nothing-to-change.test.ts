import { describe, expect, it } from "vitest";
import { isPairs } from "../../../src/catalogue/schema.ts";
import { openAcademy } from "../../support/academy.ts";
import { tools } from "../../support/catalogue.ts";

/** Whom or what a change is about: the one thing it cannot do without, and the one thing it does not change. */
const about: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  update_user: { user_id: 101 },
  update_course: { course_id: 201 },
  update_user_group: { user_group_id: 301 },
  update_learning_path: { learning_path_id: 402 },
  update_ilt_timeslot: { instructor_led_training_timeslot_id: 511 },
  update_manager_permissions_in_user_group: { user_id: 103, user_group_id: 301 },
};

const changes = [...tools.values()].filter(({ operation }) => operation.effect === "change");

/** What there is of a change besides what it must have: what somebody may leave out, or send without anything in it. */
const optional = (name: string) => {
  const { plain } = tools.get(name)?.shape ?? { plain: { properties: {}, required: [] } };
  const needed = new Set([
    ...(plain.required ?? []),
    ...Object.keys(about[name] ?? {}),
    "user_email",
    "confirm",
  ]);
  return Object.entries(plain.properties).filter(([one]) => !needed.has(one));
};

const emptyForms = (isList: boolean): readonly unknown[] =>
  isList
    ? [
        null,
        [],
        "[]",
        {},
        "{}",
        [null],
        [{ field: "0", is: null }],
        { "0": null },
        '[{"field":"0","is":null}]',
      ]
    : [null, "", "[]"];

it("every change that could be sent with nothing in it is known here", () => {
  const bare = changes
    .filter(
      ({ name, shape }) =>
        optional(name).length > 0 && !(shape.plain.required ?? []).some((one) => !/_ids?$/.test(one)),
    )
    .map(({ name }) => name)
    .filter((name) => name !== "update_catalog_enrollments");

  expect(Object.keys(about).sort()).toEqual(bare.sort());
});

describe.each(Object.keys(about))("%s, with nothing to change", (name) => {
  it("is not sent, and says what it could change", async () => {
    const academy = await openAcademy();
    const nothing = [
      {},
      ...optional(name).flatMap(([one, property]) =>
        emptyForms(isPairs(property)).map((value) => ({ [one]: value })),
      ),
      Object.fromEntries(optional(name).map(([one]) => [one, null])),
      { extra: [{ field: "city", is: null }] },
      { extra: {} },
    ].filter((one) => !("extra" in one) || tools.get(name)?.shape.unlisted.has("extra"));

    for (const args of nothing) {
      const { text, outcome } = await academy.call(name, { ...about[name], ...args });
      expect({ args, outcome }).toEqual({ args, outcome: "refused" });
      expect(text).toMatch(
        /nothing was sent[\s\S]*(?:Give at least one of|Nothing to change\.|must be a list)/,
      );
    }

    const changed = await academy.call("list_changes");
    await academy.close();
    expect(changed.structured?.total).toBe(0);
  });
});

it("a field of the account's own is left as it is by an empty value, and emptied by a blank, which can be undone", async () => {
  const academy = await openAcademy();
  const region = () => academy.sandbox.world.people.get(101)?.profile.ca_0;
  const before = region();

  const empty = await academy.call("update_user", { user_id: 101, custom_fields: [{ field: "0", is: "" }] });
  const none = await academy.call("update_user", { user_id: 101, custom_fields: [] });
  const beside = await academy.call("update_user", {
    user_id: 101,
    title: "Lead",
    custom_fields: { "0": "", "1": null },
  });
  const after = region();
  const blank = await academy.call("update_user", { user_id: 101, custom_fields: [{ field: "0", is: " " }] });
  const emptied = region();
  const changes = await academy.call("list_changes");
  const [last] = (changes.structured?.items ?? []) as { change: number }[];
  const undone = await academy.call("undo_change", { change: last?.change });
  const restored = region();
  await academy.close();

  expect(before).toBeTruthy();
  for (const one of [empty, none])
    expect(one).toMatchObject({
      outcome: "refused",
      text: expect.stringMatching(
        /Nothing to change\. custom_fields.*To empty .*custom_fields.*single blank/,
      ),
    });
  expect(none.text).not.toMatch(/no way is known/);
  expect(beside).toMatchObject({ outcome: "done", text: expect.stringMatching(/custom_fields.*came empty/) });
  expect(after).toBe(before);
  expect(blank.outcome).toBe("done");
  expect(emptied ?? "").toBe("");
  expect(undone.outcome).toBe("done");
  expect(restored).toBe(before);
});
