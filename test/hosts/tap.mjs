import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join } from "node:path";

// Stands between a host and the server, and notes each message as it goes by: what the server sent is known word for
// word, whatever the host makes of it. One file a process, since some hosts start one for each call.
const [folder, ...command] = process.argv.slice(2);
const log = join(folder, `${Date.now()}-${process.pid}.jsonl`);
// No browser is opened, whatever the host passes on: the page's address then stands in the reply. An example has one.
const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...blind } = process.env;
const env = process.env.SKYPREP_TAP_SCREEN ? process.env : blind;
const server = spawn(process.execPath, command, { env, stdio: ["pipe", "pipe", "inherit"] });

function pass(source, target, from) {
  let pending = "";
  source.on("data", (chunk) => {
    target.write(chunk);
    const lines = (pending + chunk.toString("utf8")).split("\n");
    pending = lines.pop();
    for (const line of lines)
      if (line.trim() !== "") appendFileSync(log, `{"from":"${from}","message":${line.trim()}}\n`);
  });
  source.on("end", () => target.end());
  target.on("error", () => {});
}
pass(process.stdin, server.stdin, "host");
pass(server.stdout, process.stdout, "server");
server.on("exit", (code) => process.exit(code ?? 1));
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => server.kill(signal));
