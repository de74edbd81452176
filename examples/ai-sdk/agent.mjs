import { anthropic } from "@ai-sdk/anthropic";
import { createMCPClient } from "@ai-sdk/mcp";
import { StdioMCPTransport } from "@ai-sdk/mcp/mcp-stdio";
import { generateText, stepCountIs } from "ai";

const task =
  process.argv[2] ??
  "What is overdue in the Sales Team? Enroll Avery Learner in Code of Conduct, and take them out of that group.";

// --sandbox is the pretend academy. The environment goes along for the browser that shows a question, and your key later.
const transport = new StdioMCPTransport({ command: "skyprep-mcp", args: ["--sandbox"], env: process.env });
const skyprep = await createMCPClient({ transport });
const { text } = await generateText({
  model: anthropic(process.env.MODEL ?? "claude-sonnet-5-5"),
  tools: await skyprep.tools(),
  stopWhen: stepCountIs(20),
  prompt: task,
});
console.log(text);
await skyprep.close();
