import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { seeded } from "../support/seed.ts";
import { soak } from "./soak.ts";

it("loses no reply and no line, and leaves no file open, under faults and at the limit", async () => {
  const { replies, ended, descriptors, chain } = await soak({
    calls: 200,
    random: seeded("soak"),
    folder: tmpdir(),
  });

  expect(replies).toBe(200);
  expect(ended.done, JSON.stringify(ended)).toBeGreaterThan(100);
  expect(Math.max(...descriptors) - Math.min(...descriptors)).toBeLessThanOrEqual(8);
  expect(chain.breaks).toEqual([]);
}, 60_000);
