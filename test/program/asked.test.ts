import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from "@modelcontextprotocol/server";
import { afterEach, describe, expect, it } from "vitest";
import { submit } from "../guard/approval/pages.ts";
import { endAll, hello, start } from "./child.ts";

afterEach(endAll);

const removal = { name: "destroy_course", arguments: { course_id: 202 } };
const leaving = { name: "remove_user_from_user_group", arguments: { user_id: 101, user_group_id: 301 } };

interface Result {
  content?: { text: string }[];
  isError?: boolean;
  structuredContent?: { asked?: { page?: string; confirm?: string } };
  resultType?: string;
  requestState?: string;
}

/** The built program and a client that speaks in raw lines, which shows no forms unless it says so. */
async function open(envelope?: Record<string, unknown>, env: Record<string, string> = {}) {
  const server = start(["--sandbox", "--structured"], env);
  let id = 1;
  if (envelope === undefined) await server.ask(id, "initialize", hello);
  const call = async (params: Record<string, unknown>) => {
    id += 1;
    const { result, error } = await server.ask(id, "tools/call", {
      ...params,
      ...(envelope && { _meta: envelope }),
    });
    return (result ?? { isError: true, content: [{ text: JSON.stringify(error) }] }) as Result;
  };
  const left = async () => !(await call({ name: "get_course", arguments: { course_id: 202 } })).isError;
  return { ...server, call, left };
}
const textOf = ({ content = [] }: Result) => content.map(({ text }) => text).join("\n");

describe("the built program asks, over real stdio", () => {
  it("through its page, at the address it prints where no browser can be opened", async () => {
    const { call, left } = await open();
    const asked = await call(removal);
    const [, address = ""] = /^approve: (http:\S+)$/m.exec(textOf(asked)) ?? [];

    const unanswered = await call(removal);
    const wrong = await submit(address, { answer: "approve", phrase: "delete 203" });
    const before = await left();
    const approved = await submit(address, { answer: "approve", phrase: "delete 202" });
    const done = await call(removal);
    const again = await call(removal);

    expect(asked.structuredContent?.asked?.page).toBe(address);
    expect(unanswered).toEqual(asked);
    expect([wrong.status, approved.status]).toEqual([303, 303]);
    expect(before).toBe(true);
    expect(textOf(done)).toMatch(/Done: Delete a course/);
    expect(textOf(again)).toMatch(/There is no course 202/);
  });

  it("and nothing is sent where the page is refused", async () => {
    const { call, left } = await open();
    const { structuredContent } = await call(removal);

    await submit(structuredContent?.asked?.page ?? "", { answer: "refuse" });
    const reply = await call(removal);

    expect(textOf(reply)).toMatch(/The person said no/);
    expect(await left()).toBe(true);
  });

  it("through a code, once, and none with SKYPREP_CONFIRM=human", async () => {
    const { call } = await open();
    const confirm = (await call(leaving)).structuredContent?.asked?.confirm;
    const coded = { ...leaving, arguments: { ...leaving.arguments, confirm } };

    const [done, again] = [await call(coded), await call(coded)];
    const human = await open(undefined, { SKYPREP_CONFIRM: "human" });
    const { structuredContent } = await human.call(leaving);

    expect(textOf(done)).toMatch(/Done: Take a person out of a group/);
    expect(textOf(again)).toMatch(/wrong, used, too old/);
    expect(structuredContent?.asked?.page).toMatch(/^http:/);
    expect(structuredContent?.asked?.confirm).toBeUndefined();
  });

  it("by the next rung where a client of the 2026 era says it shows forms, and brings back nothing or nonsense", async () => {
    const { call } = await open({
      [PROTOCOL_VERSION_META_KEY]: "2026-07-28",
      [CLIENT_INFO_META_KEY]: { name: "raw", version: "1" },
      [CLIENT_CAPABILITIES_META_KEY]: { elicitation: { form: {} } },
    });

    const broken = [{}, { inputResponses: {} }, { inputResponses: { answer: { action: "maybe" } } }];
    for (const [n, more] of broken.entries()) {
      // Of somebody else each time: a page stands for ten minutes.
      const own = { ...leaving, arguments: { ...leaving.arguments, user_id: 101 + n } };
      const { requestState } = await call(own);
      const reply = await call({ ...own, requestState, ...more });

      expect(textOf(reply)).toMatch(/^\[sandbox\] Not done yet: a person has to agree/);
      expect(reply.structuredContent?.asked).toMatchObject({ page: expect.stringMatching(/^http:/) });
      expect(reply.isError).toBeUndefined();
    }
  });

  it("in its answer, in the 2026 era, and takes no answer that was not asked for", async () => {
    const { call, left, out } = await open({
      [PROTOCOL_VERSION_META_KEY]: "2026-07-28",
      [CLIENT_INFO_META_KEY]: { name: "raw", version: "1" },
      [CLIENT_CAPABILITIES_META_KEY]: { elicitation: { form: {} } },
    });
    const inputResponses = { answer: { action: "accept", content: { typed: "delete 202" } } };

    for (const more of [{}, { requestState: "v1.e30.AAAA" }, { requestState: "yes" }]) {
      const unasked = await call({ ...removal, inputResponses, ...more });
      expect(unasked.resultType).toBe("input_required");
    }
    const { requestState } = await call(removal);
    const elsewhere = { ...removal, arguments: { course_id: 204 } };
    expect((await call({ ...elsewhere, inputResponses, requestState })).resultType).toBe("input_required");
    expect(await left()).toBe(true);

    const own = await call(removal);
    const done = await call({ ...removal, inputResponses, requestState: own.requestState });

    expect(textOf(done)).toMatch(/Done: Delete a course/);
    for (const line of out) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
  });
});
