import { closeSync, ftruncateSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fileOf, intent, minute, opened, openIn, start, textIn } from "./world.ts";

const seqs = (changes: readonly { seq: number }[]) => changes.map(({ seq }) => seq);

/** Overwrites the beginning of the file in its place. */
function scrawl(folder: string, bytes: number): void {
  const file = openSync(fileOf(folder), "r+");
  writeSync(file, "x".repeat(bytes), 0);
  closeSync(file);
}

describe("since", () => {
  it("gives the changes of an account since then, oldest first, with what became of them", async () => {
    const { clock, journal } = opened();
    await journal.intend(intent({ tool: "old" }));
    clock.now += minute;
    await journal.intend(intent({ tool: "new" }));
    await journal.intend(intent({ account: "other" }));
    await journal.finish(2, { is: "done" }, 1);
    await journal.finish(1, { is: "done" }, 1);

    const changes = await journal.since("sandbox", start + 1);

    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ seq: 2, intent: { tool: "new" }, outcome: { is: "done" } });
    expect(seqs(await journal.since("sandbox", 0))).toEqual([1, 2]);
  });

  it("sees what other processes write", async () => {
    const { folder, journal } = opened();
    const another = openIn(folder).journal;
    await journal.since("sandbox", 0);

    await another.intend(intent());
    expect(seqs(await journal.since("sandbox", 0))).toEqual([1]);
    await another.finish(1, { is: "done" }, 1);

    expect((await journal.since("sandbox", 0))[0]?.outcome).toEqual({ is: "done" });
  });

  it("reads only the bytes that are new", async () => {
    const { folder, journal } = opened();
    await journal.intend(intent());
    await journal.intend(intent());
    await journal.since("sandbox", 0);

    scrawl(folder, 100);
    await journal.intend(intent());

    expect(seqs(await journal.since("sandbox", 0))).toEqual([1, 2, 3]);
    expect(seqs(await openIn(folder).journal.since("sandbox", 0))).toEqual([2, 3]);
  });

  it("reads no more of a long file than it needs", async () => {
    const { folder, clock, journal } = opened();
    for (let n = 0; n < 50; n += 1) await journal.intend(intent({ question: "x".repeat(2_000) }));
    clock.now += minute;
    await journal.intend(intent());
    const lines = textIn(folder);
    // Far more than memory could hold, before the lines.
    const file = openSync(fileOf(folder), "r+");
    const hole = 5 * 2 ** 30;
    ftruncateSync(file, hole);
    writeSync(file, `\n${lines}`, hole);
    closeSync(file);

    expect(seqs(await openIn(folder).journal.since("sandbox", start + 1))).toEqual([51]);
  });

  it("starts over where another file stands in its place, or the same was cut and written anew", async () => {
    const { folder, journal } = opened();
    for (let n = 0; n < 3; n += 1) await journal.intend(intent());
    await journal.since("sandbox", 0);
    // Of lines as long as ours, so that the place we know is the beginning of a line there too.
    const other = opened();
    for (let n = 0; n < 4; n += 1) await other.journal.intend(intent({ tool: "other_change" }));

    const file = openSync(fileOf(folder), "r+");
    ftruncateSync(file, 0);
    writeSync(file, readFileSync(fileOf(other.folder)), 0);
    closeSync(file);
    expect((await journal.since("sandbox", 0)).map(({ intent: { tool } }) => tool)).toEqual(
      Array(4).fill("other_change"),
    );

    for (let n = 0; n < 4; n += 1) await other.journal.intend(intent({ tool: "third_change" }));
    renameSync(fileOf(other.folder), fileOf(folder));
    expect(await journal.since("sandbox", 0)).toHaveLength(8);
  });

  it("is right at any number of lines, each read once", async () => {
    const { clock, folder, journal } = opened();
    for (let n = 0; n < 120; n += 1) {
      await journal.intend(intent({ question: "y".repeat(n * 40) }));
      clock.now += minute;
      const from = clock.now - 60 * minute;
      const expected = Array.from({ length: n + 1 }, (_, index) => index + 1).slice(-60);
      expect(seqs(await journal.since("sandbox", from))).toEqual(expected);
    }
    expect(statSync(fileOf(folder)).size).toBeGreaterThan(300_000);
    expect(seqs(await openIn(folder).journal.since("sandbox", 0))).toHaveLength(120);
    expect(await openIn(folder).journal.changes("sandbox")).toHaveLength(120);
  });

  it("does not let a clock that was put back hide the last hour", async () => {
    const { clock, folder, journal } = opened();
    const many = async () => {
      for (let n = 0; n < 50; n += 1) await journal.intend(intent({ question: "x".repeat(2_000) }));
    };
    await many();
    clock.now -= 600 * minute;
    await journal.intend(intent());
    clock.now += 601 * minute;
    await many();

    expect(await openIn(folder).journal.since("sandbox", start)).toHaveLength(100);
  });
});
