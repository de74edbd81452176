import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createJournal } from "../../src/journal/journal.ts";
import { CannotWrite } from "../../src/journal/line.ts";
import { verify } from "../../src/journal/verify.ts";
import { fileOf, intent, linesIn, newPlace, opened, openIn, textIn } from "./world.ts";

const torn = (folder: string) => readdirSync(folder).filter((name) => name.startsWith("journal.torn-"));

describe("a last line that was not finished", () => {
  it("is set aside wherever it was cut, and nothing before it is lost", async () => {
    const { folder, journal } = opened();
    await journal.intend(intent());
    const first = textIn(folder);
    const head = readFileSync(join(folder, "journal.head"));
    await journal.finish(1, { is: "failed", why: "Größe" }, 1);
    const bytes = readFileSync(fileOf(folder));
    writeFileSync(join(folder, "journal.head"), head);

    for (let cut = first.length + 1; cut < bytes.length; cut += 1) {
      const copy = join(newPlace(), "copy");
      cpSync(folder, copy, { recursive: true });
      truncateSync(fileOf(copy), cut);

      expect(await openIn(copy).journal.intend(intent())).toEqual({ seq: 2 });
      expect(textIn(copy).startsWith(first)).toBe(true);
      expect(await verify(copy)).toEqual({ lines: 2, forgotten: 0, breaks: [] });
      const [aside = ""] = torn(copy);
      expect(readFileSync(join(copy, aside))).toEqual(bytes.subarray(first.length, cut));
    }
  });

  it("is chained on to where only the head was not written", async () => {
    const { folder, journal } = opened();
    await journal.intend(intent());
    const head = readFileSync(join(folder, "journal.head"));
    await journal.finish(1, { is: "done" }, 1);
    writeFileSync(join(folder, "journal.head"), head);

    await openIn(folder).journal.intend(intent());

    expect(await verify(folder)).toEqual({ lines: 3, forgotten: 0, breaks: [] });
    expect(torn(folder)).toEqual([]);
  });

  it.each([
    ["no JSON", "garbage\n"],
    ["a hole that a power cut left", "\0".repeat(5_000)],
    ["JSON, but no line", '{"seq":2}\n'],
    ["longer than what is read at once", "x".repeat(200_000)],
    ["empty", "\n"],
  ])("is set aside where it is %s", async (_, tail) => {
    const { folder, journal } = opened();
    await journal.intend(intent());
    appendFileSync(fileOf(folder), tail);

    expect(await journal.intend(intent())).toEqual({ seq: 2 });

    expect(await verify(folder)).toEqual({ lines: 2, forgotten: 0, breaks: [] });
    expect(readFileSync(join(folder, torn(folder)[0] ?? ""), "utf8")).toBe(tail);
  });

  it("stays where it is while nothing is written", async () => {
    const { folder, journal } = opened();
    await journal.intend(intent());
    appendFileSync(fileOf(folder), '{"seq":2');
    const before = textIn(folder);

    await journal.intend(intent(), { allow: () => "No." });
    await journal.since("sandbox", 0);
    await journal.changes("sandbox");

    expect(textIn(folder)).toBe(before);
  });

  it("does not hide what stands before it from a reader that had seen it", async () => {
    const { folder, journal } = opened();
    await journal.intend(intent());
    appendFileSync(fileOf(folder), "garbage that is longer than what follows in its place\n".repeat(20));
    await journal.since("sandbox", 0);
    const another = openIn(folder).journal;
    for (let n = 0; n < 4; n += 1) await another.intend(intent());

    expect((await journal.since("sandbox", 0)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("a lost head", () => {
  it("is written again, and nothing is said to be missing after the very first line", async () => {
    const { folder, journal } = opened();
    await journal.intend(intent());
    rmSync(join(folder, "journal.head"));

    await journal.intend(intent());

    expect(await verify(folder)).toEqual({ lines: 2, forgotten: 0, breaks: [] });
  });

  it("half written by a writer that died is in nobody's way", async () => {
    const { folder, journal } = opened();
    await journal.intend(intent());
    writeFileSync(join(folder, "journal.head.part"), "{");

    await journal.intend(intent());

    expect(readdirSync(folder).sort()).toEqual(["journal.head", "journal.jsonl"]);
  });
});

describe("a journal that cannot be written", () => {
  const attempts = async (folder: string) => {
    const { journal } = openIn(folder);
    const refusals = [
      await journal.ready().catch((error: unknown) => error),
      await journal.intend(intent(), { image: {} }).catch((error: unknown) => error),
      await journal
        .note({ question: "?", account: "sandbox", tool: "x", kind: "many", said: "no" })
        .catch((error: unknown) => error),
      await journal.finish(1, { is: "done" }, 1).catch((error: unknown) => error),
    ];
    for (const error of refusals) expect(error).toBeInstanceOf(CannotWrite);
    const [first] = refusals as CannotWrite[];
    for (const error of refusals)
      expect((error as CannotWrite).message).toContain(`The journal in ${folder} `);
    expect(first?.cause).toBeDefined();
    return (first as CannotWrite).message;
  };

  it("says so, with the folder and what to do, where a file stands in its place", async () => {
    const folder = join(newPlace(), "journal");
    writeFileSync(folder, "");

    expect(await attempts(folder)).toBe(
      `The journal in ${folder} cannot be written: a file stands in its place. Mend that, or set SKYPREP_STATE_DIR to another folder.`,
    );
  });

  it("says so where a file stands in its parent's place", async () => {
    const place = newPlace();
    writeFileSync(join(place, "state"), "");

    expect(await attempts(join(place, "state", "journal"))).toContain("a file stands in its place");
  });

  it("says so where the folder is a link, and nothing goes through it", async () => {
    const place = newPlace();
    mkdirSync(join(place, "elsewhere"));
    symlinkSync(join(place, "elsewhere"), join(place, "journal"));

    expect(await attempts(join(place, "journal"))).toContain(
      "a symbolic link stands in the place of the folder",
    );
    expect(readdirSync(join(place, "elsewhere"))).toEqual([]);
  });

  it("says so where the file is a link, and nothing goes through it", async () => {
    const place = newPlace();
    const folder = join(place, "journal");
    mkdirSync(folder);
    writeFileSync(join(place, "precious"), "precious");
    symlinkSync(join(place, "precious"), fileOf(folder));

    expect(await attempts(folder)).toContain("a symbolic link stands in the place of journal.jsonl");
    expect(readFileSync(join(place, "precious"), "utf8")).toBe("precious");
  });

  it("says so where a folder stands in the file's place", async () => {
    const folder = join(newPlace(), "journal");
    mkdirSync(fileOf(folder), { recursive: true });

    expect(await attempts(folder)).toContain("a folder stands in the place of journal.jsonl");
  });

  it("writes neither line nor image where one of them cannot be", async () => {
    const { folder, journal } = opened();
    await journal.intend(intent());
    writeFileSync(join(folder, "before"), "");

    await expect(journal.intend(intent(), { image: {} })).rejects.toThrow(CannotWrite);

    expect(linesIn(folder)).toHaveLength(1);
  });

  it("takes a line back whose head could not be written", async () => {
    const { folder, journal } = opened();
    mkdirSync(join(folder, "journal.head.part", "in the way"), { recursive: true });

    await expect(journal.intend(intent())).rejects.toThrow(
      "a folder stands in the place of journal.head.part",
    );

    expect(textIn(folder)).toBe("");
  });

  it("writes nothing where the lock was lost and another process wrote meanwhile", async () => {
    const { folder, journal } = opened();
    await journal.intend(intent());
    const line = textIn(folder);

    const failing = journal.intend(intent(), {
      allow: () => {
        appendFileSync(fileOf(folder), line);
        return undefined;
      },
    });

    await expect(failing).rejects.toThrow("another process holds it");
    expect(textIn(folder)).toBe(line + line);
  });

  it("says so where another process holds it", async () => {
    const { folder, journal } = opened();
    await journal.ready();
    const taken = Object.assign(new Error("held"), { code: "ELOCKED" });
    const other = createJournal({
      folder,
      lock: () => Promise.reject(taken),
      now: Date.now,
      random: () => "salt",
      keepMs: 0,
    });

    await expect(other.ready()).rejects.toThrow("cannot be written: another process holds it.");
  });
});
