import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../support/temporary.ts";

const program = fileURLToPath(new URL("../../dist/skyprep-mcp.js", import.meta.url));

/** The built program; `until` what it has said matches. */
export function start(argv: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, ...argv], {
    env: { PATH: process.env.PATH, SKYPREP_STATE_DIR: temporaryFolder("serve"), ...env },
  });
  let text = "";
  const heard = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      text += String(chunk);
      for (const one of heard) one();
    });
  const over = new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code)));
  const until = (what: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = what.exec(text);
        if (found) resolve(found[1] ?? found[0]);
      };
      heard.add(look);
      look();
      void over.then(() => reject(new Error(text)));
    });
  return { child, until, over, said: () => text };
}
