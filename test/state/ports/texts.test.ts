import { expect, it } from "vitest";
import type { State } from "../../../src/state/ports.ts";
import { describePorts } from "./world.ts";

const odd = [
  "a b",
  "ä日本😀",
  "50%",
  "%2F",
  "it's",
  "$1",
  "-- x",
  "a'; drop table skyprep.texts; --",
  "x.jsonl.new",
];

describePorts("texts", (world) => {
  it("are none until they were written, then whole, for the other process too", async () => {
    const { one, other } = world();

    expect(await one.text("pins").read()).toBeUndefined();
    await one.text("pins").write("first");
    await other.text("pins").write("");

    expect(await one.text("pins").read()).toBe("");
  });

  it("survive as they were: NULs, every plane, quotes, a megabyte", async () => {
    const { one, other } = world();
    const texts = ["\u0000a\u0000", "😀\u2028\r\n\t\\x00", "'\"$1%s", "é".repeat(500_000)];

    for (const text of texts) {
      await one.text("jobs", "acme", "odd.json").write(text);
      expect((await other.text("jobs", "acme", "odd.json").read()) === text).toBe(true);
    }
  });

  it("stand apart under odd names, and are listed by them", async () => {
    const { one, other } = world();
    for (const name of odd) await one.text("jobs", "acme", name).write(name);

    for (const name of odd) expect(await other.text("jobs", "acme", name).read()).toBe(name);
    const listed = (await other.names("jobs", "acme")).map(({ name }) => name);
    expect(listed.filter((name) => odd.includes(name)).sort()).toEqual([...odd].sort());
    expect(await other.names("jobs", "nobody")).toEqual([]);
  });

  it("say when they were changed, and can be removed, twice", async () => {
    const { one } = world();
    const text = one.text("runs", "a.json");
    await text.alone(() => text.write("{}"));
    const entry = (await one.names("runs")).find(({ name }) => name === "a.json");

    await one.remove("runs", "a.json");
    await one.remove("runs", "a.json");

    expect(Math.abs(Number(entry?.changedAt) - Date.now())).toBeLessThan(60_000);
    expect(await one.text("runs", "a.json").read()).toBeUndefined();
    expect((await one.names("runs")).filter(({ name }) => name.endsWith(".json"))).toEqual([]);
  });

  it("of a newer program are not read", async () => {
    const { one, other } = world();
    await one.text("pins").write('{"version":99,"more":true}');

    await expect(other.text("pins").read()).rejects.toMatchObject({ code: "ENEWER" });
  });

  it("are counted up by processes at once, and none is lost", async () => {
    const { one, other } = world();
    const count = async (state: State) => {
      const text = state.text("pins");
      await text.alone(async () => text.write(String(Number((await text.read()) ?? 0) + 1)));
    };

    await Promise.all(Array.from({ length: 30 }, (_, n) => count(n % 2 ? one : other)));

    expect(await one.text("pins").read()).toBe("30");
  });

  it("let the next one in after work that failed", async () => {
    const { one, other } = world();
    const failed = one.text("pins").alone(async () => {
      throw new Error("changed its mind");
    });

    await expect(failed).rejects.toThrow("changed its mind");
    expect(await other.text("pins").alone(async () => "in")).toBe("in");
  });
});
