import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { prebuiltTools, sectionNames } from "../../src/app/prebuilt-tools.ts";
import { type Look, lookAt } from "../../src/cli/account.ts";
import { runDoctor } from "../../src/cli/doctor.ts";
import type { TerminalDialog } from "../../src/cli/init/asking.ts";
import { runInit } from "../../src/cli/init.ts";
import { protocols } from "../../src/mcp/protocols.ts";
import { serveSandbox } from "../../src/sandbox/server/http.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { windows } from "../support/system.ts";

export const key = "sandbox-key";
export const domain = "example.skyprepapp.com";

/** The pretend academy over HTTP. */
export const academy = () =>
  serveSandbox({ port: 0, send: createSandbox({ people: 10, strict: false }).send });

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

/** An empty home folder, and the commands in it. */
export function newHome(port: number) {
  const home = mkdtempSync(join(tmpdir(), "skyprep-home-"));
  const baseUrl = `http://127.0.0.1:${port}/admin/api`;
  const live = { SKYPREP_API_KEY: key, SKYPREP_ACCT_KEY: domain, SKYPREP_BASE_URL: baseUrl };
  const stateFolder = join(home, "state");
  const program = join(home, "skyprep-mcp.js");
  const put = (path: string, text = "") => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
    return join(home, path);
  };
  put("skyprep-mcp.js");
  const here = {
    platform: "linux",
    home,
    cwd: join(home, "project"),
    exists: existsSync,
    namesIn,
    node: process.execPath,
    program,
  };

  return {
    home,
    baseUrl,
    live,
    stateFolder,
    program,
    put,
    read: (path: string) => readFileSync(join(home, path), "utf8"),
    json: (path: string) => JSON.parse(readFileSync(join(home, path), "utf8")),
    /** Every file but ours, so that "nothing was written" can be said. */
    files: () =>
      readdirSync(home, { recursive: true, encoding: "utf8" })
        .filter((path) => statSync(join(home, path)).isFile())
        .filter((path) => !path.startsWith("state") && path !== "skyprep-mcp.js")
        .map((path) => path.replaceAll("\\", "/"))
        .sort(),
    init: async (argv: string[], { env = live, asking, look }: InitWorld = {}) => {
      const lines: string[] = [];
      const code = await runInit(argv, {
        ...here,
        env,
        print: (line) => void lines.push(line),
        say: (line) => void lines.push(line),
        asking: asking && (async () => ({ ...unasked, ...asking })),
        look:
          look ??
          lookAt({
            baseUrl: env.SKYPREP_BASE_URL ?? baseUrl,
            proxy: undefined,
            callsPerMinute: 100,
            stateFolder,
          }),
        now: () => new Date("2026-11-23T10:00:00Z"),
      });
      return { code, out: lines.join("\n") };
    },
    doctor: async (
      argv: string[] = [],
      { env = live, nodeVersion = "20.19.0", now = Date.now }: DoctorWorld = {},
    ) => {
      const lines: string[] = [];
      const code = await runDoctor(argv, {
        ...here,
        // It looks at the rights of files where it is told that there are any.
        platform: windows ? "win32" : here.platform,
        env,
        print: (line) => void lines.push(line),
        say: (line) => void lines.push(line),
        stateFolder,
        sections: sectionNames,
        tools: prebuiltTools,
        protocols,
        lookAt,
        nodeVersion,
        now,
      });
      return { code, out: lines.join("\n"), lines };
    },
    end: () => rmSync(home, { recursive: true, force: true }),
  };
}

interface InitWorld {
  env?: Record<string, string>;
  asking?: Partial<TerminalDialog>;
  look?: Look;
}

interface DoctorWorld {
  env?: Record<string, string>;
  nodeVersion?: string;
  now?: () => number;
}

const never = (what: string) => () => Promise.reject(new Error(`asked for ${what}`));
const unasked: TerminalDialog = {
  secret: never("a secret"),
  text: never("a text"),
  choose: never("a choice"),
  yes: never("a yes"),
};
