import { execFileSync } from "node:child_process";
import {
  chownSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { isOwn, openPlain, smallFile, strangersFolder } from "../../src/state/files/safe-files.ts";
import { connect, liveAccount, noon } from "../support/academy.ts";
import { seededTables } from "../support/seeded.ts";

const place = () => mkdtempSync(join(tmpdir(), "skyprep-state-"));

async function before(state: string) {
  const sandbox = createSandbox({
    tables: seededTables,
    now: () => noon,
    callsPerMinute: Number.POSITIVE_INFINITY,
    apiKey: liveAccount.SKYPREP_API_KEY,
    domain: liveAccount.SKYPREP_ACCT_KEY,
  });
  const lines: string[] = [];
  const academy = await connect(
    sandbox.send,
    { ...liveAccount, SKYPREP_STATE_DIR: state },
    { say: (line) => lines.push(line) },
  );
  return { ...academy, lines };
}

describe("a state folder that cannot be written", () => {
  it("stops writes, not reads; once is said that others' calls are not counted", async () => {
    // Root may write anywhere, so a file stands where the folder would have to be.
    const state = join(place(), "file");
    writeFileSync(state, "");
    const academy = await before(state);

    const reads = [await academy.call("get_user", { user_id: 101 }), await academy.call("get_courses")];
    const write = await academy.call("create_course", { name: "New" });
    await academy.close();

    expect(reads.map(({ isError }) => isError)).toEqual([false, false]);
    expect(write.isError).toBe(true);
    expect(write.text).toMatch(/journal in .* cannot be written: .*SKYPREP_STATE_DIR/);
    expect(
      academy.lines.filter((line) => /only the calls of this process are counted/.test(line)),
    ).toHaveLength(1);
  });

  it("is not written through a link that stands in it", async () => {
    const [state, elsewhere] = [place(), join(place(), "theirs")];
    writeFileSync(elsewhere, "theirs");
    symlinkSync(elsewhere, join(state, "pace.json"));
    symlinkSync(elsewhere, join(state, "journal"));
    const academy = await before(state);

    const read = await academy.call("get_user", { user_id: 101 });
    const write = await academy.call("create_course", { name: "New" });
    await academy.close();

    expect(read.isError).toBe(false);
    expect(write.text).toMatch(/symbolic link|cannot be written/);
    expect(readFileSync(elsewhere, "utf8")).toBe("theirs");
  });
});

describe("a state folder of another user", () => {
  afterEach(() => vi.restoreAllMocks());

  /** As root, a folder given away; as anybody else, we are somebody else. */
  function strange(folder: string): void {
    const own = process.getuid?.();
    if (own === 0) chownSync(folder, 4711, 4711);
    else vi.spyOn(process, "getuid").mockReturnValue((own ?? 0) + 1);
  }

  it.runIf(process.getuid)(
    "takes no write of any kind, and nothing is asked or sent; reads go on",
    async () => {
      const state = place();
      strange(state);
      const academy = await before(state);

      const reads = [await academy.call("get_user", { user_id: 101 }), await academy.call("get_courses")];
      const writes = [
        await academy.call("create_course", { name: "New" }),
        await academy.call("destroy_course", { course_id: 202 }),
        await academy.call("update_user", { user_id: 111, title: "x" }),
        await academy.call("get_login_key", { user_id: 111 }),
      ];
      await academy.close();

      expect(reads.map(({ isError }) => isError)).toEqual([false, false]);
      for (const { isError, text } of writes) {
        expect(isError).toBe(true);
        expect(text).toContain(`${state} belongs to another user of this computer`);
        expect(text).toContain("set SKYPREP_STATE_DIR to another folder");
      }
      expect(readdirSync(state)).toEqual([]);
    },
  );

  it("is nobody's on Windows, root's is as good as ours, and anybody else's is not", () => {
    expect(isOwn({ uid: 0 }, null)).toBe(true);
    expect(isOwn({ uid: 501 }, null)).toBe(true);
    expect(isOwn({ uid: 501 }, 501)).toBe(true);
    expect(isOwn({ uid: 0 }, 501)).toBe(true);
    expect(isOwn({ uid: 502 }, 501)).toBe(false);
    expect(isOwn({ uid: 501 }, 0)).toBe(false);
  });

  it.runIf(process.getuid)("is found as many levels up as the state folder is, and no higher", () => {
    const [top] = [place()];
    const deep = join(top, "state", "jobs", "sandbox");
    mkdirSync(deep, { recursive: true });
    const own = process.getuid?.() ?? 0;
    const others = own === 0 ? 4711 : own + 1;
    if (own === 0) chownSync(join(top, "state"), others, others);
    const me = own === 0 ? 0 : others;

    expect(strangersFolder(deep, 2, me)).toBe(own === 0 ? join(top, "state") : deep);
    expect(strangersFolder(deep, 2, own === 0 ? others : own)).toBeUndefined();
    if (own === 0) expect(strangersFolder(deep, 1, 0)).toBeUndefined();
    expect(strangersFolder(join(top, "not", "there"), 1, me)).toBe(undefined);
  });
});

describe.runIf(process.getuid)("what stands in the place of a file of ours", () => {
  const write = constants.O_WRONLY | constants.O_CREAT;

  it("is not waited for where it is a pipe: reads go on, and nothing is written through it", async () => {
    const state = place();
    execFileSync("mkfifo", [join(state, "pace.json"), join(state, "pace.json.new")]);
    mkdirSync(join(state, "journal"), { mode: 0o700 });
    execFileSync(
      "mkfifo",
      ["journal.jsonl", "journal.head"].map((name) => join(state, "journal", name)),
    );
    const academy = await before(state);

    const read = await academy.call("get_user", { user_id: 101 });
    const written = await academy.call("create_course", { name: "New" });
    await academy.close();

    expect(read.isError).toBe(false);
    expect(written.isError).toBe(true);
    expect(written.text).toMatch(/cannot be written|stands in the place/);
  });

  it("is neither opened nor cut where it is a link, a pipe, a folder, or another user's", async () => {
    const folder = place();
    const [link, pipe, theirs, ours] = ["link", "pipe", "theirs", "ours"].map((name) =>
      join(folder, name),
    ) as [string, string, string, string];
    writeFileSync(ours, "ours");
    writeFileSync(theirs, "theirs");
    symlinkSync(ours, link);
    execFileSync("mkfifo", [pipe]);

    await expect(openPlain(link, write)).rejects.toThrow(/ELOOP/);
    await expect(openPlain(pipe, write)).rejects.toThrow(/ENXIO|ENOTFILE/);
    await expect(openPlain(pipe, constants.O_RDONLY)).rejects.toThrow(/ENOTFILE/);
    await expect(openPlain(folder, constants.O_RDONLY)).rejects.toThrow(/ENOTFILE/);
    strangeFile(theirs);
    await expect(openPlain(theirs, write)).rejects.toThrow(/EFOREIGN/);
    vi.restoreAllMocks();
    await (await openPlain(ours, write)).close();

    expect(readFileSync(ours, "utf8")).toBe("ours");
    expect(readFileSync(theirs, "utf8")).toBe("theirs");
  });

  it("is taken away where it stands in for what is only being written, and never written through", async () => {
    const folder = place();
    const elsewhere = join(place(), "precious");
    writeFileSync(elsewhere, "precious");
    for (const lay of [
      (path: string) => symlinkSync(elsewhere, path),
      (path: string) => execFileSync("mkfifo", [path]),
      (path: string) => writeFileSync(path, "x".repeat(100)),
    ]) {
      const file = smallFile(join(folder, "pins.json"));
      lay(join(folder, "pins.json.new"));

      await file.write("[1]");

      expect(await file.read()).toBe("[1]");
    }
    expect(readFileSync(elsewhere, "utf8")).toBe("precious");
  });

  function strangeFile(path: string): void {
    const own = process.getuid?.();
    if (own === 0) chownSync(path, 4711, 4711);
    else vi.spyOn(process, "getuid").mockReturnValue((own ?? 0) + 1);
  }
});
