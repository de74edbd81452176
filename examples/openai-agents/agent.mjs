import { Agent, MCPServerStdio, run } from "@openai/agents";

const task =
  process.argv[2] ??
  "What is overdue in the Sales Team? Enroll Avery Learner in Code of Conduct, and take them out of that group.";

const skyprep = new MCPServerStdio({
  name: "skyprep",
  command: "skyprep-mcp",
  args: ["--sandbox"], // the pretend academy
  env: process.env, // for the browser that shows a question, and your key later
  timeout: 120_000, // a question waits up to 40 s for its answer, and a call up to 50 s for SkyPrep
});
await skyprep.connect();
const agent = new Agent({
  name: "training",
  instructions: "You administer a training academy.",
  model: process.env.MODEL ?? "gpt-5",
  mcpServers: [skyprep],
});
const { finalOutput } = await run(agent, task, { maxTurns: 20 });
console.log(finalOutput);
await skyprep.close();
