import { join } from "node:path";
import type { Section } from "../tools/schema/operation.ts";
import { type Caller, createCaller } from "./call/call.ts";
import { type Besides, type Catalogue, createCatalogue } from "./call/catalogue.ts";
import { createDirectory, type Directory } from "./call/directory.ts";
import { lookUp } from "./call/look-up.ts";
import { wholeList } from "./call/rows.ts";
import { type Config, problemText } from "./config.ts";
import type { Pages } from "./guard/ask.ts";
import { createGuard } from "./guard/guard.ts";
import { readOnly } from "./guard/read-only.ts";
import { createJobGuard } from "./guard/steps.ts";
import type { Job } from "./jobs/job.ts";
import { type JobTool, offerJobs } from "./jobs/offer.ts";
import { createJournal, journalFolder } from "./journal/journal.ts";
import { clean } from "./reply/clean.ts";
import { createApi } from "./skyprep/api.ts";
import type { Send } from "./skyprep/send.ts";
import { digest } from "./store/cursor.ts";
import { createExports, type Exports } from "./store/exports.ts";
import { createKeptLists } from "./store/lists.ts";
import { createLock } from "./store/lock.ts";

/** What the sandbox takes for a key and a domain: nobody needs an account to try this. */
export const sandboxAccount = { apiKey: "sandbox-key", acctKey: "example.skyprepapp.com" };

/** What the API is, as `tools/` says it. */
export interface Definition extends Besides {
  readonly sections: Readonly<Record<string, Section>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface World {
  readonly send: Send;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Calls back once, unless called off; keeps no process alive. */
  readonly after: (ms: number, then: () => void) => () => void;
  readonly random: () => string;
  /** So many that nobody can guess. */
  readonly bytes: (n: number) => Uint8Array;
  /** Where what is kept between runs stands. */
  readonly stateFolder: string;
  /** Names this run of a sandbox that begins anew each time: its changes are not those of an earlier one. */
  readonly run?: string;
  /** Left out: no page can ask anybody. */
  readonly pages?: Pages | undefined;
}

export interface Composed {
  readonly catalogue: Catalogue;
  readonly jobs: ReadonlyMap<string, JobTool>;
  readonly call: Caller;
  readonly exports: Exports;
  readonly directory: Directory;
}

const days = 86_400_000;

/** What is kept of one account stands apart from all others. */
const nameOf = ({ sandbox }: Config, acctKey: string): string =>
  sandbox.on ? "sandbox" : digest(acctKey.toLowerCase());

/** Reports stand apart by what may be shown in them, too. */
const shelfOf = (name: string, { reveal }: Config): string => `${name}${reveal.personal ? "-personal" : ""}`;

/** settings → send → api → caller: the whole server but its transport, in the order a call meets it. */
export function compose(
  config: Config,
  { sections, jobs: records, ...besides }: Definition,
  { send, now, pause, after, random, bytes, stateFolder, pages, run }: World,
): Composed {
  const catalogue = createCatalogue(sections, config, besides);
  const account = config.sandbox.on ? sandboxAccount : config;
  const api = createApi(config.readOnly ? readOnly(send, catalogue.reads) : send, account);
  const name = nameOf(config, account.acctKey);
  const journals = journalFolder(stateFolder);
  const journal = createJournal({
    folder: journals,
    lock: createLock(journals, { name: "journal" }),
    now,
    random,
    keepMs: config.keepDays * days,
  });
  const ledger = config.sandbox.on && run !== undefined ? `${name} ${run}` : name;
  const guarding = {
    account: ledger,
    read: lookUp(api),
    journal,
    pages,
    clean: (text: string) => String(clean(text)),
    now,
    after,
    bytes,
  };
  const rules = {
    ...config.budgets,
    confirm: config.confirm,
    keepsImages: config.keepDays > 0,
    sandbox: config.sandbox.on,
  };
  const world = {
    api,
    guard: createGuard(guarding, rules),
    jobGuard: createJobGuard(guarding, rules),
    journal,
    kept: createKeptLists<readonly unknown[]>({ now }),
    exports: createExports({
      folder: join(stateFolder, "exports", shelfOf(name, config)),
      now,
      random,
      keepMs: 7 * days,
    }),
    now,
    pause,
    // Answered before the call's own time ends.
    patienceMs: Math.min(45_000, config.timeoutMs - 5_000),
    view: { personal: config.reveal.personal, labels: config.labels },
    account: ledger,
  };
  const list = async (tool: string, signal: AbortSignal) => {
    // A server that is not set up sends nothing, for a completion no more than for a call.
    if (config.problems.length > 0) throw new Error("not set up");
    return wholeList(tool, "", world, AbortSignal.any([signal, AbortSignal.timeout(config.timeoutMs)]));
  };
  const directory = createDirectory({ list, after });
  const jobs = offerJobs(records, config, {
    ...guarding,
    directory,
    list,
    exports: world.exports,
    view: world.view,
    pause,
    random,
    folder: join(stateFolder, "jobs", shelfOf(name, config)),
    records: catalogue.records,
  });
  const settings = {
    sandbox: config.sandbox.on,
    timeoutMs: config.timeoutMs,
    customFields: config.customFields,
    problems: config.problems.map(problemText),
    secrets: config.sandbox.on || config.apiKey.length < 4 ? [] : [config.apiKey],
  };
  const call = createCaller(catalogue, world, settings, jobs);
  return { catalogue, jobs, call, exports: world.exports, directory };
}
