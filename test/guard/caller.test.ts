import { describe, expect, it } from "vitest";
import { asPrincipal } from "../../src/access/principal.ts";
import type { GuardWorld } from "../../src/guard/guard.ts";
import { callerOf } from "../../src/guard/question/pending-approvals.ts";

const worldOf = (of: Pick<GuardWorld, "over" | "academy">) => ({ account: "a1", ...of }) as GuardWorld;
const as = (person: string, world: GuardWorld) =>
  asPrincipal({ person, scopes: ["write"], replica: "r" }, () => callerOf(world));

describe("whose call a question is bound to", () => {
  it("is the account's, or the academy's, on one desk", () => {
    expect(callerOf(worldOf({}))).toBe("a1");
    expect(callerOf(worldOf({ academy: "acme" }))).toBe("acme");
  });

  it("is a person's in an academy over HTTP, no two of them alike", () => {
    const callers = ["acme", "north"].flatMap((academy) =>
      ["mia", "rob", 'mia","acme'].map((person) => as(person, worldOf({ over: "http", academy }))),
    );

    expect(new Set(callers).size).toBe(6);
  });

  it("is nobody's over HTTP where no person stands behind it: then nothing is asked or sent", () => {
    expect(() => callerOf(worldOf({ over: "http", academy: "acme" }))).toThrow("without a person");
  });
});
