import { expect, it } from "vitest";
import {
  isWrite,
  type WriteRequest,
  type WriteWorld,
  type Writing,
  write,
} from "../../../src/call/write/write.ts";
import type { Use } from "../../../src/journal/line.ts";
import { tools } from "../../support/catalogue.ts";

const tool = tools.get("destroy_course");
if (tool === undefined || !isWrite(tool)) throw new Error("no such write");
const asked: WriteRequest = { tool, args: { course_id: 201 }, code: undefined };
const never = new AbortController().signal;
const writing: Writing = {
  ends: { unsent: never, sent: never, linked: () => never as never, over: () => undefined },
  asker: { client: "a test", tell: () => {} },
  progress: () => {},
  hide: (text) => text,
  onTime: () => {},
};

/** A call that was agreed to, and how often its yes was used; nothing can be sent in it. */
async function agreed(world: Partial<WriteWorld>) {
  const used: boolean[] = [];
  const use: Use = async () => {
    used.push(used.length === 0);
    return used.length === 1;
  };
  const api = async () => {
    throw new Error("something was sent");
  };
  const base = {
    guard: async () => ({
      go: true,
      agreed: "code",
      question: "q",
      targets: [],
      allow: () => undefined,
      use,
    }),
    records: new Map(),
    api,
    now: () => 0,
    after: () => () => {},
    timeoutMs: 60_000,
    account: "an account",
    lastCame: () => undefined,
    drop: () => {},
  };
  const reply = await write(asked, { ...base, ...world } as unknown as WriteWorld, writing);
  return { reply, used };
}

it("uses up a yes whose call ends before it is written down: it is good for one call", async () => {
  const { reply, used } = await agreed({
    policy: { hold: async () => ({ barred: "No." }), pass: () => () => {} },
  });

  expect(reply.text).toContain("not sent");
  expect(used).toEqual([true]);
});

it("uses it where it is written down, once, and sends nothing on one that is over", async () => {
  const { reply, used } = await agreed({
    journal: {
      intend: async (_: unknown, terms: { use?: Use }) => {
        await terms.use?.();
        return (await terms.use?.()) ? { seq: 1 } : { refused: "It is over." };
      },
    } as unknown as WriteWorld["journal"],
  });

  expect(reply).toMatchObject({ needs: "person", text: expect.stringContaining("It is over.") });
  expect(used).toEqual([true, false]);
});
