import { type Dialect, idIn, line, listIn, newId, textOf } from "./dialect.ts";

/** OpenAI Chat Completions. It has no sign for a failure but the words themselves. */
export const openaiChat: Dialect = {
  takes: (path) => path.endsWith("/chat/completions"),
  read: ({ tools, messages }) => ({
    tools: listIn(tools).map(({ function: of }) => String((of as { name?: string } | undefined)?.name)),
    replies: listIn(messages)
      .filter(({ role }) => role === "tool")
      .map(({ tool_call_id, content }) => ({ id: idIn(tool_call_id), text: textOf(content), error: false })),
  }),
  write(answer, { model, stream }) {
    const called = "call" in answer;
    const message = called
      ? {
          role: "assistant",
          content: null,
          tool_calls: [
            {
              index: 0,
              id: newId("call"),
              type: "function",
              function: { name: answer.call.name, arguments: JSON.stringify(answer.call.args) },
            },
          ],
        }
      : { role: "assistant", content: answer.text };
    const finish_reason = called ? "tool_calls" : "stop";
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
    const base = { id: newId("chatcmpl"), created: 1, model };
    if (stream !== true)
      return {
        whole: { ...base, object: "chat.completion", choices: [{ index: 0, message, finish_reason }], usage },
      };
    const chunk = (rest: object) => line({ ...base, object: "chat.completion.chunk", ...rest });
    return {
      events: [
        chunk({ choices: [{ index: 0, delta: message, finish_reason: null }] }),
        chunk({ choices: [{ index: 0, delta: {}, finish_reason }] }),
        chunk({ choices: [], usage }),
        "data: [DONE]\n\n",
      ],
    };
  },
};
