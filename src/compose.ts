import { join } from "node:path";
import type { Section } from "../tools/schema/operation.ts";
import { type Caller, createCaller } from "./call/call.ts";
import { type Besides, type Catalogue, createCatalogue } from "./call/catalogue.ts";
import { createDirectory, type Directory } from "./call/directory.ts";
import { wholeList } from "./call/rows.ts";
import { type Config, problemText } from "./config.ts";
import { readOnly } from "./guard/read-only.ts";
import { createApi } from "./skyprep/api.ts";
import type { Send } from "./skyprep/send.ts";
import { digest } from "./store/cursor.ts";
import { createExports, type Exports } from "./store/exports.ts";
import { createKeptLists } from "./store/lists.ts";

/** What the sandbox takes for a key and a domain: nobody needs an account to try this. */
export const sandboxAccount = { apiKey: "sandbox-key", acctKey: "example.skyprepapp.com" };

/** What the API is, as `tools/` says it. */
export interface Definition extends Besides {
  readonly sections: Readonly<Record<string, Section>>;
}

export interface World {
  readonly send: Send;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Calls back once, unless called off; keeps no process alive. */
  readonly after: (ms: number, then: () => void) => () => void;
  readonly random: () => string;
  /** Where what is kept between runs stands. */
  readonly stateFolder: string;
}

export interface Composed {
  readonly catalogue: Catalogue;
  readonly call: Caller;
  readonly exports: Exports;
  readonly directory: Directory;
}

const days = 86_400_000;

/** Reports of one account, shown under one setting, stand apart from all others. */
const shelfOf = ({ sandbox, reveal }: Config, acctKey: string): string =>
  `${sandbox.on ? "sandbox" : digest(acctKey.toLowerCase())}${reveal.personal ? "-personal" : ""}`;

/** settings → send → api → caller: the whole server but its transport, in the order a call meets it. */
export function compose(
  config: Config,
  { sections, ...besides }: Definition,
  { send, now, pause, after, random, stateFolder }: World,
): Composed {
  const catalogue = createCatalogue(sections, config, besides);
  const account = config.sandbox.on ? sandboxAccount : config;
  const api = createApi(config.readOnly ? readOnly(send, catalogue.reads) : send, account);
  const world = {
    api,
    kept: createKeptLists<readonly unknown[]>({ now }),
    exports: createExports({
      folder: join(stateFolder, "exports", shelfOf(config, account.acctKey)),
      now,
      random,
      keepMs: 7 * days,
    }),
    now,
    pause,
    // Answered before the call's own time ends.
    patienceMs: Math.min(45_000, config.timeoutMs - 5_000),
    view: { personal: config.reveal.personal, labels: config.labels },
    account: account.acctKey,
  };
  const call = createCaller(catalogue, world, {
    sandbox: config.sandbox.on,
    timeoutMs: config.timeoutMs,
    customFields: config.customFields,
    problems: config.problems.map(problemText),
    secrets: config.sandbox.on || config.apiKey.length < 4 ? [] : [config.apiKey],
  });
  const list = async (tool: string, signal: AbortSignal) => {
    // A server that is not set up sends nothing, for a completion no more than for a call.
    if (config.problems.length > 0) throw new Error("not set up");
    return wholeList(tool, "", world, AbortSignal.any([signal, AbortSignal.timeout(config.timeoutMs)]));
  };
  return { catalogue, call, exports: world.exports, directory: createDirectory({ list, after }) };
}
