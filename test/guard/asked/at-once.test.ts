import { afterEach, describe, expect, it } from "vitest";
import { type FormResult, type Person, yes } from "../../support/person.ts";
import { type Case, cases } from "./cases.ts";
import { approval, createFakePages } from "./fake-pages.ts";
import { type Counted, type Opened, openCounted } from "./world.ts";

const opened: Opened[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** One question of each kind: what is told of an answer does not depend on more. */
const kinds = [...new Map(cases.map((one) => [one.kind, one])).values()];
const eras = (["legacy", "auto"] as const).flatMap((mode) =>
  kinds.map((one) => ({ mode, one, title: one.title })),
);

const noes: readonly FormResult[] = [
  { action: "decline" },
  { action: "cancel" },
  { action: "accept", content: { answer: "no" } },
];
/** Milliseconds in which nobody reads a question; the clock may be set back meanwhile. */
const atOnce = [0, 20, 700, 1_499, -60_000];
const inTime = [1_500, 1_501, 45_000];

async function openFor(one: Case, options: Counted) {
  const academy = await openCounted(options);
  opened.push(academy);
  await academy.prepare(one);
  return { ...academy, ask: () => academy.call(one.tool.name, one.args) };
}

const aPersonsNo = /The person said no|closed without an answer|Do not call it again/;

describe.each(eras)("$title, mode $mode", ({ mode, one }) => {
  it("a form declined or cancelled at once is nobody's no: nothing is sent, and the page is named", async () => {
    for (const [n, ms] of atOnce.entries()) {
      const fake = createFakePages({ opened: n % 2 === 1 });
      const academy = await openFor(one, { mode, pages: fake.pages });
      const answer = noes[n % noes.length] ?? { action: "decline" };
      academy.answered(() => answer, ms);

      const reply = await academy.ask();

      expect(reply.text).toMatch(
        /^\[sandbox\] Not done yet: the question was answered at once, perhaps by the program and not by a person\. Nothing was sent\.$/m,
      );
      expect(reply.text).toContain(`approve: ${fake.last().url}`);
      expect(reply.text).toMatch(/SKYPREP_CONFIRM=unattended/);
      expect(reply.text).not.toMatch(aPersonsNo);
      expect(reply.text).not.toMatch(/confirm: "/);
      expect([reply.outcome, reply.isError]).toEqual(["waiting", false]);
      expect(academy.sent).toEqual([]);
      await academy.close();
    }
  });

  it("a person may answer it on the page all the same, and the same call goes on, once", async () => {
    const fake = createFakePages();
    const academy = await openFor(one, { mode, pages: fake.pages });
    const asked = academy.answered(() => ({ action: "decline" }), 20);
    await academy.ask();
    const again = await academy.ask();

    fake.last().say(approval(fake.last().question));
    const done = await academy.ask();

    expect(again.text).toMatch(/answered at once/);
    expect(asked()).toBe(1);
    expect(done.outcome).toBe("done");
    expect(academy.sent).toEqual([one.tool.route]);
  });

  it("where no page can be shown that is said, and no code is given in its place", async () => {
    const academy = await openFor(one, { mode });
    academy.answered(() => ({ action: "decline" }), 20);

    const reply = await academy.ask();

    expect(reply.text).toMatch(/answered at once, perhaps by the program and not by a person/);
    expect(reply.text).toMatch(/no page can be opened here[\s\S]*SKYPREP_CONFIRM=unattended/);
    expect(reply.text).not.toMatch(aPersonsNo);
    expect(reply.text).not.toMatch(/confirm: "/);
    expect(reply.outcome).toBe("refused");
    expect(academy.sent).toEqual([]);
  });

  it("a no that took as long as reading takes is a person's, and no page is put", async () => {
    const fake = createFakePages();
    const academy = await openFor(one, { mode, pages: fake.pages });
    for (const ms of inTime) {
      for (const answer of noes) {
        academy.answered(() => answer, ms);

        const reply = await academy.ask();

        expect(reply.text, `${ms} ${answer.action}`).toMatch(aPersonsNo);
        expect(reply.text).not.toMatch(/perhaps by the program/);
        expect(reply.outcome).toBe("declined");
      }
    }
    expect(fake.put).toEqual([]);
    expect(academy.sent).toEqual([]);
  });

  it("a yes at once counts", async () => {
    const academy = await openFor(one, { mode });
    academy.answered(yes, 20);

    const reply = await academy.ask();

    expect(reply.outcome).toBe("done");
    expect(academy.sent).toEqual([one.tool.route]);
  });

  it("but not where only a person's counts: the page asks, and it is said why", async () => {
    const env = { SKYPREP_CONFIRM: "human" };
    const fake = createFakePages();
    const academy = await openFor(one, { mode, env, pages: fake.pages });
    academy.answered(yes, 1_499);

    const reply = await academy.ask();

    expect(reply.text).toMatch(/answered at once, perhaps by the program[^.]*SKYPREP_CONFIRM=human/);
    expect(reply.text).toContain(`approve: ${fake.last().url}`);
    expect(academy.sent).toEqual([]);
    fake.last().say(approval(fake.last().question));
    await academy.ask();
    expect(academy.sent).toEqual([one.tool.route]);

    const slow = await openFor(one, { mode, env });
    slow.answered(yes, 1_500);
    await slow.ask();
    expect(slow.sent).toEqual([one.tool.route]);
  });
});

it("no window opens by itself after a no that may have been a person's, and nobody waits for it", async () => {
  const fake = createFakePages({ opened: true });
  const [one] = kinds;
  if (one === undefined) throw new Error("nothing is asked about");
  const declines: Person = () => ({ action: "decline" });
  const academy = await openFor(one, { pages: fake.pages });
  academy.answered(declines, 20);

  const reply = await academy.ask();

  expect(reply.text).not.toMatch(/open in the person's browser/);
  expect(reply.text).toContain(`approve: ${fake.last().url}`);
});

it("a code that stands for the same call is good no more after a no at once", async () => {
  const one = kinds.find(({ kind }) => kind === "removing");
  if (one === undefined) throw new Error("nothing that removes is asked about");
  const academy = await openFor(one, {});
  let put = () => {};
  const both = new Promise<void>((resolve) => {
    put = resolve;
  });
  let n = 0;
  // Two of the same call at once: the one form breaks, the other is declined when the code is out.
  academy.answered(async () => {
    n += 1;
    if (n === 1) throw new Error("this form broke");
    await both;
    return { action: "decline" };
  }, 20);
  const [first, second] = [academy.ask(), academy.ask()];
  const coded = await first;
  put();
  const declined = await second;

  const [, code] = /^confirm: "(.*)"$/m.exec(coded.text) ?? [];
  const used = await academy.call(one.tool.name, { ...one.args, confirm: code });

  expect(code).toBeDefined();
  expect(declined.text).not.toContain(code);
  expect(used.text).toMatch(/wrong, used, too old/);
  expect(academy.sent).toEqual([]);
});
