import { execFile } from "node:child_process";
import { existsSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { digestsOf } from "../../../src/guard/question/pending-approvals.ts";
import { createStoredApprovals } from "../../../src/guard/question/stored-approvals.ts";
import { changesOf, readLines } from "../../../src/journal/entry.ts";
import { journalFolder } from "../../../src/journal/journal.ts";
import { yesIsOver } from "../../../src/journal/line.ts";
import { verify } from "../../../src/journal/verify.ts";
import { filesIn } from "../../../src/state/files/files-state.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const crasher = join(temporaryFolder("crasher"), "crasher.mjs");
beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL("crasher.ts", import.meta.url))],
    outfile: crasher,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
});

const code = "K7QF-2MXD";
const call = "a call";

/** A state folder with one question that waits for its code. */
async function asked(): Promise<string> {
  const state = temporaryFolder("crash");
  const stored = createStoredApprovals({
    files: filesIn(state).stamped("approvals", "sandbox"),
    secret: "the key",
    academy: "an academy",
    under: "",
    isOver: async () => false,
    now: Date.now,
  });
  const isKept = await stored.keep({
    question: {
      id: "question-1",
      kind: "removing",
      tool: "remove_user_from_user_group",
      facts: ["Take person 101 out of group 301?"],
      stored: [],
      expiresAt: Date.now() + 600_000,
    },
    call,
    binding: digestsOf({ person: [101, "zoe@example.com"] }),
    counts: {},
    args: { user_id: 101 },
    code,
  });
  expect(isKept).toBe(true);
  return state;
}

const run = async (state: string, dies = "nowhere"): Promise<string> => {
  try {
    return (await promisify(execFile)(process.execPath, [crasher, state, call, code, dies])).stdout.trim();
  } catch (error) {
    return String((error as { signal?: string }).signal);
  }
};

/** A killed process holds its locks for ten seconds more; here as if they were over. */
function bury(state: string): void {
  for (const lock of [
    join(journalFolder(state), "journal.lock"),
    join(state, "approvals", "sandbox", "approvals.lock"),
  ])
    if (existsSync(lock)) utimesSync(lock, 0, 0);
}

const intents = async (state: string) => changesOf(await readLines(journalFolder(state), () => true));

describe("killed on the way from a yes to its write", () => {
  it.each([
    ["before the yes is used: it stands, and is good for one write", "before-use", "sent", 1],
    ["after the yes is used: it is lost, and nothing is written", "after-use", "no yes", 0],
    ["after the intent is written: nobody writes it again", "after-intent", "no yes", 1],
  ])("%s", async (_, dies, next, writes) => {
    const state = await asked();

    const first = await run(state, dies);
    bury(state);
    const then = [await run(state), await run(state)];

    expect(first).toBe("SIGKILL");
    expect(then).toEqual([next, "no yes"]);
    expect(await intents(state)).toHaveLength(writes);
    expect((await verify(journalFolder(state))).breaks).toEqual([]);
  });

  it("two that have the same yes at once write it down once", async () => {
    const state = await asked();

    const said = await Promise.all([run(state), run(state), run(state)]);

    expect(said.filter((one) => one === "sent")).toHaveLength(1);
    expect(said.filter((one) => one !== "sent").every((one) => [yesIsOver, "no yes"].includes(one))).toBe(
      true,
    );
    expect(await intents(state)).toHaveLength(1);
  });
});
