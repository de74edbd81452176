import { GoogleGenAI, mcpToTool } from "@google/genai";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { model, prompt, server } from "./task.mjs";

const client = new Client({ name: "google-genai", version: "1" });
await client.connect(new StdioClientTransport(server));
const ai = new GoogleGenAI({ apiKey: "none", httpOptions: { baseUrl: model } });
await ai.models.generateContent({
  model: "gemini-2.5-flash",
  contents: prompt,
  config: { tools: [mcpToTool(client)], automaticFunctionCalling: { maximumRemoteCalls: 60 } },
});
await client.close();
