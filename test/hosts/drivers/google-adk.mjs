import { Gemini, InMemoryRunner, LlmAgent, MCPToolset } from "@google/adk";
import { prompt, server } from "./task.mjs";

const agent = new LlmAgent({
  name: "training",
  instruction: prompt,
  model: new Gemini({ model: "gemini-2.5-flash", apiKey: "none" }),
  tools: [new MCPToolset({ type: "StdioConnectionParams", serverParams: server })],
});
const runner = new InMemoryRunner({ agent, appName: "training" });
const session = await runner.sessionService.createSession({ appName: "training", userId: "one" });
const newMessage = { role: "user", parts: [{ text: prompt }] };
for await (const event of runner.runAsync({ userId: "one", sessionId: session.id, newMessage }))
  if (event.errorMessage) throw new Error(event.errorMessage);
process.exit(0);
