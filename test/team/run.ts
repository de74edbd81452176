import { spawnSync } from "node:child_process";

/** `npm run team`: three replicas as built behind nginx, over a PostgreSQL that goes and comes; all there is of it. */
const { status } = spawnSync("npx", ["vitest", "run", "test/team", "--no-file-parallelism"], {
  env: { ...process.env, LONG: "1" },
  stdio: "inherit",
  shell: process.platform === "win32",
});
process.exitCode = status ?? 1;
