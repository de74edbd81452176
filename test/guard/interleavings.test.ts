import fc from "fast-check";
import { expect, it } from "vitest";
import type { Asker, Page } from "../../src/guard/ask.ts";
import { createGuard, type Guard } from "../../src/guard/guard.ts";
import { Missing } from "../../src/guard/look.ts";
import { type Answer, type Question, Suspended } from "../../src/guard/question.ts";
import type { Agreed, NotAgreed } from "../../src/guard/verdict.ts";
import type { Asked, Change, Journal } from "../../src/journal/line.ts";
import type { WriteOperation } from "../../tools/schema/operation.ts";
import { tools } from "../support/catalogue.ts";

/**
 * Calls, answers, cancellations, clocks, changes and restarts in any order: nothing is ever let through
 * without its own yes, and no yes lets two through.
 */
const operations = ["destroy_course", "remove_course_from_user_group"] as const;
type Name = (typeof operations)[number];
type Client = "form" | "later" | "page" | "nothing";
type Words = "yes" | "wrong" | "no" | "cancelled" | "failed";

const target = fc.integer({ min: 0, max: 1 });
const words = fc.constantFrom<Words>("yes", "yes", "yes", "wrong", "no", "cancelled", "failed");
const which = fc.nat({ max: 5 });
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      is: fc.constant("call" as const),
      name: fc.constantFrom(...operations),
      target,
      client: fc.constantFrom<Client>("form", "later", "page", "nothing"),
    }),
  },
  { weight: 5, arbitrary: fc.record({ is: fc.constant("answer" as const), which, words }) },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant("return" as const),
      which,
      words,
      name: fc.constantFrom(...operations),
      target,
      astray: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant("code" as const),
      which,
      name: fc.constantFrom(...operations),
      target,
      astray: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("cancel" as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constant("wait" as const), minutes: fc.constantFrom(0.5, 4, 11) }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("change" as const), target }) },
  { weight: 1, arbitrary: fc.constant({ is: "restart" as const }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const tenMinutes = 600_000;
const settled = async () => {
  for (let n = 0; n < 150; n++) await null;
};

/** One question as it was put, and what was said to it. */
interface Put {
  readonly question: Question;
  readonly name: Name;
  readonly target: number;
  readonly version: number;
  readonly at: number;
  /** Shown on a page: only such a question has a code, and one call has one such question at a time. */
  page?: true;
  code?: string;
  yes: number;
  used: number;
}

async function play(steps: readonly Step[]): Promise<{ sent: number; yeses: number }> {
  let now = 0;
  let timers: { at: number; then: () => void }[] = [];
  const after = (ms: number, then: () => void) => {
    const timer = { at: now + ms, then };
    timers.push(timer);
    return () => {
      timers = timers.filter((one) => one !== timer);
    };
  };
  const versions = [0, 0];
  const lines: (Asked | Change)[] = [];
  const journal: Journal = {
    intend: async () => ({ seq: 1 }),
    finish: async () => {},
    note: async (asked) => void lines.push(asked),
    since: async () => [],
    changes: async () => [],
    image: async () => undefined,
    ready: async () => {},
  };
  let bytes = 0;
  const puts: Put[] = [];
  const forms: { put: Put; say: (answer: Answer) => void }[] = [];
  const states: { put: Put; seal: { question: string; call: string } }[] = [];
  const calls: AbortController[] = [];
  let sent = 0;
  const broken: unknown[] = [];

  const newGuard = (): Guard =>
    createGuard(
      {
        account: "model",
        journal,
        now: () => now,
        after,
        clean: (text) => text,
        bytes: (n) =>
          Buffer.from(Array.from({ length: n }, () => (bytes = (bytes * 31 + 17) % 251))).map(
            (b, i) => (b + ++bytes + i) % 256,
          ),
        read: async (route, parameters) => {
          const id = Number(parameters.course_id ?? 0);
          if (route === "get_course_progresses") return [];
          if (route === "get_user_group")
            return { id: 301, name: "G", users: [], courses: [], learning_paths: [] };
          const version = versions[id - 1];
          if (version === undefined) throw new Missing("course");
          return { id, name: `Course ${version}`, active: true };
        },
        pages: {
          put: async (question): Promise<Page> => {
            const put = remember(question);
            put.page = true;
            let say: (answer: Answer) => void = () => {};
            const answer = new Promise<Answer>((resolve) => {
              say = resolve;
            });
            forms.push({ put, say });
            return { url: "http://127.0.0.1:1/x", opened: true, answer, close: () => {} };
          },
        },
      },
      {
        confirm: "ask",
        maxDeletions: 1e9,
        maxPeople: 1e9,
        maxGrants: 1e9,
        keepsImages: false,
        sandbox: false,
      },
    );
  let guard = newGuard();

  function remember(question: Question): Put {
    const known = puts.find((put) => put.question.id === question.id);
    if (known) return known;
    // What a person sees decides what their yes is for.
    const name = question.tool as Name;
    const of = Number(/course (\d)/.exec(question.facts[0] ?? "")?.[1]) - 1;
    const version = Number(/"Course (\d+)"/.exec(question.stored.join())?.[1]);
    const put: Put = { question, name, target: of, version, at: now, yes: 0, used: 0 };
    puts.push(put);
    return put;
  }

  function call(name: Name, of: number, more: Partial<Asker> & { client: string }, code?: string): void {
    const cancelled = new AbortController();
    calls.push(cancelled);
    const { operation, route } = tools.get(name) as { operation: WriteOperation; route: string };
    const args = {
      course_id: of + 1,
      ...(name === "remove_course_from_user_group" && { user_group_id: 301 }),
    };
    const asker: Asker = { tell: () => {}, ...more };
    guard({ tool: name, route, operation, args, code }, asker, cancelled.signal).then(
      (verdict) => {
        try {
          judge(verdict, name, of);
        } catch (error) {
          broken.push(error);
        }
      },
      (error: unknown) => {
        if (error instanceof Suspended) {
          const put = remember(error.question);
          states.push({ put, seal: { question: error.question.id, call: error.call } });
        } else if (!cancelled.signal.aborted) broken.push(error);
      },
    );
  }

  function judge(verdict: Agreed | NotAgreed, name: Name, of: number): void {
    if (!verdict.go) {
      const code = verdict.asked?.confirm;
      const last = puts.filter((put) => put.page && put.name === name && put.target === of).at(-1);
      if (code !== undefined && last) last.code = code;
      return;
    }
    sent += 1;
    const put = puts.find(({ question }) => question.id === verdict.question);
    // Its own question: of this operation, on this target, as it stood then and stands now, not ten minutes old.
    expect(put).toBeDefined();
    if (put === undefined) return;
    put.used += 1;
    expect({ name: put.name, target: put.target, version: put.version }).toEqual({
      name,
      target: of,
      version: versions[of],
    });
    expect(now - put.at).toBeLessThan(tenMinutes);
    expect(put.yes).toBeGreaterThan(0);
    expect(put.used).toBe(1);
  }

  const answerOf = (said: Words, { question: { phrase } }: Put): Answer => {
    if (said === "yes")
      return { said: "yes", ...(phrase !== undefined && { typed: ` ${phrase.toUpperCase()} ` }) };
    if (said === "wrong") return phrase === undefined ? { said: "no" } : { said: "yes", typed: "delete 99" };
    return { said };
  };
  const says = (put: Put, said: Words) => {
    if (said === "yes") put.yes += 1;
    return answerOf(said, put);
  };

  for (const one of steps) {
    switch (one.is) {
      case "call": {
        const form = (question: Question, signal: AbortSignal) =>
          new Promise<Answer>((resolve, reject) => {
            forms.push({ put: remember(question), say: resolve });
            signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          });
        const how = { form: { form }, later: { form: "suspends" as const }, page: {}, nothing: {} }[
          one.client
        ];
        call(one.name, one.target, { client: one.client, ...how });
        break;
      }
      case "answer": {
        const [form] = forms.splice(one.which % Math.max(1, forms.length), 1);
        form?.say(says(form.put, one.words));
        break;
      }
      case "return": {
        const state = states[one.which % Math.max(1, states.length)];
        if (state === undefined) break;
        const { put, seal } = state;
        const to = one.astray ? { name: one.name, target: one.target } : put;
        // An answer taken to another call is no yes to that one, whatever it says.
        const honest = to.name === put.name && to.target === put.target;
        const answer = honest ? says(put, one.words) : answerOf("yes", put);
        call(to.name, to.target, { client: "later", form: "suspends", returned: { ...seal, answer } });
        break;
      }
      case "code": {
        const coded = puts.filter(({ code }) => code !== undefined);
        const put = coded[one.which % Math.max(1, coded.length)];
        if (put?.code === undefined) break;
        const to = one.astray ? { name: one.name, target: one.target } : put;
        if (to.name === put.name && to.target === put.target) put.yes += 1;
        call(to.name, to.target, { client: "page" }, put.code);
        break;
      }
      case "cancel":
        calls[one.which % Math.max(1, calls.length)]?.abort(new Error("cancelled"));
        break;
      case "wait": {
        now += one.minutes * 60_000;
        for (const timer of [...timers].filter(({ at }) => at <= now)) {
          timers = timers.filter((other) => other !== timer);
          timer.then();
        }
        break;
      }
      case "change":
        versions[one.target] = (versions[one.target] ?? 0) + 1;
        break;
      case "restart":
        guard = newGuard();
        break;
    }
    await settled();
  }
  for (const one of calls) one.abort(new Error("over"));
  await settled();
  if (broken.length > 0) throw broken[0];
  for (const put of puts) expect(put.used).toBeLessThanOrEqual(Math.min(1, put.yes));
  return { sent, yeses: puts.filter(({ yes }) => yes > 0).length };
}

it("lets nothing through without its own yes, and nothing twice on one, in ten thousand interleavings", async () => {
  const seen = { runs: 0, sent: 0, yeses: 0 };
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  process.stderr.write(`interleavings: seed ${seed}\n`);

  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const { sent, yeses } = await play(steps);
      seen.runs += 1;
      seen.sent += sent;
      seen.yeses += yeses;
    }),
    { numRuns: 10_000, seed },
  );

  expect(seen.runs).toBe(10_000);
  // Not by sending nothing at all.
  expect(seen.sent).toBeGreaterThan(500);
  expect(seen.yeses).toBeGreaterThan(seen.sent);
}, 120_000);
