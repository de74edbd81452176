import type { Writable } from "node:stream";
import { parseArgs } from "node:util";
import { sandboxAccount } from "../app/compose.ts";
import { dialectOf, saidOf } from "../app/sandbox-dialect.ts";
import { readDialect } from "../config/sandbox-dialect.ts";
import { serveSandbox } from "../sandbox/server/http.ts";
import { createSandbox } from "../sandbox/server/sandbox.ts";

const options = {
  port: { type: "string" },
  "sandbox-users": { type: "string" },
  "sandbox-strict": { type: "boolean" },
  "sandbox-dialect": { type: "string" },
} as const;

export const usage = `skyprep-mcp sandbox serves the pretend academy over HTTP, on this computer alone, until you press Ctrl+C.
  --port N            where; 0 takes a free one (8080)
  --sandbox-users N   how many people it has, 10 to 20000 (302)
  --sandbox-strict    it ignores what SkyPrep's API page does not name
  --sandbox-dialect D where it is otherwise than assumed: id=variant,id=variant, or seed=N (docs/sandbox.md)
`;

/** `skyprep-mcp sandbox --port N`: the pretend academy over HTTP, until interrupted. Gives the exit code. */
export async function runSandbox(
  argv: readonly string[],
  { stdout, say }: { stdout: Writable; say: (line: string) => void },
): Promise<number> {
  let values: {
    port?: string;
    "sandbox-users"?: string;
    "sandbox-strict"?: boolean;
    "sandbox-dialect"?: string;
  };
  try {
    values = parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    say(`skyprep-mcp sandbox: ${error instanceof Error ? error.message : "wrong arguments"}\n${usage}`);
    return 2;
  }
  const port = Number(values.port ?? 8080);
  const people = Number(values["sandbox-users"] ?? 302);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    say("skyprep-mcp sandbox: --port takes a number from 0 (any free one) to 65535.");
    return 2;
  }
  if (!Number.isInteger(people) || people < 10 || people > 20_000) {
    say("skyprep-mcp sandbox: --sandbox-users takes a number from 10 to 20000.");
    return 2;
  }
  const written = values["sandbox-dialect"];
  const chosen = written === undefined ? undefined : readDialect(written);
  if (chosen !== undefined && "fix" in chosen) {
    say(`skyprep-mcp sandbox: --sandbox-dialect: ${chosen.fix}`);
    return 2;
  }
  const dialect = dialectOf(chosen);
  const { send, sendsOn } = createSandbox({ people, strict: values["sandbox-strict"] ?? false, dialect });
  try {
    const server = await serveSandbox({ port, send, sendsOn });
    if (chosen !== undefined) say(`skyprep-mcp sandbox: ${saidOf(chosen)}`);
    stdout.write(
      [
        `A pretend SkyPrep account is served on http://127.0.0.1:${server.port}/admin/api until you press Ctrl+C.`,
        "Point a server at it with",
        `  SKYPREP_BASE_URL=http://127.0.0.1:${server.port}/admin/api`,
        `  SKYPREP_API_KEY=${sandboxAccount.apiKey}`,
        `  SKYPREP_ACCT_KEY=${sandboxAccount.acctKey}`,
        "",
      ].join("\n"),
    );
    return 0;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    say(
      code === "EADDRINUSE"
        ? `skyprep-mcp sandbox: port ${port} is taken; choose another with --port.`
        : `skyprep-mcp sandbox: could not listen on port ${port} (${String(code)}).`,
    );
    return 1;
  }
}
