import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { examples } from "../hosts/examples.ts";
import { isLong } from "../support/long.ts";
import { seeded } from "../support/seed.ts";
import { windows } from "../support/system.ts";
import { createNight, type KilledAt, killedNight } from "./night.ts";

const folder = new URL("../../examples/", import.meta.url);

describe.skipIf(windows)("the nightly example (skipped on Windows: no /bin/sh)", () => {
  it("killed on its way, and started again twice, enrolls each person once and has the rest in its list", async () => {
    const random = seeded("night");
    const upTo = (n: number) => 1 + Math.floor(random() * n);
    const places: readonly KilledAt[] = [
      { request: upTo(18), when: "after" },
      { request: upTo(18), when: "before" },
      { file: upTo(10), when: "before" },
    ];
    const place = places[upTo(places.length) - 1] as KilledAt;

    // The others by hand: npm run nights.
    const { killed, faults } = await killedNight({ people: 302, listed: 60 }, place);

    expect(faults, JSON.stringify(place)).toEqual([]);
    expect(killed).toBe(true);
  }, 120_000);

  it.runIf(isLong)(
    "enrolls again, the next night, whoever was taken off by hand, and nobody else",
    async () => {
      const { night, done, missing, takeOff, stillOut, end } = await createNight({ people: 302, listed: 30 });
      await night();
      const off = takeOff(6);

      const next = await night({ run: "next" });

      expect([next.exit, stillOut(), off.length]).toEqual([3, [], 6]);
      expect(done()).toEqual([...missing, ...off].sort());
      await end();
    },
    120_000,
  );

  it.runIf(isLong)(
    "does not enroll anew each night where a course is too long to be looked at, and says so",
    async () => {
      const size = { people: 2_000, listed: 4, isLong: true };
      const { night, done, forAPerson, end } = await createNight(size);
      await night();
      const before = done();

      const next = await night({ run: "next" });

      expect([next.exit, done()]).toEqual([3, before]);
      expect(forAPerson("next")).toMatch(/"4 of them","enrolled by an earlier night and not again/);
      await end();
    },
    120_000,
  );

  it("stops where its run began for another academy, and goes on once a wrong key or domain is mended", async () => {
    const { night, missing, done, end } = await createNight({ people: 302, listed: 4 });
    const env = { SKYPREP_ACCT_KEY: "other.example.com" };
    const wrong = await night({ run: "one", env: { ...env, SKYPREP_API_KEY: "wrong-key-0815" } });
    const mended = await night({ run: "one" });

    const others = [env, { SKYPREP_BASE_URL: "http://127.0.0.1:9/admin/api" }, { SKYPREP_SANDBOX: "true" }];
    const refused = [];
    for (const other of others) refused.push(await night({ run: "one", env: other }));

    expect([wrong.exit, mended.exit]).toEqual([1, 3]);
    expect(done()).toEqual(missing);
    for (const { exit, said, requests } of refused) {
      expect([exit, requests]).toEqual([2, 0]);
      expect(said).toMatch(/^one began for another academy .* a --run of its own\.\n$/);
    }
    await end();
  }, 120_000);

  it("leaves nobody out for what was tried at another academy in the same folder", async () => {
    const { night, missing, done, end } = await createNight({ people: 302, listed: 4 });
    await night({ run: "tried", env: { SKYPREP_SANDBOX: "true" } });

    await night({ run: "live" });

    expect(done()).toEqual(missing);
    await end();
  }, 120_000);

  it("says in a sentence what of its command line is wrong, and makes no folder for it", async () => {
    const { night, files, end } = await createNight({ people: 20, listed: 4 });
    const before = files();
    const all = [
      await night({ run: "../up" }),
      await night({ run: ".." }),
      await night({ more: ["--rnu", "x"] }),
      await night({ more: ["--dir"] }),
    ];

    for (const { exit, said } of all) {
      expect(exit, said).toBe(2);
      expect(said).toMatch(/^[^\n]+\.\n$/);
    }
    expect(files()).toEqual(before);
    await end();
  }, 120_000);
});

describe("the examples", () => {
  it("for frameworks are all run by `npm run hosts`, and about twenty lines each", () => {
    const agents = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => name.replaceAll("\\", "/"))
      .filter((name) => name.endsWith("agent.mjs"));
    const lines = agents.map((name) => readFileSync(new URL(name, folder), "utf8").trim().split("\n").length);

    expect(agents.sort()).toEqual(examples.map((one) => `${one.folder}/agent.mjs`).sort());
    expect(Math.max(...lines)).toBeLessThanOrEqual(25);
  });
});
