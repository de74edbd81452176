import { setImmediate as aTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { onCall, onNoCall, requestContextOfCall } from "../../src/call/call-context.ts";
import { createRequestContext } from "../../src/skyprep/request.ts";

const seenAfterTurns = async (turns: number) => {
  for (let turn = 0; turn < turns; turn++) await aTurn();
  return requestContextOfCall();
};

describe("the context of a call", () => {
  it("is its own on all its way, whichever of several calls ends first", async () => {
    const all = [5, 1, 3].map((turns) => ({ turns, context: createRequestContext({}) }));
    const seen = await Promise.all(
      all.map(({ turns, context }) => onCall(context, () => seenAfterTurns(turns))),
    );
    expect(seen.every((one, n) => one === all[n]?.context)).toBe(true);
  });

  it("is there again for the next call, when nobody was inside meanwhile, and for nobody outside", async () => {
    for (let n = 0; n < 3; n++) {
      const context = createRequestContext({});
      expect(await onCall(context, () => seenAfterTurns(2))).toBe(context);
      expect(await seenAfterTurns(1)).toBeUndefined();
    }
  });

  it("ends with a call that fails", async () => {
    const failing = onCall(createRequestContext({}), async () => {
      await aTurn();
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(requestContextOfCall()).toBeUndefined();
  });

  it("is not that of work which outlives it", async () => {
    const context = createRequestContext({});
    const begun = await onCall(context, async () => {
      await aTurn();
      return { later: onNoCall(() => seenAfterTurns(3)), now: requestContextOfCall() };
    });
    expect(begun.now).toBe(context);
    expect(await begun.later).toBeUndefined();
  });
});
