import { ChatAnthropic } from "@langchain/anthropic";
import { MCPAgent, MCPClient } from "mcp-use";
import { model, prompt, server } from "./task.mjs";

const client = new MCPClient({ mcpServers: { skyprep: server } });
const agent = new MCPAgent({
  client,
  llm: new ChatAnthropic({
    model: "claude-sonnet-4-5",
    anthropicApiKey: "none",
    anthropicApiUrl: model,
    maxTokens: 1000,
  }),
  maxSteps: 80,
});
await agent.run({ prompt });
await agent.close();
