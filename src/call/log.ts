import type { CallOutcome } from "../reply/reply.ts";
import { cleanLines } from "../text/english.ts";
import { hidden, type Redact } from "./redaction/redact.ts";

export type Level = "warn" | "info" | "debug";

/** What became of one call. */
export interface Called {
  readonly tool: string;
  readonly ms: number;
  /** Of SkyPrep's answers. */
  readonly bytes: number;
  /** Of SkyPrep's last answer; left out: none came. */
  readonly status?: number | undefined;
  readonly outcome: CallOutcome | "cancelled" | "defect";
  readonly tries: number;
  readonly waited_ms: number;
}

/** Only at `debug`, and without secrets. */
export interface LoggedText {
  readonly arguments?: unknown;
  readonly reply?: string | undefined;
}

export interface Log {
  /** Something an administrator should know of. */
  warn(text: string): void;
  call(called: Called, said: LoggedText, hide: Redact): void;
  /** Whether a line a call is wanted at all. */
  readonly tellsCalls: boolean;
}

export interface LogOptions {
  readonly level: Level;
  /** One line, to stderr. */
  readonly say: (line: string) => void;
  /** Read by a person as it comes. */
  readonly terminal: boolean;
  readonly hide: Redact;
}

const longest = 2_000;

/** Lines on stderr: JSON for programs, words for a terminal. */
export function createLog({ level, say, terminal, hide }: LogOptions): Log {
  return {
    tellsCalls: level !== "warn",
    warn: (text) => say(cleanLines(hide(`skyprep-mcp: ${text}`))),
    call(called, said, hideOfCall) {
      const more = level === "debug" ? (hidden(said, (text) => hide(hideOfCall(text))) as LoggedText) : {};
      const { reply, ...rest } = more;
      const whole = { ...called, ...rest, ...(reply !== undefined && { reply: reply.slice(0, longest) }) };
      say(cleanLines(terminal ? inWords(whole) : JSON.stringify(whole)));
    },
  };
}

function inWords({
  tool,
  ms,
  bytes,
  status,
  outcome,
  tries,
  waited_ms,
  ...said
}: Called & LoggedText): string {
  const facts = [
    `${ms} ms`,
    bytes >= 1024 ? `${Math.round(bytes / 1024)} KiB` : `${bytes} bytes`,
    status === undefined ? "no answer" : `status ${status}`,
    ...(tries > 1 ? [`${tries} tries`] : []),
    ...(waited_ms >= 1000 ? [`waited ${Math.round(waited_ms / 1000)} s`] : []),
  ];
  const more = [
    ...(said.arguments === undefined ? [] : [`  ${JSON.stringify(said.arguments)}`]),
    ...(said.reply === undefined ? [] : said.reply.split("\n").map((line) => `  ${line}`)),
  ];
  return [`${tool}: ${outcome} (${facts.join(", ")})`, ...more].join("\n");
}
