import { join } from "node:path";
import type { HostId, Installed } from "./installed.ts";
import { claude, programs } from "./programs.ts";

export interface Given extends Installed {
  /** Empty, and the host's alone. */
  readonly home: string;
  /** How the server is started. */
  readonly server: { readonly command: string; readonly args: readonly string[] };
  /** Where the scripted model is, without what an interface puts behind it. */
  readonly model: string;
  readonly prompt: string;
}
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}
export interface Host {
  readonly id: HostId;
  readonly title: string;
  /** Runs in .ci/run; the others by hand. */
  readonly first: boolean;
  /** Wants a newer Node than ours. */
  readonly newer: boolean;
  command(given: Given): Command | Promise<Command>;
}

/** A driver of ours, with the host's packages beside it. */
const driven =
  (file: string, ...args: string[]) =>
  ({ node, folder }: Given): Command => ({ command: node, args: [join(folder, "drivers", file), ...args] });

const sdk1 = (id: HostId & `sdk-1${string}`): Host => ({
  id,
  title: `MCP SDK client ${id.slice(4)}`,
  first: true,
  newer: false,
  command: driven("mcp-sdk-1.mjs"),
});

const byHand = { first: false, newer: true } as const;

export const hosts: readonly Host[] = [
  sdk1("sdk-1.0.4"),
  sdk1("sdk-1.10.2"),
  sdk1("sdk-1.12.3"),
  sdk1("sdk-1.25.1"),
  sdk1("sdk-1.32.2"),
  {
    id: "sdk-2-2025",
    title: "MCP SDK client 2, 2025-11-25",
    first: true,
    newer: false,
    command: driven("mcp-sdk-2.mjs", "legacy"),
  },
  {
    id: "sdk-2-2026",
    title: "MCP SDK client 2, 2026-07-28",
    first: true,
    newer: false,
    command: driven("mcp-sdk-2.mjs", "auto"),
  },
  { id: "ai", title: "AI SDK", first: true, newer: true, command: driven("ai.mjs") },
  { id: "langchain", title: "LangChain", first: true, newer: false, command: driven("langchain.mjs") },
  {
    ...byHand,
    id: "openai-agents",
    title: "OpenAI Agents",
    command: (given) => ({
      ...driven("openai-agents.mjs")(given),
      env: { OPENAI_BASE_URL: `${given.model}/v1`, OPENAI_API_KEY: "none" },
    }),
  },
  { ...byHand, id: "mastra-0.14", title: "Mastra 0", command: driven("mastra.mjs") },
  { ...byHand, id: "mastra", title: "Mastra 1", command: driven("mastra.mjs") },
  { ...byHand, id: "genkit", title: "Genkit", command: driven("genkit.mjs") },
  {
    ...byHand,
    id: "anthropic-sdk",
    title: "Anthropic SDK, MCP helpers",
    command: driven("anthropic-sdk.mjs"),
  },
  {
    ...byHand,
    id: "claude-agent-sdk",
    title: "Claude Agent SDK",
    command: (given) => ({ ...driven("claude-agent-sdk.mjs")(given), env: claude(given) }),
  },
  {
    ...byHand,
    id: "claude-agent-sdk-forms",
    title: "Claude Agent SDK, onElicitation",
    command: (given) => ({ ...driven("claude-agent-sdk.mjs", "forms")(given), env: claude(given) }),
  },
  { ...byHand, id: "google-genai", title: "Google Gen AI SDK", command: driven("google-genai.mjs") },
  { ...byHand, id: "mcp-use", title: "mcp-use", command: driven("mcp-use.mjs") },
  {
    ...byHand,
    id: "google-adk",
    title: "Google ADK",
    command: (given) => ({
      ...driven("google-adk.mjs")(given),
      env: { GOOGLE_GEMINI_BASE_URL: given.model },
    }),
  },
  ...programs,
];
