import { spawnSync } from "node:child_process";
import { runFaults, tableOf } from "./bench.ts";

/** `npm run faults`: every tool × every fault, at the sizes of the real limits; then every fault at every call of the jobs, and the other long forms. */
const began = performance.now();
const rows = await runFaults({ wanted: () => true, whole: true });
process.stdout.write(`${tableOf(rows)}\n${Math.round((performance.now() - began) / 1000)} s\n`);
if (rows.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
// What `npm run test:rest` leaves out: the strict half, all of it, and the long form of whatever has one.
for (const args of [
  ["run", "--project", "strict"],
  ["related", "--run", "--project", "!strict", "test/support/long.ts"],
]) {
  const { status } = spawnSync("npx", ["vitest", ...args, "--testTimeout=600000"], {
    env: { ...process.env, LONG: "1" },
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exitCode = 1;
}
process.exit();
