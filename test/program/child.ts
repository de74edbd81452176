import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const program = fileURLToPath(new URL("../../dist/skyprep-mcp.js", import.meta.url));
/** No display, and a state folder of its own: nothing of this computer's is touched. */
export const bare = () => ({
  PATH: process.env.PATH ?? "",
  SKYPREP_STATE_DIR: mkdtempSync(join(tmpdir(), "skyprep-program-")),
});
export const command = () => ({ command: process.execPath, args: [program, "--sandbox"], env: bare() });

const running: ChildProcessWithoutNullStreams[] = [];
/** Ended with the test. */
export function keep(child: ChildProcessWithoutNullStreams) {
  running.push(child);
  return child;
}
export function endAll() {
  for (const child of running.splice(0)) child.kill("SIGKILL");
}

/** The built program as a child, spoken to in raw lines. */
export function start(args: string[], env: Record<string, string> = {}) {
  const child = keep(spawn(process.execPath, [program, ...args], { env: { ...bare(), ...env } }));
  const out: string[] = [];
  let err = "";
  let pending = "";
  const waiting: { id: number; resolve: (message: Record<string, unknown>) => void }[] = [];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (pending + chunk).split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) {
      out.push(line);
      const message = JSON.parse(line) as { id?: number };
      const index = waiting.findIndex(({ id }) => id === message.id);
      if (index !== -1) waiting.splice(index, 1)[0]?.resolve(message as Record<string, unknown>);
    }
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    err += chunk;
  });
  const send = (message: unknown) =>
    child.stdin.write(typeof message === "string" ? message : `${JSON.stringify(message)}\n`);
  const ask = (id: number, method: string, params: unknown = {}) =>
    new Promise<Record<string, unknown>>((resolve) => {
      waiting.push({ id, resolve });
      send({ jsonrpc: "2.0", id, method, params });
    });
  const exit = once(child, "exit").then(([code]) => code as number | null);
  return { child, send, ask, exit, out, pending: () => pending, err: () => err };
}

export const hello = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "raw", version: "1" },
};
