import { ProtocolError, ProtocolErrorCode, type Server } from "@modelcontextprotocol/server";
import { layOut } from "./prompts/lay-out.ts";
import type { Prompt } from "./prompts/prompt.ts";

/** The protocol's extension for skills (SEP-2640); the SDK's own part for it knows another kind of server than ours. */
export const skillsExtension = "io.modelcontextprotocol/skills";

/** The text of each skill's only file, by its address. */
export type Skills = ReadonlyMap<string, string>;

const file = "SKILL.md";

/** The prompts once more, for hosts whose models look for a way to do a thing, where no person types a command. */
export const skillsOf = (prompts: ReadonlyMap<string, Prompt>): Skills =>
  new Map(
    [...prompts].map(([prompt, record]) => {
      const name = prompt.replaceAll("_", "-");
      return [`skill://${name}/${file}`, written(name, record)];
    }),
  );

/** In double quotes, YAML reads what JSON writes. */
const written = (name: string, prompt: Prompt): string =>
  [
    "---",
    `name: ${name}`,
    `description: ${JSON.stringify(prompt.description)}`,
    "---",
    "",
    `# ${prompt.title}`,
    "",
    layOut(prompt, new Map()),
    "",
    "What to know beforehand; ask for what is needed and was not said:",
    ...Object.values(prompt.arguments).map(({ says, required }) => `- ${says}${required ? " (needed)" : ""}`),
    "",
  ].join("\n");

const anything = {
  "~standard": {
    version: 1,
    vendor: "skyprep-mcp",
    validate: (value: unknown) => ({ value }),
  },
} as const;

const anHour = { ttlMs: 3_600_000, cacheScope: "private" };

/** Which skills there are, and each by its address; `resources/read` gives the file. */
export function serveSkills(server: Server, skills: Skills): void {
  const entries = () => Promise.all([...skills].map(([uri, text]) => entryOf(uri, text)));
  // Before 2026 an answer says nothing of how long it holds.
  const held = (envelope: unknown) => (envelope === undefined ? {} : anHour);
  server.setRequestHandler("skills/list", { params: anything }, async (_, { mcpReq }) => ({
    skills: await entries(),
    ...held(mcpReq.envelope),
  }));
  server.setRequestHandler("skills/get", { params: anything }, async (params, { mcpReq }) => {
    const { uri } = (params ?? {}) as { uri?: unknown };
    const skill = (await entries()).find((one) => one.uri === uri);
    if (skill === undefined) {
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `There is no such skill. There are ${[...skills.keys()].join(", ")}.`,
      );
    }
    return { skill, ...held(mcpReq.envelope) };
  });
}

async function entryOf(uri: string, text: string) {
  const [, name, description = ""] = /^---\nname: (.*)\ndescription: (.*)\n---/.exec(text) ?? [];
  const bytes = Buffer.from(text);
  const hash = Buffer.from(await globalThis.crypto.subtle.digest("SHA-256", bytes));
  const digest = `sha256:${hash.toString("hex")}`;
  return {
    uri,
    frontmatter: { name, description: JSON.parse(description) as string },
    resources: [{ uri, digest, size: bytes.length }],
  };
}
