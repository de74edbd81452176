import type { DirectoryKind } from "../../academy/directory.ts";
import type { ArgumentOf, ReadToolName, ToolName } from "../tool-names.ts";

/** Tools of a step with the arguments it gives them; only those that there are compile. */
type Calls<T extends ToolName> = { readonly [N in T]?: readonly ArgumentOf<N>[] };

export interface Step<T extends ToolName = ToolName> {
  readonly says: string;
  readonly calls?: Calls<T>;
  /** The job is still worth doing where these tools are not offered. */
  readonly optional?: true;
}

export interface PromptArgument {
  /** What to fill in, in an administrator's words. */
  readonly says: string;
  readonly required?: true;
  readonly completes?: DirectoryKind;
}

/** A job that people repeat, as a slash command lays it out: look, ask, act, check. Its key is its name. */
export interface Prompt {
  readonly title: string;
  readonly description: string;
  readonly arguments: Readonly<Record<string, PromptArgument>>;
  /** The job in one sentence. */
  readonly goal: string;
  /** Steps that read: a tool that writes does not compile here. */
  readonly look: readonly Step<ReadToolName>[];
  /** What only the person can say, put to them before anything is written. */
  readonly ask: readonly string[];
  readonly act: readonly Step[];
  readonly check: readonly Step<ReadToolName>[];
  /** What must not be done, and what this API cannot do. */
  readonly limits: readonly string[];
}

export const toolsOf = ({ calls = {} }: Step): ToolName[] => Object.keys(calls) as ToolName[];
