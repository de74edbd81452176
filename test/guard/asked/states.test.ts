import { type Client, isInputRequiredResult } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it } from "vitest";
import { type Case, cases, elsewhere, everySecond, inTurn, withMore } from "./cases.ts";
import { type Opened, openCounted, tenMinutes } from "./world.ts";

const opened: Opened[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

type Args = Record<string, unknown>;
interface Asked {
  properties: { typed?: { title: string } };
}
interface Sealed {
  state: string;
  /** What a person who agrees would send back. */
  yes: Record<string, unknown>;
  phrase: string | undefined;
}

/** One leg of a call as it goes over the wire: nothing is answered for the client by its library. */
async function openRaw(one: (typeof cases)[number], mode: "legacy" | "auto" = "auto") {
  const academy = await openCounted({ mode });
  opened.push(academy);
  await academy.prepare(one);
  let shown = 0;
  academy.answered(() => {
    shown += 1;
    return { action: "decline" };
  });
  const leg = async (args: Args, more: Args = {}, name = one.tool.name): Promise<Sealed | "ended"> => {
    const params = { name, arguments: args, ...more };
    const result: unknown = await (academy.client as Client).request(
      { method: "tools/call", params },
      { allowInputRequired: true },
    );
    if (!isInputRequiredResult(result)) return "ended";
    const { answer } = result.inputRequests as unknown as { answer: { params: { requestedSchema: Asked } } };
    const { typed } = answer.params.requestedSchema.properties;
    const phrase = typed && /^Type (.*) to go on\.$/.exec(typed.title)?.[1];
    const content = phrase === undefined ? { answer: "yes" } : { typed: phrase };
    return {
      state: String(result.requestState),
      yes: { answer: { action: "accept", content } },
      phrase,
    };
  };
  const question = async (args: Args = one.args): Promise<Sealed> => {
    const sealed = await leg(args);
    if (sealed === "ended") throw new Error("nobody was asked");
    return sealed;
  };
  return { ...academy, leg, question, shown: () => shown };
}

const flipped = (state: string, at: number) =>
  `${state.slice(0, at)}${state[at] === "A" ? "B" : "A"}${state.slice(at + 1)}`;

type Raw = Awaited<ReturnType<typeof openRaw>>;

async function countsForNothing(one: Case, { leg, question, sent }: Raw) {
  const { state, yes, phrase } = await question();
  const middle = Math.floor(state.length / 2);

  const tries: Args[] = [
    { inputResponses: yes },
    { inputResponses: yes, requestState: "v1.e30.AAAA" },
    { inputResponses: yes, requestState: "yes" },
    { inputResponses: yes, requestState: flipped(state, 8) },
    { inputResponses: yes, requestState: flipped(state, middle) },
    { inputResponses: yes, requestState: flipped(state, state.length - 8) },
    { requestState: state },
    { inputResponses: { approved: yes.answer }, requestState: state },
    { inputResponses: { answer: { action: "accept" } }, requestState: state },
  ];
  for (const more of inTurn(tries, one, 3)) {
    await leg(one.args, more).catch(() => "refused");
    expect(sent, JSON.stringify(more)).toEqual([]);
  }
  const anew = await question();
  const content = phrase === undefined ? { answer: "Yes" } : { typed: "yes", answer: "yes" };
  await leg(one.args, {
    inputResponses: { answer: { action: "accept", content } },
    requestState: anew.state,
  });
  // A wrong answer has used the question up.
  await leg(one.args, { inputResponses: anew.yes, requestState: anew.state });
  expect(sent).toEqual([]);
}

/** Given to another call it counts for nothing there, and is used up. */
async function countsForNothingElsewhere(one: Case, { leg, question, sent }: Raw) {
  const stranger = cases.find(({ tool, kind }) => tool.name !== one.tool.name && kind !== "many");
  const tries: [Args | undefined, string][] = [
    [elsewhere(one), one.tool.name],
    [withMore(one), one.tool.name],
    [{ ...stranger?.args }, stranger?.tool.name ?? ""],
  ];

  for (const [args, name] of tries) {
    if (args === undefined) continue;
    const { state, yes } = await question();
    const answer = { inputResponses: yes, requestState: state };
    await leg(args, answer, name);
    await leg(one.args, answer);
    expect(sent, name).toEqual([]);
  }
}

async function isTooLate(one: Case, { leg, question, clock, sent }: Raw) {
  const { state, yes } = await question();
  await clock.run(tenMinutes);

  await leg(one.args, { inputResponses: yes, requestState: state });

  expect(sent).toEqual([]);
}

describe("an answer of the 2026 era, as it goes over the wire", () => {
  // One academy for all that sends nothing, and then for the yes: setting one up takes longer than a question.
  it.each(everySecond(cases))(
    "$title: unasked, made up, altered, without the phrase, for another call or too late it counts for nothing; sealed, it sends it, once",
    async (one) => {
      const academy = await openRaw(one);
      await countsForNothing(one, academy);
      await countsForNothingElsewhere(one, academy);
      await isTooLate(one, academy);

      const { leg, question, sent } = academy;
      const { state, yes } = await question();
      await leg(one.args, { inputResponses: yes, requestState: state });
      // What stands at its new value already deserves no question any more.
      if (!/different|falls|overwritten|begun|remembered/.test(one.title))
        await leg(one.args, { inputResponses: yes, requestState: state });

      expect(sent).toEqual([one.tool.route]);
    },
  );

  // That era does not look at them, whatever is called.
  it.each(cases.filter((one) => inTurn([0, 1, 2, 3], one).includes(0)))(
    "$title: in the 2025 era nothing that is sent along is an answer",
    async (one) => {
      const { question } = await openRaw(one);
      const { state, yes } = await question();
      const { leg, sent, shown } = await openRaw(one, "legacy");

      for (const more of [{ inputResponses: yes }, { inputResponses: yes, requestState: state }]) {
        await leg(one.args, more).catch(() => "refused");
      }

      expect(sent).toEqual([]);
      expect(shown()).toBeGreaterThan(0);
    },
  );
});
