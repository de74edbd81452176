import type { Operation } from "../../tools/schema/operation.ts";
import { createDirectory, type Directory } from "../academy/directory.ts";
import { keptLists, keptRows, renewList, Unread, wholeList } from "../academy/reads.ts";
import { createAcademyZone } from "../academy/time-zone.ts";
import { onNoCall, requestContextOfCall } from "../call/call-context.ts";
import { createInFlight } from "../call/call-deadline.ts";
import { createCaller } from "../call/dispatch.ts";
import type { Caller, Workflow } from "../call/job-context.ts";
import { createLog, type Log } from "../call/log.ts";
import { operationFinder } from "../call/meta-calls.ts";
import { lookUp } from "../call/read/look-up.ts";
import { createRedaction, redactingJournal } from "../call/redaction/redact.ts";
import { type Catalogue, createCatalogue } from "../catalogue/catalogue.ts";
import { isChosen } from "../catalogue/toolsets.ts";
import { type Config, problemText } from "../config/read-config.ts";
import { createGuard } from "../guard/approval-flow.ts";
import { createJobGuard } from "../guard/batch-approval.ts";
import type { Pages } from "../guard/channels/approval-channels.ts";
import { readOnly } from "../guard/policy/read-only.ts";
import { type JobTool, offeredJobs, section } from "../jobs/job-tools.ts";
import { createJournal, journalFolder } from "../journal/journal.ts";
import { clean } from "../reply/records.ts";
import { createApi, createCircuitBreaker, createRetry, repeatOf, traced, watched } from "../skyprep/api.ts";
import { createRateLimiter } from "../skyprep/rate-limit/limiter.ts";
import { createTurns } from "../skyprep/rate-limit/turns.ts";
import type { Send } from "../skyprep/send.ts";
import { createExports, type Exports } from "../state/exports.ts";
import { createLock } from "../state/files/lock.ts";
import { smallFile } from "../state/files/safe-files.ts";
import { createKeptLists, digest } from "../state/kept-lists.ts";
import { placeIn } from "../state/state-places.ts";
import type { Definition } from "./all-tools.ts";

/** What the sandbox takes for a key and a domain: nobody needs an account to try this. */
export const sandboxAccount = { apiKey: "sandbox-key", acctKey: "example.skyprepapp.com" };

export interface Runtime {
  readonly send: Send;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Calls back once, unless called off; keeps no process alive. */
  readonly after: (ms: number, then: () => void) => () => void;
  readonly random: () => string;
  /** At least 0, below 1. */
  readonly chance: () => number;
  /** So many that nobody can guess. */
  readonly bytes: (n: number) => Uint8Array;
  /** Where what is kept between runs stands. */
  readonly stateFolder: string;
  /** Names this run of a sandbox that begins anew each time: its changes are not those of an earlier one. */
  readonly run?: string;
  /** One line for people, never to stdout. */
  readonly say: (line: string) => void;
  /** Whether a person reads those lines as they come. */
  readonly terminal: boolean;
  /** Left out: no page can ask anybody. */
  readonly pages?: Pages | undefined;
}

export interface App {
  readonly catalogue: Catalogue;
  readonly jobs: ReadonlyMap<string, JobTool>;
  readonly call: Caller;
  readonly exports: Exports;
  readonly directory: Directory;
  /** No new calls; writes finish, everything else ends. */
  readonly end: () => Promise<void>;
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
  { sections, jobs: own, ...besides }: Definition,
  world: Runtime,
): App {
  const { now, pause, after, random, stateFolder } = world;
  const catalogue = createCatalogue(sections, config, besides);
  const account = config.sandbox.on ? sandboxAccount : config;
  const records = new Map(Object.values(sections).flatMap((section) => Object.entries(section)));
  const hidden = createRedaction({
    anywhere: [],
    keys: config.sandbox.on ? [] : [config.apiKey],
    words: [...(config.sandbox.on ? [] : [config.acctKey]), config.approvalPin],
  });
  const log = createLog({
    level: config.log,
    say: world.say,
    terminal: world.terminal,
    hide: hidden.inWords,
  });
  const direct = createApi(doorOf(config, { records, reads: catalogue.reads, log }, world), account);
  const { api, lastCame } = watched((route, form, signal, trip = requestContextOfCall()) =>
    direct(route, form, signal, trip),
  );
  const name = nameOf(config, account.acctKey);
  const journals = journalFolder(stateFolder);
  const journal = redactingJournal(
    createJournal({
      folder: journals,
      lock: createLock(journals, { name: "journal" }),
      now,
      random,
      keepMs: config.keepDays * days,
    }),
    hidden.inWords,
  );
  const { run } = world;
  const ledger = config.sandbox.on && run !== undefined ? `${name} ${run}` : name;
  const guarding = {
    account: ledger,
    read: lookUp(api),
    journal,
    pages: world.pages,
    clean: (text: string) => hidden.inWords(String(clean(text))),
    zone: (rows?: readonly unknown[]) => zone.known(rows)?.zone,
    now,
    after,
    bytes: world.bytes,
  };
  const rules = {
    ...config.budgets,
    confirm: config.confirm,
    keepsImages: config.keepDays > 0,
    sandbox: config.sandbox.on,
  };
  const running = createInFlight({ after });
  const around = {
    api,
    lastCame,
    guard: createGuard(guarding, rules),
    jobGuard: createJobGuard(guarding, rules),
    journal,
    records,
    running,
    log,
    hides: hidden,
    kept: createKeptLists<readonly unknown[]>({ now }),
    exports: createExports({
      folder: placeIn(stateFolder, "exports", shelfOf(name, config)),
      now,
      random,
      keepMs: 7 * days,
      run: config.sandbox.on ? run : undefined,
    }),
    now,
    after,
    pause,
    // Answered before the call's own time ends.
    patienceMs: Math.min(45_000, config.timeoutMs - 5_000),
    elsewhere: isChosen(config.sections, section, "export_report")
      ? "export_report answers questions on it."
      : "The whole is in the file.",
    view: { personal: config.reveal.personal, labels: config.labels },
    account: ledger,
  };
  const list = async (tool: string, signal: AbortSignal) => {
    // A server that is not set up sends nothing, for a completion no more than for a call.
    if (config.problems.length > 0) throw new Error("not set up");
    const late = AbortSignal.timeout(config.timeoutMs);
    try {
      const rows = await wholeList(tool, "", around, AbortSignal.any([signal, late]));
      // Rows that tell the zone may be gone when a time is to be written.
      zone.known();
      return rows;
    } catch (error) {
      if (late.aborted && !signal.aborted)
        throw new Unread(`it took longer than ${config.timeoutMs / 1000} s`);
      throw error;
    }
  };
  const directory = createDirectory({ list, after });
  const zone = createAcademyZone({ list, kept: (route) => keptRows(route, around) });
  const jobs = offeredJobs(own, config, {
    ...guarding,
    api,
    timeoutMs: config.timeoutMs,
    patienceMs: around.patienceMs,
    directory,
    list,
    kept: {
      since: () => keptLists(around),
      renew: (route) => renewList(route, "", around),
    },
    zone,
    exports: around.exports,
    view: around.view,
    pause,
    background: (work) =>
      onNoCall(() => running.begin(new AbortController().signal, ({ unsent }) => work(unsent))),
    random,
    folder: placeIn(stateFolder, "jobs", shelfOf(name, config)),
    records: catalogue.records,
  });
  const settings = {
    sandbox: config.sandbox.on,
    timeoutMs: config.timeoutMs,
    customFields: config.customFields,
    problems: config.problems.map(problemText),
  };
  const found = catalogue.ways.has("find_operation")
    ? [["find_operation", operationFinder(catalogue)] as const]
    : [];
  const call = createCaller(
    catalogue,
    { ...around, zone, naming: { directory, list, zone } },
    settings,
    new Map<string, Workflow>([...jobs, ...found]),
  );
  return { catalogue, jobs, call, exports: around.exports, directory, end: running.end };
}

interface Known {
  readonly records: ReadonlyMap<string, Operation>;
  readonly reads: ReadonlySet<string>;
  readonly log: Log;
}

/** What stands between a call and the network, outermost first: retry, circuit, pace, the check before the wire. */
function doorOf(config: Config, { records, reads, log }: Known, world: Runtime): Send {
  const { now, pause, after, stateFolder } = world;
  const wire = traced(world.send);
  const checked = config.readOnly ? readOnly(wire, reads) : wire;
  const retry = createRetry({
    repeat: (route) => {
      const record = records.get(route);
      return record ? repeatOf(route, record) : "turned-away";
    },
    now,
    pause,
    random: world.chance,
  });
  const circuit = createCircuitBreaker({ now });
  // The pretend account in this process has no address that SkyPrep would count.
  if (config.sandbox.on) return retry(circuit(checked));
  const turns = createTurns({
    file: smallFile(placeIn(stateFolder, "pace")),
    withLock: createLock(stateFolder, { name: "pace" }),
    callsPerMinute: config.callsPerMinute,
    now,
    after,
    onTrouble: (error) =>
      log.warn(
        `only the calls of this process are counted: pace.json in ${stateFolder} (${reasonOf(error)})`,
      ),
  });
  return retry(circuit(createRateLimiter({ turns, reads, now, pause, after })(checked)));
}

const reasonOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code === "ENEWER"
    ? "a newer skyprep-mcp writes it"
    : ((error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : "unknown"));
