import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answerIn, showsForms, statelessCall } from "../support/stateless-call.ts";
import { wordsIn } from "../support/words-in.ts";
import { hello, raw } from "./raw.ts";
import { connectAs, type RunningTeam, team, textOf } from "./team.ts";

const remove = { name: "destroy_user", arguments: { user_id: 110 } };

interface Asked {
  readonly result: {
    readonly resultType?: string;
    readonly requestState?: string;
    readonly inputRequests?: Record<string, { params: { message: string } }>;
    readonly isError?: boolean;
    readonly content?: { text: string }[];
  };
}

describe("a question over HTTP", () => {
  let running: RunningTeam;
  beforeEach(async () => {
    running = await team({
      academies: [
        { name: "acme", sandbox: true },
        { name: "north", sandbox: true },
      ],
      people: {
        mia: [
          { academy: "acme", scopes: ["write", "approve"] },
          { academy: "north", scopes: ["write", "approve"] },
        ],
        rob: [{ academy: "acme", scopes: ["write", "approve"] }],
      },
    });
  });
  afterEach(() => running.end());
  const sent = () => running.sent.filter(({ route }) => route === "destroy_user").length;

  const call = async (
    more: object = {},
    { who = "mia", academy = "acme", given = remove } = {},
  ): Promise<Asked> => {
    const token = running.tokenFor(who);
    const { text } = await raw(running.port, {
      path: `/mcp/${academy}`,
      ...statelessCall({ token, name: given.name, args: given.arguments, more, capabilities: showsForms }),
    });
    return answerIn<Asked>(text);
  };
  const typed = ({ result }: Asked) =>
    /Type (\S+) to/.exec(result.inputRequests?.answer?.params.message ?? "")?.[1] ?? "";
  const yes = (asked: Asked) => ({
    requestState: asked.result.requestState,
    inputResponses: { answer: { action: "accept", content: { typed: typed(asked) } } },
  });

  it("is put in the client's form and answered by the same person: sent once", async () => {
    const asked = await call();
    const done = await call(yes(asked));

    expect(asked.result.inputRequests?.answer?.params.message).toMatch(/Delete /);
    expect(done.result.isError).toBeUndefined();
    expect(sent()).toBe(1);
  });

  it("is used once: the same answer again sends nothing", async () => {
    const asked = await call();
    await call(yes(asked));
    await call(yes(asked));

    expect(sent()).toBe(1);
  });

  it("is nobody else's, of no other academy, and for no other call", async () => {
    const asked = await call();
    await call(yes(asked), { who: "rob" });
    await call(yes(asked), { academy: "north" });
    await call(yes(asked), { given: { name: "destroy_user", arguments: { user_id: 111 } } });

    expect(sent()).toBe(0);
  });

  it("shows nothing of whom it is about, or who asks, in what the client has to send back", async () => {
    const asked = await call();
    const state = Buffer.from(asked.result.requestState ?? "", "base64url").toString();

    expect(`${asked.result.requestState}${state}`).not.toMatch(/acme|@example/);
    expect(wordsIn(`${asked.result.requestState} ${state}`, ["mia"])).toEqual([]);
  });

  it("is shut for a client of the older era, with a form or without: no code, no address", async () => {
    const client = await connectAs(running, "mia", {
      era: "2025",
      person: async () => ({ action: "accept", content: {} }),
    });
    const text = textOf(await client.callTool(remove));
    const again = textOf(
      await client.callTool({ ...remove, arguments: { ...remove.arguments, confirm: "AAAA-AAAA" } }),
    );
    const many = textOf(
      await client.callTool({ name: "destroy_user_group", arguments: { user_group_id: 401 } }),
    );

    for (const one of [text, again, many]) expect(one).not.toMatch(/confirm: "|http:\/\//);
    expect(text).toMatch(/needs a person's yes, and nobody can be asked/);
    expect(sent()).toBe(0);
    expect(running.sent.map(({ route }) => route)).not.toContain("destroy_user_group");
    await client.close();
  });

  it("leaves a session its short name, whatever a client can do", async () => {
    const { headers } = await raw(running.port, {
      headers: {
        authorization: `Bearer ${running.tokenFor("mia")}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify({ ...hello, params: { ...hello.params, capabilities: { elicitation: {} } } }),
    });

    expect(String(headers["mcp-session-id"]).length).toBeLessThan(1_000);
  });
});
