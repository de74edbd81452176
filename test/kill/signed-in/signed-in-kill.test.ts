import { beforeAll, describe, expect, it } from "vitest";
import { often, patience } from "../../support/long.ts";
import { type FreshDatabase, freshDatabase, hasPostgres } from "../../support/postgres.ts";
import { seeded } from "../../support/seed.ts";
import { signedInKillRuns } from "./signed-in-kill.ts";

const runs = Number(process.env.RUNS ?? often({ long: 100, short: 1 }));

describe.skipIf(!hasPostgres)("a replica killed with kill -9, between login, answer and write", () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  }, 60_000);

  it(
    "leaves people able to go on at another by themselves: nothing sent without their yes or twice, nothing called approved that is not",
    async () => {
      const say = (line: string) => void process.stderr.write(`${line}\n`);
      const { faults, ...figures } = await signedInKillRuns({
        database,
        runs,
        random: seeded("signed in, kill"),
        only: process.env.ONLY === undefined ? undefined : new RegExp(process.env.ONLY),
        say,
      });
      if (runs > 10) say(JSON.stringify(figures));

      expect(faults).toEqual([]);
      expect(figures.told.approved + figures.told.refused).toBeGreaterThanOrEqual(runs);
      expect(figures.bystander.seen).toBeGreaterThan(0);
      expect(Object.keys(figures.killed).length).toBeGreaterThan(0);
    },
    12 * patience,
  );
});
