import { createDirectory, type Directory } from "../academy/directory.ts";
import {
  keptLists,
  keptRows,
  partIn,
  readFrom,
  renewList,
  sayPart,
  Unread,
  wholeList,
} from "../academy/reads.ts";
import { createAcademyZone } from "../academy/time-zone.ts";
import { createInFlight, onNoCall, requestContextOfCall } from "../call/call-deadline.ts";
import { createCaller } from "../call/dispatch.ts";
import type { Caller, Workflow } from "../call/job-context.ts";
import { createLog } from "../call/log.ts";
import { operationFinder } from "../call/meta-calls.ts";
import { redactingExports } from "../call/redaction/kept-files.ts";
import { createRedaction, type Redaction, redactingJournal } from "../call/redaction/redact.ts";
import { createOnceInRun } from "../call/run/once-in-run.ts";
import { type Catalogue, createCatalogue } from "../catalogue/catalogue.ts";
import { isChosen } from "../catalogue/toolsets.ts";
import { type Config, problemText } from "../config/read-config.ts";
import { createGuard } from "../guard/approval-flow.ts";
import { createJobGuard } from "../guard/batch-approval.ts";
import type { GuardWorld } from "../guard/guard.ts";
import type { OperatorPolicy } from "../guard/policy/decision.ts";
import type { ApprovalDesk } from "../guard/question/approval-desk.ts";
import { createStoredAgreements } from "../guard/question/stored-agreements.ts";
import { createStoredApprovals } from "../guard/question/stored-approvals.ts";
import { type JobTool, offeredJobs, section } from "../jobs/job-tools.ts";
import type { Journal } from "../journal/line.ts";
import { createPasses } from "../policy/policing.ts";
import { digest } from "../reply/cursor.ts";
import { clean } from "../reply/records.ts";
import { type Api, watched } from "../skyprep/api.ts";
import { createListSpellings } from "../skyprep/normalize/learnt-lists.ts";
import { createRequestContext } from "../skyprep/request.ts";
import { createKeptLists } from "../state/kept-lists.ts";
import type { Exports } from "../state/ports.ts";
import { createUnfinishedReads } from "../state/unfinished-reads.ts";
import type { Definition } from "./all-tools.ts";
import { everybody, policingOf } from "./policed.ts";
import { counting, recordOf } from "./run-of-process.ts";
import type { Runtime } from "./runtime.ts";
import type { SeenBefore } from "./seen-before.ts";
import { sightingsOf } from "./seen-before.ts";
import { createSharedClock, type SharedClock } from "./shared-clock.ts";
import { wireOf } from "./wire.ts";
import { writtenElsewhere } from "./written-elsewhere.ts";

/** What the sandbox takes for a key and a domain: nobody needs an account to try this. */
export const sandboxAccount = { apiKey: "sandbox-key", acctKey: "example.skyprepapp.com" };

export interface App {
  readonly catalogue: Catalogue;
  readonly jobs: ReadonlyMap<string, JobTool>;
  readonly call: Caller;
  readonly exports: Exports;
  readonly directory: Directory;
  /** Before a call; left out: nothing is written from elsewhere that would be seen here. */
  readonly upToDate?: (() => Promise<void>) | undefined;
  /** What people see of the questions that wait; left out: nobody can sign in. */
  readonly desk?: ApprovalDesk | undefined;
  /** No new calls; writes finish, everything else ends. */
  readonly end: () => Promise<void>;
}

const days = 86_400_000;
const anHour = 3_600_000;

/** settings → send → api → caller: the whole server but its transport, in the order a call meets it. */
export function compose(
  config: Config,
  { sections, jobs: own, ...besides }: Definition,
  around: Runtime,
): App {
  const clock = around.state.clock && createSharedClock(around.state.clock, around.now);
  const world: Runtime = clock ? { ...around, now: clock.now } : around;
  const catalogue = createCatalogue(sections, config, besides);
  const records = new Map(Object.values(sections).flatMap((section) => Object.entries(section)));
  const account = config.sandbox.on ? sandboxAccount : config;
  const names = namesOf(config, account.acctKey, world.run);
  const hides = redactionOf(config);
  const log = createLog({
    level: config.log,
    say: world.say,
    terminal: world.terminal,
    hide: hides.inWords,
  });
  const passes = createPasses();
  const journal = journalOf(config, hides, world);
  const record = recordOf(config, { journal, log }, world);
  const sightings = sightingsOf({ config, account, log }, world);
  const lists = createListSpellings(sightings);
  const { wire, seen, forget } = wireOf(
    config,
    account,
    { records, reads: catalogue.reads, log, passes, sightings, lists },
    record ? { ...world, send: record.send(world.send) } : world,
  );
  const { api: whole, lastCame } = watched(
    (route, form, signal, context = requestContextOfCall() ?? createRequestContext({ isBackground: true })) =>
      wire(route, form, signal, context),
    (isPassing) => Object.assign(requestContextOfCall() ?? {}, { mayPass: isPassing }),
  );
  const ofRun = async (run: string, from = journal) =>
    (await from.ofRun(run)).filter(({ intent }) => names.owns(intent.account)).reverse();
  const noted = record ? { ...journal, note: counting(journal, record) } : journal;
  // The guard sees all, lest a question leave somebody out; what it asks about was held against the policy before.
  const asking = askingWorld(
    whole,
    { journal: noted, hides, names, zone: (rows) => reading.zone.known(rows)?.zone },
    world,
  );
  const policing =
    config.policy &&
    policingOf(config.policy, { sections, jobs: own }, { ...asking, api: whole, records, passes });
  const api = policing?.api ?? whole;
  const running = createInFlight({ after: world.after });
  const { desk, ...guards } = guardsOf(
    config,
    {
      asking: policing ? { ...asking, read: policing.told } : asking,
      secret: account.apiKey,
      names,
      policy: policing?.guard,
    },
    world,
  );
  const surroundings = {
    api,
    lastCame,
    ...guards,
    policy: policing?.atSend,
    journal,
    records,
    running,
    log,
    hides,
    kept: createKeptLists<readonly unknown[]>({ now: world.now }),
    exports: redactingExports(
      world.state.exports(names.ownFolder, config.sandbox.on ? world.run : undefined),
      hides.inData,
    ),
    now: world.now,
    after: world.after,
    pause: world.pause,
    lists,
    onLate: () => sightings.differs("writes-show-at-once", "later"),
    // Answered before the call's own time ends.
    patienceMs: Math.min(45_000, config.timeoutMs - 5_000),
    elsewhere: isChosen(config.sections, section, "export_report")
      ? "export_report answers questions on it."
      : "The whole is in the file.",
    view: { personal: config.reveal.personal, labels: config.labels },
    account: names.journal,
  };
  const once =
    record &&
    createOnceInRun({
      ...surroundings,
      name: record.name,
      secret: account.apiKey,
      academy: names.academy,
      changes: () => ofRun(record.name),
    });
  const reading = readingOf(config, { ...surroundings, probed: seen.zone }, world);
  const jobs = offeredJobs(own, config, {
    ...asking,
    ...reading,
    journal: policing?.journal ?? journal,
    api,
    read: readFrom(api),
    whole: asking.read,
    within: policing?.within ?? everybody,
    ofRun: (run) => ofRun(run, policing?.journal),
    isPoliced: policing !== undefined,
    timeoutMs: config.timeoutMs,
    patienceMs: surroundings.patienceMs,
    filters: seen.filters,
    kept: {
      since: () => keptLists(surroundings),
      renew: (route) => renewList(route, "", surroundings),
    },
    exports: surroundings.exports,
    unfinished: createUnfinishedReads({ now: world.now }),
    view: surroundings.view,
    pause: world.pause,
    background: (work) =>
      onNoCall(() => running.begin(new AbortController().signal, ({ unsent }) => work(unsent))),
    random: world.random,
    state: world.state,
    owner: names.ownFolder,
    isPretend: config.sandbox.on,
    open: world.openPage,
    pageAt: world.pageAt,
    records: catalogue.records,
  });
  const found = catalogue.ways.has("find_operation")
    ? [["find_operation", operationFinder(catalogue)] as const]
    : [];
  const call = createCaller(
    catalogue,
    { ...surroundings, zone: reading.zone, naming: reading, run: record && once && { record, once } },
    {
      sandbox: config.sandbox.on,
      timeoutMs: config.timeoutMs,
      customFields: config.customFields,
      problems: config.problems.map(problemText),
      policyNote: policing?.note ?? "",
      refusedByPolicy: policing?.refusal,
    },
    new Map<string, Workflow>([...(policing?.anew(jobs) ?? jobs), ...found]),
  );
  return {
    catalogue,
    jobs,
    call,
    exports: surroundings.exports,
    directory: reading.directory,
    upToDate: upToDateOf(clock, world.state.written, () => {
      surroundings.kept.drop();
      forget();
    }),
    desk,
    end: running.end,
  };
}

/** Undefined: nobody else writes, and no clock is shared. */
function upToDateOf(
  clock: SharedClock | undefined,
  written: Runtime["state"]["written"],
  forget: () => void,
): App["upToDate"] {
  const lists = written && writtenElsewhere(written, forget);
  return lists || clock ? async () => void (await Promise.all([lists?.(), clock?.set()])) : undefined;
}

/** Under which names this account's things are kept, so that they stand apart from all others. */
interface Names {
  readonly name: string;
  /** Of the journal: a sandbox that begins anew each time has changes of its own. */
  readonly journal: string;
  /** Whether a name in the journal is of this account: of the pretend academy, every process has one. */
  readonly owns: (name: string) => boolean;
  readonly academy: string;
  /** Of reports, which stand apart by what may be shown in them, too. */
  readonly ownFolder: string;
}

function namesOf(config: Config, acctKey: string, run: string | undefined): Names {
  const { on, people } = config.sandbox;
  const name = on ? "sandbox" : digest(acctKey.toLowerCase());
  return {
    name,
    journal: on && run !== undefined ? `${name} ${run}` : name,
    owns: (other) => other === name || other.startsWith(`${name} `),
    // The pretend academy, made anew by each process, is the same for the same number of people.
    academy: on && people !== defaultPeople ? `${name} of ${people}` : name,
    ownFolder: [
      name,
      ...(config.reveal.personal ? ["personal"] : []),
      // What is kept under one policy is not seen under another, nor the other way round.
      ...(config.policy ? [`policy-${config.policy.digest}`] : []),
    ].join("-"),
  };
}
const defaultPeople = 302;

const redactionOf = (config: Config): Redaction =>
  createRedaction({
    anywhere: [],
    keys: config.sandbox.on ? [] : [config.apiKey],
    words: [...(config.sandbox.on ? [] : [config.acctKey]), config.approvalPin],
  });

const journalOf = ({ keepDays }: Config, hides: Redaction, { state }: Runtime): Journal =>
  redactingJournal(state.journal({ keepMs: keepDays * days }), hides.inWords);

interface Asked {
  readonly journal: Journal;
  readonly hides: Redaction;
  readonly names: Names;
  readonly zone: NonNullable<GuardWorld["zone"]>;
}

/** What guard and jobs read and write a question with. */
const askingWorld = (
  api: Api,
  { journal, hides, names, zone }: Asked,
  { pages, now, after, bytes, over }: Runtime,
): GuardWorld & { readonly academy: string } => ({
  account: names.journal,
  academy: names.academy,
  read: readFrom(api),
  journal,
  pages,
  clean: (text: string) => hides.inWords(String(clean(text))),
  zone,
  now,
  after,
  bytes,
  over,
});

interface Guarded {
  readonly asking: GuardWorld;
  readonly secret: string;
  readonly names: Names;
  readonly policy: OperatorPolicy | undefined;
}

/** The guard of single calls and that of jobs: the same rules, the same questions that wait. */
function guardsOf(
  { budgets, codes, confirm, keepDays, policy: set, reveal, sandbox }: Config,
  { asking, secret, names, policy }: Guarded,
  { state, now, over, approvals }: Runtime,
) {
  const forms = over === "http";
  const place = {
    files: state.stamped("approvals", names.name),
    secret,
    academy: names.academy,
    under: JSON.stringify([
      keepDays,
      reveal,
      ...(forms ? [confirm, set?.digest ?? "", ...(approvals?.fourEyes ? ["four-eyes"] : [])] : []),
    ]),
    now,
  };
  const longestMs = approvals?.goodMs;
  const isOver = (question: string) => asking.journal.isOver(question, now() - anHour - (longestMs ?? 0));
  const { account, journal } = asking;
  const pageQuestions = approvals?.questions({
    ...place,
    account,
    isOver,
    note: journal.note,
    clock: state.clock,
  });
  const stored = createStoredApprovals({ ...place, isOver, forms, longestMs });
  const agreements = forms ? createStoredAgreements(place) : undefined;
  const rules = { ...budgets, codes, confirm, keepsImages: keepDays > 0, sandbox: sandbox.on, policy };
  return {
    guard: createGuard({ ...asking, stored, pageQuestions }, rules),
    jobGuard: createJobGuard({ ...asking, stored, agreements, pageQuestions }, rules),
    desk: pageQuestions?.desk,
  };
}

/** Lists that are read whole, what names in them mean, and the zone they tell. */
function readingOf(
  config: Config,
  from: Parameters<typeof wholeList>[2] & { readonly probed: SeenBefore["zone"] },
  { after }: Runtime,
) {
  const list = async (tool: string, signal: AbortSignal) => {
    // A server that is not set up sends nothing, for a completion no more than for a call.
    if (config.problems.length > 0) throw new Error("not set up");
    const late = AbortSignal.timeout(config.timeoutMs);
    try {
      const rows = await wholeList(tool, "", from, AbortSignal.any([signal, late]));
      // Rows that tell the zone may be gone when a time is to be written.
      zone.known();
      const part = partIn(rows);
      if (part !== undefined) throw new Unread(sayPart(rows.length, part.total));
      return rows;
    } catch (error) {
      if (late.aborted && !signal.aborted)
        throw new Unread(`it took longer than ${config.timeoutMs / 1000} s`);
      throw error;
    }
  };
  const zone = createAcademyZone({ list, kept: (route) => keptRows(route, from), probed: from.probed });
  return { list, zone, directory: createDirectory({ list, after }) };
}
