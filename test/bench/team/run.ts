import { asText } from "../figures.ts";
import { teamCosts } from "./team-costs.ts";

/** `npm run bench:team [-- postgres://…]`: 1,000 clients, 200 calls a second, 100,000 calls. */
const { part, missed } = await teamCosts({
  clients: 1_000,
  perSecond: 200,
  turns: 10,
  saturatedMs: 2_000,
  steadyMs: 3_000,
  warm: 4_000,
  memoryCalls: 100_000,
  database: process.argv[2],
});
process.stdout.write(
  `${asText(part)}\n${missed.length === 0 ? "all that was asked" : `NOT met: ${missed.join(", ")}`}\n`,
);
process.exitCode = missed.length === 0 ? 0 : 1;
