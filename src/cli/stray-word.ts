import { notASetting, piecesOf, settingNamed } from "../config/flags.ts";
import { didYouMean } from "./call/wrong-use.ts";

export const commands = [
  "call",
  "sandbox",
  "journal",
  "runs",
  "policy",
  "init",
  "doctor",
  "probe",
  "serve",
  "token",
  "help",
] as const;

/**
 * Why this command line starts no server: it has a word that is neither a command nor a setting's value. A script that
 * meant a command would otherwise get a server, which reads the end of stdin and ends as if all were done. The word is
 * not repeated: somebody may have pasted a key. Undefined: there is none.
 */
export function strayWord(argv: readonly string[]): string | undefined {
  const pieces = piecesOf(argv);
  const at = pieces.findIndex(({ kind }) => kind === "positional");
  const word = pieces[at];
  if (word?.kind !== "positional") return undefined;
  const unknown = pieces.flatMap((one) =>
    one.kind === "option" && settingNamed(one.name) === undefined
      ? [`${one.rawName}: ${notASetting(one.rawName)}`]
      : [],
  );
  if (unknown.length > 0) return unknown.join("\n");
  const before = pieces[at - 1];
  if (before?.kind === "option" && /^(true|false|yes|no|on|off|[01])$/i.test(word.value))
    return `${before.rawName} takes its value behind an equals sign: ${before.rawName}=true or ${before.rawName}=false.`;
  if ((commands as readonly string[]).includes(word.value))
    return `${word.value} has to be the first word: skyprep-mcp ${word.value} …`;
  return `the command line has a word that is no command; see skyprep-mcp --help.${didYouMean(word.value, commands)}`;
}
