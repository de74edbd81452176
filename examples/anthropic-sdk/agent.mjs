import Anthropic from "@anthropic-ai/sdk";
import { mcpTools } from "@anthropic-ai/sdk/helpers/beta/mcp";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const task =
  process.argv[2] ??
  "What is overdue in the Sales Team? Enroll Avery Learner in Code of Conduct, and take them out of that group.";

// --sandbox is the pretend academy. The environment goes along for the browser that shows a question, and your key later.
const server = { command: "skyprep-mcp", args: ["--sandbox"], env: process.env };
const skyprep = new Client({ name: "training", version: "1.0.0" });
await skyprep.connect(new StdioClientTransport(server));
const { tools } = await skyprep.listTools();
const answer = await new Anthropic().beta.messages.toolRunner({
  model: process.env.MODEL ?? "claude-sonnet-5-5",
  max_tokens: 4000,
  max_iterations: 20,
  messages: [{ role: "user", content: task }],
  tools: mcpTools(tools, skyprep),
});
console.log(answer.content.map(({ text }) => text).join("\n"));
await skyprep.close();
