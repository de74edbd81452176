import type { Config } from "../config/read-config.ts";
import type { Send } from "../skyprep/send.ts";

/** What a server calls: SkyPrep, or the pretend academy. */
export type World = { send: Send; close: () => void };

/** Both worlds load with the first call that needs them. */
export const openWorld = (config: Config, say: (line: string) => void): World =>
  config.sandbox.on ? sandbox(config, say) : network(config);

function sandbox({ sandbox: { people, strict, dialect } }: Config, say: (line: string) => void): World {
  let loading: Promise<Send> | undefined;
  const load = async () => {
    const { createSandbox } = await import("../sandbox/server/sandbox.ts");
    const { dialectOf } = await import("./sandbox-dialect.ts");
    // Nothing paces the calls to it (`doorOf`), so nothing may turn them away: nobody waits for a pretend minute.
    return createSandbox({ people, strict, callsPerMinute: Infinity, dialect: dialectOf(dialect) }).send;
  };
  if (dialect !== undefined)
    void import("./sandbox-dialect.ts").then(({ saidOf }) => say(`skyprep-mcp: ${saidOf(dialect)}`));
  return {
    send: async (request, signal) => {
      loading ??= load();
      return (await loading)(request, signal);
    },
    close: () => {},
  };
}

function network({ baseUrl, proxy }: Config): World {
  let loading: Promise<Send & { close(): Promise<void> }> | undefined;
  const load = async () => (await import("../skyprep/network.ts")).createNetwork({ baseUrl, proxy });
  return {
    send: async (request, signal) => {
      loading ??= load();
      return (await loading)(request, signal);
    },
    close: () => void loading?.then((send) => send.close()),
  };
}
