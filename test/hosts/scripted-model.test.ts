import { afterEach, describe, expect, it } from "vitest";
import { type ScriptedModel, serveModel } from "./scripted-model.ts";
import { type AnswerPage, createTask, steps } from "./task.ts";

const open: ScriptedModel[] = [];
afterEach(() => {
  for (const model of open.splice(0)) model.close();
});

async function begin() {
  const task = createTask(async () => true);
  const model = await serveModel(task);
  open.push(model);
  const post = async (path: string, body: unknown) =>
    (await fetch(`${model.url}${path}`, { method: "POST", body: JSON.stringify(body) })).text();
  return { task, model, post };
}
const first = steps[0];
const tool = `mcp__skyprep__${first?.tool}`;

/** Each interface: how it asks, and how it shows what came of the first call. */
const talks = [
  {
    name: "Anthropic Messages",
    path: "/v1/messages",
    asks: { tools: [{ name: tool }], messages: [{ role: "user", content: "Go" }] },
    shows: [
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "toolu_a", content: [{ type: "text", text: "seen" }] }],
      },
    ],
    under: "messages",
  },
  {
    name: "OpenAI Chat",
    path: "/v1/chat/completions",
    asks: { tools: [{ type: "function", function: { name: tool } }], messages: [] },
    shows: [{ role: "tool", tool_call_id: "call_a", content: "seen" }],
    under: "messages",
  },
  {
    name: "OpenAI Responses",
    path: "/v1/responses",
    asks: { tools: [{ type: "function", name: tool }], input: [] },
    shows: [{ type: "function_call_output", call_id: "call_a", output: "seen" }],
    under: "input",
  },
  {
    name: "Gemini",
    path: "/v1beta/models/gemini:generateContent",
    asks: { tools: [{ functionDeclarations: [{ name: tool }] }], contents: [] },
    shows: [{ role: "user", parts: [{ functionResponse: { name: tool, response: { output: "seen" } } }] }],
    under: "contents",
  },
];

describe("the scripted model", () => {
  it.each(talks)(
    "calls in turn in $name, at once and streamed, and keeps what it was shown",
    async (talk) => {
      const { task, post } = await begin();
      const streamed = talk.path.replace(":generateContent", ":streamGenerateContent");

      const asked = await post(talk.path, talk.asks);
      const once = await post(streamed, { ...talk.asks, stream: true });
      const then = { ...talk.asks, [talk.under]: talk.shows };
      const next = await post(talk.path, then);
      const repeated = await post(talk.path, then);

      for (const answer of [asked, once]) expect(answer).toContain(tool);
      expect(once).toMatch(/^(event: \S+\n)?data: \{/);
      // What was asked twice is one call, and what was shown twice one reply.
      for (const answer of [next, repeated]) expect(answer).toContain(steps[1]?.tool);
      expect(task.seen).toEqual([
        { step: "read", tool: first?.tool, text: "seen", error: false, again: false, unanswered: false },
      ]);
    },
  );

  it("goes on where only what is new is sent, and says a word where no tool is offered", async () => {
    const { task, post } = await begin();

    await post("/v1/messages", { ...talks[0]?.asks, thread: { type: "enabled" } });
    const next = await post("/v1/messages", { messages: talks[0]?.shows, thread: { type: "enabled" } });
    const title = await post("/v1/messages", { messages: [{ role: "user", content: "A title?" }] });

    expect(next).toContain('"name":"mcp__skyprep__get_users"');
    expect(title).toContain('"text":"ok"');
    expect(task.seen).toHaveLength(1);
  });

  it("takes the sign for a failure where there is one", async () => {
    const { task, post } = await begin();
    const failed = { type: "tool_result", tool_use_id: "a", content: "no", is_error: true };

    await post("/v1/messages", talks[0]?.asks);
    await post("/v1/messages", { ...talks[0]?.asks, messages: [{ role: "user", content: [failed] }] });

    expect(task.seen[0]).toMatchObject({ text: "no", error: true });
  });

  it("calls a tool in its namespace, and one that is named and not offered by the server's name", async () => {
    const { model, post } = await begin();
    const space = { type: "namespace", name: "mcp__skyprep__", tools: [{ name: "get_user" }, { name: "x" }] };

    const answer = await post("/v1/responses", { input: "Go", tools: [space] });
    const other = await begin();
    const unlisted = await other.post("/v1/messages", {
      tools: [
        {
          name: "ToolSearch",
          description: "Finds mcp__skyprep__get_user, mcp__skyprep__find; see get_users",
        },
      ],
      messages: [],
    });

    expect(JSON.parse(answer).output[0]).toMatchObject({ name: "get_user", namespace: "mcp__skyprep__" });
    expect(JSON.parse(unlisted).content[0]).toMatchObject({ name: "mcp__skyprep__get_user" });
    expect(model.offered()).toEqual(["mcp__skyprep__get_user", "mcp__skyprep__x"]);
    expect(["get_user", "get_use", "get_users"].map(other.model.names)).toEqual([true, false, false]);
  });
});

describe("the task", () => {
  const at = async (step: string, answerPage: AnswerPage = async () => true) => {
    const task = createTask(answerPage);
    let call = await task.next();
    while (call && call.tool !== step) call = await task.next({ text: "fine", error: false });
    return { task, call };
  };

  it("repeats a question's call once, with its code, however it is escaped", async () => {
    for (const text of ['confirm: "ABCD-2345"', '{"text":"confirm: \\"ABCD-2345\\""}']) {
      const { task, call } = await at("mass_enroll");

      const again = await task.next({ text, error: false });
      const then = await task.next({ text, error: false });

      expect(again).toEqual({ tool: "mass_enroll", args: { ...call?.args, confirm: "ABCD-2345" } });
      expect(then?.tool).toBe("destroy_user");
    }
  });

  it("has a person answer on the page, and notes where the page was gone", async () => {
    const address = `http://127.0.0.1:4000/${"a".repeat(43)}`;
    const text = `Type avery@example.com to go on.\napprove: ${address}`;
    for (const there of [true, false]) {
      const asked: unknown[] = [];
      const { task } = await at("destroy_user", async (...page: unknown[]) => {
        asked.push(page);
        return there;
      });

      const again = await task.next({ text, error: false });
      await task.next({ text: "so", error: false });

      expect(asked).toEqual([[address, "avery@example.com"]]);
      expect(again?.tool).toBe("destroy_user");
      expect(task.seen.at(-1)).toMatchObject({ again: true, unanswered: !there });
    }
  });

  it("is over after the last step", async () => {
    const { task } = await at("none");

    expect(await task.next({ text: "late", error: false })).toBeUndefined();
    expect(task.seen.map(({ step }) => step)).toEqual(steps.map(({ name }) => name));
  });
});
