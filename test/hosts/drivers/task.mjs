/** What run.ts gives each driver: how the server is started, where the model is, what it is asked for. */
export const { server, model, prompt } = JSON.parse(process.env.SKYPREP_HOST_RUN);

/** For clients without a model of their own: the scripted model's calls in turn, by `call`, until it wants no more. */
export async function converse(tools, call) {
  const replies = [];
  for (;;) {
    const answered = await fetch(`${model}/next`, {
      method: "POST",
      body: JSON.stringify({ tools, replies }),
    });
    const next = await answered.json();
    if (next.call === undefined) return;
    replies.push(
      await call(next.call.name, next.call.args).catch((error) => ({
        text: `threw ${error.name}: ${error.message}`,
        error: true,
      })),
    );
  }
}

/** A result as a bare client has it: its parts, a text as it is and anything else as JSON. */
export const shown = ({ content = [], isError }) => ({
  text: content.map((part) => (part.type === "text" ? part.text : JSON.stringify(part))).join("\n"),
  error: isError === true,
});

/** A person before a form: types what has to be typed, agrees to enrolling, and does not let a group be touched. */
export function answerForm({ message, requestedSchema }) {
  const phrase = /^Type (.*) to go on\.$/s.exec(requestedSchema?.properties?.typed?.title ?? "")?.[1];
  if (phrase !== undefined) return { action: "accept", content: { typed: phrase } };
  return /^[^\n]*\bRemove\b/.test(message)
    ? { action: "decline" }
    : { action: "accept", content: { answer: "yes" } };
}
