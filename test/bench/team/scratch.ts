import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk in memory, where there is one: what a disk takes is no part of what is compared. */
export const scratch = join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "skyprep-bench-");
