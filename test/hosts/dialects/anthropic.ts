import { type Dialect, event, idIn, listIn, newId, textOf } from "./dialect.ts";

/** Anthropic Messages. */
export const anthropic: Dialect = {
  takes: (path) => path.endsWith("/messages"),
  read: ({ tools, messages, thread }) => ({
    continues: thread !== undefined,
    tools: listIn(tools).map(({ name }) => String(name)),
    replies: listIn(messages)
      .flatMap(({ content }) => listIn(content))
      .filter(({ type }) => type === "tool_result")
      .map(({ tool_use_id, content, is_error }) => ({
        id: idIn(tool_use_id),
        text: textOf(content),
        error: is_error === true,
      })),
  }),
  write(answer, { model, stream }) {
    const called = "call" in answer;
    const block = called
      ? { type: "tool_use", id: newId("toolu"), name: answer.call.name, input: answer.call.args }
      : { type: "text", text: answer.text };
    const stop_reason = called ? "tool_use" : "end_turn";
    const usage = { input_tokens: 10, output_tokens: 5 };
    const base = { id: newId("msg"), type: "message", role: "assistant", model, stop_sequence: null, usage };
    if (stream !== true) return { whole: { ...base, content: [block], stop_reason } };
    const empty = called ? { ...block, input: {} } : { type: "text", text: "" };
    const delta = called
      ? { type: "input_json_delta", partial_json: JSON.stringify(answer.call.args) }
      : { type: "text_delta", text: answer.text };
    return {
      events: [
        event("message_start", { message: { ...base, content: [], stop_reason: null } }),
        event("content_block_start", { index: 0, content_block: empty }),
        event("content_block_delta", { index: 0, delta }),
        event("content_block_stop", { index: 0 }),
        event("message_delta", { delta: { stop_reason, stop_sequence: null }, usage }),
        event("message_stop", {}),
      ],
    };
  },
};
