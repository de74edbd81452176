import { spawnSync } from "node:child_process";
import { runFaults, tableOf } from "./bench.ts";

/** `npm run faults`: every tool × every fault, at the sizes of the real limits; then jobs with a fault at every call. */
const began = performance.now();
const rows = await runFaults({ wanted: () => true, whole: true });
process.stdout.write(`${tableOf(rows)}\n${Math.round((performance.now() - began) / 1000)} s\n`);
if (rows.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
// All of the strict half, so that nothing left out of `npm test` is left out here.
const { status } = spawnSync("npx", ["vitest", "run", "--project", "strict", "--testTimeout=600000"], {
  env: { ...process.env, LONG: "1" },
  stdio: "inherit",
  shell: process.platform === "win32",
});
if (status !== 0) process.exitCode = 1;
process.exit();
