import type { Readable, Writable } from "node:stream";
import * as clack from "@clack/prompts";

/** Asks the person at the terminal. Undefined: they left. */
export interface TerminalDialog {
  /** What is typed is not shown. `check` says what is wrong with it. */
  readonly secret: (message: string, check: Check) => Promise<string | undefined>;
  /** `before` stands there to be corrected. */
  readonly text: (
    message: string,
    shown: { readonly example: string; readonly before: string },
    check: Check,
  ) => Promise<string | undefined>;
  readonly choose: <T extends string>(
    message: string,
    choices: readonly Choice<T>[],
  ) => Promise<T[] | undefined>;
  readonly yes: (message: string, first: boolean) => Promise<boolean | undefined>;
}

type Check = (value: string) => string | undefined;

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
  readonly chosen: boolean;
}

/** Loaded only where somebody is asked. */
export function createAsking(streams: { input: Readable; output: Writable }): TerminalDialog {
  const given = <T>(value: T): Exclude<T, symbol> | undefined =>
    typeof value === "symbol" ? undefined : (value as Exclude<T, symbol>);
  return {
    secret: async (message, check) =>
      given(await clack.password({ message, validate: (value) => check(value ?? ""), ...streams })),
    text: async (message, { example, before }, check) =>
      given(
        await clack.text({
          message,
          placeholder: example,
          initialValue: before,
          validate: (value) => check(value ?? ""),
          ...streams,
        }),
      ),
    choose: async <T extends string>(message: string, choices: readonly Choice<T>[]) =>
      given(
        (await clack.multiselect<string>({
          message,
          options: choices.map(({ value, label, hint }) => ({ value, label, ...(hint && { hint }) })),
          initialValues: choices.filter(({ chosen }) => chosen).map(({ value }) => value),
          required: false,
          ...streams,
        })) as T[] | symbol,
      ),
    yes: async (message, first) => given(await clack.confirm({ message, initialValue: first, ...streams })),
  };
}
