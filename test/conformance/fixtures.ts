import { randomUUID } from "node:crypto";
import { silent } from "../../src/call/call-deadline.ts";
import type { Caller, CallOptions } from "../../src/call/job-context.ts";
import type { OfferedTool } from "../../src/catalogue/tool-list.ts";
import { type Answer, InputRequired, type Question } from "../../src/guard/question/question.ts";
import { type Reply, refuse } from "../../src/reply/reply.ts";

/** What the suite calls, answered through the same `Caller` that our own tools are called by. */
const tools: Readonly<Record<string, (around: CallOptions, signal: AbortSignal) => Promise<Reply>>> = {
  test_simple_text: async () => ({ outcome: "done", text: "This is a simple text response for testing." }),
  test_error_handling: async () => refuse("This tool intentionally returns an error for testing"),
  test_tool_with_progress: async ({ progress = silent }) => {
    for (const done of [0, 50, 100]) progress(done, 100, `${done} of 100`);
    return { outcome: "done", text: "Done, with progress." };
  },
  test_elicitation: ask,
  test_streaming_elicitation: ask,
  test_input_required_result_elicitation: ask,
  test_input_required_result_capabilities: ask,
  test_input_required_result_request_state: ask,
  test_input_required_result_tampered_state: ask,
};

/** A question through whatever way the client can be asked. */
async function ask({ asker }: CallOptions, signal: AbortSignal): Promise<Reply> {
  if (asker?.returned) return said(asker.returned.answer);
  const question: Question = {
    id: randomUUID().slice(0, 8),
    kind: "removing",
    tool: "test_elicitation",
    facts: ["Go on?"],
    stored: [],
    expiresAt: Date.now() + 600_000,
  };
  if (asker?.form === "suspends") throw new InputRequired(question, "conformance", Date.now());
  if (asker?.form === undefined) return refuse("This client cannot ask anybody.");
  return said(await asker.form(question, signal));
}

const said = (answer: Answer): Reply => ({
  outcome: "done",
  text: `state-ok, the person said: ${JSON.stringify(answer)}`,
});

export const listed: readonly OfferedTool[] = Object.keys(tools).map((name) => ({
  section: "conformance",
  name,
  title: name,
  description: `Fixture: ${name}`,
  inputSchema: { type: "object", properties: { message: { type: "string", description: "What to ask" } } },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  effect: "read" as const,
}));

/** What our own resources are read with, and the suite's tools. */
export const call: Caller = (name, args, signal, around = {}) => {
  const tool = tools[name];
  if (tool) return tool(around, signal);
  if (name !== "read_operation") return undefined;
  return Promise.resolve({ outcome: "done", text: JSON.stringify(args) });
};

/** The suite's words for what we have under names of our own. */
export const asked: readonly (readonly [string, string])[] = [
  ["test://static-text", "skyprep://account"],
  ["test://template/123/data", "skyprep://users/123"],
  ["test_simple_prompt", "prepare_audit"],
  ["test_prompt_with_arguments", "onboard_hire"],
  ['"arg1"', '"login"'],
  ['"arg2"', '"name"'],
  ['"user_name"', '"answer"'],
  ['"confirm"', '"answer"'],
];
export const answered: readonly (readonly [string, string])[] = [
  ['"inputRequests":{"answer"', '"inputRequests":{"user_name"'],
  ["skyprep://account", "test://static-text"],
  ["skyprep://users/123", "test://template/123/data"],
];
