import { runFaults, tableOf } from "./bench.ts";

/** `npm run faults`: every tool × every fault, at the sizes of the real limits. */
const began = performance.now();
const rows = await runFaults({ wanted: () => true, whole: true });
process.stdout.write(`${tableOf(rows)}\n${Math.round((performance.now() - began) / 1000)} s\n`);
if (rows.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
process.exit();
