import { prebuiltTools, sectionNames } from "../../src/app/prebuilt-tools.ts";
import { settingsInOrder, variable } from "../../src/config/settings.ts";
import { prompts } from "../../src/mcp/prompts/list.ts";
import { resourceRecords } from "../../src/mcp/resource-records.ts";

/** What people, hosts and prompts of theirs may have written down, a line each: a kind, a name, and its arguments. */
export const names = (): string[] => [
  ...settingsInOrder.map(([name]) => `setting ${variable(name)}`),
  ...sectionNames.map((name) => `section ${name}`),
  ...prebuiltTools.map(({ name, inputSchema }) =>
    ["tool", name, ...Object.keys(inputSchema.properties ?? {})].join(" "),
  ),
  ...Object.entries(prompts).map(([name, { arguments: given }]) =>
    ["prompt", name, ...Object.keys(given)].join(" "),
  ),
  ...Object.keys(resourceRecords).map((address) => `resource ${address}`),
];
