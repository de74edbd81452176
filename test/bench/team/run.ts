import { readFileSync, writeFileSync } from "node:fs";
import { asText, withPart } from "../figures.ts";
import { benchDatabase } from "./bench-database.ts";
import { teamCosts } from "./team-costs.ts";

/** `npm run bench:team [-- --postgres]`: 1,000 clients, 200 calls a second, 100,000 calls; into docs/benchmarks.md. */
const database = process.argv.includes("--postgres") ? await benchDatabase() : undefined;
try {
  const { part, missed } = await teamCosts({
    clients: 1_000,
    perSecond: 200,
    turns: 10,
    saturatedMs: 2_000,
    steadyMs: 3_000,
    warm: 4_000,
    memoryCalls: 100_000,
    database: database?.url,
  });
  const verdict = missed.length === 0 ? "all that was asked" : `NOT met: ${missed.join(", ")}`;
  process.stdout.write(`${asText(part)}\n${verdict}\n`);
  const file = new URL("../../../docs/benchmarks.md", import.meta.url);
  writeFileSync(file, withPart(readFileSync(file, "utf8"), part));
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  database?.stop();
}
