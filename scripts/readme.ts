import { settingsInOrder, variable } from "../src/config/settings.ts";
import { assumptions } from "../src/skyprep/assumptions.ts";
import { frameworksOf, snippets } from "./agents.ts";
import { importPicture } from "./architecture.ts";
import { openList } from "./assumptions.ts";
import { type Listed, packageJson, sectionNames, tools, ways } from "./facts.ts";
import { links } from "./links.ts";
import { policyKeys } from "./policy.ts";
import { safetyTable } from "./safety.ts";

const effects = {
  read: "reads",
  add: "adds",
  change: "changes",
  remove: "removes",
  credential: "hands out",
} as const;

function askedOf({ asked, also }: Listed): string {
  if (asked === undefined) return "";
  if (asked === "job") return "once, for all its steps";
  if (asked === "operation") return "as the operation it calls";
  if (asked.kind === "many") return also ? "beyond 25 an hour, or where it ends" : "beyond 25 an hour";
  const answer = asked.kind === "irreversible" ? "typed" : "yes or no";
  return asked.when === undefined ? answer : `${answer}, where it matters`;
}

/** Laid out as the formatter lays it out, so that neither undoes the other's work. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((cells) => cells.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(3, ...all.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [first = "", ...rest] = all.map(line);
  return [first, line(widths.map((width) => "-".repeat(width))), ...rest].join("\n");
}

const toolTable = () =>
  table(
    ["Tool", "What it does", "Section", "Effect", "You are asked first"],
    [...tools, ...ways].map((tool) => [
      `\`${tool.name}\``,
      tool.title,
      tool.section,
      effects[tool.effect],
      askedOf(tool),
    ]),
  );

const settingTable = () =>
  `${table(
    ["Variable", "What it does", "Left out"],
    settingsInOrder.map(([name, { says, otherwise, secret }]) => [
      `\`${variable(name)}\``,
      `${says}${secret ? " (never as a flag)" : ""}`,
      otherwise ?? "",
    ]),
  )}\n\nSections: ${sectionNames.map((name) => `\`${name}\``).join(", ")}.`;

/** The first cell of an assumption's first variant tells what is assumed. */
const dialectTable = () =>
  table(
    ["What is assumed", "Set it otherwise", "Then"],
    Object.entries(assumptions).flatMap(([id, { says, otherwise }]) =>
      Object.entries(otherwise).map(([variant, then], n) => [
        n === 0 ? says : "",
        `\`${id}=${variant}\``,
        then,
      ]),
    ),
  );

const policyTable = () =>
  table(
    ["Key", "What it does"],
    policyKeys().map(([key, says]) => [`\`${key}\``, says]),
  );

const installLinks = () => {
  const { vscode, cursor } = links(packageJson.name);
  return `[Install in VS Code](${vscode}) · [Install in Cursor](${cursor})`;
};

const frameworkTable = () =>
  table(
    ["Framework", "Example", "It waits for a call"],
    frameworksOf().map(({ title, folder, waits }) => [
      title,
      `[examples/${folder}](../examples/${folder}/agent.mjs)`,
      waits,
    ]),
  );

/** The parts of the documents that follow from the code, each between its own marks. */
const parts: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  "docs/tools.md": { tools: toolTable },
  "docs/settings.md": { settings: settingTable },
  "docs/sandbox.md": { dialects: dialectTable },
  "docs/clients.md": { links: installLinks },
  "docs/safety.md": { writes: safetyTable },
  "docs/policies.md": { keys: policyTable },
  "docs/skyprep-api.md": { open: openList },
  "docs/architecture.md": { imports: importPicture },
  "docs/agents.md": { frameworks: frameworkTable, snippets },
};
/** Documents that are generated in part. */
export const documents: readonly string[] = Object.keys(parts);

/** A document with its generated parts as they are now. */
export const filled = (file: string, text: string): string =>
  Object.entries(parts[file] ?? {}).reduce((filling, [name, part]) => {
    const marks = new RegExp(`(<!-- ${name}: npm run readme -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!marks.test(filling)) throw new Error(`${file} has no place for ${name}`);
    return filling.replace(marks, (_, begin: string, end: string) => `${begin}\n${part()}\n\n${end}`);
  }, text);
