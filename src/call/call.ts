import type { Asker } from "../guard/ask.ts";
import type { JobGuard } from "../guard/steps.ts";
import { CannotWrite } from "../journal/line.ts";
import { type Reply, refuse } from "../reply/reply.ts";
import { encode } from "../skyprep/form.ts";
import { answer } from "./answer.ts";
import { type Catalogue, lists, type Tool } from "./catalogue.ts";
import { type Args, type Checkable, check } from "./check.ts";
import { failed, type Stage, tooLate } from "./failed.ts";
import { type ListWorld, listPage } from "./list.ts";
import { spellPerson } from "./person.ts";
import { type Progress, silent } from "./progress.ts";
import { type ReportWorld, report } from "./report.ts";
import { NotAList } from "./rows.ts";
import { type Agreement, agreeToSteps, type Intended, type StepsWorld } from "./steps.ts";
import { isWrite, type WriteWorld, write } from "./write.ts";

export interface CallSettings {
  readonly sandbox: boolean;
  readonly timeoutMs: number;
  readonly customFields: ReadonlyMap<string, string>;
  /** Said by every call until mended; nothing is sent meanwhile. */
  readonly problems: readonly string[];
  /** Never leaves, wherever it turns up. */
  readonly secrets: readonly string[];
}

/** What a call has around it. */
export interface Around {
  readonly progress?: Progress;
  /** Left out: whoever calls cannot be asked anything. */
  readonly asker?: Asker;
  /** The line of the journal that this call undoes. */
  readonly undoes?: number;
}

/** What a job is given to do its work with. */
export interface Inner {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** One operation, through the path every call takes; undefined where it is not offered. */
  readonly call: (tool: string, args: Args, undoes?: number) => Promise<Reply> | undefined;
  /** Asks once for everything the job would write; a reply where it may not be done. */
  readonly agree: (intended: Intended) => Promise<Agreement | Reply>;
}

/** A tool that is no operation, but built on them. */
export interface Work {
  readonly tool: Checkable;
  readonly run: (args: Args, inner: Inner) => Promise<Reply>;
}

/** Undefined: there is no such tool. Rejects only with the signal's reason, `Suspended`, or a bug of ours. */
export type Caller = (
  name: string,
  raw: unknown,
  signal: AbortSignal,
  around?: Around,
) => Promise<Reply> | undefined;

const mute: Asker = { client: "", tell: () => {} };

/** The life of a call: check, ask, send, show. */
export function createCaller(
  catalogue: Catalogue,
  world: ListWorld & ReportWorld & Omit<WriteWorld, "timeoutMs" | "drop"> & { readonly jobGuard: JobGuard },
  settings: CallSettings,
  works: ReadonlyMap<string, Work> = new Map(),
): Caller {
  const { api, kept } = world;
  const writing: WriteWorld = { ...world, timeoutMs: settings.timeoutMs, drop: kept.drop };
  return (name, raw, signal, around = {}) => {
    const work = works.get(name);
    const tool = catalogue.tools.get(name);
    const reply = work ? job(work, raw, signal, around) : tool && run(tool, raw, signal, around);
    return reply?.then((one) => finish(one, settings, [...settings.secrets, ...confided(raw)]));
  };

  async function job(work: Work, raw: unknown, signal: AbortSignal, around: Around): Promise<Reply> {
    const checked = checkedOr(work.tool, raw);
    if ("isError" in checked) return checked;
    const { progress = silent } = around;
    try {
      return await work.run(checked.args, {
        signal,
        progress,
        call: (name, args, undoes) => {
          const tool = catalogue.tools.get(name);
          return tool && run(tool, args, signal, { ...around, ...(undoes !== undefined && { undoes }) });
        },
        agree: (intended) => {
          const { asker = mute } = around;
          const { confirm: _, ...args } = checked.args;
          return agreeToSteps({ name: work.tool.name, args }, intended, steps(asker, signal), {
            asker,
            signal,
          });
        },
      });
    } catch (error) {
      if (error instanceof CannotWrite) return refuse(`${work.tool.name} could not be done.`, error.message);
      throw error;
    }
  }

  function steps(asker: Asker, signal: AbortSignal): StepsWorld {
    const { customFields } = settings;
    return {
      guard: world.jobGuard,
      toolNamed: (name) => catalogue.tools.get(name),
      check: (tool, args) => check(tool, args, { reserved: catalogue.reserved, customFields }),
      send: async (tool, args, leave) =>
        isWrite(tool)
          ? write({ tool, args, code: undefined, leave }, writing, { signal, asker })
          : refuse(`${tool.name} writes nothing.`),
    };
  }

  function checkedOr(
    tool: Checkable,
    raw: unknown,
  ): { readonly args: Args } | (Reply & { readonly isError: true }) {
    if (settings.problems.length > 0) {
      return refuse("This server is not set up yet; nothing was sent.", ...settings.problems);
    }
    const checked = check(tool, raw, { reserved: catalogue.reserved, customFields: settings.customFields });
    return "wrong" in checked
      ? refuse(`${tool.name} was not called; nothing was sent.`, ...checked.wrong)
      : checked;
  }

  async function run(tool: Tool, raw: unknown, signal: AbortSignal, around: Around): Promise<Reply> {
    const checked = checkedOr(tool, raw);
    if ("isError" in checked) return checked;
    if (isWrite(tool)) {
      const { confirm, ...args } = checked.args;
      const code = typeof confirm === "string" ? confirm : undefined;
      const { asker = mute, undoes } = around;
      return write({ tool, args, code, undoes }, writing, { signal, asker });
    }
    return send(tool, checked.args, signal, around.progress ?? silent);
  }

  async function send(tool: Tool, args: Args, cancelled: AbortSignal, progress: Progress): Promise<Reply> {
    const { operation, route } = tool;
    const { output } = operation;
    const overdue = AbortSignal.timeout(settings.timeoutMs);
    const signal = AbortSignal.any([cancelled, overdue]);
    let stage: Stage = "before";
    try {
      const spelt = await spellPerson(operation.person, args, api, signal);
      signal.throwIfAborted();
      stage = "sent";
      if (output.as === "many" && lists(operation)) {
        return await listPage(tool, output.kind, spelt, world, signal);
      }
      if (output.as === "file") return await report(tool, spelt, world, signal, progress);
      const form = encode(spelt, operation.wire);
      const reading = await api(route, form, signal);
      return answer(tool, args, reading, world.view);
    } catch (error) {
      if (cancelled.aborted) throw cancelled.reason;
      if (signal.aborted) return tooLate(tool, stage, settings.timeoutMs);
      if (error instanceof NotAList) return answer(tool, args, error.reading, world.view);
      return failed(tool, args, error, stage);
    }
  }
}

/** The one place where a reply leaves: the sandbox says so in the first line, and a secret never passes. */
function finish(reply: Reply, { sandbox }: CallSettings, secrets: readonly string[]): Reply {
  // A half of a character would make the whole message unreadable to a strict client.
  const hide = (text: string) =>
    secrets.reduce((kept, secret) => kept.replaceAll(secret, "•••"), text).replace(/\p{Cs}/gu, "");
  const text = hide(reply.text);
  const structured = reply.structured && (hidden(reply.structured, hide) as Record<string, unknown>);
  return {
    text: sandbox ? `[sandbox] ${text}` : text,
    ...(structured && { structured }),
    ...(reply.link && { link: reply.link }),
    ...(reply.isError && { isError: true }),
  };
}

function hidden(value: unknown, hide: (text: string) => string): unknown {
  if (typeof value === "string") return hide(value);
  if (Array.isArray(value)) return value.map((one) => hidden(one, hide));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [hide(name), hidden(one, hide)]));
}

/** What the caller gave in confidence: SkyPrep's refusals may repeat it. */
function confided(raw: unknown): string[] {
  const { password, ssn } = (raw ?? {}) as Record<string, unknown>;
  // A number is mended to text on its way, and SkyPrep would repeat it as such.
  return [password, ssn]
    .filter((one) => typeof one === "string" || typeof one === "number")
    .map(String)
    .filter((one) => one.length >= 4);
}
