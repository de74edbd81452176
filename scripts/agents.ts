import { readFileSync } from "node:fs";
import { examples } from "../test/hosts/examples.ts";
import { packagesOf } from "../test/hosts/installed.ts";

/** What documents say of a framework: its name, and how long it waits for a call. */
const frameworks: Readonly<Record<string, readonly [title: string, waits: string]>> = {
  "ai-sdk": ["Vercel AI SDK", "as long as the call takes"],
  langchain: ["LangChain", "60 s; `defaultToolTimeout`"],
  "openai-agents": ["OpenAI Agents SDK", "60 s; `timeout`"],
  mastra: ["Mastra", "60 s; `timeout`"],
  "google-adk": ["Google ADK", "60 s, cannot be set; one process a call"],
  "claude-agent-sdk": ["Claude Agent SDK", "`MCP_TOOL_TIMEOUT` in its environment"],
  "anthropic-sdk": ["Anthropic SDK", "60 s, cannot be set"],
};

/** The frameworks that have an example, each with what `npm run hosts` installs for it and with the example itself. */
export function frameworksOf(): readonly {
  readonly title: string;
  readonly folder: string;
  readonly packages: readonly string[];
  readonly waits: string;
  readonly code: string;
}[] {
  return examples.map(({ folder, host }) => {
    const [title, waits] = frameworks[folder] ?? [];
    if (title === undefined || waits === undefined) throw new Error(`docs/agents.md lacks ${folder}`);
    const file = new URL(`../examples/${folder}/agent.mjs`, import.meta.url);
    return {
      title,
      folder,
      packages: Object.keys(packagesOf(host)),
      waits,
      code: readFileSync(file, "utf8"),
    };
  });
}

/** One behind the other, folded up. */
export const snippets = (): string =>
  frameworksOf()
    .map(({ title, folder, packages, code }) =>
      [
        `<details><summary>${title}</summary>`,
        `[examples/${folder}/agent.mjs](../examples/${folder}/agent.mjs), with \`npm install ${packages.join(" ")}\``,
        `\`\`\`js\n${code.trim()}\n\`\`\``,
        "</details>",
      ].join("\n\n"),
    )
    .join("\n\n");
