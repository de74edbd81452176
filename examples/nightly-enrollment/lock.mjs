import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { uptime } from "node:os";
import { join } from "node:path";

/**
 * One night at a time, whatever its name: whoever makes the next lock, where the last one's process is dead, has it.
 * Gives in words why it cannot be had.
 */
export function lock(folder) {
  const at = (n) => join(folder, `lock.${n}`);
  const mine = at(`${process.pid}.new`);
  writeFileSync(mine, JSON.stringify({ pid: process.pid, at: Date.now() }));
  for (;;) {
    const all = readdirSync(folder).map((name) => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? 0));
    const last = Math.max(0, ...all);
    try {
      const held = last > 0 && JSON.parse(readFileSync(at(last), "utf8"));
      if (held && lives(held.pid, held.at)) {
        rmSync(mine);
        return `A night is being done by process ${held.pid} (${at(last)}).`;
      }
      linkSync(mine, at(last + 1));
    } catch (error) {
      // Another night was faster: it is looked at anew.
      if (error.code === "EEXIST" || error.code === "ENOENT") continue;
      throw error;
    }
    for (const old of all) if (old > 0) rmSync(at(old), { force: true });
    rmSync(mine);
    return undefined;
  }
}
function lives(pid, since) {
  if (pid === process.pid || since < Date.now() - uptime() * 1000) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}
