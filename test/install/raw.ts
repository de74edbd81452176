import { spawn } from "node:child_process";

export interface Entry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly tools: readonly string[];
  /** The reply's whole text, an error's too. */
  readonly reply: string;
  readonly isError: boolean;
  readonly stderr: string;
}

/** Starts an entry as a host does, with a bare environment, and calls one tool. Ends with the server. */
export function drive(
  { command, args, env = {} }: Entry,
  home: string,
  tool = "get_program",
): Promise<Answered> {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH ?? "", HOME: home, USERPROFILE: home, ...env },
    cwd: home,
  });
  const send = (message: unknown) =>
    void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...(message as object) })}\n`);
  let stderr = "";
  let pending = "";
  let tools: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`ended with ${code}: ${stderr}`)));
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (pending + chunk).split("\n");
      pending = lines.pop() ?? "";
      for (const line of lines) {
        const { id, result } = JSON.parse(line);
        if (id === 1) {
          send({ method: "notifications/initialized" });
          send({ id: 2, method: "tools/list", params: {} });
        }
        if (id === 2) {
          tools = result.tools.map(({ name }: { name: string }) => name);
          send({ id: 3, method: "tools/call", params: { name: tool, arguments: {} } });
        }
        if (id === 3) {
          const reply = result.content.map((part: { text?: string }) => part.text ?? "").join("\n");
          child.removeAllListeners("close");
          child.once("close", () => resolve({ tools, reply, isError: result.isError === true, stderr }));
          child.stdin.end();
        }
      }
    });
    const clientInfo = { name: "host", version: "1" };
    send({
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
    });
  });
}
