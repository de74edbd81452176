import { InMemoryRunner, isFinalResponse, LlmAgent, MCPToolset } from "@google/adk";

const task =
  process.argv[2] ??
  "What is overdue in the Sales Team? Enroll Avery Learner in Code of Conduct, and take them out of that group.";

// --sandbox is the pretend academy. The environment goes along for the browser that shows a question, and your key later.
const serverParams = { command: "skyprep-mcp", args: ["--sandbox"], env: process.env };
const agent = new LlmAgent({
  name: "training",
  instruction: "You administer a training academy.",
  model: process.env.MODEL ?? "gemini-3.8-flash",
  tools: [new MCPToolset({ type: "StdioConnectionParams", serverParams })],
});
const runner = new InMemoryRunner({ agent, appName: "training" });
const { id: sessionId } = await runner.sessionService.createSession({ appName: "training", userId: "me" });
const newMessage = { role: "user", parts: [{ text: task }] };
for await (const event of runner.runAsync({ userId: "me", sessionId, newMessage }))
  if (isFinalResponse(event)) console.log(event.content?.parts?.map(({ text }) => text).join(""));
process.exit(0);
