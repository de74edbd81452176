import { expect, it } from "vitest";
import { seeded } from "../support/seed.ts";
import { fuzz } from "./fuzz.ts";
import { targets } from "./targets.ts";

const random = seeded("fuzz");

it.each(Object.keys(targets))("%s takes anything without a crash or a hang", (name) => {
  const target = targets[name];
  if (target === undefined) throw new Error(name);

  expect(fuzz(target, 2_500, random)).toMatchObject({ inputs: 2_500 });
});
