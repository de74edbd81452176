import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createPlans } from "../../../src/state/files/plans.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const keepMs = 60_000;
const now = 1_000_000_000_000;

it("sweeps what is as old as it may be, and keeps a new plan where an old one cannot be swept", async () => {
  const folder = temporaryFolder("swept");
  let n = 0;
  const plans = createPlans({ folder, now: () => now, random: () => `${++n}`, keepMs });
  const aged = (name: string, ms: number) => {
    utimesSync(join(folder, name), (now - ms) / 1000, (now - ms) / 1000);
  };
  for (const name of ["oak-17.json", "oak-17.state.json", "elm-21.json", "notes.txt"])
    writeFileSync(join(folder, name), "{}");
  mkdirSync(join(folder, "ash-44.json"));
  for (const name of ["oak-17.json", "oak-17.state.json", "ash-44.json", "notes.txt"]) aged(name, keepMs);
  aged("elm-21.json", keepMs - 1);

  const name = await plans.keep({ a: 1 }, { b: 2 });

  expect(await plans.read(name)).toMatchObject({ plan: { a: 1 }, state: { b: 2 }, revision: 1 });
  const left = new Set(await readdir(folder));
  expect(["oak-17.json", "oak-17.state.json"].filter((one) => left.has(one))).toEqual([]);
  for (const one of ["elm-21.json", "ash-44.json", "notes.txt"]) expect(left).toContain(one);
});
