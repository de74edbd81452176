import { randomBytes } from "node:crypto";
import { Readable, Writable } from "node:stream";
import { compose } from "../../../src/app/compose.ts";
import { prebuiltTools, sectionNames } from "../../../src/app/prebuilt-tools.ts";
import { filesState } from "../../../src/app/state.ts";
import type { OfferedTool } from "../../../src/catalogue/tool-list.ts";
import { splitAtCall } from "../../../src/cli/call/command-line.ts";
import { runCall } from "../../../src/cli/call.ts";
import { readConfig } from "../../../src/config/read-config.ts";
import type { Pages } from "../../../src/guard/channels/approval-channels.ts";
import { jobs } from "../../../src/jobs/index.ts";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { sections } from "../../../tools/index.ts";
import { confirming, listing } from "../../../tools/schema/fields.ts";
import { noon } from "../../support/academy.ts";
import { seededTables } from "../../support/seeded.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const definition = { sections, jobs, listing, confirming };

export interface Around {
  readonly send?: Send;
  readonly env?: Record<string, string>;
  /** What is typed, at a terminal. */
  readonly typed?: string;
  /** What comes through a pipe. */
  readonly piped?: string;
  readonly pages?: Pages;
  /** Of stdout: a code of the system's with which writing fails. */
  readonly broken?: string;
  readonly now?: () => number;
  /** The tools that are offered; left out: as they are. */
  readonly tools?: readonly OfferedTool[];
}

export interface Came {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** With `--json`. */
  readonly json: () => { outcome: string; text: string; data: Record<string, unknown> | null };
}

export const academySend = (people = 302): Send =>
  createSandbox({ now: () => noon, people, callsPerMinute: Number.POSITIVE_INFINITY, tables: seededTables })
    .send;

/** `skyprep-mcp …` in this process, each time as a process of its own would have it. */
export async function skyprep(words: readonly string[], around: Around = {}): Promise<Came> {
  const { send = academySend(), env = {}, typed, piped = "", pages, broken, now = () => noon } = around;
  const { before, after } = splitAtCall(words) ?? { before: [], after: [] };
  const [out, err]: [string[], string[]] = [[], []];
  const sink = (lines: string[], more: object = {}) =>
    Object.assign(
      new Writable({
        write: (chunk, _, done) => {
          lines.push(String(chunk));
          done();
        },
      }),
      more,
    );
  const isTTY = typed !== undefined;
  const stdout = broken === undefined ? sink(out) : failing(broken);
  const code = await runCall({
    before,
    after,
    tools: around.tools ?? prebuiltTools,
    stdin: Object.assign(Readable.from([Buffer.from(typed ?? piped)]), { isTTY }),
    stdout,
    stderr: sink(err, { isTTY }),
    say: (line) => void err.push(`${line}\n`),
    read: async (settings) => readConfig(settings, { SKYPREP_SANDBOX: "true", ...env }, sectionNames),
    open: async (config, wrap) => ({
      app: compose(config, definition, {
        send,
        now,
        pause: async () => {},
        after: () => () => {},
        random: () => "test00000001",
        chance: () => 0.5,
        bytes: randomBytes,
        say: (line) => void err.push(`${line}\n`),
        terminal: false,
        state: filesState(env.SKYPREP_STATE_DIR ?? temporaryFolder("call"), {
          now,
          after: () => () => {},
          random: () => "test00000001",
        }),
        pages: pages && wrap(pages),
      }),
      close: () => {},
    }),
    onSignal: () => {},
    now,
  });
  return { code, out: out.join(""), err: err.join(""), json: () => JSON.parse(out.join("")) };
}

const failing = (code: string): Writable =>
  new Writable({ write: (_, __, done) => done(Object.assign(new Error(code), { code })) });
