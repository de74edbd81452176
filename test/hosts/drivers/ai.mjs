import { createAnthropic } from "@ai-sdk/anthropic";
import * as mcp from "@ai-sdk/mcp";
import * as stdio from "@ai-sdk/mcp/mcp-stdio";
import { generateText, stepCountIs } from "ai";
import { model, prompt, server } from "./task.mjs";

const create = mcp.createMCPClient ?? mcp.experimental_createMCPClient;
const Transport = stdio.StdioMCPTransport ?? stdio.Experimental_StdioMCPTransport;
const client = await create({ transport: new Transport(server) });
await generateText({
  model: createAnthropic({ baseURL: `${model}/v1`, apiKey: "none" })("scripted"),
  tools: await client.tools(),
  stopWhen: stepCountIs(40),
  prompt,
});
await client.close();
