import { ChatAnthropic } from "@langchain/anthropic";
import { MultiServerMCPClient } from "@langchain/mcp-adapters";
import { createAgent } from "langchain";

const task =
  process.argv[2] ??
  "What is overdue in the Sales Team? Enroll Avery Learner in Code of Conduct, and take them out of that group.";

// --sandbox is the pretend academy. The environment goes along for the browser that shows a question, and your key later.
const skyprep = { transport: "stdio", command: "skyprep-mcp", args: ["--sandbox"], env: process.env };
// A question waits up to 40 s for its answer, and a call up to 50 s for SkyPrep.
const client = new MultiServerMCPClient({ mcpServers: { skyprep }, defaultToolTimeout: 120_000 });
const agent = createAgent({
  model: new ChatAnthropic({ model: process.env.MODEL ?? "claude-sonnet-5-5", maxTokens: 4000 }),
  tools: await client.getTools(),
});
const { messages } = await agent.invoke({ messages: [{ role: "user", content: task }] });
console.log(messages.at(-1).text);
await client.close();
