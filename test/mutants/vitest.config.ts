import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import {
  BaseSequencer,
  type TestCase,
  type TestModule,
  type TestSpecification,
  type TestSuite,
} from "vitest/node";
import type { Order } from "./judge.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const { files: tests, reached }: Order = JSON.parse(readFileSync(process.env.MUTANT_ORDER ?? "", "utf8"));

class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      tests.findIndex((name) => moduleId.endsWith(`/${name}`));
    return [...files].sort((a, b) => place(a) - place(b));
  }
}

const say = (line: string) => void process.stdout.write(`${line.replace(/\s+/g, " ").slice(0, 300)}\n`);

/** A line for each test, so that silence means that one hangs. */
const reporter = {
  onTestModuleStart: ({ moduleId }: TestModule) => say(`began ${moduleId.slice(root.length)}`),
  onTestModuleEnd: (module: TestModule) => {
    for (const { message } of module.errors())
      say(`failed ${module.moduleId.slice(root.length)}: ${message}`);
  },
  // What goes wrong around the tests of a suite.
  onTestSuiteResult: (suite: TestSuite) => {
    for (const { message } of suite.errors())
      say(`failed ${suite.module.moduleId.slice(root.length)} › ${suite.fullName}: ${message}`);
  },
  onTestCaseResult: (test: TestCase) => {
    const { state, errors } = test.result();
    const where = test.module.moduleId.slice(root.length);
    say(state === "failed" ? `failed ${where} › ${test.fullName}: ${errors?.[0]?.message}` : ".");
  },
  onTestRunEnd: (_: unknown, errors: readonly { readonly message: string }[]) => {
    for (const { message } of errors) say(`failed outside of any test: ${message}`);
  },
};

export default defineConfig({
  root,
  // The packages are shared with the tree that this one is a copy of.
  cacheDir: `${root}.vitest`,
  test: {
    include: [...tests],
    setupFiles: ["test/mutants/setup.ts"],
    // What is reached is noted of all of them, and once for many mutants.
    bail: reached === undefined ? 1 : 0,
    maxWorkers: reached === undefined ? 1 : 2,
    // Every file anew is two thirds of a run's time; the tests have a world each and mock no module.
    isolate: false,
    // One of the two ways the sandbox can be: what they differ in is the sandbox.
    provide: { strict: false },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What did not change since the last mutant is not made ready again.
    experimental: { fsModuleCache: true, fsModuleCachePath: `${root}.vitest-modules` },
    sequence: { sequencer: InOrder },
    reporters: [reporter],
  },
});
