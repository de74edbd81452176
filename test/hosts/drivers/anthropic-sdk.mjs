import Anthropic from "@anthropic-ai/sdk";
import { mcpTools } from "@anthropic-ai/sdk/helpers/beta/mcp";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { model, prompt, server } from "./task.mjs";

const client = new Client({ name: "anthropic-sdk", version: "1" });
await client.connect(new StdioClientTransport(server));
const { tools } = await client.listTools();
const anthropic = new Anthropic({ baseURL: model, apiKey: "none" });
await anthropic.beta.messages.toolRunner({
  model: "claude-sonnet-4-5",
  max_tokens: 1000,
  messages: [{ role: "user", content: prompt }],
  tools: mcpTools(tools, client),
  max_iterations: 60,
});
await client.close();
