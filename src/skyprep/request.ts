import type { WireRule } from "../../tools/schema/operation.ts";

/**
 * One call's way to SkyPrep: what it allows those between it and the network, and what they tell it. Shared by
 * all requests that the call makes.
 */
export interface RequestContext {
  /** Epoch milliseconds: nothing is begun that could not be over by then. */
  readonly deadline: number;
  /** Told of a wait before it begins. */
  readonly onWait: (ms: number) => void;
  /** Told now and then while other requests go first; nobody knows for how long. */
  readonly onQueue: () => void;
  /** Told when a request leaves: from now on it may have been done. */
  readonly onSend: (route: string) => void;
  /** Takes out of SkyPrep's sentences what the caller told in confidence, before anybody cuts them short. */
  readonly hide?: ((text: string) => string) | undefined;
  /** Nobody waits for it: whoever has a call to make goes first. */
  readonly isBackground: boolean;
  /** The most tries that one request took so far. */
  tries: number;
  /** Milliseconds spent waiting so far. */
  waitedMs: number;
  /** Of all answers so far, as they travelled or unpacked. */
  bytes: number;
  /** Of the last answer. */
  status: number | undefined;
  /** The last request failed, and may go through later. */
  mayPass: boolean;
}

export const createRequestContext = ({
  deadline = Number.POSITIVE_INFINITY,
  onWait = () => {},
  onQueue = () => {},
  onSend = () => {},
  hide,
  isBackground = false,
}: Partial<
  Pick<RequestContext, "deadline" | "onWait" | "onQueue" | "onSend" | "hide" | "isBackground">
> = {}): RequestContext => ({
  deadline,
  onWait,
  onQueue,
  onSend,
  hide,
  isBackground,
  tries: 0,
  waitedMs: 0,
  bytes: 0,
  status: undefined,
  mayPass: false,
});

/** A request that has less time than this left is not worth starting: its answer would be lost. */
export const worthStartingMs = 2_000;

/** Resolves after so many milliseconds; rejects with the signal's reason. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export async function rest(
  context: RequestContext,
  ms: number,
  pause: Pause,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  context.onWait(ms);
  try {
    await pause(ms, signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
  context.waitedMs += ms;
}

/** A controller of one's own that also ends with somebody else's signal. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
  /** Follows no longer; to be called when the work is done. */
  leave(): void;
}

/**
 * As `AbortSignal.any`, for work that has an end: what that makes is held weakly by what it follows, and costs a
 * call more than anything else of ours.
 */
export function linkedAbort(signal: AbortSignal): LinkedAbort {
  const own = new AbortController();
  const follow = () => own.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener("abort", follow, { once: true });
  return {
    signal: own.signal,
    abort: (reason) => own.abort(reason),
    leave: () => signal.removeEventListener("abort", follow),
  };
}

export type Rules = Readonly<Record<string, WireRule>>;

/** An argument that cannot be written on the wire without becoming something else. */
export class Unwritable extends Error {
  readonly argument: string;
  constructor(argument: string, message: string) {
    super(message);
    this.argument = argument;
  }
}

/**
 * Arguments → `application/x-www-form-urlencoded` (skyprep-api §3.3): lists comma-joined unless a rule says
 * otherwise, flags as true/false, `custom_fields` as `ca_N`, `extra` as it is.
 */
export function encode(args: Readonly<Record<string, unknown>>, rules: Rules = {}): string {
  const form = new URLSearchParams();
  for (const [argument, value] of Object.entries(args)) {
    if (value === undefined) continue;
    const rule = rules[argument] ?? {};
    if (rule.sent === false) continue;
    const name = rule.as ?? argument;
    if (argument === "extra" || argument === "custom_fields") {
      for (const [key, text] of Object.entries(value as Record<string, string>)) form.append(key, text);
    } else if (Array.isArray(value)) {
      appendList(form, argument, name, value.map(String), rule);
    } else if (typeof value === "boolean") {
      form.append(name, rule.flag === "digits" ? (value ? "1" : "0") : String(value));
    } else {
      form.append(name, String(value));
    }
  }
  return form.toString();
}

function appendList(
  form: URLSearchParams,
  argument: string,
  name: string,
  items: string[],
  rule: WireRule,
): void {
  if (rule.list === "brackets") {
    for (const item of items) form.append(`${name}[]`, item);
    return;
  }
  const separator = rule.list === "semicolons" ? ";" : ",";
  const torn = items.find((item) => item.includes(separator));
  if (torn !== undefined) {
    throw new Unwritable(
      argument,
      `"${torn}" contains "${separator}", which separates the items of this list`,
    );
  }
  form.append(name, items.join(separator));
}
