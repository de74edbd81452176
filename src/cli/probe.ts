import { parseArgs } from "node:util";
import { sandboxAccount } from "../app/compose.ts";
import { type Config, problemText, readConfig } from "../config/read-config.ts";
import { readPolicyAt } from "../policy/read-policy.ts";
import { digest } from "../reply/cursor.ts";
import type { Account } from "../skyprep/api.ts";
import type { AssumptionId } from "../skyprep/assumptions.ts";
import type { LearntFacts } from "../skyprep/normalize/learnt.ts";
import { Failure } from "../skyprep/response.ts";
import type { Send } from "../skyprep/send.ts";
import { writeCapabilities } from "../state/capabilities.ts";
import { createLeft, type ProbeMade } from "../state/probe-left.ts";
import { placeIn } from "../state/state-places.ts";
import { count } from "../text/english.ts";
import { clientsHere, type Entered, sourceOf } from "./doctor/settings.ts";
import { clientNames } from "./init/clients.ts";
import { isData, isGood, type RawAnswer } from "./probe/answer.ts";
import type { ProbeCommand } from "./probe/command.ts";
import { type FirstPart, firstPart, mostCalls } from "./probe/first-part.ts";
import { learntOf, zoneSeen } from "./probe/learnt-of.ts";
import { isTaken, placeOf, writeNew } from "./probe/probe-file.ts";
import { inWords, type ProbeResult, resultText, seenOf, totals } from "./probe/result.ts";
import { type ProbeWrites, removeAll, secondPart } from "./probe/second-part.ts";
import type { Verdicts } from "./probe/seen.ts";
import { shapesOf } from "./probe/shape.ts";
import { shutDoors } from "./probe/verdicts/errors.ts";
import { filtersOf } from "./probe/verdicts/filters.ts";
import type { WayOutWorld } from "./probe/way-out.ts";
import { writeWorld } from "./probe/write-world.ts";

const options = {
  client: { type: "string" },
  out: { type: "string" },
  writes: { type: "boolean" },
} as const;

export const usage = `skyprep-mcp probe finds out what your SkyPrep account answers like, and writes it to a file: how answers are built,
nothing of what they say. It reads only, at most ${mostCalls} calls, and takes about two minutes.
  --client NAME   with the settings of this client's entry: ${clientNames.join(", ")}
  --out FILE      where to (skyprep-mcp-probe-<day>.md in this folder); never over another file
  --writes        then also makes a learner, a course, a group and a path of its own, and removes them again;
                  each step is asked first, at the terminal`;

/** Ends the command with this code. */
class Stop extends Error {
  readonly code: number;
  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** `skyprep-mcp probe`: what an account answers like. Gives the exit code. */
export async function runProbe(argv: readonly string[], command: ProbeCommand): Promise<number> {
  const { say } = command;
  const ending = new AbortController();
  command.onSignal(() => ending.abort(new Stop("Stopped.", 130)));
  try {
    return await probe(argv, command, ending.signal);
  } catch (error) {
    if (error instanceof Stop) {
      say(`skyprep-mcp probe: ${error.message}${error.code === 130 ? " No file was written." : ""}`);
      return error.code;
    }
    if (!(error instanceof Failure)) throw error;
    say(`skyprep-mcp probe: ${error.message} ${error.next} No file was written.`);
    return 75;
  }
}

type Flags = { client?: string; out?: string; writes?: boolean };

function flagsOf(argv: readonly string[]): Flags {
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch {
    // Not repeated: somebody may have pasted a key here.
    throw new Stop(`that is not one of its flags.\n${usage}`, 2);
  }
}

async function configOf({ client }: Flags, command: ProbeCommand): Promise<Config> {
  const clients = await clientsHere(command);
  const entered = clients.filter((one): one is Entered => "source" in one);
  if (client !== undefined && !entered.some(({ name }) => name === client))
    throw new Stop(`no entry was found for that client.\n${usage}`, 2);
  const { env, argv } = sourceOf(command.env, entered, client);
  const network = Object.fromEntries(
    Object.entries(command.env).filter(([name]) => /^(?:https|no)_proxy$/i.test(name)),
  );
  const config = readConfig(argv, { ...network, ...env }, command.sections, (path) =>
    readPolicyAt(path, { tools: command.tools }),
  );
  if (config.problems.length > 0)
    throw new Stop(
      `these settings have to be mended first:\n  ${config.problems.map(problemText).join("\n  ")}`,
      2,
    );
  return config;
}

async function probe(argv: readonly string[], command: ProbeCommand, signal: AbortSignal): Promise<number> {
  const { print, say, now, version } = command;
  const flags = flagsOf(argv);
  const config = await configOf(flags, command);
  const when = new Date(now()).toISOString().slice(0, 10);
  const path = placeOf(flags.out, { cwd: command.cwd, day: when });
  // Before the first call: minutes of calls for a file that cannot be written help nobody.
  if (await isTaken(path)) throw new Stop(`${path} is there already: name another with --out.`, 2);
  const stateFolder = config.stateDir ?? command.stateFolder;
  const account = config.sandbox.on ? sandboxAccount : config;
  const yes = mayWrite(flags, config, command);
  const world = {
    stateFolder,
    // The pretend academy in this process has no address that SkyPrep would count.
    callsPerMinute: config.sandbox.on ? undefined : config.callsPerMinute,
    now,
    pause: command.pause,
    after: command.after,
    chance: command.chance,
  };
  const way = command.open(config);
  try {
    const writing = await leftovers({ ...world, send: way.send, account, signal, config, yes, say });
    say(`Reading only: at most ${mostCalls} calls, paced with all other programs of yours.`);
    const first = await firstPart({
      ...world,
      send: way.send,
      account,
      signal,
      tell: (route, calls) => say(`${String(calls + 1).padStart(3)} of at most ${mostCalls}: ${route}`),
      onWait: (ms) => say(`    waiting ${Math.ceil(ms / 1000)} s for the minute's limit of calls`),
    });
    opens(first);
    let failure: unknown;
    const written = await (flags.writes && writing ? secondPart(writing) : Promise.resolve({})).catch(
      (error: unknown): Verdicts => {
        failure = error;
        return {};
      },
    );
    const result = {
      ...resultOf({ ...first, verdicts: { ...first.verdicts, ...written } }, { version, when }),
      wrote: Object.keys(written).length > 0,
    };
    await writeNew(path, resultText(result)).catch((error: NodeJS.ErrnoException) => {
      throw new Stop(`${path} cannot be written (${error.code ?? "unknown"}): name another with --out.`, 1);
    });
    const learnt = learntOf(first.evidence, first.verdicts);
    const moved = isMoved(first.evidence.of("connection"));
    if (moved) say("The address sends callers elsewhere, so nothing else was seen: check SKYPREP_BASE_URL.");
    const { perMinute } = first;
    const zone = zoneSeen(first.evidence);
    if (!config.sandbox.on && !moved)
      await keep(result, { learnt, zone, perMinute, stateFolder, account, say });
    tellResult(result, path, print);
    if (failure === undefined) return (await leftNow(writing)) ? 4 : 0;
    if (failure instanceof Failure || failure instanceof Stop)
      say(`skyprep-mcp probe: the second part ended early. ${failure.message}`);
    else throw failure;
    return failure instanceof Stop ? failure.code : 4;
  } finally {
    way.close();
  }
}

/** Who is asked before anything is made or removed; undefined: nothing is. @throws Stop where --writes cannot be */
function mayWrite(
  { writes }: Flags,
  { readOnly, policy, policyFile }: Config,
  { yes }: ProbeCommand,
): ProbeCommand["yes"] {
  const isPoliced = policy !== undefined || policyFile !== undefined;
  if (writes && readOnly) throw new Stop("--writes is not for settings that are read-only.", 2);
  if (writes && isPoliced)
    throw new Stop("--writes is not for settings with a policy: run it with the account's own.", 2);
  if (writes && yes === undefined)
    throw new Stop("--writes asks before each step, and nobody sits at a terminal here.", 3);
  return readOnly || isPoliced ? undefined : yes;
}

const leftNow = async (writing: ProbeWrites | undefined): Promise<boolean> =>
  writing !== undefined && (await writing.left.of(writing.account)).length > 0;

interface Leftovers extends WayOutWorld {
  readonly send: Send;
  readonly account: Account;
  readonly signal: AbortSignal;
  readonly config: Config;
  readonly yes: ProbeCommand["yes"];
  readonly say: (line: string) => void;
}

/** What an earlier probe left is named first and, where somebody can be asked, removed. Undefined: nobody can be. */
async function leftovers({ yes, config, ...world }: Leftovers): Promise<ProbeWrites | undefined> {
  const { account, say, stateFolder } = world;
  const own = config.sandbox.on ? "sandbox" : digest(account.acctKey.toLowerCase());
  let left: ProbeMade[];
  try {
    left = await createLeft(stateFolder).of(own);
  } catch {
    say(
      `skyprep-mcp probe: ${placeIn(stateFolder, "probe")} cannot be read: what an earlier probe left is unknown.`,
    );
    if (yes !== undefined)
      throw new Stop("Look for “skyprep-mcp probe” in the academy, then delete that file.", 1);
    return undefined;
  }
  const writing = yes && writeWorld({ ...world, digest: own, keepMs: config.keepDays * 86_400_000, yes });
  if (left.length === 0) return writing;
  say("An earlier probe left this in the academy:");
  for (const { kind, mark } of left) say(`    the ${kind} ${mark}`);
  if (writing) await removeAll(writing, left);
  else say("Run it at a terminal, without SKYPREP_READ_ONLY and policy, to be asked whether to remove it.");
  return writing;
}

/** @throws Stop where the account did not open; an address that sends callers elsewhere is a finding, too */
function opens({ evidence }: FirstPart): void {
  const answer = evidence.of("connection");
  if (isData(answer) || isMoved(answer)) return;
  throw new Stop(`${whyShut(answer)} No file was written.`, 1);
}

const isMoved = ({ status }: RawAnswer): boolean => status >= 300 && status < 400;

function whyShut(answer: RawAnswer): string {
  if (answer.is === "none") return "SkyPrep did not answer. Try again in a minute.";
  if (answer.is === "page" || answer.status === 401 || answer.status === 403 || isGood(answer))
    return "SkyPrep does not take this key for this domain. Check both; the key may also be allowed from other computers only.";
  return `SkyPrep answered ${answer.status} to test_connection. Check SKYPREP_BASE_URL, the key and the domain.`;
}

function resultOf(
  { evidence, verdicts, calls }: FirstPart,
  { version, when }: Pick<ProbeResult, "version" | "when">,
): ProbeResult {
  const routeOf = (step: Parameters<typeof evidence.of>[0]) =>
    evidence.answers.get(step)?.question.route ?? "";
  return {
    version,
    when,
    calls,
    verdicts,
    filters: filtersOf(evidence),
    shut: shutDoors(evidence).map(routeOf),
    shapes: shapesOf(evidence),
    wrote: false,
  };
}

interface Keeping {
  readonly learnt: LearntFacts;
  readonly zone: string | undefined;
  readonly perMinute: number | undefined;
  readonly stateFolder: string;
  readonly account: Config | typeof sandboxAccount;
  readonly say: (line: string) => void;
}

/** What the product may lean on from now on. Without it, it goes on as carefully as before. */
async function keep(
  { verdicts, filters, version, when }: ProbeResult,
  { learnt, zone, perMinute, stateFolder, account, say }: Keeping,
): Promise<void> {
  const seen = Object.fromEntries(Object.entries(seenOf(verdicts)).filter(([, one]) => one !== "not seen"));
  const capabilities = {
    account: digest(account.acctKey.toLowerCase()),
    when,
    by: version,
    seen,
    filters: Object.fromEntries(filters),
    ...(zone !== undefined && { zone }),
    ...(perMinute !== undefined && { perMinute }),
    learnt,
  };
  try {
    await writeCapabilities(stateFolder, capabilities, account.apiKey);
  } catch (error) {
    say(
      `skyprep-mcp probe: what was seen could not be kept in ${stateFolder} (${(error as NodeJS.ErrnoException).code ?? "unknown"}).`,
    );
  }
}

function tellResult(
  { verdicts, calls, shut }: ProbeResult,
  path: string,
  print: (line: string) => void,
): void {
  print(`${count(calls, "call")}. Assumptions about SkyPrep: ${totals(verdicts)}.`);
  for (const [id, seen] of Object.entries(seenOf(verdicts)))
    if (seen !== "holds" && seen !== "not seen") print(`  ${id}: ${inWords(id as AssumptionId, seen)}`);
  if (shut.length > 0) print(`  This key may not call ${shut.join(", ")}.`);
  print(
    `Written to ${path}: how answers are built, nothing of what they say. Read it, then attach it to an issue.`,
  );
}
