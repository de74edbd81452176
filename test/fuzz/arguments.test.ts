import { describe, expect, it } from "vitest";
import { type Checkable, check } from "../../src/call/check/check.ts";
import { resolveMetaCall } from "../../src/call/meta-calls.ts";
import {
  alsoRedacting,
  createRedaction,
  hidden,
  secretArguments,
  withoutSecrets,
  writable,
} from "../../src/call/redaction/redact.ts";
import { readPeopleList } from "../../src/tables/people.ts";
import { cleanText } from "../../src/text/english.ts";
import { jobTools, reserved, tools } from "../support/catalogue.ts";

/** Each of about so many units. */
const texts: Readonly<Record<string, (n: number) => string>> = {
  letters: (n) => "a".repeat(n),
  spaces: (n) => `${" ".repeat(n)}x`,
  digits: (n) => "1".repeat(n),
  "numbers in a list": (n) => "1,".repeat(n / 2),
  "open lists": (n) => "[".repeat(n),
  "nested objects": (n) => `${'{"a":'.repeat(n / 10)}1${"}".repeat(n / 10)}`,
  quotes: (n) => '"'.repeat(n),
  backslashes: (n) => "\\".repeat(n),
  ellipses: (n) => "…a".repeat(n / 2),
  marks: (n) => "e\u0301\u200b".repeat(n / 3),
  words: (n) => "ab ".repeat(n / 3),
  addresses: (n) => "a@b.c;".repeat(n / 6),
  hyphens: (n) => "-.".repeat(n / 2),
};

/** What a text may stand in. */
const shapes: Readonly<Record<string, (names: readonly string[], text: string) => Record<string, unknown>>> =
  {
    values: (names, text) => Object.fromEntries(names.map((name) => [name, text])),
    names: (_, text) => ({ [text]: 1, extra: { [text]: text }, custom_fields: { [text]: text } }),
    lists: (names, text) => Object.fromEntries(names.map((name) => [name, text.match(/.{1,20}/gsu) ?? []])),
    secrets: (names, text) => ({
      ...Object.fromEntries(names.map((name) => [name, text])),
      password: text,
      ssn: text.slice(0, 400),
      arguments: JSON.stringify({ password: text.slice(0, 300), list: [text] }),
    }),
  };

const context = { reserved, customFields: new Map<string, string>() };

/** All that is made of arguments before anything is asked or sent, and for the log. */
function take(tool: Checkable, raw: Record<string, unknown>): void {
  const { secrets } = secretArguments(raw);
  const { inWords } = alsoRedacting(createRedaction({ anywhere: ["test-key-4711-secret"] }), secrets);
  const checked = check(tool, raw, { ...context, hide: inWords });
  if ("args" in checked) writable(checked.args, tool, inWords);
  hidden(withoutSecrets(raw), inWords);
}

/** Milliseconds, the least of so many tries: a loaded machine adds, and never takes away. */
async function least(tries: number, work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < tries; n++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return Math.min(...times);
}

// What is quadratic in 8,000 units of some 70 arguments takes longer than this on any computer.
const enough = 1_500;

/** Sixteen times as much may take sixteen times as long, with room; what is quadratic takes 256. */
async function expectLinear(
  what: string,
  work: (n: number) => unknown,
  sizes: readonly [number, number] = [500, 8_000],
): Promise<void> {
  const [small, large] = sizes;
  const second = await least(1, () => work(large));
  if (second < enough) return;
  const [first, again] = [
    await least(3, () => work(small)),
    Math.min(second, await least(2, () => work(large))),
  ];
  if (again > enough && again > 100 * first)
    expect({ what, first, again }).toMatchObject({ again: 100 * first });
}

describe("arguments of any size", () => {
  // Each way of reading an argument stands in one of these.
  const named =
    /^(create_user|update_user|get_users|mass_enroll|get_login_key|plan_enrollment|update_manager_permissions_in_user_group)$/;
  const all: Checkable[] = [...tools.values(), ...[...jobTools.values()].map(({ tool }) => tool)].filter(
    ({ name }) => named.test(name),
  );

  it.each(Object.keys(texts))("take no longer than their length says: %s", async (kind) => {
    const text = texts[kind];
    if (text === undefined) throw new Error(kind);
    for (const [shape, fill] of Object.entries(shapes)) {
      const sets = all.map((tool) => [tool, [...tool.shape.details.keys()]] as const);
      // All tools at once: what is slow in one stands out of what is quick in the others all the same.
      await expectLinear(`${kind} as ${shape}`, (n) => {
        for (const [tool, names] of sets) take(tool, fill(names, text(n)));
      });
    }
  });

  it.each(Object.keys(texts))("nor does what people paste, or what is cleaned: %s", async (kind) => {
    const text = texts[kind];
    if (text === undefined) throw new Error(kind);
    await expectLinear(`${kind} cleaned`, (n) => void cleanText(text(n)), [10_000, 160_000]);
    await expectLinear(
      `${kind} pasted`,
      (n) => readPeopleList(text(n), { labels: new Map(), today: "2026-11-23" }),
      [2_000, 32_000],
    );
  });

  it("nest as deep as they like, and nobody runs out of stack", () => {
    let deep: unknown = "hunter2-hunter2";
    let list: unknown = "hunter2-hunter2";
    for (let level = 0; level < 20_000; level++) {
      deep = { a: deep };
      list = [list];
    }
    for (const tool of all) {
      for (const raw of [{ password: deep }, { user_id: deep, course_ids: list, extra: deep, a: list }])
        expect(() => take(tool, raw as Record<string, unknown>)).not.toThrow();
    }
    expect(secretArguments({ password: deep }).secrets).toEqual(["hunter2-hunter2"]);
  });

  it("through another operation's name are bounded alike", async () => {
    const catalogue = {
      ways: new Map([["write_operation", {}]]),
      reach: tools,
      records: new Map(),
      now: new Map(),
    };
    for (const text of Object.values(texts))
      await expectLinear("through a name", (n) => {
        for (const raw of [
          { operation: text(n) },
          { operation: "update_user", arguments: text(n) },
          { [text(n)]: 1 },
        ])
          resolveMetaCall("write_operation", raw, catalogue as never, (one) => one);
      });
  });
});
