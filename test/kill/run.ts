import { spawnSync } from "node:child_process";
import { seeded } from "../support/seed.ts";
import { killRuns } from "./kill.ts";

/**
 * `npm run kill`: 200 lives of the program. `-- --team`: a replica of three is killed 200 times. `-- --signed-in`: 100
 * times, while somebody signs in, answers on a page, and has the call go on.
 */
const ofReplicas = ["team", "signed-in"].find((one) => process.argv.includes(`--${one}`));
if (ofReplicas !== undefined) {
  const { status } = spawnSync("npx", ["vitest", "run", `test/kill/${ofReplicas}`], {
    env: { ...process.env, LONG: "1" },
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  process.exitCode = status ?? 1;
} else {
  const { faults, ...figures } = await killRuns(200, seeded("kill"));
  process.stdout.write(`${JSON.stringify(figures)}\n${faults.join("\n") || "journal and academy agree"}\n`);
  if (faults.length > 0) process.exitCode = 1;
}
