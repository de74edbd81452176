import { Agent } from "@mastra/core/agent";
import { MCPClient } from "@mastra/mcp";

const task =
  process.argv[2] ??
  "What is overdue in the Sales Team? Enroll Avery Learner in Code of Conduct, and take them out of that group.";

// --sandbox is the pretend academy. The environment goes along for the browser that shows a question, and your key later.
const skyprep = { command: "skyprep-mcp", args: ["--sandbox"], env: process.env };
// A question waits up to 40 s for its answer, and a call up to 50 s for SkyPrep.
const client = new MCPClient({ servers: { skyprep }, timeout: 120_000 });
const agent = new Agent({
  id: "training",
  name: "training",
  instructions: "You administer a training academy.",
  model: process.env.MODEL ?? "openai/gpt-5",
  tools: await client.listTools(),
});
const { text } = await agent.generate(task, { maxSteps: 20 });
console.log(text);
await client.disconnect();
