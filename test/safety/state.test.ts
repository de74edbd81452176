import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import { connect, liveAccount, noon } from "../support/academy.ts";

const place = () => mkdtempSync(join(tmpdir(), "skyprep-state-"));

async function before(state: string) {
  const sandbox = createSandbox({
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
