import { type Body, type Dialect, idIn, line, listIn, newId, textOf } from "./dialect.ts";

/** One text under one name is that text for the model; anything else is the JSON that it is. */
function shown(response: unknown): { text: string; error: boolean } {
  const entries = Object.entries((response ?? {}) as Body);
  const [only] = entries;
  const error = entries.some(([name]) => name === "error");
  return entries.length === 1 && typeof only?.[1] === "string"
    ? { text: only[1], error }
    : { text: textOf(response), error };
}

/** Gemini's generateContent. */
export const gemini: Dialect = {
  takes: (path) => /:(stream)?generateContent$/i.test(path),
  read: ({ tools, contents }) => ({
    tools: listIn(tools).flatMap(({ functionDeclarations }) =>
      listIn(functionDeclarations).map(({ name }) => String(name)),
    ),
    replies: listIn(contents)
      .flatMap(({ parts }) => listIn(parts))
      .filter(({ functionResponse }) => functionResponse !== undefined)
      .map(({ functionResponse }) => {
        const { id, response } = functionResponse as Body;
        return { id: idIn(id), ...shown(response) };
      }),
  }),
  write(answer, { generationConfig }, path) {
    const wantsJson = (generationConfig as Body | undefined)?.responseMimeType === "application/json";
    const part =
      "call" in answer
        ? { functionCall: { id: newId("call"), name: answer.call.name, args: answer.call.args } }
        : { text: wantsJson ? aside : answer.text };
    const whole = {
      candidates: [{ index: 0, content: { role: "model", parts: [part] }, finishReason: "STOP" }],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
      modelVersion: "scripted",
    };
    return /stream/i.test(path) ? { events: [line(whole)] } : { whole };
  },
};

/** What Gemini CLI asks its model beside the task: which model to take, and who speaks next. */
const aside = JSON.stringify({
  model_choice: "flash",
  reasoning: "scripted",
  next_speaker: "user",
  complexity_reasoning: "scripted",
  complexity_score: 1,
});
