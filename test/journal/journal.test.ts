import { cpSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { yesIsOver } from "../../src/journal/line.ts";
import { verify } from "../../src/journal/verify.ts";
import { expectPrivate } from "../support/private-files.ts";
import { avery, day, fileOf, intent, linesIn, minute, opened, openIn, start } from "./world.ts";

const hour = 60 * minute;
const whole = { forgotten: 0, breaks: [] };

describe("the journal", () => {
  it("chains each line to the one before it, and keeps a head", async () => {
    const { folder, journal } = opened();

    await journal.intend(intent());
    await journal.finish(1, { is: "done" }, 12);
    await journal.note({
      question: "Delete?",
      account: "sandbox",
      tool: "destroy_user",
      kind: "irreversible",
      said: "no",
    });

    const lines = linesIn(folder);
    expect(lines.map(({ seq, line }) => [seq, line])).toEqual([
      [1, "intent"],
      [2, "outcome"],
      [3, "asked"],
    ]);
    expect(lines.map(({ prev }) => prev)).toEqual(["0".repeat(64), lines[0]?.hash, lines[1]?.hash]);
    expect(lines[0]).toMatchObject({
      at: "2026-11-23T10:00:00.000Z",
      tool: "destroy_user",
      targets: [avery],
    });
    expect(await verify(folder)).toEqual({ lines: 3, ...whole });
  });

  it("is for its owner's eyes only", async () => {
    const { folder, journal } = opened();

    await journal.intend(intent(), { image: { email: avery.login } });

    const kept = ["before", "journal.jsonl", "journal.head", "before/1.json"];
    expectPrivate(folder, ...kept.map((name) => join(folder, name)));
    expect(readdirSync(folder).sort()).toEqual(["before", "journal.head", "journal.jsonl"]);
  });

  it("keeps what JSON can say of the arguments, and the chain whole", async () => {
    const { folder, journal } = opened();
    const strange = {
      at: new Date(start),
      none: undefined,
      7: "seven",
      "": "\u2028\ud800",
      list: [undefined],
    };

    await journal.intend(intent({ arguments: strange }));

    expect(linesIn(folder)[0]?.arguments).toEqual({
      7: "seven",
      at: "2026-11-23T10:00:00.000Z",
      "": "\u2028\ud800",
      list: [null],
    });
    expect(await verify(folder)).toEqual({ lines: 1, ...whole });
  });

  it("erases images whose time is over, and nothing that it did not put there", async () => {
    const { folder, journal, clock } = opened({ keepMs: day });
    const before = join(folder, "before");
    await journal.intend(intent(), { image: { of: "yesterday" } });
    const strange = [
      "0.json",
      "01.json",
      "2.json.bak",
      "x1.json",
      "1.jsonx",
      "-1.json",
      "notes.txt",
      ".DS_Store",
    ];
    for (const name of strange)
      writeFileSync(join(before, name), '{"at":"2020-01-01T00:00:00.000Z","image":1}');
    mkdirSync(join(before, "kept.json"));

    clock.now += day - 1;
    await journal.intend(intent(), { image: { of: "today" } });
    const early = [await journal.image(1), readdirSync(before).includes("1.json")];
    clock.now += 2 * hour;
    await journal.intend(intent(), { image: { of: "now" } });

    expect(early).toEqual([{ of: "yesterday" }, true]);
    expect(await journal.image(1)).toBeUndefined();
    expect(await journal.image(2)).toEqual({ of: "today" });
    expect(readdirSync(before).sort()).toEqual([...strange, "kept.json", "2.json", "3.json"].sort());
  });

  it("gives an image until its time is over, and not from that millisecond on", async () => {
    const { journal, clock } = opened({ keepMs: day });
    await journal.intend(intent(), { image: { of: "then" } });

    clock.now += day - 1;
    const last = await journal.image(1);
    clock.now += 1;

    expect(last).toEqual({ of: "then" });
    expect(await journal.image(1)).toBeUndefined();
  });

  it("writes lines of one process in the order they were handed in", async () => {
    const { folder, journal } = opened();

    const made = await Promise.all(
      [1, 2, 3, 4, 5].map((id) => journal.intend(intent({ arguments: { id } }))),
    );

    expect(made).toEqual([1, 2, 3, 4, 5].map((seq) => ({ seq })));
    expect(linesIn(folder).map((line) => line.arguments)).toEqual([1, 2, 3, 4, 5].map((id) => ({ id })));
  });

  it("writes nothing that is not allowed, and leaves no image behind", async () => {
    const { folder, journal } = opened();

    const refused = await journal.intend(intent(), { image: {}, allow: () => "25 an hour." });

    expect(refused).toEqual({ refused: "25 an hour." });
    expect(lstatSync(fileOf(folder)).size).toBe(0);
    expect(readdirSync(folder)).not.toContain("before");
  });

  it("uses the yes first, then asks what is allowed; without the one it does not ask for the other", async () => {
    const { folder, journal } = opened();
    const order: string[] = [];
    const terms = (isGood: boolean) => ({
      use: async () => {
        order.push(`use, after ${lstatSync(fileOf(folder)).size} bytes`);
        return isGood;
      },
      allow: () => void order.push("allow"),
    });

    const refused = await journal.intend(intent(), terms(false));
    const written = await journal.intend(intent(), terms(true));

    expect(refused).toEqual({ refused: yesIsOver });
    expect(written).toEqual({ seq: 1 });
    expect(order).toEqual(["use, after 0 bytes", "use, after 0 bytes", "allow"]);
  });

  it("shows what is allowed the changes of this account in the last hour", async () => {
    const { clock, journal } = opened();
    await journal.intend(intent({ tool: "too_old" }));
    clock.now += 1;
    await journal.intend(intent({ tool: "recent" }));
    await journal.intend(intent({ tool: "foreign", account: "other" }));
    clock.now += 60 * minute;
    const seen: string[][] = [];

    await journal.intend(intent({ tool: "now" }), {
      allow: (recent) => {
        seen.push(recent.map((one) => one.intent.tool));
        return undefined;
      },
    });

    expect(seen).toEqual([["recent"]]);
  });

  it("lets a bug in what allows fly, and goes on after it", async () => {
    const { folder, journal } = opened();
    const bug = new TypeError("bug");

    const failing = journal.intend(intent(), {
      allow: () => {
        throw bug;
      },
    });

    await expect(failing).rejects.toBe(bug);
    expect(await journal.intend(intent())).toEqual({ seq: 1 });
    expect(await verify(folder)).toEqual({ lines: 1, ...whole });
  });

  it("is ready where it can be written, and writes nothing to say so", async () => {
    const { folder, journal } = opened();

    await journal.ready();

    expect(readdirSync(folder)).toEqual(["journal.jsonl"]);
    expect(lstatSync(fileOf(folder)).size).toBe(0);
  });
});

describe("changes", () => {
  it("are intents with what became of them, newest first, of one account", async () => {
    const { journal } = opened();
    await journal.intend(intent());
    await journal.finish(1, { is: "done", made: 7 }, 12);
    await journal.intend(intent({ account: "other" }));
    await journal.intend(intent({ tool: "enroll" }));

    expect(await journal.changes("sandbox")).toEqual([
      { seq: 4, at: "2026-11-23T10:00:00.000Z", intent: intent({ tool: "enroll" }) },
      {
        seq: 1,
        at: "2026-11-23T10:00:00.000Z",
        intent: intent(),
        outcome: { is: "done", made: 7 },
        ms: 12,
      },
    ]);
  });

  it("that were unknown become known once", async () => {
    const { journal } = opened();
    await journal.intend(intent());
    await journal.finish(1, { is: "unknown", why: "No answer." }, 5);
    await journal.finish(1, { is: "done" }, 6);
    await journal.finish(1, { is: "failed", why: "Too late." }, 7);

    const [change] = await journal.changes("sandbox");

    expect(change).toMatchObject({ outcome: { is: "done" }, ms: 6 });
  });

  it("say what undid them, unless that failed", async () => {
    const { journal } = opened();
    await journal.intend(intent());
    await journal.intend(intent());
    await journal.intend(intent({ tool: "undo", undoes: 1 }));
    await journal.intend(intent({ tool: "undo", undoes: 2 }));
    await journal.finish(3, { is: "failed", why: "No." }, 1);

    const undone = (await journal.changes("sandbox")).map(({ seq, undoneBy }) => [seq, undoneBy]);

    expect(undone).toEqual([
      [4, undefined],
      [3, undefined],
      [2, 4],
      [1, undefined],
    ]);
  });

  it("are none where there is no journal", async () => {
    const { journal } = opened();

    expect(await journal.changes("sandbox")).toEqual([]);
    expect(await journal.since("sandbox", 0)).toEqual([]);
    expect(await journal.image(1)).toBeUndefined();
  });
});

describe("images", () => {
  it("are kept with their line, and read by its number", async () => {
    const { folder, journal } = opened();

    await journal.intend(intent({ before: true }));
    await journal.intend(intent(), { image: { email: avery.login } });

    expect(await journal.image(2)).toEqual({ email: avery.login });
    expect(await journal.image(1)).toBeUndefined();
    expect(linesIn(folder).map(({ before }) => before)).toEqual([undefined, true]);
  });

  it("are gone when their time is over, for readers at once, from disk at one of the next writes", async () => {
    const { folder, clock, journal } = opened({ keepMs: day });
    await journal.intend(intent(), { image: "old" });
    clock.now += day - 1;
    await journal.intend(intent(), { image: "new" });
    expect(await journal.image(1)).toBe("old");

    clock.now += 1;
    expect(await journal.image(1)).toBeUndefined();
    clock.now += 60 * minute;
    await journal.intend(intent());

    expect(readdirSync(join(folder, "before"))).toEqual(["2.json"]);
    expect(await journal.image(2)).toBe("new");
  });

  it("are not kept where that is asked for, and older ones go", async () => {
    const { folder, journal } = opened();
    await journal.intend(intent(), { image: "old" });

    const another = openIn(folder, { keepMs: 0 }).journal;
    await another.intend(intent(), { image: "new" });

    expect(readdirSync(join(folder, "before"))).toEqual([]);
    expect(linesIn(folder).map(({ before }) => before)).toEqual([true, undefined]);
    expect(await another.image(1)).toBeUndefined();
  });

  it("of a writer that died before its line are not taken for those of the next", async () => {
    const { folder, journal } = opened();
    await journal.intend(intent(), { image: "of line 1" });
    cpSync(join(folder, "before", "1.json"), join(folder, "before", "2.json"));

    await journal.intend(intent());

    expect(await journal.image(2)).toBeUndefined();
  });
});
