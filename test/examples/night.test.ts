import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { examples } from "../hosts/examples.ts";
import { seeded } from "../support/seed.ts";
import { killedNight } from "./night.ts";

const folder = new URL("../../examples/", import.meta.url);

describe("the nightly example", () => {
  it("killed on its way, and started again twice, enrolls each person once and has the rest in its list", async () => {
    const random = seeded("night");
    const request = 1 + Math.floor(random() * 18);
    const file = 1 + Math.floor(random() * 10);
    const size = { people: 302, listed: 60 };

    const nights = await Promise.all([
      killedNight(size, { request, when: "after" }),
      killedNight(size, { file, when: "before" }),
    ]);

    for (const { faults } of nights) expect(faults).toEqual([]);
    expect(nights.every(({ killed }) => killed)).toBe(true);
  }, 120_000);
});

describe("the examples", () => {
  it("for frameworks are all run by `npm run hosts`, and about twenty lines each", () => {
    const agents = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith("agent.mjs"),
    );
    const lines = agents.map((name) => readFileSync(new URL(name, folder), "utf8").trim().split("\n").length);

    expect(agents.sort()).toEqual(examples.map((one) => `${one.folder}/agent.mjs`).sort());
    expect(Math.max(...lines)).toBeLessThanOrEqual(25);
  });
});
