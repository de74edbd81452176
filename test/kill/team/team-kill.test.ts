import { beforeAll, describe, expect, it } from "vitest";
import { often, patience } from "../../support/long.ts";
import { type FreshDatabase, freshDatabase, hasPostgres } from "../../support/postgres.ts";
import { seeded } from "../../support/seed.ts";
import { teamKillRuns } from "./team-kill.ts";

const runs = Number(process.env.RUNS ?? often({ long: 200, short: 2 }));

describe.skipIf(!hasPostgres)("a replica killed with kill -9, of three", () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  }, 60_000);

  it(
    "sends nothing twice and nothing without its yes, leaves a whole journal, and the same call goes on elsewhere",
    async () => {
      const say = (line: string) => void process.stderr.write(`${line}\n`);
      const { faults, ...figures } = await teamKillRuns({ database, runs, random: seeded("kill"), say });
      if (runs > 10) say(JSON.stringify(figures));

      expect(faults).toEqual([]);
      expect(figures.writes).toBeGreaterThan(0);
      expect(Object.keys(figures.killed).length).toBeGreaterThan(0);
    },
    12 * patience,
  );
});
