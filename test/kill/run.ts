import { seeded } from "../support/seed.ts";
import { killRuns } from "./kill.ts";

/** `npm run kill`: 200 lives of the program. */
const { faults, ...figures } = await killRuns(200, seeded("kill"));
process.stdout.write(`${JSON.stringify(figures)}\n${faults.join("\n") || "journal and academy agree"}\n`);
if (faults.length > 0) process.exitCode = 1;
