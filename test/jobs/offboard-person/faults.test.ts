import { expect, it } from "vitest";
import { itAtEveryCall } from "../../support/at-every-call.ts";
import { patience } from "../../support/long.ts";
import { atEveryCall, callIn, items, routes, writesOf } from "../shared/people-desk.ts";
import { createAcademy } from "../shared/plan-academy.ts";
import { jordan, stateOf } from "./offboarding.ts";

itAtEveryCall(
  "an error, a refusal or a lost answer at any call: never worse, and goes on when called again",
  async () => {
    const calls = await atEveryCall(jordan, {
      academy: () => createAcademy({ people: 100 }),
      end: (academy) => stateOf(academy, 102),
      check: (called, academy, where) => {
        expect(academy.world.people.has(102), where).toBe(true);
        if (writesOf(called).length === 0) expect(called.isError, where).toBe(true);
      },
    });

    expect(calls).toBeGreaterThan(40);
  },
  patience,
);

it("what SkyPrep says is gone already counts as gone", async () => {
  const academy = createAcademy();
  const reply = await callIn(academy, jordan, {
    between: async (_, { route }, pass) => {
      // As if access that ended had taken the managed groups along.
      if (route === "update_user")
        for (const [id, row] of academy.world.managerships)
          if (row.user_id === 102) academy.world.managerships.delete(id);
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
    const academy = createAcademy();
    const body = new TextEncoder().encode(JSON.stringify({ can_add_users: true, ...row }));
    const reply = await callIn(academy, jordan, {
      between: async (_call, { route }, pass) =>
        route === "get_manager_permissions_from_user_group"
          ? { status: 200, contentType: "application/json", body }
          : pass(),
    });

    const taken = writesOf(reply).filter(({ route }) => route === "remove_manager_from_user_group");
    const theirs = "user" in row && row.user.id === 102;
    expect(taken.map(({ form }) => form.get("user_group_id"))).toEqual(theirs ? ["301"] : []);
    expect(reply.text).toMatch(/Whether they manage groups? [\d, and]+ is not known/);
    expect(stateOf(academy, 102)).toMatchObject({ ends: "2026-11-24", powers: 0, groups: [] });
  },
);
