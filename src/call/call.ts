import { consequenceOf } from "../guard/consequence.ts";
import { WriteInReadOnly } from "../guard/read-only.ts";
import { type Reply, refuse } from "../reply/reply.ts";
import { Failure, SignInRefused } from "../skyprep/failure.ts";
import { encode, Unwritable } from "../skyprep/form.ts";
import { BadCursor } from "../store/cursor.ts";
import { answer } from "./answer.ts";
import { type Catalogue, lists, type Tool } from "./catalogue.ts";
import { type Args, check } from "./check.ts";
import { type ListWorld, listPage } from "./list.ts";
import { NobodyFound, spellPerson } from "./person.ts";
import { type Progress, silent } from "./progress.ts";
import { type ReportWorld, report } from "./report.ts";
import { NotAList } from "./rows.ts";

export interface CallSettings {
  readonly sandbox: boolean;
  readonly timeoutMs: number;
  readonly customFields: ReadonlyMap<string, string>;
  /** Said by every call until mended; nothing is sent meanwhile. */
  readonly problems: readonly string[];
  /** Never leaves, wherever it turns up. */
  readonly secrets: readonly string[];
}

/** Undefined: there is no such tool. Rejects only with the signal's reason, or with a bug of ours. */
export type Caller = (
  name: string,
  raw: unknown,
  signal: AbortSignal,
  progress?: Progress,
) => Promise<Reply> | undefined;

/** The life of a call: check, refuse what nobody could agree to, send, show. */
export function createCaller(
  catalogue: Catalogue,
  world: ListWorld & ReportWorld,
  settings: CallSettings,
): Caller {
  const { api } = world;
  return (name, raw, signal, progress = silent) => {
    const tool = catalogue.tools.get(name);
    return (
      tool &&
      run(tool, raw, signal, progress).then((reply) =>
        finish(reply, settings, [...settings.secrets, ...confided(raw)]),
      )
    );
  };

  async function run(tool: Tool, raw: unknown, signal: AbortSignal, progress: Progress): Promise<Reply> {
    if (settings.problems.length > 0) {
      return refuse("This server is not set up yet; nothing was sent.", ...settings.problems);
    }
    const checked = check(tool, raw, { reserved: catalogue.reserved, customFields: settings.customFields });
    if ("wrong" in checked) return refuse(`${tool.name} was not called; nothing was sent.`, ...checked.wrong);
    const refusal = settings.sandbox ? undefined : unagreed(tool, checked.args);
    return refusal ?? send(tool, checked.args, signal, progress);
  }

  async function send(tool: Tool, args: Args, cancelled: AbortSignal, progress: Progress): Promise<Reply> {
    const { operation, route } = tool;
    const { output } = operation;
    const overdue = AbortSignal.timeout(settings.timeoutMs);
    const signal = AbortSignal.any([cancelled, overdue]);
    let stage: "before" | "sent" = "before";
    try {
      const spelt = await spellPerson(operation.person, args, api, signal);
      signal.throwIfAborted();
      stage = "sent";
      if (output.as === "many" && lists(operation)) {
        return await listPage(tool, output.kind, spelt, world, signal);
      }
      if (output.as === "file") return await report(tool, spelt, world, signal, progress);
      const form = encode(spelt, operation.wire);
      if (operation.effect !== "read") world.kept.drop();
      const reading = await api(route, form, signal);
      return answer(tool, args, reading, world.view);
    } catch (error) {
      if (cancelled.aborted) throw cancelled.reason;
      if (signal.aborted) return tooLate(tool, stage, settings.timeoutMs);
      if (error instanceof NotAList) return answer(tool, args, error.reading, world.view);
      return failed(tool, args, error, stage);
    } finally {
      if (stage === "sent" && operation.effect !== "read") world.kept.drop();
    }
  }
}

/** Until a person can be asked, nothing that deserves a question is sent anywhere but to the sandbox. */
function unagreed(tool: Tool, args: Args): Reply | undefined {
  const consequence = consequenceOf(tool.operation, args);
  if (consequence === undefined) return undefined;
  return refuse(
    `${tool.name} was not sent: this ${consequence.says}, and this version cannot ask a person first.`,
    "Do it in SkyPrep's web admin, or try it on the sandbox (start the server with --sandbox).",
  );
}

function failed(tool: Tool, args: Args, error: unknown, stage: "before" | "sent"): Reply {
  if (error instanceof NobodyFound) {
    return refuse(
      `${error.message} Nothing was changed.`,
      "Look with get_users, by name or login, then call again.",
    );
  }
  if (error instanceof BadCursor) return refuse(`${tool.name} gave no rows.`, error.message);
  if (error instanceof Unwritable) {
    return refuse(`${tool.name} was not called; nothing was sent.`, `${error.argument}: ${error.message}.`);
  }
  if (error instanceof WriteInReadOnly) {
    return refuse(error.message, "Ask whoever set this server up to unset SKYPREP_READ_ONLY.");
  }
  if (!(error instanceof Failure)) {
    // A defect of ours: after a write was sent, what counts is that it must not be sent again.
    if (stage === "before" || tool.operation.effect === "read") throw error;
    return unknownOutcome(tool, "The answer could not be handled.");
  }
  if (tool.operation.effect === "read" || stage === "before") return refuse(error.message, error.next);
  if (error instanceof SignInRefused) return refuse(error.message, error.next);
  if (error.reached === "no") return refuse(error.message, `${error.next} Nothing was changed.`);
  if (error.reached === "refused") {
    const several = Object.values(args).some((value) => Array.isArray(value) && value.length > 1);
    return refuse(
      error.message,
      several ? `${error.next} A part may have been done: look first.` : error.next,
    );
  }
  if (error.reached === "yes") {
    return {
      text: `${error.message} The call itself (${tool.name}) went through: do not repeat it; look at the result with a read.`,
      structured: { done: true, answer_unreadable: true },
    };
  }
  return unknownOutcome(tool, `${error.message} ${error.next}`);
}

function tooLate(tool: Tool, stage: "before" | "sent", timeoutMs: number): Reply {
  const message = `SkyPrep did not answer within ${timeoutMs / 1000} s.`;
  if (tool.operation.effect === "read" || stage === "before") {
    return refuse(message, "Ask for less, or call again in a minute; SKYPREP_TIMEOUT allows more time.");
  }
  return unknownOutcome(tool, message);
}

const unknownOutcome = (tool: Tool, message: string): Reply => ({
  text: [
    message,
    `Whether ${tool.name} was done is unknown: do not repeat it before a read shows that it was not.`,
  ].join("\n"),
  structured: { outcome: "unknown", tool: tool.name },
  isError: true,
});

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
