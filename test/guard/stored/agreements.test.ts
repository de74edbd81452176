import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Binding, compareBindings, unread } from "../../../src/guard/question/pending-approvals.ts";
import {
  type AgreedStep,
  createStoredAgreements,
  type LeftOfJob,
} from "../../../src/guard/question/stored-agreements.ts";
import { filesStateIn } from "../../../src/state/files/files-state.ts";
import type { StampedFiles } from "../../../src/state/ports.ts";
import { memoryFolder } from "../../support/stamped.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const noon = Date.UTC(2026, 10, 23, 12);

/** One replica, as it finds what others kept. */
const replica = (files: StampedFiles, { academy = "acme", under = "", secret = "key", at = noon } = {}) =>
  createStoredAgreements({ files, academy, under, secret, now: () => at });

const stepOf = (step: string, binding: Binding = new Map([["0 person", step]])): AgreedStep => ({
  step,
  binding,
  counts: {},
  kind: "removing",
});
const left = (...steps: AgreedStep[]): LeftOfJob => ({
  by: "form",
  question: "q1234567",
  shared: true,
  steps,
});

describe("what is left of a job that was agreed to, where replicas share it", () => {
  it("is taken up once, also by two at once", async () => {
    const folder = memoryFolder();
    const [one, other] = [replica(folder.seenBy()), replica(folder.seenBy())];
    await one.hold("call", left(stepOf("a"), stepOf("b")));

    const taken = await Promise.all([one.take("call"), other.take("call"), other.take("call")]);

    expect(taken.filter((found) => found !== undefined)).toHaveLength(1);
    expect(await one.take("call")).toBeUndefined();
  });

  it.each<[string, { call?: string; academy?: string; under?: string; secret?: string; at?: number }]>([
    ["another call", { call: "other" }],
    ["another academy", { academy: "north" }],
    ["other settings", { under: "none is kept" }],
    ["another key", { secret: "theirs" }],
    ["whoever comes after ten minutes", { at: noon + 600_000 }],
  ])("is nothing to %s", async (_, { call = "call", ...of }) => {
    const folder = memoryFolder();
    await replica(folder.seenBy()).hold("call", left(stepOf("a")));

    expect(await replica(folder.seenBy(), of).take(call)).toBeUndefined();
  });

  it("counts for nothing once somebody wrote in it", async () => {
    const folder = memoryFolder();
    await replica(folder.seenBy()).hold("call", left(stepOf("a")));
    for (const [name, text] of folder.texts())
      if (!name.includes("seal")) folder.write(name, text.replace('"form"', '"page"'));

    expect(await replica(folder.seenBy()).take("call")).toBeUndefined();
  });

  it("covers each step as often as it is left, and none that was not agreed to", async () => {
    const folder = memoryFolder();
    await replica(folder.seenBy()).hold("call", left(stepOf("a"), stepOf("a"), stepOf("b")));
    const found = await replica(folder.seenBy()).take("call");

    const covered = [["a", "a", "b"], ["b"], [], ["a", "a", "a"], ["b", "b"], ["c"]].map((steps) =>
      found?.covers(steps),
    );

    expect(covered).toEqual([true, true, true, false, false, false]);
    expect(found?.stands(stepOf("c"))).toBe(false);
    expect(found?.stands({ ...stepOf("b"), kind: "irreversible" })).toBe(false);
    expect(found?.stands({ ...stepOf("b"), counts: { members: 11 } })).toBe(false);
  });

  it("stands for a step exactly where the question's own comparison finds it the same", async () => {
    const part = fc.constantFrom("person", "groups", "course");
    const value = fc.constantFrom<string | typeof unread>("1", "2", unread);
    const binding = fc.array(fc.tuple(part, value), { maxLength: 3 }).map((all): Binding => new Map(all));
    const outcomes = new Set<boolean>();

    await fc.assert(
      fc.asyncProperty(binding, binding, async (before, now) => {
        const folder = memoryFolder();
        await replica(folder.seenBy()).hold("call", left(stepOf("a", before)));
        const stands = (await replica(folder.seenBy()).take("call"))?.stands(stepOf("a", now));
        outcomes.add(stands === true);
        expect(stands).toBe(compareBindings(before, now) === "same");
      }),
      { numRuns: 300 },
    );

    expect(outcomes.size).toBe(2);
  });

  it("fits for a job of fifteen hundred steps, in files too", async () => {
    const state = filesStateIn(temporaryFolder("agreements"), {
      now: () => noon,
      random: () => randomBytes(8).toString("hex"),
    });
    const files = state.stamped("approvals", "acme");
    const steps = Array.from({ length: 1_500 }, () => stepOf(randomBytes(32).toString("base64url")));
    await replica(files).hold("call", left(...steps));

    const found = await replica(files).take("call");

    expect(found?.covers(steps.map(({ step }) => step))).toBe(true);
    expect(steps.every((step) => found?.stands(step))).toBe(true);
  });
});
