import { type Setting, settingsInOrder, variable } from "../src/config/settings.ts";
import { packageJson, repositoryUrl } from "./facts.ts";

const schema = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";

/** What the MCP registry shows of a package: all from package.json and the settings. */
export function registryEntry() {
  const { name, mcpName, version, description } = packageJson;
  return {
    $schema: schema,
    name: mcpName,
    title: "SkyPrep",
    description,
    repository: { url: repositoryUrl, source: "github" },
    version,
    packages: [
      {
        registryType: "npm",
        identifier: name,
        version,
        runtimeHint: "npx",
        transport: { type: "stdio" },
        environmentVariables: settingsInOrder.map(([setting, words]) => ({
          name: variable(setting),
          description: said(words),
          isRequired: setting === "api-key" || setting === "acct-key",
          isSecret: words.secret === true && setting !== "acct-key",
          ...(words.flag && { format: "boolean" }),
          ...(words.choices && { choices: words.choices }),
        })),
      },
    ],
  };
}

const said = ({ says, otherwise }: Setting): string =>
  `${says[0]?.toUpperCase()}${says.slice(1)}${otherwise === undefined ? "" : ` (left out: ${otherwise})`}`;
