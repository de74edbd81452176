import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Memory where the platform has a place for it: a test writes much that is flushed to disk and never read again. */
const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

export const temporaryFolder = (what: string): string => mkdtempSync(join(base, `skyprep-${what}-`));

/** On a disk: to compile hundreds of sources took four times as long in memory that is shared. */
export const folderOnDisk = (what: string): string => mkdtempSync(join(tmpdir(), `skyprep-${what}-`));

/**
 * A folder that can be made by nobody, root neither: a file stands in its parent's place. Below `/dev/null` there is
 * none either, but Windows makes it.
 */
export function noFolder(): string {
  const file = join(temporaryFolder("nowhere"), "file");
  writeFileSync(file, "");
  return join(file, "nowhere");
}
