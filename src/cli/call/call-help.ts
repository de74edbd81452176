import { isPairs, type Property, type Shape } from "../../catalogue/schema.ts";
import type { OfferedTool } from "../../catalogue/tool-list.ts";

export const usage = `skyprep-mcp [settings] call TOOL [--argument value …]   calls one tool and ends
skyprep-mcp call --list                                 names all tools
skyprep-mcp call TOOL --help                            what one does, and its arguments

  --args '{…}'      the arguments as JSON; --args FILE reads them from a file, --args - from stdin
  --json            answers one line of JSON: {"outcome", "text", "data"}
  --quiet           says nothing of how far it is

An argument is a flag of the same name (user_id is --user-id). A list is comma-separated, JSON, or the flag given
several times; true or false is --fresh or --no-fresh; pairs are --custom-fields "Region=Europe". A table comes from a
file: --csv @hr.csv. Passwords and numbers of identity are taken from stdin only (--args -).

stdout has the reply and nothing else; progress and questions go to stderr. Where somebody sits at the terminal, they
are asked there; there is no --yes. Where nobody does, SKYPREP_CONFIRM decides.

Exit codes: 0 done; 1 failed; 2 wrong use; 3 a person is needed; 4 done in part, or unknown; 75 try later.`;

/** One line a tool, by section. */
export function listed(tools: readonly OfferedTool[]): string {
  const sections = [...new Set(tools.map(({ section }) => section))];
  const widest = Math.max(0, ...tools.map(({ name }) => name.length));
  return sections
    .map((section) =>
      [
        section,
        ...tools
          .filter((tool) => tool.section === section)
          .map(({ name, title }) => `  ${name.padEnd(widest)}  ${title}`),
      ].join("\n"),
    )
    .join("\n\n");
}

/** What a tool does, and the flags it takes. */
export function helpOf({ name, title, description }: OfferedTool, { plain, unlisted }: Shape): string {
  const required = new Set(plain.required ?? []);
  const rows = [
    ...Object.entries(plain.properties).map(
      ([argument, property]) => [flag(argument, property), words(property, required.has(argument))] as const,
    ),
    ...[...unlisted]
      .filter(([, { within }]) => within === undefined)
      .map(([argument, { property }]) => [flag(argument, property), words(property, false)] as const),
  ];
  const widest = Math.min(40, Math.max(0, ...rows.map(([one]) => one.length)));
  return [
    `${name}: ${title}`,
    "",
    description,
    "",
    ...(rows.length === 0 ? ["It takes no arguments."] : []),
    ...rows.map(([one, says]) => `  ${one.padEnd(widest)}  ${says}`.trimEnd()),
  ].join("\n");
}

function flag(argument: string, property: Property): string {
  const name = `--${argument.replaceAll("_", "-")}`;
  if (property.type === "boolean") return name;
  if (isPairs(property)) return `${name} NAME=VALUE …`;
  if (property.type === "array") return `${name} A,B …`;
  return `${name} ${property.type === "integer" ? "N" : "TEXT"}`;
}

function words({ description = "", enum: choices, items }: Property, required: boolean): string {
  const among = choices ?? items?.enum ?? items?.properties?.field?.enum;
  return [
    description,
    ...(among ? [`(${among.join(", ")})`] : []),
    ...(required ? ["[must be given]"] : []),
  ].join(" ");
}
