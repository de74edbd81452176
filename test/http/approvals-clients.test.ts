import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { type AskingTeam, addressIn, askingHere, fourEyes, group, textIn } from "./approvals.ts";
import { answerAt, browse } from "./signing-in.ts";
import { textOf } from "./team.ts";

const url = { elicitation: { url: {} } };
const form = { elicitation: { form: {} } };

describe("a page that asks, and a client of 2026 that opens addresses", () => {
  const opening = async (one: AskingTeam) => {
    const asked = await one.call(...group, { capabilities: url });
    const { answer } = asked.result?.inputRequests ?? {};
    const back = (action: string) => ({
      capabilities: url,
      more: { requestState: asked.result?.requestState, inputResponses: { answer: { action } } },
    });
    return { path: addressIn(asked), params: answer?.params, back };
  };

  it("gets its address as an elicitation; that it was opened agrees to nothing", async () => {
    const one = await askingHere();
    const { path, params, back } = await opening(one);

    const early = await one.call(...group, { ...back("accept"), at: 1 });
    const before = one.sent(group[0]);
    await answerAt(one.base(1), path, "mia", { answer: "approve" });
    const done = await one.call(...group, { ...back("accept"), at: 1 });

    expect(params?.mode).toBe("url");
    expect(params?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/approvals\/[\w-]{16}$/);
    expect(params?.message).toMatch(/^(\[sandbox\] )?Remove .*\? You sign in and answer on a page/);
    expect(textIn(early)).toMatch(/Not done yet/);
    expect(addressIn(early)).toBe(path);
    expect(before).toBe(0);
    expect(textIn(done)).toMatch(/Done|Removed/);
    expect(one.sent(group[0])).toBe(1);
  });

  it("is taken at their word where they decline to open it, unless that came faster than anybody reads", async () => {
    const one = await askingHere();
    const { path, back } = await opening(one);

    const early = await one.call(...group, back("decline"));
    await one.pass(2_000);
    const no = await one.call(...group, { ...back("decline"), at: 1 });
    const late = await answerAt(one.base(), path, "mia", { answer: "approve" });
    await one.call(...group);

    expect(addressIn(early)).toBe(path);
    expect(textIn(no)).toMatch(/person said no/);
    expect(late.status).toBe(404);
    expect(one.sent(group[0])).toBe(0);
  });

  it("is another's where they close it: nothing is taken back", async () => {
    const one = await askingHere();
    const { path, back } = await opening(one);
    await one.pass(2_000);

    const closed = await one.call(...group, back("cancel"));

    expect(addressIn(closed)).toBe(path);
  });

  it("is never given whoever asks where somebody else has to agree", async () => {
    const one = await askingHere({ academies: fourEyes });

    const asked = await one.call(...group, { capabilities: url });

    expect(asked.result?.inputRequests).toBeUndefined();
    expect(textIn(asked)).toMatch(/Somebody else has to agree who may do so here/);
  });
});

describe("a page that asks, and other clients", () => {
  const legacy = async (one: AskingTeam, capabilities: object) => {
    const client = new Client(
      { name: "test", version: "1" },
      { versionNegotiation: { mode: "legacy" }, capabilities },
    );
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${one.base()}/mcp/acme`), {
        requestInit: { headers: { authorization: `Bearer ${one.tokenFor("mia")}` } },
      }),
    );
    return client;
  };

  it("of 2025 that open addresses: the call fails with them, and is done when it is repeated after the answer", async () => {
    const one = await askingHere();
    const client = await legacy(one, url);
    const call = () => client.callTool({ name: group[0], arguments: group[1] });

    const refused = await call().catch((error: unknown) => error);
    const { code, data } = refused as {
      code: number;
      data: { elicitations: { mode: string; url: string; elicitationId: string }[] };
    };
    const [link] = data.elicitations;
    await answerAt(one.base(1), new URL(link?.url ?? "").pathname, "mia", { answer: "approve" });
    const done = textOf(await call());
    await client.close();

    expect(code).toBe(-32042);
    expect(link).toMatchObject({ mode: "url" });
    expect(link?.url.endsWith(link.elicitationId)).toBe(true);
    expect(done).toMatch(/Done|Removed/);
    expect(one.sent(group[0])).toBe(1);
  });

  it("of 2025 that cannot: the reply has the address", async () => {
    const one = await askingHere();
    const client = await legacy(one, form);

    const text = textOf(await client.callTool({ name: group[0], arguments: group[1] }));
    await client.close();

    expect(text).toMatch(/approve: http:\/\/127\.0\.0\.1:\d+\/approvals\//);
  });

  it("with forms are asked in those, unless only persons count", async () => {
    const one = await askingHere({
      academies: [
        { name: "acme", sandbox: true },
        { name: "north", sandbox: true, confirm: "human" },
      ],
      people: {
        mia: ["acme", "north"].map((academy) => ({ academy, scopes: ["write"] as const })),
      },
    });

    const asked = await one.call(...group, { capabilities: form });
    const human = await one.call(...group, { capabilities: form, academy: "north" });

    expect(asked.result?.inputRequests?.answer.params.mode).toBe("form");
    expect(human.result?.inputRequests).toBeUndefined();
    expect(addressIn(human)).not.toBe("");
  });

  it("whose form was answered by the program are given the page, and its yes counts", async () => {
    const one = await askingHere();
    const asked = await one.call(...group, { capabilities: form });

    const early = await one.call(...group, {
      capabilities: form,
      more: {
        requestState: asked.result?.requestState,
        inputResponses: { answer: { action: "decline" } },
      },
    });
    await answerAt(one.base(), addressIn(early), "mia", { answer: "approve" });
    await one.call(...group);

    expect(textIn(early)).toMatch(/answered at once, perhaps by the program/);
    expect(one.sent(group[0])).toBe(1);
  });

  it("get no address where nobody can sign in, and what they are told is as it was", async () => {
    const one = await askingHere({ over: { login: undefined } });

    const asked = await one.call(...group, { capabilities: url });
    const page = await browse(one.base(), "/approvals", { who: "mia" });

    expect(textIn(asked)).toMatch(
      /nobody can be asked over this connection: this assistant shows no form here/,
    );
    expect(addressIn(asked)).toBe("");
    expect(page.status).toBe(404);
    expect(page.html).toContain("There is nothing here, or nothing of yours.");
    expect(await one.kept()).toEqual([]);
  });
});
