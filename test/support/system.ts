/**
 * What this system cannot do at all. A test that means nothing without it says by its name where it is skipped:
 * `it.skipIf(windows)("… (skipped on Windows: no such rights)", …)`.
 */
export const windows = process.platform === "win32";
export const linux = process.platform === "linux";

/** Root may read and write whatever is shut, and on Windows `chmod` shuts nothing but writing to a file. */
export const chmodShuts = !windows && process.getuid?.() !== 0;
