import type { Look } from "../account.ts";
import type { TerminalDialog } from "./asking.ts";
import type { Here } from "./clients.ts";

export interface InitCommand extends Here {
  readonly exists: (path: string) => boolean;
  /** The folder it was started in. */
  readonly cwd: string;
  readonly node: string;
  readonly program: string;
  readonly print: (line: string) => void;
  readonly say: (line: string) => void;
  /** Undefined: nobody sits at a terminal. */
  readonly asking: (() => Promise<TerminalDialog>) | undefined;
  readonly look: Look;
  readonly now: () => Date;
}

/** The person left, or what they gave is wrong: ends the command with this code. */
export class Ended extends Error {
  readonly code: number;
  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** What a person said, or the end of it. */
export function answered<T>(value: T | undefined): T {
  if (value === undefined) throw new Ended("Left; nothing more was written.", 1);
  return value;
}
