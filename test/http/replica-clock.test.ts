import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { stateIn } from "../support/database-state.ts";
import { type FreshDatabase, freshDatabase, hasPostgres } from "../support/postgres.ts";
import { connectAs, type RunningTeam, team, textOf } from "./team.ts";

const hour = 3_600_000;
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Replicas of one academy, over one database, which has the right time: the clock of each is off by so much. */
async function replicas(fresh: FreshDatabase, ...off: readonly number[]) {
  const academy = randomUUID();
  let right = Date.UTC(2026, 10, 23, 12);
  await fresh.setClock(right);
  const { send } = createSandbox({ callsPerMinute: Infinity, now: () => right });
  const stateOf = () => stateIn(fresh.open(), { academy });
  const people = { mia: [{ academy: "acme", scopes: ["write" as const] }] };
  const all = await Promise.all(
    off.map((ms) => team({ people, send: () => send, stateOf, now: () => right + ms })),
  );
  for (const one of all) ends.push(one.end);
  const pass = async (ms: number) => {
    right += ms;
    await fresh.passTime(ms);
  };
  return { all, pass };
}
const called = async (one: RunningTeam, name: string, args: Record<string, unknown>) => {
  const client = await connectAs(one, "mia");
  try {
    return textOf(await client.callTool({ name, arguments: args }));
  } finally {
    await client.close();
  }
};
const exported = (one: RunningTeam) =>
  called(one, "export_report", { report: "single_course", of: ["202"], group_by: ["status"] });
const changed = (one: RunningTeam, title: string) => called(one, "update_user", { user_id: 101, title });
/** How often SkyPrep was asked for a report. */
const asked = (all: readonly RunningTeam[]) =>
  all.flatMap(({ sent }) => sent).filter(({ route }) => /report/.test(route)).length;

describe.skipIf(!hasPostgres)("a replica whose clock is off by an hour", () => {
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase();
  });

  it.each([
    ["fast", hour],
    ["slow", -hour],
  ])("and %s makes a report anew once anybody changed something, and not before", async (_, ms) => {
    const { all, pass } = await replicas(fresh, ms, 0);
    const [off, right] = all as [RunningTeam, RunningTeam];
    await changed(right, "Chief");
    await pass(60_000);
    await exported(off);
    const first = asked(all);
    await pass(60_000);

    const kept = await exported(off);
    const second = asked(all);
    await changed(right, "Captain");
    await pass(60_000);
    const anew = await exported(off);

    expect(kept).toMatch(
      /From the file of 2026-11-23T07:01:00-05:00, 1 minute old: SkyPrep was not asked again/,
    );
    expect(first).toBeGreaterThan(0);
    expect(second).toBe(first);
    expect(anew).not.toMatch(/was not asked again/);
    expect(asked(all)).toBeGreaterThan(first);
  });

  it("gives none to the others that is older than what they changed", async () => {
    const { all, pass } = await replicas(fresh, hour, 0);
    const [off, right] = all as [RunningTeam, RunningTeam];
    await exported(off);
    const first = asked(all);
    await pass(60_000);
    await changed(right, "Chief");
    await pass(60_000);

    const anew = await exported(right);

    expect(anew).not.toMatch(/was not asked again/);
    expect(asked(all)).toBeGreaterThan(first);
  });
});
