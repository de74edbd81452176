import { here, remove } from "./postgres-cluster.ts";

/** Of the whole run, in vitest's own process. Starts nothing: whoever needs a database does. */
export function setup(): void {
  if (process.env.SKYPREP_TEST_TOLD) return;
  process.env.SKYPREP_TEST_TOLD = "yes";
  if (here === undefined)
    process.stdout.write("PostgreSQL is not installed: the tests of its state are skipped\n");
}

export function teardown(): void {
  if (process.env.SKYPREP_TEST_POSTGRES) remove(process.env.SKYPREP_TEST_POSTGRES);
}
