import { readFileSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import { openPoliced } from "./policed.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(policy: unknown) {
  const academy = await openPoliced(policy);
  closing.push(academy.close);
  return academy;
}

for (const policy of [
  { groups: ["Sales Team"] },
  { groups: [304, 302] },
  { people: { in_groups: ["Sales Team"] } },
])
  for (const args of [{}, { kind: "odd" }, { kind: "manager" }, { person: "125" }])
    it(`calls no manager idle whose groups may be outside: ${JSON.stringify({ policy, args })}`, async () => {
      const { call } = await open(policy);

      const { text, structured } = await call("access_review", args);

      expect(text).not.toMatch(/manages no group(?! at all)|\tnone\t/);
      const items = (structured?.items ?? []) as { manages?: string; odd?: string }[];
      for (const { manages } of items) expect(manages ?? "-").not.toMatch(/^none$|^none they are in$/);
      if (args.kind === "odd") expect(text).not.toContain("Not looked up");
      if ("groups" in policy && !("person" in args)) expect(structured?.odd).toBe(2);
      if ("groups" in policy && args.kind === "manager") expect(text).toContain("none that is seen here");
    });

const example = new URL("../../examples/policies/enrollment-agent.json", import.meta.url);
const narrowing = [JSON.parse(readFileSync(example, "utf8")), { courses: ["Workplace Safety Basics"] }];

for (const [n, policy] of narrowing.entries())
  it(`leaves a kind out that the policy leaves out, says so, and looks in the others: ${n}`, async () => {
    const { call } = await open(policy);

    const miss = await call("find", { text: "xyzzy" });
    const guess = await call("find", { text: "the safety session" });
    const only = await call("find", { text: "safety", kind: "session" });

    expect(miss).toMatchObject({ isError: false, structured: { total: 0, not_looked_in: ["session"] } });
    expect(miss.text).toContain("Not looked in: sessions, which the policy leaves out.");
    expect(guess.isError).toBe(false);
    expect(guess.text).toContain("Workplace Safety Basics");
    expect(guess.text).toContain("Not looked in: sessions, which the policy leaves out.");
    expect(only.isError).toBe(true);
  });

it("tells an overview and the training without what the policy leaves out, and says what that is", async () => {
  const { call } = await open({ courses: ["Workplace Safety Basics"] });

  const overview = await call("account_overview", {});
  const training = await call("training_status", {});

  expect(overview.isError).toBe(false);
  expect(overview.text).toMatch(/Not known:[\s\S]*- sessions .*leaves this out/);
  expect(training.isError).toBe(false);
});
