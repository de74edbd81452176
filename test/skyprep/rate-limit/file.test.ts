import { existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTurns } from "../../../src/skyprep/rate-limit/turns.ts";
import { smallFile } from "../../../src/state/files/safe-files.ts";
import { createClock } from "../../support/clock.ts";
import { expectPrivate } from "../../support/private-files.ts";
import { createDisk, createProcess } from "../../support/shared-minute.ts";

const error = (code: string) => Object.assign(new Error(code), { code });

describe("a file that cannot be used", () => {
  it.each([
    ["cannot be read", "unreadable", "EACCES"],
    ["stands on a full disk", "unwritable", "ENOSPC"],
    ["stands on a read-only disk", "unwritable", "EROFS"],
  ] as const)(
    "stops no call when it %s; this process then counts its own, and says so once",
    async (_, how, code) => {
      const clock = createClock();
      const disk = createDisk();
      disk[how] = error(code);
      const process = createProcess(clock, disk, { callsPerMinute: 10 });
      const start = clock.now();

      for (let n = 0; n < 15; n++) void process.call();
      await clock.run();

      expect(process.began.filter((at) => at === start)).toHaveLength(10);
      expect(process.began.filter((at) => at >= start + 61_000)).toHaveLength(5);
      expect(process.troubles).toEqual([expect.objectContaining({ code })]);
    },
  );

  it("stops no call when its lock cannot be had", async () => {
    const clock = createClock();
    const disk = createDisk();
    const process = createProcess(clock, {
      ...disk,
      withLock: async () => {
        throw error("ELOCKED");
      },
    });

    await process.call();

    expect(process.began).toHaveLength(1);
    expect(process.troubles).toHaveLength(1);
  });

  it("does not count a call twice when only letting go of the lock failed", async () => {
    const clock = createClock();
    const disk = createDisk();
    const process = createProcess(clock, {
      ...disk,
      withLock: async <T>(work: () => Promise<T>): Promise<T> => {
        await disk.withLock(work);
        throw error("ECOMPROMISED");
      },
    });

    await process.call();

    expect(JSON.parse(disk.text ?? "")).toMatchObject({ calls: [clock.now()] });
  });

  it("is told what was done meanwhile, once it can be used again", async () => {
    const clock = createClock();
    const disk = createDisk();
    disk.unwritable = error("ENOSPC");
    const [process, other] = [createProcess(clock, disk), createProcess(clock, disk)];
    for (let n = 0; n < 7; n++) await process.call();
    disk.unwritable = undefined;
    await other.call();
    await clock.run(15_000);

    await process.call();

    expect(JSON.parse(disk.text ?? "").calls).toHaveLength(9);
  });

  it.each([
    ["half of it is missing", '{"version":1,"writtenAt":17'],
    ["it is empty", ""],
    ["it is of another kind", '{"version":2}'],
    ["its numbers are none", '{"version":1,"writtenAt":"now","calls":["x"]}'],
  ])("is written anew when %s", async (_, text) => {
    const clock = createClock();
    const disk = createDisk(text);
    const process = createProcess(clock, disk);

    await process.call();

    expect(JSON.parse(disk.text ?? "")).toEqual({ version: 1, writtenAt: clock.now(), calls: [clock.now()] });
    expect(process.troubles).toHaveLength(1);
  });

  it.each([300_000, 122_001])(
    "makes nobody wait for turns that nobody can have taken: %i ms from now",
    async (ms) => {
      const clock = createClock();
      const start = clock.now();
      const calls = Array.from({ length: 500 }, (_, n) => start + ms + n);
      const disk = createDisk(JSON.stringify({ version: 1, writtenAt: clock.now(), calls }));
      const process = createProcess(clock, disk);

      void process.call();
      await clock.run();

      expect(process.began).toEqual([start]);
    },
  );
});

describe("the file of turns", () => {
  const folder = () => mkdtempSync(join(tmpdir(), "skyprep-test-"));
  const turnsIn = (path: string, troubles: unknown[] = []) =>
    createTurns({
      file: smallFile(path),
      withLock: (work) => work(),
      callsPerMinute: 100,
      now: () => 1_000_000,
      after: () => () => {},
      onTrouble: (trouble) => troubles.push(trouble),
    });

  it("is for its owner's eyes only, and made with its folder", async () => {
    const path = join(folder(), "state", "pace.json");

    await turnsIn(path).take(Number.POSITIVE_INFINITY);

    expectPrivate(path, join(path, ".."));
    expect(existsSync(`${path}.new`)).toBe(false);
  });

  it("is not read or written through a link", async () => {
    const inside = folder();
    const elsewhere = join(folder(), "precious");
    writeFileSync(elsewhere, "precious");
    symlinkSync(elsewhere, join(inside, "pace.json"));
    symlinkSync(elsewhere, join(inside, "pace.json.new"));
    const troubles: unknown[] = [];

    const turn = await turnsIn(join(inside, "pace.json"), troubles).take(Number.POSITIVE_INFINITY);

    expect(turn.taken).toBe(true);
    expect(troubles).toHaveLength(1);
    expect(readFileSync(elsewhere, "utf8")).toBe("precious");
  });

  it("is not read when it is far too large", async () => {
    const path = join(folder(), "pace.json");
    writeFileSync(path, "x".repeat(2 * 1024 * 1024));

    await turnsIn(path).take(Number.POSITIVE_INFINITY);

    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ calls: [1_000_000] });
  });
});
