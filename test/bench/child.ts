import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

/** A server over stdio, spoken to in raw lines and never parsed under load, so that the client costs next to nothing. */
export interface Child {
  /** Resolves with the whole answer, one line. */
  readonly ask: (method: string, params?: unknown) => Promise<string>;
  /** Highest resident memory so far, MiB; NaN where the system does not tell. */
  readonly peak: () => number;
  readonly stop: () => Promise<void>;
}

export const legacyHello = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "bench", version: "1" },
};

export function startServer(
  file: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Child {
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const waiting = new Map<string, (line: string) => void>();
  let pending = "";
  let ids = 0;
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (pending + chunk).split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) {
      const ends = /"id":(\d+)(?:,"jsonrpc":"2\.0")?\}$/.exec(line.slice(-64));
      const id = (ends ?? /"id":(\d+)/.exec(line.slice(0, 64)))?.[1] ?? "";
      waiting.get(id)?.(line);
      waiting.delete(id);
    }
  });
  return {
    ask: (method, params = {}) =>
      new Promise((resolve) => {
        const id = ++ids;
        waiting.set(String(id), resolve);
        child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
      }),
    peak: () => peakOf(child.pid),
    stop: async () => {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    },
  };
}

function peakOf(pid: number | undefined): number {
  try {
    const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kib) / 1024;
  } catch {
    return Number.NaN;
  }
}
