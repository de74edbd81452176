import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { openApp } from "../../src/app/definition.ts";
import { prebuiltTools, sectionNames } from "../../src/app/prebuilt-tools.ts";
import { filesState } from "../../src/app/state.ts";
import { leftOutTools, offeredTools, reachableTools } from "../../src/catalogue/tool-list.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { createServers } from "../../src/mcp/server.ts";
import { serve } from "../../src/mcp/stdio.ts";
import { createNetwork } from "../../src/skyprep/network.ts";

/** The whole server before the network, less the pace: as for the sandbox, nobody counts its calls. */
const { BENCH_URL: baseUrl = "", BENCH_STATE: stateFolder = "" } = process.env;
const config = readConfig([], { SKYPREP_SANDBOX: "true" }, sectionNames);
// Four at once is the pace's, too; the minimal server has as many connections as it has calls.
const network = createNetwork({ baseUrl, connections: 16 });
const after = (ms: number, then: () => void) => {
  const timer = setTimeout(then, ms).unref();
  return () => clearTimeout(timer);
};
const composed = openApp(config, {
  send: network,
  now: Date.now,
  pause: (ms, signal) => sleep(ms, undefined, { signal }),
  after,
  random: randomUUID,
  chance: Math.random,
  say: () => {},
  terminal: false,
  bytes: randomBytes,
  state: filesState(stateFolder, { now: Date.now, after, random: randomUUID }),
});
const servers = createServers({
  ...composed,
  tools: offeredTools(prebuiltTools, config),
  reach: reachableTools(prebuiltTools, config),
  leftOut: leftOutTools(prebuiltTools, config),
  version: "0.0.0-bench",
  sealKey: () => randomBytes(32),
  sandbox: true,
  instructions: "",
});
serve(servers, {
  stdin: process.stdin,
  stdout: process.stdout,
  say: () => {},
  end: async () => {
    await composed.end();
    await network.close();
  },
});
