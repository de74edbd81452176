import { Agent } from "@mastra/core/agent";
import { MCPClient } from "@mastra/mcp";
import { model, prompt, server } from "./task.mjs";

const client = new MCPClient({ servers: { skyprep: server } });
const agent = new Agent({
  id: "training",
  name: "training",
  instructions: prompt,
  model: { id: "scripted/one", url: `${model}/v1`, apiKey: "none" },
  tools: await (client.listTools?.() ?? client.getTools()),
});
await agent.generate(prompt, { maxSteps: 60 });
await client.disconnect();
