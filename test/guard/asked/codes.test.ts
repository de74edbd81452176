import { afterEach, describe, expect, it } from "vitest";
import { codeAllowed } from "../../../src/guard/policy/approval-policy.ts";
import { noon } from "../../support/academy.ts";
import { type Case, cases, elsewhere, everySecond, inTurn, withMore } from "./cases.ts";
import { createFakePages } from "./fake-pages.ts";
import { type Opened, openCounted, tenMinutes } from "./world.ts";

const opened: Opened[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
async function openFor(one: Pick<Case, "kind">, env: Record<string, string> = {}) {
  const academy = await openCounted({ forms: false, env });
  opened.push(academy);
  await academy.prepare(one);
  const call = (of: Case, more: Record<string, unknown> = {}) =>
    academy.call(of.tool.name, { ...of.args, ...more });
  const code = async (of: Case) => {
    const { structured } = await call(of);
    return (structured?.asked as { confirm?: string } | undefined)?.confirm ?? "none was given";
  };
  return { ...academy, call, code, raw: academy.call };
}

const withCode = cases.filter(({ kind }) => codeAllowed.includes(kind));
const withoutCode = cases.filter(({ kind }) => !codeAllowed.includes(kind));
const altered = (code: string) => (code.startsWith("A") ? "B" : "A") + code.slice(1);

type Coded = Awaited<ReturnType<typeof openFor>>;

async function isBurntByAWrongOne(one: Case, { call, code, sent }: Coded) {
  const first = await code(one);

  const wrong = await call(one, { confirm: altered(first) });
  const right = await call(one, { confirm: first });

  expect([wrong.outcome, right.outcome]).not.toContain("done");
  expect(await code(one)).not.toBe(first);
  expect(sent).toEqual([]);
}

async function isBurntElsewhere(one: Case, { call, code, raw, sent }: Coded) {
  const stranger = withCode.find(({ tool }) => tool.name !== one.tool.name);
  const tries: (readonly [string, Record<string, unknown> | undefined])[] = [
    [one.tool.name, elsewhere(one)],
    [one.tool.name, withMore(one)],
    [stranger?.tool.name ?? "", { ...stranger?.args }],
  ];

  for (const [name, args] of tries) {
    if (args === undefined) continue;
    const confirm = await code(one);
    const foreign = await raw(name, { ...args, confirm });
    const own = await call(one, { confirm });

    expect([foreign.outcome, own.outcome]).not.toContain("done");
    expect(sent).toEqual([]);
  }
}

async function isGoodForTenMinutes(one: Case, { call, code, clock, sent }: Coded) {
  const confirm = await code(one);
  await clock.run(tenMinutes);

  const reply = await call(one, { confirm });

  expect(reply.text).toMatch(/wrong, used, too old/);
  expect(sent).toEqual([]);
  expect(clock.now()).toBe(noon + tenMinutes);
}

describe("a client that cannot ask, and no page", () => {
  it.each(withoutCode)("$title: nobody can be asked, no code is given, nothing is sent", async (one) => {
    const { call, sent } = await openFor(one);

    const reply = await call(one);

    expect(reply.outcome).not.toBe("done");
    expect(reply.text).toMatch(/nobody can be asked/);
    expect(reply.structured?.asked).toBeUndefined();
    // A tool that may deserve a lesser question takes a code, and one that nobody gave is good for nothing.
    const takes = "confirm" in one.tool.shape.plain.properties;
    expect((await call(one, { confirm: "ABCD-EFGH" })).text).toMatch(
      takes ? /confirm code is wrong/ : /"confirm" is not an argument/,
    );
    expect(sent).toEqual([]);
  });

  // One academy for all that sends nothing, and then for the yes: setting one up takes longer than a question.
  it.each(withCode)(
    "$title: a code is good for nothing else, not once a wrong one was given, nor after ten minutes; it sends it, once",
    async (one) => {
      const academy = await openFor(one);
      await isBurntElsewhere(one, academy);
      await isBurntByAWrongOne(one, academy);
      await isGoodForTenMinutes(one, academy);

      const { call, code, sent } = academy;
      const [first, same] = [await code(one), await code(one)];

      await call(one, { confirm: first });
      const again = await call(one, { confirm: first });

      expect(same).toBe(first);
      expect(again.text).toMatch(/wrong, used, too old/);
      expect(sent).toEqual([one.tool.route]);
    },
  );
});

describe("settings decide who is asked", () => {
  /** What a setting says holds for all of a kind. */
  const under = (setting: "human" | "unattended" | "off") =>
    cases.filter((one) => inTurn(["human", "unattended", "off"], one).includes(setting));

  it.each(under("human"))("$title: human gives no code and takes none", async (one) => {
    const { call, code, sent } = await openFor(one, { SKYPREP_CONFIRM: "human" });

    expect(await code(one)).toBe("none was given");
    expect((await call(one)).text).toMatch(/nobody can be asked/);
    expect((await call(one, { confirm: "ABCD-EFGH" })).text).toMatch(/"confirm" is not an argument/);
    expect(sent).toEqual([]);
  });

  it.each(under("unattended"))(
    "$title: unattended asks nobody, and sends only the kind many",
    async (one) => {
      const fake = createFakePages();
      const academy = await openCounted({
        pages: fake.pages,
        env: { SKYPREP_CONFIRM: "unattended" },
      });
      opened.push(academy);
      await academy.prepare(one);

      const reply = await academy.call(one.tool.name, one.args);

      expect(academy.sent).toEqual(one.kind === "many" ? [one.tool.route] : []);
      if (one.kind !== "many") expect(reply.text).toMatch(/set to unattended/);
      expect(fake.put).toEqual([]);
    },
  );

  it.each(under("off"))("$title: off sends it without asking", async (one) => {
    const { call, sent } = await openFor(one, { SKYPREP_CONFIRM: "off" });

    await call(one);

    expect(sent).toEqual([one.tool.route]);
  });

  it("read only offers none of them", async () => {
    const { client, call, sent } = await openFor({ kind: "removing" }, { SKYPREP_READ_ONLY: "true" });

    const offered = new Set((await client.listTools()).tools.map(({ name }) => name));

    expect(cases.filter(({ tool }) => offered.has(tool.name))).toEqual([]);
    for (const one of cases) expect((await call(one)).text).toMatch(/only reads \(SKYPREP_READ_ONLY\)/);
    expect(sent).toEqual([]);
  });
});

describe("a page and a code for the same question", () => {
  it.each(everySecond(withCode))(
    "$title: no code turns a person's no on the page into a yes",
    async (one) => {
      const fake = createFakePages();
      const academy = await openCounted({ forms: false, pages: fake.pages });
      opened.push(academy);
      await academy.prepare(one);
      const { structured } = await academy.call(one.tool.name, one.args);
      const { confirm } = (structured?.asked ?? {}) as { confirm?: string };

      fake.last().say({ said: "no" });
      const reply = await academy.call(one.tool.name, { ...one.args, confirm });

      expect(reply.text).toMatch(/The person said no/);
      expect(academy.sent).toEqual([]);
    },
  );
});
