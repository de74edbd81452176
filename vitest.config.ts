import { existsSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { both, leftToFaults, sweepFiles, sweepsOfBoth, systemFiles } from "./test/kinds.ts";

// One PostgreSQL for all the workers of a run, which inherit this; whoever first needs it starts it there.
process.env.SKYPREP_TEST_RUN ??= String(process.pid);
process.env.SKYPREP_TEST_POSTGRES ??= join(
  existsSync("/dev/shm") ? "/dev/shm" : tmpdir(),
  `skyprep-postgres-${process.env.SKYPREP_TEST_RUN}`,
);

const shared = {
  testTimeout: 20_000,
  // Reading every module anew for every file took a third of the time; the tests have a world each and mock no module.
  isolate: false,
  setupFiles: ["test/support/quick-files.ts"],
  globalSetup: ["test/support/postgres-setup.ts"],
};
/** Nothing there is about time; what starts processes waits for a busy machine. */
const slower = { testTimeout: 60_000, hookTimeout: 60_000 };
/** Two fifths of their time other processes are waited for. */
const waits = process.argv.includes("systems");
const every = ["test/**/*.test.ts"];

export default defineConfig({
  test: {
    // Each of the three projects turns the same sources into modules: kept by their content from one run to the next.
    experimental: { fsModuleCache: true },
    // Left to itself, vitest keeps one of two cores free.
    maxWorkers: Math.max(2, availableParallelism()) + (waits ? 1 : 0),
    // What runs on the sandbox runs both ways: SkyPrep may or may not know what its page does not name.
    projects: [
      {
        test: { name: "once", include: every, exclude: [...both, ...systemFiles, ...sweepFiles], ...shared },
      },
      {
        test: { name: "lenient", include: both, exclude: sweepFiles, provide: { strict: false }, ...shared },
      },
      // `npm run test:rest`. A worker that has used a database, or driven a browser, is slower from then on.
      { test: { name: "systems", include: systemFiles, ...shared, ...slower } },
      { test: { name: "sweeps", include: sweepFiles, exclude: both, ...shared, ...slower } },
      {
        test: {
          name: "sweeps-lenient",
          include: sweepsOfBoth,
          provide: { strict: false },
          ...shared,
          ...slower,
        },
      },
      {
        test: { name: "strict", include: both, exclude: leftToFaults, provide: { strict: true }, ...shared },
      },
    ],
  },
});

declare module "vitest" {
  export interface ProvidedContext {
    strict: boolean;
  }
}
