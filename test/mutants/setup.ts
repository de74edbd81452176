import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, type RunnerTestCase } from "vitest";
import type { Order } from "./judge.ts";

declare global {
  var __hit: ((block: number) => void) | undefined;
}

/** What one test file reached, a line of it: while it was loaded, in one of its tests, or around them. */
export interface Reached {
  readonly file: string;
  /** Left out: in none of its tests. */
  readonly name?: string;
  readonly ms?: number;
  readonly when: "loading" | "test" | "around";
  readonly blocks: readonly number[];
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const { cases, reached }: Order = JSON.parse(readFileSync(process.env.MUTANT_ORDER ?? "", "utf8"));

const nameOf = ({ name, suite }: Pick<RunnerTestCase, "name" | "suite">): string => {
  const names = [name];
  for (let outer = suite; outer !== undefined; outer = outer.suite) names.unshift(outer.name);
  return names.join(" > ");
};
const file = (expect.getState().testPath ?? "").slice(root.length);

if (cases !== undefined) {
  beforeEach(({ task, skip }) => {
    const { only, not } = cases[file] ?? {};
    const name = nameOf(task);
    if (only?.includes(name) === false || not?.includes(name)) skip();
  });
}

if (reached !== undefined) {
  const path = join(reached, `${process.pid}.jsonl`);
  let hit = new Set<number>();
  let began = 0;
  globalThis.__hit = (block) => void hit.add(block);
  const note = (one: Omit<Reached, "blocks" | "file">) => {
    const line: Reached = { file, ...one, blocks: [...hit] };
    hit = new Set();
    appendFileSync(path, `${JSON.stringify(line)}\n`);
  };
  beforeAll(() => note({ when: "loading" }));
  beforeEach(() => {
    note({ when: "around" });
    began = performance.now();
  });
  afterEach(({ task }) => {
    const ms = Math.round(performance.now() - began);
    note({ name: nameOf(task), ms, when: "test" });
  });
  afterAll(() => note({ when: "around" }));
}
