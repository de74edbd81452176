import { spawn } from "node:child_process";
import { once } from "node:events";

/** A command of packages from the registry, fetched and run in this folder. */
export interface Fetched {
  /** How it ended; 0 is well. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function npx(
  packages: readonly string[],
  command: readonly string[],
  cwd: string,
): Promise<Fetched> {
  const args = ["-y", ...packages.flatMap((name) => ["-p", name]), ...command];
  const child = spawn("npx", args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  for (const [name, stream] of [
    ["out", child.stdout],
    ["err", child.stderr],
  ] as const) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? 1, ...said };
}
