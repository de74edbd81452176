import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { endAll, hello, start } from "./child.ts";

afterEach(endAll);

interface Result {
  content?: { text: string }[];
  isError?: boolean;
}
const textOf = ({ content = [] }: Result) => content.map(({ text }) => text).join("\n");
const codeIn = (text: string) => /^confirm: "(.+)"$/m.exec(text)?.[1] ?? "none was given";

/** One call in a process of its own, as hosts make them that start one for each. */
function host(more: readonly string[] = []) {
  const state = mkdtempSync(join(tmpdir(), "skyprep-outlives-"));
  return async (name: string, args: Record<string, unknown>) => {
    const server = start(["--sandbox", ...more], { SKYPREP_STATE_DIR: state });
    await server.ask(1, "initialize", hello);
    const { result } = await server.ask(2, "tools/call", { name, arguments: args });
    server.child.stdin.end();
    await server.exit;
    return textOf(result as Result);
  };
}

const leaving = ["remove_user_from_user_group", { user_id: 101, user_group_id: 301 }] as const;

describe("the built program, one process for each call", () => {
  it("asks in the first, does it once in the second, and never again in the third", async () => {
    const [call, [name, args]] = [host(), leaving];

    const confirm = codeIn(await call(name, args));
    const [done, again] = [await call(name, { ...args, confirm }), await call(name, { ...args, confirm })];

    expect(done).toMatch(/Done: Take a person out of a group/);
    expect(again).toMatch(/wrong, used, too old/);
  });

  it("does it once where two processes bring the code at the same time", async () => {
    const [call, [name, args]] = [host(), leaving];
    const confirm = codeIn(await call(name, args));

    const both = await Promise.all([1, 2].map(() => call(name, { ...args, confirm })));

    expect(both.filter((text) => /Done:/.test(text))).toHaveLength(1);
  });

  it("carries a plan from the one that made it to the one that applies it", async () => {
    const call = host();
    const made = await call("plan_enrollment", { group: "Sales Team", courses: ["240"] });
    const [, plan = ""] = /\b([a-z]+-\d{2,5})\b/.exec(made) ?? [];

    const asked = await call("apply_plan", { plan });
    const applied = await call("apply_plan", { plan, confirm: codeIn(asked) });
    const again = await call("apply_plan", { plan, confirm: codeIn(asked) });

    expect(applied).toMatch(/[1-9]\d* done/);
    expect(again).toMatch(/applied already/);
  });

  it("says of what needs more than a code that the question ends with its process", async () => {
    const asked = await host()("destroy_course", { course_id: 202 });

    expect(asked).toMatch(/ends with this server's process/);
  });
});
