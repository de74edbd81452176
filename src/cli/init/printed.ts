import { join } from "node:path";
import { type EntrySettings, entryName } from "./entry.ts";

/** Assistants that are told what to paste; the key is never printed. */
const printed = {
  windsurf: { title: "Windsurf", folder: [".codeium", "windsurf"] },
  gemini: { title: "Gemini CLI", folder: [".gemini"] },
  codex: { title: "Codex", folder: [".codex"] },
} as const;
export type PrintedName = keyof typeof printed;
export const printedNames = Object.keys(printed) as PrintedName[];

export const printedTitle = (name: PrintedName): string => printed[name].title;

export const isThere = (name: PrintedName, home: string, exists: (path: string) => boolean): boolean =>
  exists(join(home, ...printed[name].folder));

/** What to paste where; `your key` stands for the key. */
export function linesFor(name: PrintedName, { node, program, account, readOnly }: EntrySettings): string[] {
  const args = [program, ...(account === undefined ? ["--sandbox"] : [])];
  const env: Record<string, string> = {
    ...(account && { SKYPREP_API_KEY: "your key", SKYPREP_ACCT_KEY: account.acctKey }),
    ...(readOnly && { SKYPREP_READ_ONLY: "true" }),
  };
  switch (name) {
    case "windsurf":
      return [
        "Windsurf, in ~/.codeium/windsurf/mcp_config.json:",
        ...JSON.stringify({ mcpServers: { [entryName]: { command: node, args, env } } }, null, 2).split("\n"),
      ];
    case "gemini":
      return [
        "Gemini CLI, in a terminal:",
        // What begins with dashes is the program's only behind two of them.
        [
          "gemini mcp add --scope user",
          ...pairs("-e", env),
          entryName,
          quoted(node),
          quoted(program),
          ...(account === undefined ? ["--", "--sandbox"] : []),
        ].join(" "),
      ];
    case "codex":
      return [
        "Codex, in a terminal:",
        ["codex mcp add", entryName, ...pairs("--env", env), "--", quoted(node), ...args.map(quoted)].join(
          " ",
        ),
      ];
  }
}

const pairs = (flag: string, env: Readonly<Record<string, string>>): string[] =>
  Object.entries(env).map(([name, value]) => `${flag} ${quoted(`${name}=${value}`)}`);

/** For the shell that goes with the path: Windows' shells take a backslash for itself. */
export const quoted = (text: string): string =>
  /^[\w./:=@%+-]+$/.test(text)
    ? text
    : `"${/^[A-Za-z]:\\/.test(text) ? text : text.replace(/["\\$`]/g, "\\$&")}"`;
