// Loaded into the servers that are measured: tells the bench what is held after everything that can go is gone.
const { readdirSync } = require("node:fs");
process.on("message", (asked) => {
  if (asked === "worked") {
    const { user, system } = process.cpuUsage();
    return void process.send({ ms: (user + system) / 1_000 });
  }
  for (let round = 0; round < 4; round++) globalThis.gc();
  process.send({ heap: process.memoryUsage().heapUsed, descriptors: readdirSync("/proc/self/fd").length });
});
// Whoever is measured ends as without this: a listener alone holds nothing up.
process.channel?.unref();
