import { createInterface } from "node:readline/promises";
import { query } from "@anthropic-ai/claude-agent-sdk";

const task =
  process.argv[2] ??
  "What is overdue in the Sales Team? Enroll Avery Learner in Code of Conduct, and take them out of that group.";
const person = createInterface({ input: process.stdin, output: process.stdout });

/** How a person answers: the question is shown, and what they type goes back. Nothing typed is no answer. */
async function onElicitation({ message, requestedSchema }) {
  console.log(message);
  const content = {};
  for (const [name, { title = name, enum: choices }] of Object.entries(requestedSchema.properties))
    content[name] = await person.question(`${title}${choices ? ` (${choices.join(", ")})` : ""}: `);
  return Object.values(content).includes("") ? { action: "cancel" } : { action: "accept", content };
}

const skyprep = { type: "stdio", command: "skyprep-mcp", args: ["--sandbox"] }; // the pretend academy
const options = { mcpServers: { skyprep }, allowedTools: ["mcp__skyprep"], onElicitation, maxTurns: 20 };
const model = process.env.MODEL ?? "claude-sonnet-5-5";
for await (const message of query({ prompt: task, options: { ...options, model } }))
  if (message.type === "result") console.log(message.result ?? message.subtype);
person.close();
