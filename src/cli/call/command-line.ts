import { settings } from "../../config/settings.ts";
import { asTyped, didYouMean, WrongUse } from "./wrong-use.ts";

/** What `call` itself understands, wherever it stands. */
export const ownFlags = ["json", "quiet", "args", "list", "help"] as const;
type Own = (typeof ownFlags)[number];

export interface CommandLine {
  /** As the server's command line would have them. */
  readonly settings: readonly string[];
  readonly json: boolean;
  readonly quiet: boolean;
  readonly list: boolean;
  readonly help: boolean;
  /** `{…}`, `-`, `@file` or a file's name. */
  readonly args: string | undefined;
  /** As it was typed. */
  readonly tool: string | undefined;
  /** What stands behind the tool's name and is none of the above. */
  readonly words: readonly string[];
}

const settingNamed = (name: string) =>
  Object.hasOwn(settings, name) ? (settings[name as keyof typeof settings] as { flag?: true }) : undefined;

/** Settings stand before the word `call`; undefined: it is not the first word that is no setting. */
export function splitAtCall(
  argv: readonly string[],
): { readonly before: readonly string[]; readonly after: readonly string[] } | undefined {
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "call") return { before: argv.slice(0, at), after: argv.slice(at + 1) };
    if (!word.startsWith("--") || word === "--") return undefined;
    if (takesNext(word)) at += 1;
  }
  return undefined;
}

/** Whether a setting's value is the next word. */
function takesNext(word: string): boolean {
  const setting = word.includes("=") ? undefined : settingNamed(word.slice(2));
  return setting !== undefined && setting.flag !== true;
}

/**
 * The words behind `call`: settings and flags of its own, then the tool's name, then the tool's arguments. Flags of its
 * own may stand behind the name, too: no tool has an argument of such a name (test/cli/call/every-tool.test.ts).
 */
export function readCommandLine(before: readonly string[], after: readonly string[]): CommandLine {
  const own = new Map<Own, string>();
  const more: string[] = [];
  const words: string[] = [];
  let tool: string | undefined;
  for (let at = 0; at < after.length; at++) {
    const word = after[at] ?? "";
    const [, flag = "", value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const name = word === "-h" ? "help" : flag;
    if ((ownFlags as readonly string[]).includes(name)) {
      if (own.has(name as Own)) throw new WrongUse(`--${name} is given twice.`);
      const isAlone = name !== "args";
      if (isAlone && value !== undefined) throw new WrongUse(`--${name} takes no value.`);
      const given = isAlone ? "" : (value ?? after[++at]);
      if (given === undefined) throw new WrongUse("--args needs a value: {…}, a file, or - for stdin.");
      own.set(name as Own, given);
    } else if (tool !== undefined) words.push(word);
    else if (flag !== "") {
      if (settingNamed(flag) === undefined) {
        const known = [...ownFlags, ...Object.keys(settings)].map((one) => `--${one}`);
        throw new WrongUse(
          `${asTyped(flag)}is neither a setting nor a flag of call.${didYouMean(flag, known)} A tool's arguments stand behind its name.`,
        );
      }
      more.push(word);
      if (takesNext(word)) more.push(after[++at] ?? "");
    } else tool = word;
  }
  return {
    settings: [...before, ...more],
    json: own.has("json"),
    quiet: own.has("quiet"),
    list: own.has("list"),
    help: own.has("help"),
    args: own.get("args"),
    tool,
    words,
  };
}
