import { type Name, settings, variable } from "../src/config/settings.ts";
import { layOut } from "../src/mcp/prompts/lay-out.ts";
import type { Prompt } from "../src/mcp/prompts/prompt.ts";
import { packageJson, prompts, repositoryUrl, sectionNames, tools } from "./facts.ts";

/** Where the program stands in the bundle, and in a clone: the same, so that the manifest holds for both. */
export const program = "dist/skyprep-mcp.js";
export const icon = "assets/icon.png";

const sentence = (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}.`;

/** What a host's form asks for, each under the name that the manifest gives it. */
const asked = {
  api_key: { name: "api-key", type: "string", sensitive: true, required: true },
  account: { name: "acct-key", type: "string", required: true },
  read_only: {
    name: "read-only",
    type: "boolean",
    required: false,
    default: true,
    says: "Begin like this. Switch it off when the assistant should change things; it asks you before anything is lost",
  },
  confirm: { name: "confirm", type: "string", required: false, default: "ask" },
  sections: {
    name: "sections",
    type: "string",
    required: false,
    default: "all",
    says: `Which tools are offered: all, or some of ${sectionNames.join(", ")}`,
  },
} as const satisfies Record<string, { name: Name; type: string; says?: string; [more: string]: unknown }>;

/** The Claude Desktop bundle's manifest: all of it from package.json, the records and the settings. */
export function manifest() {
  const { name, version, description, license, author, keywords, engines, homepage, bugs } = packageJson;
  return {
    manifest_version: "0.3",
    name,
    display_name: "SkyPrep",
    version,
    description,
    long_description: [
      `${tools.length} tools: people, courses, groups, learning paths, classroom sessions, progress, reports, points, skills, managers, catalog, payments.`,
      "Before anything is deleted, removed, handed out or granted, you are asked, with what goes with it. Every change is written down on your computer, and can be undone where SkyPrep allows.",
      "It talks to SkyPrep with your key, and to nobody else.",
    ].join("\n\n"),
    author: { name: author },
    repository: { type: "git", url: repositoryUrl },
    homepage,
    support: bugs,
    icon,
    license,
    keywords,
    privacy_policies: ["https://help.skyprep.com/en/articles/4827752-gdpr-compliance"],
    server: {
      type: "node",
      entry_point: program,
      mcp_config: {
        command: "node",
        args: [`\${__dirname}/${program}`],
        env: Object.fromEntries(
          Object.entries(asked).map(([key, { name }]) => [variable(name), `\${user_config.${key}}`]),
        ),
      },
    },
    tools: tools.map(({ name, description }) => ({ name, description })),
    prompts: prompts.map(([name, prompt]) => ({
      name,
      description: prompt.description,
      arguments: Object.keys(prompt.arguments),
      text: promptText(prompt),
    })),
    tools_generated: false,
    prompts_generated: false,
    compatibility: { platforms: ["darwin", "win32", "linux"], runtimes: { node: engines.node } },
    user_config: Object.fromEntries(
      Object.entries(asked).map(([key, { name, ...option }]) => {
        const { says = settings[name].says, ...rest } = option as typeof option & { says?: string };
        return [key, { ...rest, title: settings[name].title, description: sentence(says) }];
      }),
    ),
  };
}

/** The prompt as the server gives it, with the host's own placeholders for what is filled in. */
const promptText = (prompt: Prompt): string =>
  layOut(prompt, new Map(Object.keys(prompt.arguments).map((name) => [name, `\${arguments.${name}}`])));
