import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { codeAllowed } from "../../../src/guard/policy/approval-policy.ts";
import type { Around } from "../../support/academy.ts";
import { type FormResult, yes } from "../../support/person.ts";
import { type Case, cases } from "./cases.ts";
import { createFakePages } from "./fake-pages.ts";
import { codeIn, endAll, installation } from "./processes.ts";

afterEach(endAll);

const operation = (name: string): Case => {
  const found = cases.find(({ tool, kind }) => tool.name === name && codeAllowed.includes(kind));
  if (found === undefined) throw new Error(`nobody is asked about ${name}`);
  return found;
};
const removal = operation("remove_user_from_user_group");
/** An operation of each kind with a code, and a job. */
const calls = [
  { kind: removal.kind, name: removal.tool.name, args: removal.args },
  { kind: "many", name: "mass_enroll", args: operation("mass_enroll").args },
  { kind: "removing", name: "offboard_person", args: { person: "avery@example.com" } },
] as const;

const noes: readonly FormResult[] = [
  { action: "decline" },
  { action: "cancel" },
  { action: "accept", content: { answer: "no" } },
];
type Call = (name: string, args: Record<string, unknown>) => Promise<{ text: string; isError: boolean }>;
interface No {
  readonly title: string;
  readonly settings?: Record<string, string>;
  readonly around: () => Around & { readonly after?: () => void };
}
/** Every way in which a person says no, in a process of its own. */
const ways: readonly No[] = [
  ...(["legacy", "auto"] as const).flatMap((mode) =>
    noes.map((answer) => ({
      title: `a form, ${JSON.stringify(answer)}, ${mode}`,
      around: () => ({ mode, person: () => answer }),
    })),
  ),
  {
    title: "a form answered at once",
    around: () => ({ seconds: 0, person: () => ({ action: "decline" as const }) }),
  },
  ...["ask", "human"].map((confirm) => ({
    title: `a page, SKYPREP_CONFIRM=${confirm}`,
    settings: { SKYPREP_CONFIRM: confirm },
    around: () => {
      const fake = createFakePages();
      return { pages: fake.pages, after: () => fake.put.at(-1)?.say({ said: "no" }) };
    },
  })),
  {
    title: "a form, SKYPREP_CONFIRM=human, with other settings of what is kept",
    settings: { SKYPREP_CONFIRM: "human", SKYPREP_KEEP_DAYS: "0" },
    around: () => ({ person: () => ({ action: "decline" as const }) }),
  },
];

/** Long enough for what a page's no sets off. */
const done = async (state: string) => {
  const marks = () =>
    readdirSync(join(state, "approvals", "sandbox")).some((name) => /\.no\.json$/.test(name));
  await expect.poll(marks).toBe(true);
};

describe.each(calls)(
  "$name: after a no, a code that was given before sends nothing",
  ({ kind, name, args }) => {
    it.each(ways)("$title", async ({ settings, around }) => {
      const place = await installation({ kind });
      const first = await place.open();
      const confirm = codeIn(await first.call(name, { ...args }));
      const { after, ...own } = around();
      const second = await place.open(settings, own);

      const no = await second.call(name, { ...args });
      after?.();
      if (after) await done(place.state);
      const replies = [];
      for (const process of [await place.open(), second, first])
        replies.push(await (process.call as Call)(name, { ...args, confirm }));

      expect(no.text).not.toMatch(/^(\[sandbox\] )?Done/);
      for (const { text } of replies) expect(text).not.toMatch(/^(\[sandbox\] )?Done/);
      expect(place.sent).toEqual([]);
    });
  },
);

describe("a no", () => {
  const ask = { name: removal.tool.name, args: removal.args };
  const decline = () => ({ person: () => ({ action: "decline" as const }) });

  it("is told by the process that gave the code, in place of what it would have done", async () => {
    const place = await installation(removal);
    const first = await place.open();
    const confirm = codeIn(await first.call(ask.name, { ...ask.args }));
    const second = await place.open({}, decline());
    await second.call(ask.name, { ...ask.args });

    const reply = await first.call(ask.name, { ...ask.args, confirm });

    expect(reply.text).toMatch(/The person said no|a person has said no since/);
    expect(place.sent).toEqual([]);
  });

  it("ends a page of another process, too, of any kind: a yes on it is too late", async () => {
    for (const confirm of ["ask", "human"])
      for (const one of [removal, cases.find(({ kind }) => kind === "irreversible") ?? removal]) {
        const place = await installation(one);
        const fake = createFakePages();
        const first = await place.open({ SKYPREP_CONFIRM: confirm }, { pages: fake.pages });
        await first.call(one.tool.name, { ...one.args });
        const second = await place.open({}, decline());
        await second.call(one.tool.name, { ...one.args });
        const { question, say } = fake.last();
        say({ said: "yes", ...(question.phrase !== undefined && { typed: question.phrase }) });

        const reply = await first.call(one.tool.name, { ...one.args });

        expect(reply.text).toMatch(/The person said no/);
        expect(place.sent).toEqual([]);
      }
  });

  it("ends the form of a call that was made at the same time", async () => {
    const place = await installation(removal);
    const waiting: ((answer: FormResult) => void)[] = [];
    const both = await place.open({}, { person: () => new Promise((resolve) => waiting.push(resolve)) });
    const [one, two] = [both.call(ask.name, { ...ask.args }), both.call(ask.name, { ...ask.args })];
    await expect.poll(() => waiting.length).toBe(2);
    waiting[0]?.({ action: "decline" });
    await one;
    waiting[1]?.({ action: "accept", content: { answer: "yes" } });

    expect((await two).text).toMatch(/The person said no/);
    expect(place.sent).toEqual([]);
  });

  it("ends no other call, and nothing that is asked later", async () => {
    const place = await installation(removal);
    const other = { ...ask.args, user_group_id: 302 };
    const first = await place.open();
    const elsewhere = codeIn(await first.call(ask.name, other));
    const second = await place.open({}, decline());
    await second.call(ask.name, { ...ask.args });

    const kept = await first.call(ask.name, { ...other, confirm: elsewhere });
    const confirm = codeIn(await first.call(ask.name, { ...ask.args }));
    const later = await place.open();
    const done = await later.call(ask.name, { ...ask.args, confirm });
    const third = await place.open({}, { person: yes });
    place.world.groups.get(301)?.members.add(101);
    const formed = await third.call(ask.name, { ...ask.args });

    expect([kept, done, formed].map(({ text }) => /^(\[sandbox\] )?Done/.test(text))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it("stands where the stored question was edited before it, and its marks taken away after it", async () => {
    const place = await installation(removal);
    const folder = join(place.state, "approvals", "sandbox");
    const first = await place.open();
    const confirm = codeIn(await first.call(ask.name, { ...ask.args }));
    for (const name of readdirSync(folder).filter((one) => one.endsWith(".json"))) {
      const path = join(folder, name);
      writeFileSync(path, readFileSync(path, "utf8").replace("removing", "many"));
    }
    const copy = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
    const second = await place.open({}, decline());
    await second.call(ask.name, { ...ask.args });
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    for (const [name, text] of copy) writeFileSync(join(folder, name), text);

    const replies = [
      await first.call(ask.name, { ...ask.args, confirm }),
      await (await place.open()).call(ask.name, { ...ask.args, confirm }),
    ];

    for (const { text } of replies) expect(text).not.toMatch(/^(\[sandbox\] )?Done/);
    expect(place.sent).toEqual([]);
  });
});
