import { expect, it } from "vitest";
import { Unreachable } from "../../../src/skyprep/response.ts";
import { itAtEveryCall, turnsOf } from "../../support/at-every-call.ts";
import { isLong, patience } from "../../support/long.ts";
import { callIn, doneTwice, type Fault, faulty } from "../shared/people-desk.ts";
import { type Academy, type Between, copyOf, createAcademy, never, planIn } from "../shared/plan-academy.ts";

/** A manager with rights and groups, a learner in two groups, and one whose last day is ahead; in the short form no manager. */
async function planned(academy: Academy): Promise<string> {
  academy.world.groups.get(309)?.members.add(120);
  const csv = `Email,Last day\n${people.map((id) => `${academy.login(id)},${days[id]}`).join("\n")}`;
  return planIn(await callIn(academy, ["offboard_people", { csv }]));
}

const days: Readonly<Record<number, string>> = { 102: "", 120: "2026-11-20", 121: "2026-12-31" };
const people = isLong ? [102, 120, 121] : [120, 121];
/** In the short form at each write alone. */
const turns = <Way>(sent: Academy["sent"], ways: readonly Way[]) =>
  turnsOf(sent, ways).filter(
    ({ n }, at) => isLong || (at % 2 === 0 && !sent[n - 1]?.route.startsWith("get_")),
  );
const endOf = ({ world }: Academy) =>
  people.map((id) => ({
    ends: world.people.get(id)?.access_end_date,
    role: world.people.get(id)?.role,
    groups: [...world.groups.values()].filter(({ members }) => members.has(id)).map((group) => group.id),
    manages: [...world.managerships.values()].filter(({ user_id }) => user_id === id).length,
    powers: [...world.powerUsers.values()].filter(({ user_id }) => user_id === id).length,
  }));

async function finish(academy: Academy, plan: string) {
  for (let tries = 0; tries < 10; tries++) {
    academy.pass(61_000);
    const { structured } = await callIn(academy, ["apply_plan", { plan }]);
    if (structured?.finished) return structured;
  }
  throw new Error("never finished");
}

async function prepared() {
  const academy = createAcademy({ people: 100 });
  const plan = await planned(academy);
  const whole = copyOf(academy);
  await finish(whole, plan);
  return { begin: () => copyOf(academy), plan, end: endOf(whole), sent: whole.sent };
}

itAtEveryCall(
  "killed at any call, before SkyPrep got it or after it was done, it ends as without",
  async () => {
    const { begin, plan, end, sent } = await prepared();
    expect(sent.filter(({ route }) => !route.startsWith("get_")).length).toBeGreaterThan(3);

    for (const { n, way } of turns(sent, ["before", "after"] as const)) {
      const academy = begin();
      let reached = () => {};
      const dead = new Promise<void>((resolve) => {
        reached = resolve;
      });
      const between: Between = async (call, _, pass) => {
        if (call < n) return pass();
        if (call === n && way === "after") await pass();
        reached();
        return never();
      };
      const server = await academy.open(between);
      server.call("apply_plan", { plan }).catch(() => {});
      await dead;

      const resumed = await finish(academy, plan);

      expect(endOf(academy), `${way} ${n}`).toEqual(end);
      expect(resumed, `${way} ${n}`).toMatchObject({ failed: 0, unknown: 0, not_tried: 0 });
      expect(doneTwice(academy), `${way} ${n}`).toEqual([]);
    }
  },
  patience,
);

itAtEveryCall(
  "whatever goes wrong at any call, it is finished by calling again, and nothing is called done that is not",
  async () => {
    const { begin, plan, end, sent } = await prepared();

    for (const { n, way } of turns(sent, ["fails", "lost", "down"] as const satisfies Fault[])) {
      const academy = begin();
      const first = await callIn(academy, ["apply_plan", { plan }], { between: faulty(n, way) });
      const isDone = first.structured?.finished === true && first.structured.failed === 0;
      if (isDone) expect(endOf(academy), `${way} ${n}`).toEqual(end);

      // What SkyPrep refused is refused for this plan: a new one has the rest.
      if (first.structured?.finished !== true) await finish(academy, plan);
      await finish(academy, await planned(academy)).catch(() => undefined);

      expect(endOf(academy), `${way} ${n}`).toEqual(end);
    }
  },
  patience,
);

it("a step waits for what has to be done before it: whoever still manages a group keeps their role", async () => {
  const academy = createAcademy({ people: 100 });
  const plan = planIn(await callIn(academy, ["offboard_people", { people: [academy.login(102)] }]));
  const refusing: Between = async (_, { route }, pass) =>
    route === "remove_manager_from_user_group"
      ? { status: 422, contentType: "text/plain", body: new TextEncoder().encode("Not today") }
      : pass();

  const { text, structured } = await callIn(academy, ["apply_plan", { plan }], { between: refusing });

  expect(academy.world.people.get(102)?.role).toBe("manager");
  expect(structured).toMatchObject({ finished: true, failed: 2 });
  expect(text).toMatch(/what has to be done before it failed/);
});

it("what is taken away a second time is taken away once: a lost answer is gone on with at once", async () => {
  const academy = createAcademy({ people: 100 });
  const plan = await planned(academy);
  const first = await callIn(academy, ["apply_plan", { plan }], {
    between: async (_, { route }, pass) => {
      if (route !== "update_user") return pass();
      throw new Unreachable("The connection ended.", "Call again.", "maybe");
    },
  });
  expect(first.structured).toMatchObject({ finished: false });

  const { structured } = await callIn(academy, ["apply_plan", { plan }]);

  expect(structured).toMatchObject({ finished: true, failed: 0, unknown: 0, not_tried: 0 });
});

it("what somebody else has taken away meanwhile is so already, though SkyPrep refuses to do it again", async () => {
  const academy = createAcademy({ people: 100 });
  const plan = await planned(academy);
  academy.world.groups.get(309)?.members.delete(120);

  const { structured, text } = await callIn(academy, ["apply_plan", { plan }], {
    between: async (_, { route, body }, pass) =>
      route === "remove_user_from_user_group" && String(body).includes("user_group_id=309")
        ? { status: 422, contentType: "text/plain", body: new TextEncoder().encode("Not a member") }
        : pass(),
  });

  expect(structured, text).toMatchObject({ finished: true, failed: 0, already: 1 });
});
