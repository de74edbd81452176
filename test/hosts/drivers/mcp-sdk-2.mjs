import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { answerForm, converse, server, shown } from "./task.mjs";

const mode = process.argv[2];
const client = new Client(
  { name: "mcp-sdk", version: "2" },
  { versionNegotiation: { mode }, capabilities: { elicitation: { form: {} } } },
);
client.setRequestHandler("elicitation/create", async ({ params }) => answerForm(params));
await client.connect(new StdioClientTransport(server));
const { tools } = await client.listTools();
await converse(
  tools.map(({ name }) => name),
  async (name, args) => shown(await client.callTool({ name, arguments: args })),
);
await client.close();
