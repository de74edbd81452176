import { describe, expect, it } from "vitest";
import { openAcademy } from "../support/academy.ts";
import { jobTools, tools } from "../support/catalogue.ts";

/** Every tool in turn, in an academy of its own. */
async function repliesTo(mode: "legacy" | "auto", args: Record<string, unknown> | undefined) {
  const { call, close } = await openAcademy({ mode, people: 60, formless: true });
  const replies: Record<string, unknown> = {};
  for (const name of [...tools.keys(), ...jobTools.keys()])
    replies[name] = await call(name, args).catch((error: Error) => error.message);
  await close();
  // Each academy has a state folder of its own.
  return JSON.parse(JSON.stringify(replies).replace(/skyprep-state-\w+/g, "state")) as typeof replies;
}

describe.each(["legacy", "auto"] as const)("a call without arguments, mode %s", (mode) => {
  it("of every tool is answered as one with none in them, by an answer or by what is missing", async () => {
    const none = await repliesTo(mode, undefined);
    const empty = await repliesTo(mode, {});

    expect(none).toEqual(empty);
    expect(Object.keys(none).length).toBeGreaterThan(95);
    const odd = Object.entries(none).filter(
      ([, reply]) =>
        typeof reply !== "object" || /undefined|\[object|went wrong/i.test(JSON.stringify(reply)),
    );
    expect(odd).toEqual([]);
  });
});
