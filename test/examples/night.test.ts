import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { examples } from "../hosts/examples.ts";
import { seeded } from "../support/seed.ts";
import { type KilledAt, killedNight } from "./night.ts";

const folder = new URL("../../examples/", import.meta.url);

describe("the nightly example", () => {
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
