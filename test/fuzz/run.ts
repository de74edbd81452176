import { seeded } from "../support/seed.ts";
import { fuzz } from "./fuzz.ts";
import { targets } from "./targets.ts";

/** `npm run fuzz`: a million inputs in all. */
const shares: Readonly<Record<string, number>> = {
  wire: 300_000,
  csv: 250_000,
  lines: 200_000,
  cursor: 100_000,
  code: 100_000,
  address: 50_000,
};
const random = seeded("fuzz");
for (const [name, target] of Object.entries(targets)) {
  const { inputs, slowestMs } = fuzz(target, shares[name] ?? 0, random);
  process.stdout.write(`${name}: ${inputs} inputs, no crash, slowest ${slowestMs.toFixed(1)} ms\n`);
}
