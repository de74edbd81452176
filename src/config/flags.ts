import { parseArgs } from "node:util";
import { meantAs } from "./meant-as.ts";
import { type Name, type Setting, settings, variable } from "./settings.ts";

/** A setting that is wrong, and what to do about it. Never holds a key's value. */
export interface Problem {
  readonly setting: string;
  readonly fix: string;
}

/** Notes that a setting is wrong, and what to do about it. */
export type Wrong = (name: Name, fix: string) => void;

/** An empty value, or a placeholder `${…}` a host did not fill in, counts as unset. */
export function meant(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === undefined || trimmed === "" || /^\$\{[^}]*\}$/.test(trimmed) ? undefined : trimmed;
}

/**
 * The same of what protects: only the form in which a desktop bundle hands on a field that was left empty counts as
 * unset. Any other `${…}` was meant to be filled in, and taken for unset it would leave the protection off.
 */
export function meantToProtect(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === "" || (trimmed && /^\$\{user_config\.\w+\}$/.test(trimmed)) ? undefined : trimmed;
}

/**
 * Whether a value is one that somebody or some host should have filled in: `{env:X}`, `%X%`, `{{X}}`,
 * `<YOUR_KEY>`, `$X`, or `${X}` within more. Taken for unset, a protection that was meant would be off.
 */
export const isPlaceholder = (value: string): boolean =>
  unfilled.test(value.replace(/^(["'`])(.*)\1$/, "$2").trim()) || /\$\{[^}]*\}/.test(value);

const thing = "(?:key|domain|pin|value|secret|token|setting)";
const unfilled = new RegExp(
  [
    "\\{.*\\}|<.*>|«.*»|\\[.*\\]|[#@]\\{.*\\}",
    "%[^%]+%|%\\(\\w+\\)s|@[A-Z_]+@|__\\w+__|!\\w+!",
    "\\$\\$?[a-z_][\\w:.]*|\\$\\(.*\\)|\\$\\[.*\\]",
    // References that a host or a vault should have followed.
    "(?:process\\.)?env[.:]\\w+|env\\[\\W?\\w+\\W?\\]|(?:op|vault|keychain|secret)://.*",
    `your[_ -](?:\\w+[_ -])*${thing}(?:[_ -]here)?|(?:\\w+[_ -])*${thing}[_ -]here`,
  ]
    .map((one) => `^(?:${one})$`)
    .join("|"),
  "i",
);

export const fillIn = "it is a placeholder that was not filled in: write the value itself, or leave it out.";

/** The command line in pieces: settings with their values, and words that belong to none. */
export function piecesOf(argv: readonly string[]) {
  const options: Record<string, { type: "string" | "boolean" }> = {};
  for (const [name, kind] of Object.entries(settings))
    options[name] = { type: "flag" in kind ? "boolean" : "string" };
  return parseArgs({ args: [...argv], options, strict: false, tokens: true, allowPositionals: true }).tokens;
}

export const settingNamed = (name: string): Setting | undefined =>
  Object.hasOwn(settings, name) ? settings[name as Name] : undefined;

/** Of a flag that is none: what to do about it. */
export function notASetting(rawName: string): string {
  const near = meantAs(rawName).map((name) => `--${name}`);
  const question = near.length > 0 ? ` Did you mean ${near.join(" or ")}?` : "";
  return `it is not a setting; skyprep-mcp --help lists them.${question}`;
}

export function readFlags(argv: readonly string[], problems: Problem[]): Map<Name, string> {
  const flags = new Map<Name, string>();
  for (const token of piecesOf(argv)) {
    if (token.kind === "positional") {
      // Not repeated: somebody may have pasted a key here.
      problems.push({
        setting: "the command line",
        fix: "it has a word that is no command; see skyprep-mcp --help.",
      });
    }
    if (token.kind !== "option") continue;
    const kind = settingNamed(token.name);
    if (kind === undefined) {
      problems.push({ setting: token.rawName, fix: notASetting(token.rawName) });
    } else if (kind.secret) {
      const instead = variable(token.name as Name);
      problems.push({
        setting: token.rawName,
        fix: `use ${instead}: other users of this computer can see flags.`,
      });
    } else {
      const value = meant(token.value ?? (kind.flag ? "true" : undefined));
      if (value !== undefined) flags.set(token.name as Name, value);
      else problems.push({ setting: token.rawName, fix: "it needs a value." });
    }
  }
  return flags;
}
