import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import * as types from "@modelcontextprotocol/sdk/types.js";
import { answerForm, converse, server, shown } from "./task.mjs";

// The early ones know no forms.
const forms = types.ElicitRequestSchema !== undefined;
const client = new Client(
  { name: "mcp-sdk", version: "1" },
  { capabilities: forms ? { elicitation: {} } : {} },
);
if (forms) client.setRequestHandler(types.ElicitRequestSchema, async ({ params }) => answerForm(params));
await client.connect(new StdioClientTransport(server));
const { tools } = await client.listTools();
await converse(
  tools.map(({ name }) => name),
  async (name, args) => shown(await client.callTool({ name, arguments: args })),
);
await client.close();
