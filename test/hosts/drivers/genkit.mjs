import { googleAI } from "@genkit-ai/google-genai";
import { createMcpHost } from "@genkit-ai/mcp";
import { genkit } from "genkit";
import { model, prompt, server } from "./task.mjs";

const host = createMcpHost({ name: "training", mcpServers: { skyprep: server } });
const ai = genkit({ plugins: [googleAI({ apiKey: "none", baseUrl: model })] });
await ai.generate({
  model: googleAI.model("gemini-2.5-flash"),
  prompt,
  tools: await host.getActiveTools(ai),
  maxTurns: 60,
});
await host.close();
