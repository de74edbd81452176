import type { WriteOperation } from "../../tools/schema/operation.ts";
import type { Asker } from "../guard/ask.ts";
import { Suspended } from "../guard/question.ts";
import { type Reply, refuse } from "../reply/reply.ts";
import { encode } from "../skyprep/form.ts";
import { answer } from "./answer.ts";
import { type Catalogue, lists, type Tool } from "./catalogue.ts";
import { type Args, check } from "./check.ts";
import { failed, type Stage, tooLate } from "./failed.ts";
import { type ListWorld, listPage } from "./list.ts";
import type { Called, Log } from "./log.ts";
import { beginOwnTime, type OwnTime } from "./own-time.ts";
import { spellPerson } from "./person.ts";
import { type Progress, silent } from "./progress.ts";
import { type ReportWorld, report } from "./report.ts";
import { NotAList } from "./rows.ts";
import type { Ends, Running } from "./running.ts";
import { alsoHiding, confided, type Hide, type Hides, hidden, withoutSecrets } from "./secrets.ts";
import { type WriteWorld, write } from "./write.ts";

export interface CallSettings {
  readonly sandbox: boolean;
  readonly timeoutMs: number;
  readonly customFields: ReadonlyMap<string, string>;
  /** Said by every call until mended; nothing is sent meanwhile. */
  readonly problems: readonly string[];
}

export type CallWorld = ListWorld &
  ReportWorld &
  Omit<WriteWorld, "timeoutMs" | "drop"> & {
    readonly running: Running;
    readonly log: Log;
    /** Take out of any text what never leaves. */
    readonly hides: Hides;
  };

/** What a call has around it. */
export interface Around {
  readonly progress?: Progress;
  /** Left out: whoever calls cannot be asked anything. */
  readonly asker?: Asker;
  /** The line of the journal that this call undoes. */
  readonly undoes?: number;
}

/** Undefined: there is no such tool. Rejects only with the signal's reason, `Suspended`, or a bug of ours. */
export type Caller = (
  name: string,
  raw: unknown,
  signal: AbortSignal,
  around?: Around,
) => Promise<Reply> | undefined;

const mute: Asker = { client: "", tell: () => {} };
const ending: Reply = refuse("This server is ending; nothing was sent.", "Start it again, then call again.");

/** One call, on its way. */
interface Going {
  readonly ends: Ends;
  readonly around: Around;
  readonly hides: Hides;
  time?: OwnTime;
}

/** The life of a call: check, ask, send, show. */
export function createCaller(catalogue: Catalogue, world: CallWorld, settings: CallSettings): Caller {
  const { kept, now, running, log } = world;
  const writing: WriteWorld = { ...world, timeoutMs: settings.timeoutMs, drop: kept.drop };
  return (name, raw, signal, around = {}) => {
    const tool = catalogue.tools.get(name);
    if (tool === undefined) return undefined;
    const begun = running.begin(signal, (ends) => one(tool, raw, { ends, around }));
    return begun ?? Promise.resolve(finish(ending, settings.sandbox, world.hides));
  };

  /** From the call as it came to the reply as it leaves, with its line in the log. */
  async function one(tool: Tool, raw: unknown, { ends, around }: Omit<Going, "hides">): Promise<Reply> {
    const secrets = confided(raw);
    const hides = secrets.length > 0 ? alsoHiding(world.hides, secrets) : world.hides;
    const going: Going = { ends, around, hides };
    const began = now();
    let outcome: Called["outcome"] = "defect";
    let reply: Reply | undefined;
    try {
      reply = finish(await run(tool, raw, going), settings.sandbox, hides);
      outcome = outcomeOf(reply);
      return reply;
    } catch (error) {
      if (ends.unsent.aborted || error instanceof Suspended) {
        outcome = error instanceof Suspended ? "refused" : "cancelled";
        if (running.ending()) return finish(ending, settings.sandbox, hides);
        throw error;
      }
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      log.warn(`${tool.name} met a defect of this server: ${hides.inWords(stack ?? message)}`);
      throw new Error(`A defect of this server: ${hides.inWords(message)}`);
    } finally {
      const { tries = 0, waitedMs = 0, bytes = 0, status } = going.time?.trip ?? {};
      const ms = Math.max(0, now() - began);
      const said = { arguments: withoutSecrets((raw ?? {}) as Args), reply: spoken(tool, reply) };
      log.call(
        { tool: tool.name, ms, bytes, status, outcome, tries, waited_ms: waitedMs },
        said,
        hides.inWords,
      );
    }
  }

  async function run(tool: Tool, raw: unknown, going: Going): Promise<Reply> {
    if (settings.problems.length > 0) {
      return refuse("This server is not set up yet; nothing was sent.", ...settings.problems);
    }
    const checked = check(tool, raw, { reserved: catalogue.reserved, customFields: settings.customFields });
    if ("wrong" in checked) return refuse(`${tool.name} was not called; nothing was sent.`, ...checked.wrong);
    const { asker = mute, progress = silent, undoes } = going.around;
    const reply = isWrite(tool)
      ? await writeOf(tool, checked.args, { asker, progress, undoes }, going)
      : await send(tool, checked.args, progress, going);
    return withTries(reply, going.time?.trip.tries ?? 0);
  }

  function writeOf(
    tool: Tool & { operation: WriteOperation },
    { confirm, ...args }: Args,
    { undoes, ...told }: { asker: Asker; progress: Progress; undoes: number | undefined },
    going: Going,
  ): Promise<Reply> {
    const code = typeof confirm === "string" ? confirm : undefined;
    const { ends, hides } = going;
    const onTime = (time: OwnTime) => {
      going.time = time;
    };
    return write({ tool, args, code, undoes }, writing, { ...told, ends, hide: hides.inWords, onTime });
  }

  async function send(tool: Tool, args: Args, progress: Progress, going: Going): Promise<Reply> {
    const { operation, route } = tool;
    const { output } = operation;
    const { timeoutMs } = settings;
    const cancelled = going.ends.unsent;
    const time = beginOwnTime(world, { timeoutMs, cancelled, progress });
    going.time = time;
    const { signal, api } = time;
    const own = { ...world, api };
    let stage: Stage = "before";
    try {
      const spelt = await spellPerson(operation.person, args, api, signal);
      signal.throwIfAborted();
      stage = "sent";
      if (output.as === "many" && lists(operation)) {
        return await listPage(tool, output.kind, spelt, own, signal);
      }
      if (output.as === "file") return await report(tool, spelt, own, signal, progress);
      const form = encode(spelt, operation.wire);
      const reading = await api(route, form, signal);
      return answer(tool, args, reading, world.view);
    } catch (error) {
      if (cancelled.aborted) throw cancelled.reason;
      if (signal.aborted) return tooLate(tool, stage, timeoutMs);
      if (error instanceof NotAList) return answer(tool, args, error.reading, world.view);
      return failed(tool, args, error, stage);
    } finally {
      time.end();
    }
  }
}

const isWrite = (tool: Tool): tool is Tool & { operation: WriteOperation } =>
  tool.operation.effect !== "read";

const withTries = (reply: Reply, tries: number): Reply =>
  tries > 1
    ? {
        ...reply,
        text: `${reply.text}\nAfter ${tries} tries.`,
        ...(reply.structured && { structured: { ...reply.structured, tries } }),
      }
    : reply;

const outcomeOf = ({ isError, structured }: Reply): Called["outcome"] =>
  structured?.outcome === "unknown" ? "unknown" : isError ? "refused" : "ok";

/** What a credential opens stands in its own reply and nowhere else. */
const spoken = ({ operation }: Tool, reply: Reply | undefined): string | undefined =>
  operation.effect === "credential" && !reply?.isError ? undefined : reply?.text;

/** The one place where a reply leaves: the sandbox says so in the first line, and a secret never passes. */
function finish(reply: Reply, sandbox: boolean, { inData, inWords }: Hides): Reply {
  const hide = reply.isError ? inWords : inData;
  // A half of a character would make the whole message unreadable to a strict client.
  const whole: Hide = (text) => hide(text).replace(/\p{Cs}/gu, "");
  const text = whole(reply.text);
  const structured = reply.structured && (hidden(reply.structured, whole) as Record<string, unknown>);
  return {
    text: sandbox ? `[sandbox] ${text}` : text,
    ...(structured && { structured }),
    ...(reply.link && { link: reply.link }),
    ...(reply.isError && { isError: true }),
  };
}
