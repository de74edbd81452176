import { Agent, MCPServerStdio, run, setTracingDisabled } from "@openai/agents";
import { prompt, server } from "./task.mjs";

setTracingDisabled(true);
const skyprep = new MCPServerStdio({ name: "skyprep", ...server });
await skyprep.connect();
const agent = new Agent({ name: "training", instructions: prompt, model: "gpt-5", mcpServers: [skyprep] });
await run(agent, prompt, { maxTurns: 60 });
await skyprep.close();
