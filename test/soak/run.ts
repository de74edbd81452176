import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { seeded } from "../support/seed.ts";
import { soak } from "./soak.ts";

/** `npm run soak`: 50,000 calls. A disk in memory, where there is one: hours of flushing tell nothing. */
const folder = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const calls = 50_000;
const soaked = await soak({ calls, random: seeded("soak"), folder });
process.stdout.write(`${JSON.stringify(soaked, undefined, 1)}\n`);
const [, second = 0, , last = 0] = soaked.heap;
const flat = last <= second * 1.1 && Math.max(...soaked.descriptors) - Math.min(...soaked.descriptors) <= 4;
if (!flat || soaked.replies !== calls || soaked.chain.breaks.length > 0) process.exitCode = 1;
process.stdout.write(
  process.exitCode === 1 ? "NOT flat, lost, or broken\n" : "flat, nothing lost, the chain whole\n",
);
process.exit();
