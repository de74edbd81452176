import { expect, it } from "vitest";
import { createSignOuts } from "../../../src/state/sign-outs.ts";
import { describePorts } from "./world.ts";

const hour = 3_600_000;

describePorts("sign-outs", (world) => {
  const both = () => {
    const { one, other, now } = world();
    return [createSignOuts({ state: one, now }), createSignOuts({ state: other, now })] as const;
  };

  it("are known to the other process as soon as they are kept, each of one sign-in alone, twice as well as once", async () => {
    const [one, other] = both();
    expect(await other.isEnded("mia's")).toBe(false);

    await one.end("mia's");
    await other.end("mia's");

    expect(await Promise.all([one, other].map((either) => either.isEnded("mia's")))).toEqual([true, true]);
    expect(await other.isEnded("rob's")).toBe(false);
  });

  it("are kept longer than any sign-in lasts, then swept by the next; nothing tells whose they were", async () => {
    const [one, other] = both();
    const { one: state, passTime } = world();
    const names = async () =>
      (await state.names("signedOut")).flatMap(({ name }) => (name.endsWith(".json") ? [name] : []));

    await one.end("mia's");
    await passTime(25 * hour);
    await one.end("rob's");
    expect(await other.isEnded("mia's")).toBe(true);
    expect(await names()).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}\.json$/),
      expect.stringMatching(/^[0-9a-f]{64}\.json$/),
    ]);
    await passTime(24 * hour);
    await other.end("cleo's");

    expect(await other.isEnded("mia's")).toBe(false);
    expect(await one.isEnded("cleo's")).toBe(true);
  });
});
