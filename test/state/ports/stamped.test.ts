import { expect, it } from "vitest";
import { describePorts } from "./world.ts";

describePorts("stamped files", (world) => {
  const both = () => [world().one, world().other].map((state) => state.stamped("approvals", "acme"));

  it("have another stamp each time they are put, and the one they were put with until then", async () => {
    const [one, other] = both();
    const first = await one?.alone(async () => one.put("q.json", "a\u0000b"));
    expect(await other?.read("q.json")).toEqual({ text: "a\u0000b", stamp: first });

    const second = await other?.alone(async () => other.put("q.json", "a\u0000b"));

    expect(second).not.toBe(first);
    expect(await one?.read("q.json")).toEqual({ text: "a\u0000b", stamp: second });
  });

  it("are listed and removed, twice; one that is not there is none", async () => {
    const [one, other] = both();
    expect(await one?.names()).toEqual([]);
    expect(await one?.read("q.json")).toBeUndefined();
    await one?.alone(async () => {
      await one.put("q.json", "1");
      await one.put("r.used.json", "2");
    });

    expect(((await other?.names()) ?? []).filter((name) => name.endsWith(".json")).sort()).toEqual([
      "q.json",
      "r.used.json",
    ]);
    await other?.remove("q.json");
    await other?.remove("q.json");
    expect(await one?.read("q.json")).toBeUndefined();
  });

  it("of another account are others", async () => {
    const { one } = world();
    const [acme] = both();
    await acme?.alone(async () => acme.put("q.json", "1"));

    expect(await one.stamped("approvals", "other").names()).toEqual([]);
  });

  it("too large to be read again are not put", async () => {
    const [one] = both();

    await expect(one?.alone(async () => one.put("q.json", "é".repeat(2_097_153)))).rejects.toMatchObject({
      code: "EFBIG",
    });
    expect(await one?.read("q.json")).toBeUndefined();
  });

  it("are used up by one of many who try at once", async () => {
    const [one, other] = both();
    const use = (n: number) => {
      const files = n % 2 ? one : other;
      return files?.alone(async () => {
        if ((await files.names()).includes("q.used.json")) return 0;
        await files.put("q.used.json", "{}");
        return 1;
      });
    };

    const used = await Promise.all(Array.from({ length: 20 }, (_, n) => use(n)));

    expect(used.filter((n) => n === 1)).toHaveLength(1);
  });
});
