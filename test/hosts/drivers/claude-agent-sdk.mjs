import { query } from "@anthropic-ai/claude-agent-sdk";
import { answerForm, prompt, server } from "./task.mjs";

const asks = process.argv[2] === "forms";
const running = query({
  prompt,
  options: {
    mcpServers: { skyprep: { type: "stdio", ...server } },
    allowedTools: ["mcp__skyprep"],
    model: "claude-sonnet-4-5",
    maxTurns: 60,
    ...(asks && { onElicitation: async (request) => answerForm(request) }),
  },
});
for await (const message of running)
  if (message.type === "result" && message.subtype !== "success") throw new Error(JSON.stringify(message));
