import { describe, expect, it } from "vitest";
import { prebuiltTools } from "../../src/app/prebuilt-tools.ts";
import type { Caller } from "../../src/call/job-context.ts";
import { protocols } from "../../src/mcp/protocols.ts";
import { type CallOutcome, callOutcomes, type Reply, wentWrong } from "../../src/reply/reply.ts";
import type { Message } from "./raw-client.ts";
import * as raw from "./raw-client.ts";

/** `asked`: the requests of the server; `answers`: what its form comes back with, left out: it shows none. */
async function speak(revision: string, call: Caller, structured: boolean, answers?: unknown) {
  const heard: Message[] = [];
  const own = answers === undefined ? {} : { answers: answers as Record<string, unknown> };
  const client = await raw.speak(revision, call, { structured, heard, ...own });
  const hello = client.hello.protocolVersion;
  if (hello !== undefined) expect(hello).toBe(revision);
  return { ...client, asked: () => heard.flatMap(({ method }) => method ?? []) };
}

const link = { uri: "skyprep://exports/x", name: "x", mimeType: "text/plain", size: 3 };
const whole = (outcome: CallOutcome): Reply => ({ outcome, text: "one\ntwo", structured: { id: 1 }, link });

describe.each(protocols)("a client of %s", (revision) => {
  const isNew = revision >= "2025-06-18";

  it.each(callOutcomes)(
    "gets text and nothing else of a reply that is %s, unless a program asked for more",
    async (outcome) => {
      for (const structured of [false, true]) {
        const { ask, close } = await speak(revision, async () => whole(outcome), structured);

        const result = await ask("tools/call", { name: "get_user", arguments: {} });

        const gets = structured && isNew;
        expect(result.content).toEqual([
          { type: "text", text: "one\ntwo" },
          ...(gets ? [{ type: "resource_link", ...link }] : []),
        ]);
        expect(result.structuredContent).toEqual(gets ? { id: 1 } : undefined);
        expect(result.isError ?? false).toBe(wentWrong(outcome));
        // Several hosts show their model all of it.
        const { "skyprep/outcome": said } = (result._meta ?? {}) as Record<string, unknown>;
        expect(said).toBe(structured ? outcome : undefined);
        await close();
      }
    },
  );

  it("is told nothing of a tool that its revision does not know", async () => {
    const { ask, close } = await speak(revision, () => undefined, false);

    const { tools } = (await ask("tools/list")) as { tools: Record<string, unknown>[] };

    const known = [
      ...["name", "description", "inputSchema"],
      ...(revision >= "2025-03-26" ? ["annotations"] : []),
      ...(revision >= "2025-06-18" ? ["title", "_meta"] : []),
      ...(revision >= "2025-11-25" ? ["icons"] : []),
    ];
    expect(tools.length).toBe(prebuiltTools.length);
    expect(
      new Set(tools.flatMap((tool) => Object.keys(tool)).filter((name) => !known.includes(name))),
    ).toEqual(new Set());
    if (revision >= "2025-03-26") expect(tools[0]).toHaveProperty("annotations.readOnlyHint");
    await close();
  });
});

describe("a form that comes back", () => {
  const question = {
    id: "q",
    kind: "removing" as const,
    tool: "get_user",
    facts: ["Really?"],
    stored: [],
    expiresAt: Date.now() + 600_000,
  };
  const said = async (revision: string, answers: unknown) => {
    const call: Caller = async (_name, _args, signal, around) => {
      const form = around?.asker?.form;
      const answer = typeof form === "function" ? await form(question, signal) : { said: "shows no form" };
      return { outcome: "done", text: answer.said };
    };
    const { ask, asked, close } = await speak(revision, call, false, answers);
    const { content } = (await ask("tools/call", { name: "get_user", arguments: {} })) as {
      content: { text: string }[];
    };
    await close();
    return { text: content[0]?.text, asked: asked() };
  };

  it.each([
    {},
    { action: "maybe" },
    { action: 7 },
    { action: null, content: { answer: "yes" } },
    { action: "Decline" },
    { action: ["decline"] },
    { answer: "yes" },
    { content: { answer: "no" } },
    { action: "accept", content: "yes" },
    { action: "accept" },
  ])("with %j is no answer: neither a yes nor a person's no", async (nonsense) => {
    expect((await said("2025-11-25", nonsense)).text).toBe("failed");
  });

  it.each([
    [{ action: "decline", content: { answer: "yes" } }, "no"],
    [{ action: "cancel" }, "cancelled"],
    [{ action: "accept", content: { answer: "yes" } }, "yes"],
  ])("with %j is one", async (answer, means) => {
    expect((await said("2025-11-25", answer)).text).toBe(means);
  });

  it("is not sent at all to a client of a revision without forms, whatever it declares", async () => {
    for (const revision of protocols.filter((one) => one < "2025-06-18")) {
      const { text, asked } = await said(revision, { action: "accept", content: { answer: "yes" } });

      expect(text).toBe("shows no form");
      expect(asked).toEqual([]);
    }
  });
});
