import { settingsInOrder, variable } from "../src/config/settings.ts";
import { type Listed, packageJson, sectionNames, tools, ways } from "./facts.ts";
import { links } from "./links.ts";
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

/** The parts of the README that follow from the code, each between its own marks. */
const parts: Readonly<Record<string, () => string>> = {
  tools: () =>
    table(
      ["Tool", "What it does", "Section", "Effect", "You are asked first"],
      [...tools, ...ways].map((tool) => [
        `\`${tool.name}\``,
        tool.title,
        tool.section,
        effects[tool.effect],
        askedOf(tool),
      ]),
    ),
  settings: () =>
    `${table(
      ["Variable", "What it does", "Left out"],
      settingsInOrder.map(([name, { says, otherwise, secret }]) => [
        `\`${variable(name)}\``,
        `${says}${secret ? " (never as a flag)" : ""}`,
        otherwise ?? "",
      ]),
    )}\n\nSections: ${sectionNames.map((name) => `\`${name}\``).join(", ")}.`,
  links: () => {
    const { vscode, cursor } = links(packageJson.name);
    return `[Install in VS Code](${vscode}) · [Install in Cursor](${cursor})`;
  },
};

/** A document with its generated parts as they are now: each that it has a place for. */
const fill = (text: string, all: Readonly<Record<string, () => string>>, file: string): string =>
  Object.entries(all).reduce((filling, [name, part]) => {
    const marks = new RegExp(`(<!-- ${name}: npm run readme -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!marks.test(filling)) throw new Error(`${file} has no place for ${name}`);
    return filling.replace(marks, (_, begin: string, end: string) => `${begin}\n${part()}\n\n${end}`);
  }, text);

export const filled = (readme: string): string => fill(readme, parts, "README.md");
export const safety = (document: string): string => fill(document, { writes: safetyTable }, "docs/safety.md");
