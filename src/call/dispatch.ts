import type { WriteOperation } from "../../tools/schema/operation.ts";
import { NotAList, OutsidePolicy } from "../academy/reads.ts";
import { type Catalogue, lists, type Tool } from "../catalogue/catalogue.ts";
import type { Asker } from "../guard/channels/approval-channels.ts";
import { ofPolicy } from "../guard/policy/approval-policy.ts";
import type { Approved } from "../guard/policy/decision.ts";
import { nothing } from "../guard/policy/decision.ts";
import { InputRequired } from "../guard/question/question.ts";
import { CannotWrite } from "../journal/line.ts";
import { endedAs, type Reply, refuse, refuseFor, wentWrong } from "../reply/reply.ts";
import { createRequestContext, encode, type RequestContext } from "../skyprep/request.ts";
import { Failure } from "../skyprep/response.ts";
import { count } from "../text/english.ts";
import {
  beginCallDeadline,
  type CallDeadline,
  type CancelSignals,
  createJobDeadline,
  givenWithin,
  type JobDeadline,
  neverQuiet,
  onCall,
  type Progress,
  silent,
  type Telling,
  waitsToldBy,
} from "./call-deadline.ts";
import type { CallSettings, CallWorld } from "./call-world.ts";
import { type Args, type Checkable, check } from "./check/check.ts";
import { interpretedArguments, spellPerson, underNewName } from "./check/interpret.ts";
import { answer, finalizeReply, spoken, withTries } from "./finish/answer.ts";
import { errorReply, type Stage, tooLate } from "./finish/error-replies.ts";
import type { Caller, CallOptions, Workflow } from "./job-context.ts";
import type { Called as Logged } from "./log.ts";
import { resolveMetaCall } from "./meta-calls.ts";
import { listPage } from "./read/list.ts";
import { report } from "./read/report.ts";
import {
  alsoRedacting,
  type Redact,
  type Redaction,
  secretArguments,
  shorter,
  withoutSecrets,
} from "./redaction/redact.ts";
import type { Once } from "./run/once-in-run.ts";
import { agreeToSteps, type StepsWorld } from "./write/job-writes.ts";
import { isWrite, write } from "./write/write.ts";

const mute: Asker = { client: "", tell: () => {} };
const ending: Reply = refuseFor(
  "time",
  "This server is ending; nothing was sent.",
  "Start it again, then call again.",
);
/** Of what a job writes, some may be done when the server ends. */
const endingAfter = (writes: number): Reply =>
  endedAs(
    "unknown",
    `This server is ending: ${count(writes, "change")} of this call ${writes === 1 ? "was" : "were"} sent before, nothing more is.`,
    "list_changes shows what became of them. Start it again, then call again.",
  );
/** One call, on its way. */
interface Going {
  readonly ends: CancelSignals;
  readonly around: CallOptions;
  readonly hides: Redaction;
  time?: CallDeadline;
  /** How many of its writes may have been sent. */
  readonly tally: { writes: number; skipped: boolean };
  /** Of a job. */
  job?: JobDeadline;
}

type ToWrite = {
  asker: Asker;
  progress: Progress;
  undoes?: number | undefined;
  plan?: string | undefined;
  approval?: Approved;
  once?: Once | undefined;
  timeoutMs?: number;
};

const maybeDone: ReadonlySet<Reply["outcome"]> = new Set(["done", "partly", "unknown"]);

/** A call that did not succeed, and whose last request may go through later, lacks time, whatever made its reply. */
const withLack = (reply: Reply, context: RequestContext | undefined): Reply =>
  context?.mayPass === true &&
  wentWrong(reply.outcome) &&
  !maybeDone.has(reply.outcome) &&
  reply.needs === undefined
    ? { ...reply, needs: "time" }
    : reply;

/** What is called, and how. */
interface Called {
  readonly name: string;
  readonly raw: unknown;
  readonly tool?: Tool;
  readonly takes?: Checkable;
  readonly calledAs?: string;
  readonly go: (going: Going, args: unknown) => Promise<Reply> | Reply;
}

const toldBy = ({ progress, told }: Telling, { asker }: CallOptions): CallOptions => ({
  progress,
  ...(asker && {
    asker: {
      ...asker,
      tell: (text) => {
        told();
        asker.tell(text);
      },
    },
  }),
});

/** The life of a call: check, ask, send, show. */
export function createCaller(
  catalogue: Catalogue,
  world: CallWorld,
  settings: CallSettings,
  works: ReadonlyMap<string, Workflow> = new Map(),
): Caller {
  const { kept, now, running, log } = world;
  const context = { reserved: catalogue.reserved, customFields: settings.customFields };
  const isSetUp = settings.problems.length === 0;
  const writing = { ...world, drop: kept.drop };
  const partOfRun: Once | undefined = world.run && { run: world.run.record.name };
  return (name, asked, signal, around = {}) => {
    const { secrets, tooMuch } = secretArguments(asked);
    const hides = secrets.length > 0 ? alsoRedacting(world.hides, secrets) : world.hides;
    const called = calledBy(name, asked, hides.inWords);
    if (called === undefined) return undefined;
    const tooLong = { name: called.name, raw: {}, go: () => shorter(called, tooMuch) };
    const refused = isSetUp && (settings.refusedByPolicy?.(name) ?? settings.refusedByPolicy?.(called.name));
    const no = { name: called.name, raw: {}, go: () => refuse(`${refused} ${nothing}`, ofPolicy) };
    const work = refused ? no : tooMuch.length === 0 ? called : tooLong;
    const begun = running.begin(signal, (ends) =>
      one(work, { ends, around, hides, tally: { writes: 0, skipped: false } }),
    );
    return begun ?? Promise.resolve(finalizeReply(ending, settings.sandbox, world.hides));
  };

  /** What a name and its arguments call: a job, an operation by its own name or through another's. */
  function calledBy(name: string, raw: unknown, hide: Redact): Called | undefined {
    const work = works.get(name);
    if (work) return { name, raw, takes: work.tool, go: (going, args) => job(work, args, going) };
    const through = catalogue.ways.has(name) ? resolveMetaCall(name, raw, catalogue, hide) : undefined;
    if (through && "refusal" in through) return { name, raw: through.raw, go: () => through.refusal };
    const { tool, raw: args, ...more } = through ?? { tool: catalogue.tools.get(name), raw };
    const called = tool && { name: tool.name, tool, raw: args, takes: tool, ...more };
    return called && { ...called, go: (going, own) => run(called.tool, own, going, onceInRun) };
  }

  /** From the call as it came to the reply as it leaves, with its line in the log. */
  async function one({ name, tool, raw, takes, go, ...called }: Called, from: Going): Promise<Reply> {
    const { progress = silent, calledAs = called.calledAs } = from.around;
    const telling = neverQuiet(progress, world);
    // Where nobody is told anything, there is nothing to tell it by.
    const going: Going =
      progress === silent ? from : { ...from, around: { ...from.around, ...toldBy(telling, from.around) } };
    const { ends, hides } = going;
    const began = now();
    let requestContext: RequestContext | undefined;
    let outcome: Logged["outcome"] = "defect";
    let reply: Reply | undefined;
    try {
      const onContext = <T>(work: () => Promise<T> | T): Promise<T> => {
        requestContext ??= requestContextOf(going, telling.progress, began);
        return onCall(requestContext, work);
      };
      // A read sends on its own deadline's context alone (`send`).
      const alone = tool !== undefined && !isWrite(tool);
      const came = await interpretedArguments(
        isSetUp && takes,
        raw,
        givenWithin(world.naming, onContext),
        () => ends.unsent,
        (args) => (alone ? go(going, args) : onContext(() => go(going, args))),
      );
      const reads = tool === undefined || tool.operation.effect === "read";
      const told = underNewName(came, name, calledAs);
      const seen = settings.policyNote ? withPolicyNote(told, settings.policyNote, reads) : told;
      const isTold = tool === undefined ? takes !== undefined : tool.operation.output.as === "file";
      reply = finalizeReply(withLack(seen, requestContext), settings.sandbox, hides, isTold);
      outcome = reply.outcome;
      return reply;
    } catch (error) {
      if (ends.over() !== undefined || error instanceof InputRequired) {
        outcome = error instanceof InputRequired ? "waiting" : "cancelled";
        const { writes } = going.tally;
        if (running.ending())
          return finalizeReply(writes > 0 ? endingAfter(writes) : ending, settings.sandbox, hides);
        throw error;
      }
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      log.warn(`${name} met a defect of this server: ${hides.inWords(stack ?? message)}`);
      throw new Error(`A defect of this server: ${hides.inWords(message)}`);
    } finally {
      telling.end();
      await world.run?.record.ended({
        tool: name,
        outcome,
        skipped: going.tally.skipped,
        ms: Math.max(0, now() - began),
      });
      if (log.tellsCalls) logCall({ name, tool, raw }, going, { reply, outcome, began });
    }
  }

  /** Of what is made of a part, that it is: figures and “nobody” would be taken for the whole. */
  function withPolicyNote(reply: Reply, note: string, reads: boolean): Reply {
    // “There is no such person” is a figure, too.
    const isNo = reply.outcome === "refused" && !/\bpolic(y|ies)\b/i.test(reply.text);
    if (!isNo && !(reads && reply.outcome === "done")) return reply;
    const { structured } = reply;
    const notes = [...[structured?.notes ?? []].flat(), note];
    return {
      ...reply,
      text: `${reply.text}\n${note}`,
      ...(structured && { structured: { ...structured, notes } }),
    };
  }

  function logCall(
    { name, tool, raw }: Pick<Called, "name" | "raw"> & { readonly tool: Tool | undefined },
    { time, hides }: Going,
    ended: { readonly reply: Reply | undefined; readonly outcome: Logged["outcome"]; readonly began: number },
  ): void {
    const { tries = 0, waitedMs = 0, bytes = 0, status } = time?.requestContext ?? {};
    const { reply, outcome, began } = ended;
    const ms = Math.max(0, now() - began);
    const said = { arguments: withoutSecrets((raw ?? {}) as Args), reply: spoken(tool, reply) };
    log.call({ tool: name, ms, bytes, status, outcome, tries, waited_ms: waitedMs }, said, hides.inWords);
  }

  /** Of all that a call sends besides its own requests. */
  function requestContextOf(going: Going, progress: Progress, began: number): RequestContext {
    return {
      ...createRequestContext(waitsToldBy(progress, { began, timeoutMs: settings.timeoutMs, now })),
      get deadline() {
        return going.job?.deadline() ?? Number.POSITIVE_INFINITY;
      },
    };
  }

  async function job(work: Workflow, raw: unknown, going: Going): Promise<Reply> {
    const checked = checkedOr(work.tool, raw, going);
    if ("text" in checked) return checked;
    const { asker = mute, progress = silent, showsApps = false } = going.around;
    const signal = going.ends.unsent;
    const time = createJobDeadline(settings.timeoutMs, now);
    going.job = time;
    try {
      return await work.run(checked.args, {
        ...{ signal, progress, showsApps },
        late: time.late,
        reading: time.reading,
        call: (name, args, undoes) => {
          const tool = catalogue.steps.get(name);
          const around = { ...going.around, ...(undoes !== undefined && { undoes }) };
          if (tool && isWrite(tool)) world.run?.record.planned(1);
          return tool && run(tool, args, { ...going, around });
        },
        agree: (intended) => {
          const { confirm: _, ...args } = checked.args;
          world.run?.record.planned(intended.steps.length);
          return time.asking(asker, (asker) =>
            agreeToSteps({ name: work.tool.name, args }, intended, steps(going), { asker, signal }),
          );
        },
      });
    } catch (error) {
      if (error instanceof CannotWrite) return refuse(`${work.tool.name} could not be done.`, error.message);
      if (error instanceof Failure)
        return {
          ...refuse(`${work.tool.name} gave no answer. ${error.message}`, error.next),
          ...(error instanceof OutsidePolicy && error.needs && { needs: error.needs }),
        };
      throw error;
    }
  }

  function steps(going: Going): StepsWorld {
    const { asker = mute, progress = silent } = going.around;
    return {
      guard: world.jobGuard,
      toolNamed: (name) => catalogue.steps.get(name),
      check: (tool, args) => check(tool, args, { ...context, hide: going.hides.inWords }),
      send: async (tool, args, approval, partOf) => {
        if (!isWrite(tool)) return refuse(`${tool.name} writes nothing.`);
        const timeoutMs = going.job ? going.job.forStep() : settings.timeoutMs;
        if (timeoutMs === undefined) return refuse(`${tool.name} was not sent: too little time was left.`);
        return writeOf(tool, args, { asker, progress, ...partOf, approval, timeoutMs }, going);
      },
    };
  }

  function checkedOr(tool: Checkable, raw: unknown, going: Going): { readonly args: Args } | Reply {
    if (settings.problems.length > 0) {
      return refuseFor("settings", "This server is not set up yet; nothing was sent.", ...settings.problems);
    }
    const checked = check(tool, raw, { ...context, hide: going.hides.inWords });
    return "wrong" in checked
      ? refuseFor("arguments", `${tool.name} was not called; nothing was sent.`, ...checked.wrong)
      : checked;
  }

  async function run(tool: Tool, raw: unknown, going: Going, doWrite = writeOf): Promise<Reply> {
    const checked = checkedOr(tool, raw, going);
    if ("text" in checked) return checked;
    const { asker = mute, progress = silent, undoes } = going.around;
    const reply = isWrite(tool)
      ? await doWrite(tool, checked.args, { asker, progress, undoes }, going)
      : await send(tool, checked.args, progress, going);
    return withTries(reply, going.time?.requestContext.tries ?? 0);
  }

  /** A write that was called by itself: within a run, once. */
  async function onceInRun(
    tool: Tool & { operation: WriteOperation },
    args: Args,
    told: ToWrite,
    going: Going,
  ): Promise<Reply> {
    if (world.run === undefined) return writeOf(tool, args, told, going);
    const { confirm: _, ...own } = args;
    world.run.record.planned(1);
    const standing = await world.run.once(tool, own, going.ends.unsent).catch((error: unknown) => {
      // What the run did cannot be looked up: it might be done twice.
      if (!(error instanceof CannotWrite)) throw error;
      return { reply: refuse(`${tool.name} was not sent.`, error.message), skipped: false };
    });
    if ("reply" in standing) {
      going.tally.skipped = standing.skipped;
      return standing.reply;
    }
    const { once } = standing;
    const reply = await writeOf(tool, args, { ...told, once }, going);
    if (maybeDone.has(reply.outcome)) once.sent?.();
    return reply;
  }

  async function writeOf(
    tool: Tool & { operation: WriteOperation },
    { confirm, ...args }: Args,
    { undoes, plan, approval, timeoutMs = settings.timeoutMs, once = partOfRun, ...told }: ToWrite,
    going: Going,
  ): Promise<Reply> {
    const code = typeof confirm === "string" ? confirm : undefined;
    const { ends, hides } = going;
    const hide = hides.inWords;
    const onTime = (time: CallDeadline) => void Object.assign(going, { time });
    const own = { ends, hide, onTime, ...(hides !== world.hides && { hideSaid: hide }) };
    const asked = { tool, args, code, undoes, approval, plan, once };
    try {
      const reply = await write(asked, { ...writing, timeoutMs }, { ...told, ...own });
      if (maybeDone.has(reply.outcome)) going.tally.writes += 1;
      return reply;
    } catch (error) {
      // What was cut off while it was being sent.
      if (ends.sent.aborted) going.tally.writes += 1;
      throw error;
    }
  }

  async function send(tool: Tool, args: Args, progress: Progress, going: Going): Promise<Reply> {
    const { operation, route } = tool;
    const { output } = operation;
    const { timeoutMs } = settings;
    const { ends } = going;
    const time = beginCallDeadline(world, { timeoutMs, cancelled: ends.linked, progress });
    going.time = time;
    const { signal, api } = time;
    let stage: Stage = "before";
    try {
      const spelt = await spellPerson(operation.person, args, api, signal);
      signal.throwIfAborted();
      stage = "sent";
      if (output.as === "many" && lists(operation)) {
        return await listPage(tool, output.kind, spelt, { ...world, api }, signal);
      }
      if (output.as === "file") return await report(tool, spelt, { ...world, api }, signal, progress);
      const form = encode(spelt, operation.wire);
      const reading = await api(route, form, signal);
      return answer(tool, args, reading, world.view);
    } catch (error) {
      const over = ends.over();
      if (over) throw over.reason;
      if (signal.aborted) return tooLate(tool, stage, timeoutMs);
      if (error instanceof NotAList) return answer(tool, args, error.reading, world.view);
      return errorReply(tool, args, error, stage);
    } finally {
      time.end();
    }
  }
}
