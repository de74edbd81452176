import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Missing, type Read } from "../../src/academy/reads.ts";
import { createGuard, type Guard } from "../../src/guard/approval-flow.ts";
import type { Asker, Pages } from "../../src/guard/channels/approval-channels.ts";
import type { Write } from "../../src/guard/policy/decision.ts";
import { type Answer, InputRequired, type Question } from "../../src/guard/question/question.ts";
import type { Change, Journal } from "../../src/journal/line.ts";
import { tools } from "../support/catalogue.ts";
import { createClock, settled } from "../support/clock.ts";

/** One that has to be typed, and one for which a code may be given. */
const removals = ["destroy_course", "remove_course_or_learning_path_from_catalog"] as const;
const interleavings = 10_000;
const seed = Number(process.env.SKYPREP_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

type Way = "form" | "suspends" | "mute";
type Say = "yes" | "wrong" | "no" | "cancelled" | "failed";
interface Removal {
  readonly tool: number;
  readonly course: number;
}
type Step = { readonly hold: boolean } & (
  | ({ readonly do: "call"; readonly way: Way } & Removal)
  | { readonly do: "say"; readonly which: number; readonly say: Say }
  | ({ readonly do: "return"; readonly which: number; readonly say: Say; readonly own: boolean } & Removal)
  | ({
      readonly do: "code";
      readonly which: number;
      readonly own: boolean;
      readonly right: boolean;
    } & Removal)
  | { readonly do: "cancel"; readonly which: number }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "change"; readonly course: number; readonly to: number }
  | { readonly do: "restart" }
);

const index = fc.nat(7);
const removal = { tool: fc.nat(1), course: fc.integer({ min: 1, max: 2 }) };
const hold = fc.boolean();
const say = fc.constantFrom<Say>("yes", "yes", "yes", "yes", "wrong", "no", "cancelled", "failed");
const mostly = fc.constantFrom(true, true, true, false);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("call" as const),
      hold,
      way: fc.constantFrom<Way>("form", "suspends", "mute", "mute"),
      ...removal,
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("say" as const), hold, which: index, say }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("return" as const),
      hold,
      which: index,
      say,
      own: mostly,
      ...removal,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("code" as const),
      hold,
      which: index,
      own: mostly,
      right: mostly,
      ...removal,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), hold, which: index }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      hold,
      ms: fc.constantFrom(1_000, 40_000, 300_000, 600_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("change" as const), hold, course: removal.course, to: fc.nat(2) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const), hold }) },
);

/** What a person was shown, in one life of the process, about one removal. */
interface Asked extends Removal {
  readonly life: number;
  readonly question: Question;
  /** How the course stands in the question. */
  readonly state: number;
  /** A proper yes was given. */
  yes?: true;
  /** It came back with anything else, or with another call: nothing may be sent on it any more. */
  over?: true;
}
/** A form or a page that shows a question. */
interface Open {
  readonly asked: Asked;
  readonly answer: (answer: Answer) => void;
  answered?: true;
}

const same = (a: Removal, b: Removal) => a.tool === b.tool && a.course === b.course;
const pick = <T>(list: readonly T[], which: number): T | undefined => list[which % Math.max(1, list.length)];

/** Lets the steps happen, and complains where something would be sent without a yes of its own. */
async function live(steps: readonly Step[]): Promise<readonly string[]> {
  const clock = createClock();
  /** Per course; 2: it is gone. */
  const state = [0, 0, 0];
  const reads: (() => void)[] = [];
  /** States that reads have shown, in order. */
  const shown: { course: number; state: number }[] = [];
  const read: Read = (route, parameters) =>
    new Promise((resolve, reject) => {
      reads.push(() => {
        if (route !== "get_course") return resolve([]);
        const course = Number(parameters.course_id);
        const now = state[course] ?? 0;
        shown.push({ course, state: now });
        if (now === 2) reject(new Missing(route));
        else resolve({ id: course, name: `Name ${now}`, active: true });
      });
    });
  const changes: Change[] = [];
  const journal: Journal = {
    intend: async () => ({ seq: changes.length }),
    finish: async () => {},
    note: async () => {},
    since: async () => changes,
    changes: async () => changes,
    image: async () => undefined,
    ready: async () => {},
  };

  let life = 0;
  let bytes = 0;
  const asked = new Map<string, Asked>();
  let forms: Open[] = [];
  let suspended: (Asked & { call: string })[] = [];
  const codes: { code: string; of: Removal; life: number; at: number }[] = [];
  const handed: (typeof codes)[number][] = [];
  let running: { controller: AbortController }[] = [];
  const spent = new Set<string>();
  const sent: string[] = [];

  const show = (of: Removal, question: Question): Asked => {
    const one = { ...of, life, question, state: Number(/Name (\d)/.exec(question.facts.join())?.[1]) };
    // Seen again it is the same question, with the yes it may have.
    const known = asked.get(question.id);
    if (known) return known;
    asked.set(question.id, one);
    return one;
  };
  const pages: Pages = {
    put: async (question, { arguments: { course_id } }) => {
      const of = {
        tool: removals.indexOf(question.tool as (typeof removals)[number]),
        course: Number(course_id),
      };
      const seen = show(of, question);
      let answer = (_: Answer) => {};
      const answered = new Promise<Answer>((resolve) => {
        answer = resolve;
      });
      forms.push({ asked: seen, answer });
      return {
        url: "http://127.0.0.1:9/x",
        opened: false,
        answer: answered,
        close: () => answer({ said: "cancelled" }),
      };
    },
  };
  const start = (): Guard =>
    createGuard(
      {
        account: "model",
        read,
        journal,
        pages,
        clean: (text) => text,
        now: clock.now,
        after: clock.after,
        bytes: (n) => {
          bytes += 1;
          return new Uint8Array(n).map((_, at) => (bytes >> (8 * (at % 4))) & 255);
        },
      },
      {
        confirm: "ask",
        keepsImages: false,
        sandbox: false,
        maxDeletions: 1e6,
        maxPeople: 1e6,
        maxGrants: 1e6,
      },
    );
  let guard = start();

  function begin(of: Removal, way: Way, more: { code?: string; returned?: Asker["returned"] } = {}): void {
    const tool = tools.get(removals[of.tool] ?? "");
    if (tool === undefined || tool.operation.effect === "read") throw new Error("no such tool");
    const write: Write = {
      tool: tool.name,
      route: tool.route,
      operation: tool.operation,
      args: { course_id: of.course },
      code: more.code,
    };
    const controller = new AbortController();
    const own = life;
    const from = shown.length;
    const form: Asker["form"] = (question, signal) =>
      new Promise<Answer>((resolve, reject) => {
        forms.push({ asked: show(of, question), answer: resolve });
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    const asker: Asker = {
      client: "model",
      tell: () => {},
      ...(way === "form" && { form }),
      ...(way === "suspends" && { form: way }),
      ...(more.returned && { returned: more.returned }),
    };
    running.push({ controller });
    guard(write, asker, controller.signal)
      .then(
        (leave) => {
          // A process that is gone sends nothing.
          if (own !== life) return;
          if (leave.go) {
            if (leave.agreed !== "nobody" && leave.question)
              check(of, leave.question, from, leave.agreed === "code");
            else throw new Error("sent, and nobody was asked");
            sent.push(leave.agreed);
          } else if (leave.asked?.confirm) {
            codes.push({ code: leave.asked.confirm, of, life, at: clock.now() });
          }
        },
        (error: unknown) => {
          if (error instanceof InputRequired)
            suspended.push({ ...show(of, error.question), call: error.call });
          else if (!controller.signal.aborted) throw error;
        },
      )
      .catch((error: unknown) => void faults.push(error));
  }
  const faults: unknown[] = [];

  function check(of: Removal, id: string, from: number, byCode: boolean): void {
    if (spent.has(id)) throw new Error("a yes was used twice");
    spent.add(id);
    const question = asked.get(id);
    if (byCode) {
      // It may be the same call, repeated while the one with the code was still looking.
      const given = handed.findIndex((one) => one.life === life && same(one.of, of));
      if (given === -1) throw new Error("a code that was never handed in for this removal");
      handed.splice(given, 1);
    } else if (question?.yes === undefined) throw new Error("nobody said yes to that question");
    if (question === undefined) return;
    if (question.over) throw new Error("a question that was over");
    if (question.life !== life) throw new Error("a yes outlived its process");
    if (!same(question, of)) throw new Error("a yes to another removal");
    if (question.question.expiresAt <= clock.now()) throw new Error("a yes that is too old");
    if (!shown.slice(from).some((one) => one.course === of.course && one.state === question.state))
      throw new Error("it was not looked at again, or stands differently");
  }

  const answerOf = (one: Asked, said: Say): Answer => {
    const { phrase } = one.question;
    if (said === "wrong") return { said: "yes", typed: "delete" };
    if (said !== "yes") return { said };
    return phrase === undefined ? { said } : { said, typed: phrase };
  };
  const isYes = (one: Asked, said: Say) =>
    said === "yes" || (said === "wrong" && one.question.phrase === undefined);

  function act(one: Step): void {
    if (one.do === "call") begin(one, one.way);
    if (one.do === "say") {
      const open = pick(forms, one.which);
      if (open === undefined) return;
      // A form is answered once: what is said first counts.
      if (!open.answered && isYes(open.asked, one.say)) open.asked.yes = true;
      else if (!open.answered && one.say !== "failed") open.asked.over = true;
      open.answered = true;
      open.answer(answerOf(open.asked, one.say));
    }
    if (one.do === "return") {
      const seal = pick(suspended, one.which);
      if (seal === undefined) return;
      const answer = answerOf(seal, one.say);
      const known = asked.get(seal.question.id);
      const own = one.own || same(one, seal);
      if (known && own && isYes(seal, one.say)) known.yes = true;
      else if (known) known.over = true;
      begin(one.own ? seal : one, "suspends", {
        returned: { question: seal.question.id, call: seal.call, answer },
      });
    }
    if (one.do === "code") {
      const known = pick(codes, one.which);
      if (known === undefined) return;
      const code = one.right ? known.code : `${known.code.slice(0, -1)}0`;
      const of = one.own ? known.of : one;
      if (one.right && same(of, known.of) && known.life === life) handed.push(known);
      begin(of, "mute", { code });
    }
    if (one.do === "cancel") pick(running, one.which)?.controller.abort(new Error("called off"));
    if (one.do === "change") state[one.course] = one.to;
    if (one.do === "restart") {
      life += 1;
      running = [];
      reads.length = 0;
      guard = start();
    }
  }

  for (const one of steps) {
    act(one);
    if (one.do === "wait") await clock.run(one.ms);
    await settled();
    while (!one.hold && reads.length > 0) {
      for (const release of reads.splice(0)) release();
      await settled();
    }
    // Old answers may come again: late ones are tried too.
    forms = forms.slice(-8);
    suspended = suspended.slice(-8);
  }
  if (faults.length > 0) throw faults[0];
  return sent;
}

describe("calls, answers, cancellations and restarts in any order", () => {
  it(`no removal without its own yes, no yes used twice (${interleavings} interleavings, seed ${seed})`, {
    timeout: 120_000,
  }, async () => {
    const by = new Map<string, number>();

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (steps) => {
        for (const agreed of await live(steps)) by.set(agreed, (by.get(agreed) ?? 0) + 1);
      }),
      { numRuns: interleavings, seed },
    );

    // Of every way of agreeing there were enough to tell.
    for (const way of ["form", "page", "code"]) expect(by.get(way), way).toBeGreaterThan(200);
  });
});
