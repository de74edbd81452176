import { existsSync, mkdirSync, rmdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createLock } from "../../src/state/files/shared-folder.ts";
import { LockTaken } from "../../src/state/ports.ts";
import { newPlace } from "./world.ts";

/** A lock whose pauses take no time and are noted. */
function locked(folder: string, onPause: (ms: number) => void = () => {}, onChance: () => void = () => {}) {
  const pauses: number[] = [];
  const pause = async (ms: number) => {
    pauses.push(ms);
    onPause(ms);
  };
  const random = () => {
    onChance();
    return 0.5;
  };
  return { lock: createLock(folder, { name: "test", pause, random }), pauses };
}
const pathOf = (folder: string) => join(folder, "test.lock");

/** Another process's lock, last renewed so long ago. */
function holdFor(folder: string, ageMs: number): void {
  mkdirSync(pathOf(folder), { recursive: true });
  const at = new Date(Date.now() - ageMs);
  utimesSync(pathOf(folder), at, at);
}

describe("a lock", () => {
  it("makes its folder, gives what the work gives, and leaves nothing behind", async () => {
    const folder = join(newPlace(), "state", "deep");
    const { lock, pauses } = locked(folder);

    const result = await lock(async () => (existsSync(pathOf(folder)) ? "held" : "free"));

    expect(result).toBe("held");
    expect(existsSync(pathOf(folder))).toBe(false);
    expect(pauses).toEqual([]);
  });

  it("lets callers of one process in as they came, one at a time, also after one that failed", async () => {
    const { lock, pauses } = locked(newPlace());
    const order: string[] = [];
    const work = (name: string) =>
      lock(async () => {
        order.push(`${name} in`);
        await new Promise(setImmediate);
        order.push(`${name} out`);
        if (name === "b") throw new Error("b failed");
      });

    const results = await Promise.allSettled(["a", "b", "c"].map(work));

    expect(order).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(pauses).toEqual([]);
  });

  it("waits in growing pauses while another process holds it", async () => {
    const folder = newPlace();
    holdFor(folder, 0);
    const { lock, pauses } = locked(folder, () => {
      if (pauses.length === 5) rmdirSync(pathOf(folder));
    });

    expect(await lock(async () => "in")).toBe("in");

    expect(pauses).toHaveLength(5);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses[0]).toBeLessThan(pauses[4] ?? 0);
  });

  it("gives up on another process that holds it for longer than a dead one could", async () => {
    const folder = newPlace();
    holdFor(folder, 0);
    const { lock, pauses } = locked(folder);

    await expect(lock(async () => "in")).rejects.toThrow(LockTaken);

    const waited = pauses.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThan(15_000);
    expect(waited).toBeLessThan(25_000);
    expect(Math.max(...pauses)).toBeLessThan(200);
    rmdirSync(pathOf(folder));
    expect(await lock(async () => "in")).toBe("in");
  });

  it("is taken over from a process that died ten seconds ago, after a look whether nobody else did", async () => {
    const folder = newPlace();
    holdFor(folder, 10_500);
    const { lock, pauses } = locked(folder);

    expect(await lock(async () => "in")).toBe("in");

    expect(pauses).toEqual([100]);
    expect(existsSync(pathOf(folder))).toBe(false);
  });

  it("is left to another process that took it over at the same moment", async () => {
    const folder = newPlace();
    holdFor(folder, 10_500);
    const held: boolean[] = [];
    const { lock, pauses } = locked(folder, (ms) => {
      if (ms === 100 && held.length === 0) {
        held.push(existsSync(pathOf(folder)));
        rmdirSync(pathOf(folder));
        mkdirSync(pathOf(folder));
      }
      if (pauses.length === 4) rmdirSync(pathOf(folder));
    });

    expect(await lock(async () => pauses.length)).toBe(4);

    expect(held).toEqual([true]);
  });

  it.each(["before it is signed", "while it waits for others to sign"])(
    "that vanishes %s is not thought held, and is taken anew",
    async (when) => {
      const folder = newPlace();
      holdFor(folder, 10_500);
      let gone = false;
      const vanish = () => {
        if (!gone) rmdirSync(pathOf(folder));
        gone = true;
      };
      const early = when === "before it is signed";
      const { lock, pauses } = locked(
        folder,
        (ms) => {
          if (ms === 100) vanish();
        },
        () => {
          if (early) vanish();
        },
      );

      const held = await lock(async () => existsSync(pathOf(folder)));

      expect(held).toBe(true);
      expect(gone).toBe(true);
      // Taken from nobody the second time, it need not be signed.
      expect(pauses.filter((ms) => ms === 100)).toHaveLength(early ? 0 : 1);
      expect(existsSync(pathOf(folder))).toBe(false);
    },
  );

  it("that somebody took away is not removed from its new holder, and ends nothing", async () => {
    const folder = newPlace();
    const { lock } = locked(folder);

    const result = await lock(async () => {
      rmdirSync(pathOf(folder));
      mkdirSync(pathOf(folder));
      return "done";
    });

    expect(result).toBe("done");
    expect(existsSync(pathOf(folder))).toBe(true);
  });

  it("from a future that a clock put back made counts as renewed now, not then", async () => {
    const folder = newPlace();
    holdFor(folder, -3_600_000);
    const renewed: number[] = [];
    const { lock } = locked(folder, () => {
      renewed.push(statSync(pathOf(folder)).mtimeMs);
      rmdirSync(pathOf(folder));
    });

    await lock(async () => "in");

    expect(Math.abs((renewed[0] ?? 0) - Date.now())).toBeLessThan(5_000);
  });

  it("says what the folder says", async () => {
    const place = newPlace();
    writeFileSync(join(place, "state"), "");

    const failing = locked(join(place, "state")).lock(async () => "in");

    await expect(failing).rejects.toMatchObject({ code: "ENOTDIR" });
  });
});
