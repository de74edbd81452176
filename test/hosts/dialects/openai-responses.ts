import { type Answer, type Dialect, event, idIn, listIn, newId, textOf } from "./dialect.ts";

interface Named {
  readonly name: string;
  readonly space?: string;
}
/** Tools may stand in a namespace, which is then part of the name here and taken off again in the call. */
const toolsIn = (tools: unknown) =>
  listIn(tools).flatMap((one): Named[] =>
    one.type === "namespace"
      ? listIn(one.tools).map(({ name }) => ({ space: String(one.name), name: String(name) }))
      : [{ name: String(one.name ?? one.type) }],
  );
const joined = ({ space, name }: Named) =>
  space === undefined ? name : `${space.replace(/_+$/, "")}__${name}`;

/** The item of the answer, and the events that tell it bit by bit. */
function itemOf(answer: Answer, tools: unknown) {
  const at = (id: string) => ({ item_id: id, output_index: 0 });
  if ("text" in answer) {
    const id = newId("msg");
    const part = { type: "output_text", text: answer.text, annotations: [] };
    const item = { type: "message", id, role: "assistant", status: "completed", content: [part] };
    const inside = { ...at(id), content_index: 0 };
    return {
      item,
      begun: { ...item, content: [], status: "in_progress" },
      bits: [
        ["response.content_part.added", { ...inside, part: { ...part, text: "" } }],
        ["response.output_text.delta", { ...inside, delta: answer.text }],
        ["response.output_text.done", { ...inside, text: answer.text }],
        ["response.content_part.done", { ...inside, part }],
      ] as const,
    };
  }
  const { name: full, args } = answer.call;
  const { name, space } = toolsIn(tools).find((one) => joined(one) === full) ?? { name: full };
  const id = newId("fc");
  const text = JSON.stringify(args);
  const item = {
    type: "function_call",
    id,
    call_id: newId("call"),
    name,
    ...(space !== undefined && { namespace: space }),
    arguments: text,
    status: "completed",
  };
  return {
    item,
    begun: { ...item, arguments: "", status: "in_progress" },
    bits: [
      ["response.function_call_arguments.delta", { ...at(id), delta: text }],
      ["response.function_call_arguments.done", { ...at(id), arguments: text, name }],
    ] as const,
  };
}

/** OpenAI Responses. It has no sign for a failure but the words themselves. */
export const openaiResponses: Dialect = {
  takes: (path) => path.endsWith("/responses"),
  read: ({ tools, input }) => ({
    tools: toolsIn(tools).map(joined),
    replies: listIn(input)
      .filter(({ type }) => String(type).endsWith("_call_output"))
      .map(({ call_id, output }) => ({ id: idIn(call_id), text: textOf(output), error: false })),
  }),
  write(answer, { model, stream, tools }) {
    const { item, begun, bits } = itemOf(answer, tools);
    const response = {
      id: newId("resp"),
      object: "response",
      created_at: 1,
      status: "completed",
      model,
      output: [item],
      usage: {
        input_tokens: 10,
        output_tokens: 5,
        total_tokens: 15,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens_details: { reasoning_tokens: 0 },
      },
      error: null,
      incomplete_details: null,
      instructions: null,
      metadata: {},
      parallel_tool_calls: true,
      temperature: 1,
      tool_choice: "auto",
      tools: [],
      top_p: 1,
    };
    if (stream !== true) return { whole: response };
    const told = [
      ["response.created", { response: { ...response, status: "in_progress", output: [] } }],
      ["response.output_item.added", { output_index: 0, item: begun }],
      ...bits,
      ["response.output_item.done", { output_index: 0, item }],
      ["response.completed", { response }],
    ] as const;
    return {
      events: told.map(([type, data], index) => event(type, { sequence_number: index, ...data })),
    };
  },
};
