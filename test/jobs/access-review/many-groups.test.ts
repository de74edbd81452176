import { expect, it } from "vitest";
import { itemsIn, openBigAcademy, rightsAsked, untilWhole } from "../shared/many-groups.ts";

type Big = Awaited<ReturnType<typeof openBigAcademy>>;
type Item = { readonly id: number; readonly manages: string };
const manages = (reply: Parameters<typeof itemsIn>[0], id: number): string | undefined =>
  itemsIn<Item>(reply).find((one) => Number(one.id) === id)?.manages;

it("one manager of 300 slow groups: each call ends in its time and says how far it came, the last tells all", async () => {
  const big = await openBigAcademy();
  const last = big.branches.at(-1) ?? 0;
  big.manage(150, last);

  const calls = await untilWhole(big, "access_review", { person: "150" });

  expect(calls.length).toBeGreaterThan(1);
  for (const { seconds } of calls) expect(seconds).toBeLessThanOrEqual(50);
  for (const reply of calls.slice(0, -1)) {
    const { text } = reply;
    expect(text).toMatch(/asked about in \d+ of 300 groups: this call's time was over\. Call again to go on/);
    expect(manages(reply, 150)).toMatch(/\(\d+ of 300 groups asked about so far\)$/);
    // Whoever may still manage some is no manager of nothing.
    expect(text).not.toContain("manages no group");
  }
  expect(manages(calls[0] ?? { structured: undefined }, 150)).toContain("303 Customer Support");
  const end = calls.at(-1);
  expect(manages(end ?? { structured: undefined }, 150)).toMatch(
    new RegExp(`^303 Customer Support; ${last} Branch \\d+$`),
  );
  expect(end?.text).toMatch(/Which groups are managed: as of 2026-11-23T.*kept for a day \(fresh: true/);
  expect(end?.text).not.toMatch(/so far|Call again to go on/);
  // Nothing was asked twice.
  expect(rightsAsked(calls.flatMap(({ routes }) => routes))).toBe(300);
  await big.close();
});

it("all managers of 300 groups: page after page, each told once and whole", async () => {
  const big = await openBigAcademy({ answerMs: 300 });
  const own = [...big.world.people.values()].filter(({ role }) => role === "manager").slice(0, 13);

  const calls = await untilWhole(big, "access_review", { kind: "manager" });

  const whole = new Map<number, string>();
  for (const reply of calls) {
    expect(reply.seconds).toBeLessThanOrEqual(50);
    for (const { id, manages } of itemsIn<Item>(reply))
      if (!/so far/.test(manages)) {
        expect(whole.has(Number(id))).toBe(false);
        whole.set(Number(id), manages);
      }
  }
  const { managerships, groups } = big.world;
  for (const { id } of own) {
    const named = [...managerships.values()]
      .filter(({ user_id }) => user_id === id)
      .map(({ user_group_id: group }) => `${group} ${groups.get(group)?.name}`);
    expect(whole.get(id)?.split("; ").sort()).toEqual(named.length > 0 ? named.sort() : ["none"]);
  }
  await big.close();
});

it.each([
  [
    "a role given from here",
    (big: Big) => big.call("update_user", { user_id: 150, role: "manager", title: "Lead" }),
  ],
  ["a day and two hours", async (big: Big) => big.pass(26 * 3_600_000)],
] as const)("%s makes what was read too old to go on from", async (_, happens) => {
  const big = await openBigAcademy();
  const first = await big.timed("access_review", { person: "150" });

  await happens(big);
  const next = await big.timed("access_review", { person: "150" });

  expect(rightsAsked(first.routes)).toBeGreaterThan(5);
  const far = /asked about in (\d+) of 300/;
  expect(Number(far.exec(next.text)?.[1])).toBeLessThanOrEqual(rightsAsked(next.routes));
  expect(next.text).not.toMatch(/kept for a day/);
  await big.close();
});

it.each([
  ["something else that was written", (big: Big) => big.call("update_user", { user_id: 101, title: "Lead" })],
  ["an hour", async (big: Big) => big.pass(3_600_000)],
] as const)("%s leaves it as it was read", async (_, happens) => {
  const big = await openBigAcademy({ answerMs: 20 });
  await big.timed("access_review", { person: "150" });

  await happens(big);
  const next = await big.timed("access_review", { person: "150" });

  expect(rightsAsked(next.routes)).toBe(0);
  expect(next.text).toMatch(/as of 2026-11-23T/);
  expect(manages(next, 150)).toBe("303 Customer Support");
  await big.close();
});

it("a group given or taken from here is asked about anew, and nothing else", async () => {
  const big = await openBigAcademy({ answerMs: 20 });
  await big.timed("access_review", { person: "150" });

  await big.call("assign_manager_to_user_group", { user_id: 150, user_group_id: 304 });
  const given = await big.timed("access_review", { person: "150" });
  await big.call("remove_manager_from_user_group", { user_id: 150, user_group_id: 303 });
  const taken = await big.timed("access_review", { person: "150" });

  expect(manages(given, 150)).toBe("303 Customer Support; 304 Engineering");
  expect(rightsAsked(given.routes)).toBe(1);
  expect(manages(taken, 150)).toBe("304 Engineering");
  await big.close();
});

it("fresh: true asks all of it again", async () => {
  const big = await openBigAcademy({ answerMs: 20 });
  await big.timed("access_review", { person: "150" });
  big.world.managerships.clear();

  const kept = await big.timed("access_review", { person: "150" });
  const anew = await big.timed("access_review", { person: "150", fresh: true });

  expect(manages(kept, 150)).toBe("303 Customer Support");
  expect(manages(anew, 150)).toBe("none");
  expect(rightsAsked(anew.routes)).toBe(300);
  await big.close();
});

it("at a hundred calls a minute no call waits longer than its time, and what is over the limit is said to be", async () => {
  const big = await openBigAcademy({ answerMs: 50, paced: true });

  const calls: Awaited<ReturnType<Big["timed"]>>[] = [];
  do {
    calls.push(await big.timed("access_review", { person: "150" }));
    big.pass(61_000);
  } while (/so far/.test(calls.at(-1)?.text ?? "") && calls.length < 9);

  for (const { seconds } of calls) expect(seconds).toBeLessThanOrEqual(50);
  expect(calls[0]?.text).toMatch(
    /in \d+ of 300 groups: SkyPrep's limit of calls a minute is used up\. Call again in a minute to go on/,
  );
  expect(calls.length).toBeLessThan(6);
  expect(manages(calls.at(-1) ?? { structured: undefined }, 150)).toBe("303 Customer Support");
  expect(rightsAsked(calls.flatMap(({ routes }) => routes))).toBe(300);
  await big.close();
});

it("where a call has few seconds only, each still comes further", async () => {
  const big = await openBigAcademy({ groups: 80, answerMs: 100, paced: true, env: { SKYPREP_TIMEOUT: "5" } });

  const first = await big.timed("access_review", { person: "150" });

  expect(first.isError).toBe(false);
  expect(rightsAsked(first.routes)).toBeGreaterThan(10);
  expect(first.seconds).toBeLessThanOrEqual(5);
  await big.close();
});
