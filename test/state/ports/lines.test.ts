import { expect, it } from "vitest";
import { describePorts } from "./world.ts";

const at = ["jobs", "acme", "status", "all.jsonl"] as const;

describePorts("lines", (world) => {
  it("are read on from where they were read to", async () => {
    const { one, other } = world();
    const lines = one.lines(...at);
    expect(await lines.read()).toBeUndefined();

    const begun = await lines.begin("first \u0000 é");
    const read = await other.lines(...at).read();
    const end = await lines.append("second", begun);
    const more = await other.lines(...at).read(read?.mark);

    expect(read).toEqual({ lines: ["first \u0000 é"], mark: begun, fresh: true });
    expect(more).toEqual({ lines: ["second"], mark: end, fresh: false });
    expect(await other.lines(...at).read(end)).toEqual({ lines: [], mark: end, fresh: false });
  });

  it("begun anew are another file: read from its first, and not written to by the mark of the old", async () => {
    const { one, other } = world();
    const old = await one.lines(...at).begin("old");
    const anew = await other.lines(...at).begin("new");

    expect(await one.lines(...at).read(old)).toEqual({ lines: ["new"], mark: anew, fresh: true });
    await expect(one.lines(...at).append("late", old)).rejects.toMatchObject({ code: "ESTALE" });
    expect((await other.lines(...at).read())?.lines).toEqual(["new"]);
  });

  it("appended after an earlier mark take the place of what came behind it", async () => {
    const { one } = world();
    const first = await one.lines(...at).begin("one");
    await one.lines(...at).append("two", first);
    const again = await one.lines(...at).append("zwei", first);

    expect(await one.lines(...at).read()).toEqual({ lines: ["one", "zwei"], mark: again, fresh: true });
  });

  it("are listed with the texts, and removed as they are", async () => {
    const { one, other } = world();
    await one.lines(...at).begin("one");

    expect((await other.names("jobs", "acme", "status")).map(({ name }) => name)).toEqual(["all.jsonl"]);
    await other.remove(...at);
    expect(await one.lines(...at).read()).toBeUndefined();
  });

  it("are written by one process at a time, and what was appended is seen before that ends", async () => {
    const { one, other } = world();
    const begun = await one.lines(...at).begin("0");
    const order: string[] = [];
    const fill = async (name: string, state: typeof one) => {
      const lines = state.lines(...at);
      await lines.alone(async () => {
        order.push(name);
        const { mark } = (await lines.read()) ?? { mark: begun };
        await lines.append(name, mark);
        // As others read it, who hold nothing.
        expect(
          (
            await world()
              .one.lines(...at)
              .read()
          )?.lines,
        ).toContain(name);
        order.push(name);
      });
    };

    await Promise.all([fill("a", one), fill("b", other), fill("c", one), fill("d", other)]);

    expect(order).toHaveLength(8);
    for (let n = 0; n < 8; n += 2) expect(order[n]).toBe(order[n + 1]);
    expect((await one.lines(...at).read())?.lines.slice(1).sort()).toEqual(["a", "b", "c", "d"]);
  });
});
