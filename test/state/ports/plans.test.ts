import { expect, it } from "vitest";
import { Overtaken } from "../../../src/state/ports.ts";
import { describePorts } from "./world.ts";

const aDay = 86_400_000;

describePorts("plans", (world) => {
  const both = () => [world().one.plans("acme"), world().other.plans("acme")] as const;

  it("are kept under a name that can be said, and read as they were", async () => {
    const [one, other] = both();
    const plan = { "b\u0000": ["\u0000", "日本"], a: { z: 1, y: null } };

    const name = await one.keep(plan, { done: 0 });

    expect(name).toMatch(/^[a-z]{3,12}-\d{2,5}$/);
    const kept = await other.read(name);
    expect(kept).toEqual({ plan: { version: 1, ...plan }, state: { done: 0 }, revision: 1 });
    expect(Object.keys(kept?.plan as object)).toEqual(["version", "b\u0000", "a"]);
  });

  it("are taken further by one of two who read the same", async () => {
    const [one, other] = both();
    const name = await one.keep({}, { done: 0 });

    const ends = await Promise.allSettled([
      one.advance(name, 1, { by: 1 }),
      other.advance(name, 1, { by: 2 }),
    ]);

    const [won] = ends.filter((end) => end.status === "fulfilled");
    const [lost] = ends.filter((end) => end.status === "rejected");
    expect(won?.value).toBe(2);
    expect(lost?.reason).toBeInstanceOf(Overtaken);
    expect((await one.read(name))?.revision).toBe(2);
  });

  it("unknown, of another owner, or by another name, are none", async () => {
    const [one] = both();
    const name = await one.keep({}, {});

    for (const other of ["oak-1", "../oak-17", "oak-17\u0000", "", name.toUpperCase()])
      expect(await one.read(other)).toBeUndefined();
    expect(await world().one.plans("another").read(name)).toBeUndefined();
    await expect(one.advance("elm-99999", 1, {})).rejects.toThrow(Overtaken);
  });

  it("have names of their own, many at once", async () => {
    const [one, other] = both();

    const names = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? one : other).keep({ n }, {})),
    );

    expect(new Set(names).size).toBe(40);
  });

  it("are there for a week", async () => {
    const [one] = both();
    const name = await one.keep({}, {});
    await world().passTime(7 * aDay - 60_000);
    expect(await one.read(name)).toBeDefined();

    await world().passTime(120_000);
    await one.keep({}, {});

    expect(await one.read(name)).toBeUndefined();
  });
});
