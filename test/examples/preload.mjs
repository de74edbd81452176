// Loaded before a program by NODE_OPTIONS.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

// Its clock is so much later, so that nothing has to wait for a minute.
const now = Date.now;
Date.now = () => now() + Number(process.env.LATER_MS ?? 0);

// And the night itself is killed at one of the files it writes: before it is there, or after.
const [place, when] = (process.env.KILL_AT_FILE ?? "").split(" ");
if (when !== undefined && process.argv[1]?.endsWith("nightly.mjs")) {
  let written = 0;
  for (const name of ["writeFileSync", "renameSync", "linkSync", "appendFileSync"]) {
    const write = fs[name];
    fs[name] = (...given) => {
      written += 1;
      const isIt = written === Number(place);
      if (isIt && when === "before") process.kill(process.pid, "SIGKILL");
      write(...given);
      if (isIt) process.kill(process.pid, "SIGKILL");
    };
  }
  syncBuiltinESMExports();
}
