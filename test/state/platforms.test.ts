import { chmodSync, constants, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderFound } from "../../src/cli/doctor/state.ts";
import { entryFor } from "../../src/cli/init/entry.ts";
import { linesFor } from "../../src/cli/init/printed.ts";
import {
  isOwn,
  openPlain,
  replace,
  smallFile,
  stateFolder,
  strangersFolder,
  writeWhole,
} from "../../src/state/files/safe-files.ts";
import { createLock } from "../../src/state/files/shared-folder.ts";
import { openAcademy } from "../support/academy.ts";
import { expectPrivate } from "../support/private-files.ts";
import { windows } from "../support/system.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { journalCommand } from "./morning.ts";

/**
 * What differs between Windows, macOS and Linux. Where the code is told which it is on, all three are tried on each;
 * what only the system itself can show says by its name where it is skipped.
 */
const posixPath = (path: string) => path.replaceAll("\\", "/");
const failing = (code: string) => Object.assign(new Error(code), { code });

it("a link is not followed where the system has no flag for that, as on Windows", async () => {
  const folder = temporaryFolder("platform");
  const [file, link] = [join(folder, "file"), join(folder, "link")];
  writeFileSync(file, "ours");
  symlinkSync(file, link);

  for (const flags of [constants.O_RDONLY, constants.O_WRONLY | constants.O_CREAT])
    await expect(openPlain(link, flags, 0o600, 0)).rejects.toMatchObject({ code: "ELOOP", path: link });
  const handle = await openPlain(file, constants.O_RDONLY, undefined, 0);
  expect(await handle.readFile("utf8")).toBe("ours");
  await handle.close();
  // Made where it is missing.
  await (await openPlain(join(folder, "new"), constants.O_WRONLY | constants.O_CREAT, 0o600, 0)).close();
});

describe("the state folder", () => {
  it.each([
    ["linux", {}, "/home/ann", "/home/ann/.local/state/skyprep-mcp"],
    ["linux", { XDG_STATE_HOME: "/s" }, "/home/ann", "/s/skyprep-mcp"],
    ["linux", { XDG_STATE_HOME: "" }, "/home/ann", "/home/ann/.local/state/skyprep-mcp"],
    ["freebsd", {}, "/home/ann", "/home/ann/.local/state/skyprep-mcp"],
    ["darwin", { XDG_STATE_HOME: "/s" }, "/Users/ann", "/Users/ann/Library/Application Support/skyprep-mcp"],
    ["win32", { LOCALAPPDATA: "D:/Local" }, "C:/Users/Ann Lee", "D:/Local/skyprep-mcp"],
    ["win32", { LOCALAPPDATA: "" }, "C:/Users/Ann Lee", "C:/Users/Ann Lee/AppData/Local/skyprep-mcp"],
    ["win32", { XDG_STATE_HOME: "/s" }, "C:/Users/Ann Lee", "C:/Users/Ann Lee/AppData/Local/skyprep-mcp"],
  ])("on %s with %j is where that keeps what programs keep", (platform, env, home, place) => {
    expect(posixPath(stateFolder(platform, env, home))).toBe(place);
  });

  it("may have blanks, letters of any language, and what a shell would take for its own", async () => {
    const state = join(temporaryFolder("platform"), "Ann Lee & Söhne (1) 日本");
    const academy = await openAcademy({ people: 12, env: { SKYPREP_STATE_DIR: state } });

    const wrote = await academy.call("update_user", { user_id: 104, title: "Chief" });
    const report = await academy.call("export_report", { report: "all_users" });
    const plan = await academy.call("plan_enrollment", { people: ["103"], courses: ["240"] });
    const status = await academy.call("training_status");
    await academy.close();

    for (const { isError, text } of [wrote, report, plan, status]) expect(isError, text).toBe(false);
    expect(`${report.text} ${status.text}`).not.toMatch(/could not be kept|cannot be kept/);
    expect(report.text).toContain(join(state, "exports"));
    expect(await journalCommand(["verify"], state)).toMatchObject({ code: 0 });
  });

  it("where nobody has a number, as on Windows, is nobody else's", () => {
    const folder = temporaryFolder("platform");

    expect(isOwn({ uid: 0 }, null)).toBe(true);
    expect(isOwn({ uid: 4711 }, null)).toBe(true);
    expect(strangersFolder(join(folder, "jobs", "sandbox"), 2, null)).toBeUndefined();
  });

  it.skipIf(windows)(
    "that others could read is named by the doctor (skipped on Windows: no such rights)",
    async () => {
      const folder = temporaryFolder("platform");
      chmodSync(folder, 0o755);

      expect(await folderFound(folder, process.platform)).toMatchObject([{ ok: false }]);
      expect(await folderFound(folder, "win32")).toMatchObject([{ ok: true }]);
    },
  );

  it.skipIf(windows)(
    "is for its owner's eyes only, with all in it (skipped on Windows: no such rights)",
    async () => {
      const state = join(temporaryFolder("platform"), "state");
      const academy = await openAcademy({ people: 12, env: { SKYPREP_STATE_DIR: state } });
      await academy.call("update_user", { user_id: 104, title: "Chief" });
      await academy.close();

      const kept = ["", "journal", "journal/before", "journal/journal.jsonl", "journal/journal.head"];
      expectPrivate(...kept.map((path) => join(state, path)));
    },
  );
});

describe("putting a file in the place of another", () => {
  /** A system that says no so many times. */
  function system(platform: string, codes: readonly string[]) {
    const left = [...codes];
    const pauses: number[] = [];
    let moves = 0;
    const done = replace("from", "to", {
      platform,
      move: async () => {
        moves += 1;
        const code = left.shift();
        if (code !== undefined) throw failing(code);
      },
      pause: async (ms) => void pauses.push(ms),
    });
    return { done, pauses, moves: () => moves };
  }

  it("waits on Windows until whoever has it open lets go", async () => {
    const { done, pauses, moves } = system("win32", ["EPERM", "EACCES", "EBUSY", "EPERM"]);

    await done;

    expect(moves()).toBe(5);
    expect(pauses).toEqual([5, 10, 20, 40]);
  });

  it("gives up on Windows after a second, and says what Windows said", async () => {
    const { done, pauses } = system("win32", Array<string>(100).fill("EPERM"));

    await expect(done).rejects.toMatchObject({ code: "EPERM" });
    expect(pauses.reduce((sum, ms) => sum + ms)).toBeLessThan(1_300);
  });

  it.each([
    ["linux", "EPERM"],
    ["darwin", "EACCES"],
    ["win32", "ENOSPC"],
    ["win32", "ENOENT"],
  ])("on %s does not wait where the answer is %s", async (platform, code) => {
    const { done, moves } = system(platform, [code]);

    await expect(done).rejects.toMatchObject({ code });
    expect(moves()).toBe(1);
  });

  it("works on this system while others read it, and they read on what they had begun", async () => {
    const folder = temporaryFolder("platform");
    const [small, whole] = [join(folder, "small.json"), join(folder, "whole.json")];
    for (const path of [small, whole]) writeFileSync(path, "before");
    const readers = [await open(small), await open(whole)];
    // On Windows somebody who reads is gone in a moment; elsewhere nobody has to go.
    const gone = windows
      ? setTimeout(() => void Promise.all(readers.map((one) => one.close())), 100)
      : undefined;

    await smallFile(small).write("after");
    await writeWhole(whole, "after");

    expect([readFileSync(small, "utf8"), readFileSync(whole, "utf8")]).toEqual(["after", "after"]);
    if (gone === undefined)
      for (const one of readers) {
        expect(await one.readFile("utf8")).toBe("before");
        await one.close();
      }
  });

  it("leaves what was there where it cannot be done", async () => {
    const folder = temporaryFolder("platform");
    writeFileSync(join(folder, "there"), "before");

    await expect(
      replace(join(folder, "missing"), join(folder, "there"), { platform: "win32", move: rename }),
    ).rejects.toMatchObject({ code: "ENOENT" });
    expect(readFileSync(join(folder, "there"), "utf8")).toBe("before");
  });
});

describe("the journal", () => {
  it("goes on after a line that was not finished, which every system can cut off, while others read it", async () => {
    const state = join(temporaryFolder("platform"), "state");
    const academy = await openAcademy({ people: 12, env: { SKYPREP_STATE_DIR: state } });
    await academy.call("create_course", { name: "First" });
    const file = join(state, "journal", "journal.jsonl");
    writeFileSync(file, `${readFileSync(file, "utf8")}{"seq":3,"at":"2026-`);
    const reader = await open(file);

    const { isError, text } = await academy.call("create_course", { name: "Second" });
    await reader.close();
    await academy.close();

    expect(isError, text).toBe(false);
    expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(4);
  });
});

describe("a lock", () => {
  /** A system that says no so many times before it makes the folder. */
  function taking(platform: string, codes: readonly string[]) {
    const left = [...codes];
    let waited = 0;
    const lock = createLock(temporaryFolder("platform"), {
      name: "test",
      platform,
      random: () => 0.5,
      pause: async (ms) => {
        waited += ms;
      },
      take: async () => {
        const code = left.shift();
        if (code !== undefined) throw failing(code);
        return async () => {};
      },
    });
    return { done: lock(async () => "in"), waited: () => waited };
  }

  it("is waited for on Windows while the last one is still being taken away", async () => {
    const { done, waited } = taking("win32", ["EPERM", "EBUSY", "ELOCKED", "EACCES"]);

    expect(await done).toBe("in");
    expect(waited()).toBeGreaterThan(0);
  });

  it("that Windows never lets be made says why after a second", async () => {
    const { done, waited } = taking("win32", Array<string>(1_000).fill("EPERM"));

    await expect(done).rejects.toMatchObject({ code: "EPERM" });
    expect(waited()).toBeLessThan(1_500);
  });

  it.each([
    ["linux", "EPERM"],
    ["darwin", "EACCES"],
    ["win32", "ENOSPC"],
  ])("that cannot be made on %s for %s says so at once", async (platform, code) => {
    const { done, waited } = taking(platform, [code]);

    await expect(done).rejects.toMatchObject({ code });
    expect(waited()).toBe(0);
  });
});

describe("what an assistant starts", () => {
  const node = "C:\\Program Files\\nodejs\\node.exe";
  const program =
    "C:\\Users\\Ann Lee\\AppData\\Roaming\\npm\\node_modules\\skyprep-mcp\\dist\\skyprep-mcp.js";
  const wanted = { node, program, account: undefined, baseUrl: "", readOnly: false };

  it("is Node itself with the program's file, blanks and all: never a .cmd, which needs a shell", () => {
    const { command, args } = entryFor({}, wanted);

    expect(command).toBe(node);
    expect(args).toEqual([program, "--sandbox"]);
  });

  it.each(["gemini", "codex"] as const)(
    "is pasted for %s as its shell takes it, on each system",
    (client) => {
      const onWindows = linesFor(client, wanted).join("\n");
      const onMac = linesFor(client, {
        ...wanted,
        node: "/opt/my node/bin/node",
        program: "/Users/ann/Library/Application Support/x.js",
      }).join("\n");

      expect(onWindows).toContain(`"${node}" "${program}"`);
      expect(onMac).toContain('"/opt/my node/bin/node" "/Users/ann/Library/Application Support/x.js"');
    },
  );
});
