import { ChatAnthropic } from "@langchain/anthropic";
import { MultiServerMCPClient } from "@langchain/mcp-adapters";
import { createAgent } from "langchain";
import { model, prompt, server } from "./task.mjs";

const client = new MultiServerMCPClient({ mcpServers: { skyprep: { transport: "stdio", ...server } } });
const agent = createAgent({
  model: new ChatAnthropic({
    model: "claude-sonnet-4-5",
    anthropicApiKey: "none",
    anthropicApiUrl: model,
    maxTokens: 1000,
  }),
  tools: await client.getTools(),
});
await agent.invoke({ messages: [{ role: "user", content: prompt }] }, { recursionLimit: 80 });
await client.close();
