import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { linux, windows } from "../support/system.ts";
import { bare, endAll, keep, program } from "./child.ts";

afterEach(endAll);

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The built program, as a script calls it. */
function call(words: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return shell(`exec "$NODE" "$PROGRAM" "$@"`, words, { ...bare(), ...env });
}

async function shell(script: string, words: readonly string[], env: Record<string, string>): Promise<Ended> {
  const child = keep(
    spawn("/bin/sh", ["-c", script, "sh", ...words], {
      env: { ...env, NODE: process.execPath, PROGRAM: program },
    }),
  );
  child.stdin.end();
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    out += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    err += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, out, err };
}

const hasScript = spawnSync("script", ["--version"]).status === 0;
const sandbox = "--sandbox";
const snakes = [sandbox, "call", "create_course", "--name", "Snakes"];

describe.skipIf(windows)("the built program, called once (skipped on Windows: no /bin/sh)", () => {
  it.each([
    "--confrim unattended --sandbox call find --text avery",
    "--confrim --sandbox call find --text avery",
    "--sandbox cal find --text avery",
    "--sandbox policy chek p.json",
    "policy chek p.json",
    "--sandbox run x",
    "docter",
  ])("%s is wrong use, and starts no server", async (line) => {
    const { code, out, err } = await call(line.split(" "));

    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/Did you mean|not how it is called|first word|not a setting/);
  });

  it.skipIf(!linux)(
    "ends where the state folder can never be made (skipped but on Linux: no /proc)",
    async () => {
      const { code, out } = await call(snakes, { SKYPREP_STATE_DIR: "/proc/nope/state" });

      expect(code).toBe(1);
      expect(out).toMatch(/cannot be written: ENOENT/);
    },
  );

  it("answers on stdout alone, with settings before the word call", async () => {
    const { code, out } = await call([
      sandbox,
      "--read-only",
      "call",
      "training_status",
      "--group",
      "Sales Team",
      "--show",
      "overdue",
      "--json",
    ]);

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ outcome: "done", data: { sandbox: true } });
  });

  it("ends quietly where its reader closes the pipe", async () => {
    const { code, out, err } = await shell(
      `"$NODE" "$PROGRAM" --sandbox call get_users --limit 500 | head -n 1; echo "\${PIPESTATUS:-}"`,
      [],
      bare(),
    );

    expect(code).toBe(0);
    expect(out).toMatch(/^\[sandbox\] 302 people/);
    expect(err).toBe("");
  });

  it.each([{ HOME: "/dev/null" }, { HOME: "" }])(
    "reads without a home, and writes nothing that it cannot write down: %j",
    async (home) => {
      const env = {
        PATH: process.env.PATH ?? "",
        XDG_STATE_HOME: home.HOME === "/dev/null" ? "" : mkdtempSync(join(tmpdir(), "skyprep-call-")),
        ...home,
      };
      const words = (name: string) => [
        "--run",
        "night",
        sandbox,
        "call",
        name,
        ...(name === "create_course" ? ["--name", "Snakes"] : []),
      ];

      const read = await shell(`exec "$NODE" "$PROGRAM" "$@"`, words("get_program"), env);
      const write = await shell(`exec "$NODE" "$PROGRAM" "$@"`, words("create_course"), env);

      expect(read.code, read.err).toBe(0);
      expect(write.code, write.err).toBe(home.HOME === "/dev/null" ? 1 : 0);
      if (write.code === 1) expect(write.out).toMatch(/was not sent[\s\S]*SKYPREP_STATE_DIR/);
    },
  );

  it("reads where nothing more can be written to the disk, and refuses to change what it cannot write down", async () => {
    const full = (words: readonly string[]) =>
      shell(`ulimit -f 0; "$NODE" "$PROGRAM" "$@" | cat`, words, bare());

    const [read, write] = [await full([sandbox, "call", "get_program"]), await full(snakes)];

    expect(read.out).toMatch(/Example Training Portal/);
    expect(write.out).toMatch(/was not sent/);
  });

  it.skipIf(!linux)(
    "says so where its reply finds no room (skipped but on Linux: no /dev/full)",
    async () => {
      const { code, out } = await shell(
        `"$NODE" "$PROGRAM" --sandbox call get_program > /dev/full 2>&1; echo "$?"`,
        [],
        bare(),
      );

      expect({ code, out }).toEqual({ code: 0, out: "1\n" });
    },
  );

  it.skipIf(!hasScript)(
    "asks at a pseudo-terminal, and is agreed with by the whole word only (needs script of util-linux)",
    async () => {
      const env = bare();
      const at = (typed: string) =>
        shell(
          `(sleep 1.5; printf '%s\\n' "$1"; sleep 0.2) | script -qec "'$NODE' '$PROGRAM' --sandbox call remove_user_from_user_group --user-id 101 --user-group-id 301" /dev/null`,
          [typed],
          env,
        );

      // One after the other: a no ends the question of the same call in every process.
      const yes = await at("yes");
      const no = await at("y");

      expect(yes).toMatchObject({ code: 0, out: expect.stringMatching(/Type yes to go on[\s\S]*Done:/) });
      expect(no).toMatchObject({ code: 1, out: expect.stringMatching(/said no/) });
      expect(readFileSync(join(env.SKYPREP_STATE_DIR, "journal", "journal.jsonl"), "utf8")).toContain(
        '"agreed":"terminal"',
      );
    },
  );

  it("does once in a run what two processes are told to do, and keeps what it came to for its owner's eyes", async () => {
    const env = bare();
    const own = (words: readonly string[]) => call(words, env);

    const first = await own(["--run", "night", ...snakes]);
    const second = await own(["--run", "night", ...snakes]);
    const { out } = await own(["runs", "night", "--json"]);

    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.out).toMatch(/Done already in run night: change 1/);
    expect(JSON.parse(out)).toMatchObject({ run: "night", planned: 2, done: 1, skipped: 1 });
  });
});
