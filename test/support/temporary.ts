import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Memory where the platform has a place for it: a test writes much that is flushed to disk and never read again. */
const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

export const temporaryFolder = (what: string): string => mkdtempSync(join(base, `skyprep-${what}-`));
