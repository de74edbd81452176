import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasNginx } from "../support/nginx.ts";
import { freshDatabase, hasPostgres } from "../support/postgres.ts";
import { answerIn } from "../support/stateless-call.ts";
import { callRaw, type Replicas, startReplicas } from "./replicas.ts";

const academies = ["acme", "north", "south", "east"];
const everywhere = academies.map((academy) => ({ academy, scopes: ["write"] as const }));

interface Result {
  readonly requestState?: string;
  readonly inputRequests?: { readonly answer: { readonly params: { readonly message: string } } };
  readonly isError?: boolean;
}
interface Asked {
  readonly requestState: string;
  readonly inputResponses: object;
}

describe.skipIf(!hasPostgres || !hasNginx)("a question over three replicas", () => {
  let running: Replicas;
  beforeAll(async () => {
    const fresh = await freshDatabase();
    running = await startReplicas({
      databaseUrl: fresh.url,
      academies,
      people: { ana: everywhere, rob: everywhere },
    });
  }, 60_000);
  afterAll(() => running?.close());

  /** Each test has an academy, and so a minute, of its own. */
  const remove = (user: number, academy = "acme") => ({
    path: `/mcp/${academy}`,
    name: "destroy_user",
    args: { user_id: user } as Readonly<Record<string, unknown>>,
  });
  type Call = ReturnType<typeof remove>;
  const result = (text: string) => answerIn<{ result: Result }>(text).result;
  const removed = () =>
    running.arrived.filter(({ route }) => /destroy|remove_user/.test(route)).map(({ body }) => body);

  /** Asked of ana; with her yes, typed as the form says. */
  async function ask(call: Call): Promise<Asked> {
    const { requestState, inputRequests } = result((await callRaw(running, "ana", call)).text);
    const [, typed] = /Type (\S+) to/.exec(inputRequests?.answer.params.message ?? "") ?? [];
    return {
      requestState: requestState ?? "",
      inputResponses: { answer: { action: "accept", content: { typed } } },
    };
  }

  it("is answered at another replica than asked, and the call is sent once", async () => {
    const before = removed().length;
    const answer = await ask(remove(110));
    const reply = await callRaw(running, "ana", { ...remove(110), more: answer });

    expect(result(reply.text).isError, reply.text).not.toBe(true);
    expect(result(reply.text).inputRequests, reply.text).toBeUndefined();
    expect(removed().length - before).toBe(1);
    const [asked, answered] = running.proxy.taken().slice(-2);
    expect(answered).not.toBe(asked);
  });

  it("is good for nobody else, nowhere else, for no other call, and not altered", async () => {
    const answer = await ask(remove(111, "south"));
    const before = removed().length;
    const { requestState } = answer;
    const at = Math.floor(requestState.length / 2);
    const altered = `${requestState.slice(0, at)}${requestState[at] === "A" ? "B" : "A"}${requestState.slice(at + 1)}`;
    const replays: readonly (readonly [string, Call, object])[] = [
      ["rob", remove(111, "south"), answer],
      ["ana", { ...remove(111, "south"), path: "/mcp/north" }, answer],
      ["rob", { ...remove(111, "south"), path: "/mcp/north" }, answer],
      ["ana", { ...remove(111, "south"), path: "/mcp/south/readonly" }, answer],
      ["ana", remove(112, "south"), answer],
      ["ana", { ...remove(111, "south"), args: { user_id: 111, user_email: "x@example.com" } }, answer],
      [
        "ana",
        { ...remove(111, "south"), name: "remove_user_from_course", args: { user_id: 111, course_id: 202 } },
        answer,
      ],
      ["ana", remove(111, "south"), { ...answer, requestState: altered }],
      ["ana", remove(111, "south"), { inputResponses: answer.inputResponses }],
    ];
    for (const [who, call, more] of replays) await callRaw(running, who, { ...call, more });

    expect(removed().slice(before)).toEqual([]);
  });

  it("is used once, however often and wherever the answer comes, one after the other or all at once", async () => {
    const before = removed().length;
    const inTurn = await ask(remove(113, "east"));
    for (let turn = 0; turn < 6; turn++)
      await callRaw(running, "ana", { ...remove(113, "east"), more: inTurn });
    expect(removed().length - before).toBe(1);

    const atOnce = await ask(remove(114, "east"));
    await Promise.all(
      Array.from({ length: 7 }, () => callRaw(running, "ana", { ...remove(114, "east"), more: atOnce })),
    );
    expect(removed().length - before).toBe(2);
  });
});
