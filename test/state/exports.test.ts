import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createExports } from "../../src/state/files/exports.ts";
import { CannotKeep } from "../../src/state/ports.ts";
import { expectPrivate } from "../support/private-files.ts";
import { windows } from "../support/system.ts";

const places: string[] = [];
afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true });
});

function opened({ now = () => Date.UTC(2026, 10, 23), keepMs = 1_000, random = draws() } = {}) {
  const place = mkdtempSync(join(tmpdir(), "exports-"));
  places.push(place);
  const folder = join(place, "state", "exports");
  return { place, folder, exports: createExports({ folder, now, random, keepMs }) };
}

const draws = () => {
  let n = 0;
  return () => `abcdef12${String(++n).padStart(4, "0")}`;
};
const bytes = (text: string) => new TextEncoder().encode(text);
const report = {
  name: "All Users Report",
  bytes: bytes("a,b\n1,2\n"),
  extension: "csv",
  rows: 1,
  columns: ["a", "b"],
} as const;

describe("kept reports", () => {
  it("of an earlier run of the pretend academy are not there any more, and are swept with the rest", async () => {
    const { folder } = opened();
    let time = 0;
    const ofRun = (run: string | undefined) =>
      createExports({ folder, now: () => time, random: draws(), keepMs: 1_000, run });
    const { id } = await ofRun("first").keep(report);

    expect((await ofRun("first").list()).map((one) => one.id)).toEqual([id]);
    expect(await ofRun("second").list()).toEqual([]);
    expect(await ofRun("second").read(id)).toBeUndefined();

    time = 2_000;
    await ofRun("second").keep({ ...report, name: "Another" });

    expect(readdirSync(folder).filter((name) => name.startsWith(id))).toEqual([]);
  });

  it("are files of their owner alone, under a name that says what they are", async () => {
    const { folder, exports } = opened();

    const kept = await exports.keep(report);

    expect(kept).toEqual({
      id: "all-users-report-abcdef120001",
      name: "All Users Report",
      extension: "csv",
      file: join(folder, "all-users-report-abcdef120001.csv"),
      bytes: 8,
      rows: 1,
      columns: ["a", "b"],
      createdAt: "2026-11-23T00:00:00.000Z",
    });
    expect(readFileSync(String(kept.file), "utf8")).toBe("a,b\n1,2\n");
    const files = readdirSync(folder);
    expect(files).toHaveLength(2);
    expectPrivate(folder, ...files.map((name) => join(folder, name)));
  });

  it.skipIf(windows)(
    "narrow a folder that others could read (skipped on Windows: no such rights)",
    async () => {
      const { folder, exports } = opened();
      mkdirSync(folder, { recursive: true, mode: 0o755 });

      await exports.keep(report);

      expectPrivate(folder);
    },
  );

  it("go when their time is over, with their descriptions", async () => {
    let time = Date.UTC(2026, 10, 23);
    const { folder, exports } = opened({ now: () => time });
    const old = await exports.keep(report);
    writeFileSync(join(folder, "somebody-elses.csv"), "x");

    time += 1_000;

    expect(await exports.list()).toEqual([]);
    expect(await exports.read(old.id)).toBeUndefined();
    const fresh = await exports.keep(report);
    expect(readdirSync(folder).sort()).toEqual([`${fresh.id}.csv`, `${fresh.id}.json`, "somebody-elses.csv"]);
  });

  it("leave nothing half written behind", async () => {
    const { folder, exports } = opened();

    await exports.keep(report);

    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it.each([
    "../../secret0",
    "..%2Fsecret0",
    "/etc/passwd",
    "",
    "short",
    "UPPERCASE1",
    "a".repeat(41),
    "dot.dot.dot",
  ])("are not read by the id %j", async (id) => {
    const { place, exports } = opened();
    await exports.keep(report);
    writeFileSync(
      join(place, "secret0.json"),
      JSON.stringify({ name: "x", extension: "csv", bytes: 1, createdAt: "2026-11-23T00:00:00.000Z" }),
    );
    writeFileSync(join(place, "secret0.csv"), "x");

    expect(await exports.read(id)).toBeUndefined();
  });

  it("are not read through a link laid in their place", async () => {
    const { place, folder, exports } = opened();
    const kept = await exports.keep(report);
    writeFileSync(join(place, "secret"), "secret");
    rmSync(String(kept.file));
    symlinkSync(join(place, "secret"), String(kept.file));

    expect(await exports.read(kept.id)).toBeUndefined();
    expect(await exports.list()).toEqual([]);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it("are not written through a link laid in their way", async () => {
    const { place, folder, exports } = opened();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(place, "precious"), "precious");
    symlinkSync(join(place, "precious"), join(folder, "all-users-report-abcdef120001.csv"));
    symlinkSync(join(place, "precious"), join(folder, "all-users-report-abcdef120001.json"));

    await exports.keep(report);

    expect(readFileSync(join(place, "precious"), "utf8")).toBe("precious");
  });

  it("skip descriptions that are not ours", async () => {
    const { folder, exports } = opened();
    await exports.keep(report);
    writeFileSync(join(folder, "not-a-description.json"), "{");
    writeFileSync(join(folder, "other-description.json"), '{"name":1}');

    expect(await exports.list()).toHaveLength(1);
  });

  it("are none where the folder is not there", async () => {
    const { exports } = opened();

    expect(await exports.list()).toEqual([]);
    expect(await exports.read("all-users-report-abcdef120001")).toBeUndefined();
  });
});

describe("a folder that cannot be written", () => {
  it("is named, with what to do, where a file stands in its place", async () => {
    const { place, folder, exports } = opened();
    mkdirSync(join(place, "state"));
    writeFileSync(folder, "");

    const error = await exports.keep(report).catch((one: unknown) => one);

    expect(error).toBeInstanceOf(CannotKeep);
    expect((error as CannotKeep).where).toBe(folder);
    expect((error as CannotKeep).message).toBe(
      `The report could not be kept in ${folder}: a file stands in its place. Mend that, or set SKYPREP_STATE_DIR to another folder.`,
    );
    expect(await exports.list()).toEqual([]);
  });

  it("is named where a file stands in its parent's place", async () => {
    const { place, folder, exports } = opened();
    writeFileSync(join(place, "state"), "");

    await expect(exports.keep(report)).rejects.toThrow(folder);
  });

  it("is named where it is a link, and nothing goes through it", async () => {
    const { place, folder, exports } = opened();
    mkdirSync(join(place, "state"));
    mkdirSync(join(place, "elsewhere"));
    symlinkSync(join(place, "elsewhere"), folder);

    await expect(exports.keep(report)).rejects.toThrow("it is a symbolic link");

    expect(readdirSync(join(place, "elsewhere"))).toEqual([]);
    expect(await exports.list()).toEqual([]);
  });

  it("keeps nothing where a file cannot be put in place", async () => {
    const { folder, exports } = opened();
    mkdirSync(join(folder, "all-users-report-abcdef120001.csv"), { recursive: true });

    await expect(exports.keep(report)).rejects.toThrow(CannotKeep);

    expect(await exports.list()).toEqual([]);
  });
});
