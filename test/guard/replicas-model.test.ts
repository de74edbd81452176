import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Missing, type Read } from "../../src/academy/reads.ts";
import { asPrincipal } from "../../src/access/principal.ts";
import { createGuard } from "../../src/guard/approval-flow.ts";
import type { Asker } from "../../src/guard/channels/approval-channels.ts";
import type { Guard } from "../../src/guard/guard.ts";
import type { Write } from "../../src/guard/policy/decision.ts";
import { type Answer, InputRequired, type Question } from "../../src/guard/question/question.ts";
import { createStoredApprovals } from "../../src/guard/question/stored-approvals.ts";
import type { Journal } from "../../src/journal/line.ts";
import { tools } from "../support/catalogue.ts";
import { createClock, settled } from "../support/clock.ts";
import { often } from "../support/long.ts";
import { memoryFolder } from "../support/stamped.ts";

/** One that has to be typed, and one to which a yes is enough. */
const removals = ["destroy_course", "remove_course_or_learning_path_from_catalog"] as const;
const people = ["mia", "rob"] as const;
const interleavings = often({ long: 10_000, short: 300 });
const seed = Number(process.env.SKYPREP_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Who wants what removed. */
interface Wanted {
  readonly who: number;
  readonly tool: number;
  readonly course: number;
}
const wanted = {
  who: fc.constantFrom(0, 0, 0, 1),
  tool: fc.nat({ max: 1 }),
  course: fc.nat({ max: 1 }),
};
/** `at`: the replica; `hold`: nothing is read or kept until a later step lets it. */
const common = { at: fc.nat({ max: 2 }), hold: fc.boolean() };
const say = fc.constantFrom("yes", "yes", "yes", "yes", "no", "cancelled", "wrong", "failed");
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("call"),
      ...common,
      ...wanted,
      mute: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant("return"),
      ...common,
      ...wanted,
      which: fc.nat({ max: 7 }),
      own: fc.constantFrom(true, true, true, true, false),
      slow: fc.constantFrom(true, true, true, false),
      say,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("change"),
      ...common,
      course: fc.nat({ max: 1 }),
      to: fc.nat({ max: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("kill"), ...common }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("wait"),
      ...common,
      ms: fc.constantFrom(1_000, 300_000, 601_000),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What a person was shown. */
interface Asked extends Wanted {
  readonly life: number;
  readonly question: Question;
  readonly call: string;
  readonly at: number;
  /** How the course stands in the question. */
  readonly state: number;
  /** The person it was for brought a proper yes to it, for this very call. */
  yes?: true;
  /** Something came back with it. */
  returned?: true;
  /** All knew that it is over, when nothing was on its way. */
  over?: true;
}

const same = (a: Wanted, b: Wanted) => a.who === b.who && a.tool === b.tool && a.course === b.course;
const pick = <T>(list: readonly T[], which: number): T | undefined => list[which % Math.max(1, list.length)];

/** Lets the steps happen, and complains where something would be sent without a yes of its own. */
async function live(steps: readonly Step[]): Promise<readonly ("here" | "elsewhere")[]> {
  const clock = createClock();
  const state = [0, 0];
  /** Reads, and steps on disk, that were not let go on yet. */
  const waiting: (() => void)[] = [];
  const seen: { life: number; course: number; state: number }[] = [];
  const lives = [1, 2, 3];
  const isAlive = (life: number) => lives.includes(life);
  const gate =
    (life: number) =>
    <T>(work: () => T): Promise<T> =>
      new Promise((resolve) => waiting.push(() => void (isAlive(life) && resolve(work()))));
  const readIn =
    (life: number): Read =>
    (route, parameters) =>
      new Promise((resolve, reject) => {
        waiting.push(() => {
          if (!isAlive(life)) return;
          if (route !== "get_course") return resolve([]);
          const course = Number(parameters.course_id);
          const now = state[course];
          if (now === undefined) return reject(new Missing(route));
          seen.push({ life, course, state: now });
          resolve({ id: course, name: `Name ${now}`, active: true });
        });
      });
  const ended = new Set<string>();
  const journal: Journal = {
    intend: async () => ({ seq: 1 }),
    finish: async () => {},
    note: async ({ question, said }) => {
      if (said !== "asked" && said !== "yes") ended.add(question);
    },
    since: async () => [],
    changes: async () => [],
    ofRun: async () => [],
    image: async () => undefined,
    isOver: async (question) => ended.has(question),
    ready: async () => {},
  };
  const folder = memoryFolder();
  let bytes = 0;
  const asked = new Map<string, Asked>();
  let put: Asked[] = [];
  const spent = new Set<string>();
  const sent: ("here" | "elsewhere")[] = [];
  const faults: unknown[] = [];
  let running = 0;
  /** What holds for everybody once nothing is on its way, if the replica that was told still lives. */
  let coming: { readonly life: number; readonly over: readonly Asked[] }[] = [];

  const start = (life: number): Guard =>
    createGuard(
      {
        account: "model",
        over: "http",
        read: readIn(life),
        journal,
        pages: undefined,
        stored: createStoredApprovals({
          files: folder.seenBy(() => isAlive(life), gate(life)),
          secret: "a key that stands in no folder",
          academy: "model",
          under: "",
          isOver: (question) => journal.isOver(question, 0),
          now: clock.now,
          forms: true,
        }),
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
  const guards = lives.map(start);

  function begin(
    of: Wanted,
    at: number,
    { mute = false, returned }: { mute?: boolean; returned?: Asker["returned"] },
  ) {
    const tool = tools.get(removals[of.tool] ?? "");
    if (tool === undefined || tool.operation.effect === "read") throw new Error("no such tool");
    const write: Write = {
      tool: tool.name,
      route: tool.route,
      operation: tool.operation,
      args: { course_id: of.course },
      code: undefined,
    };
    const life = lives[at] ?? 0;
    const from = seen.length;
    const asker: Asker = {
      client: "model",
      tell: () => {},
      ...(!mute && { form: "suspends" as const }),
      ...(returned && { returned }),
    };
    const principal = { person: people[of.who] ?? "", scopes: ["write" as const], replica: String(life) };
    running += 1;
    const call = asPrincipal(principal, () => guards[at]?.(write, asker, new AbortController().signal));
    Promise.resolve(call)
      .then(
        async (leave) => {
          if (leave === undefined) throw new Error("no guard");
          if (leave.go) {
            if (leave.agreed === "nobody" || leave.use === undefined) throw new Error("nobody was asked");
            // As the journal does it: first the yes, then what is sent on it.
            if (!(await leave.use()) || !isAlive(life)) return;
            check(of, leave.question ?? "", { from, life });
          } else if (leave.asked?.confirm !== undefined) throw new Error("a code over HTTP");
        },
        (error: unknown) => {
          if (!(error instanceof InputRequired)) throw error;
          const { question, call: digest, at: when } = error;
          const shown = {
            who: of.who,
            tool: of.tool,
            course: of.course,
            life,
            question,
            call: digest,
            at: when,
            state: Number(/Name (\d)/.exec(question.facts.join())?.[1]),
          };
          if (asked.has(question.id)) throw new Error("a question was put twice");
          asked.set(question.id, shown);
          put = [...put, shown].slice(-8);
        },
      )
      .catch((error: unknown) => void faults.push(error))
      .finally(() => {
        running -= 1;
      });
  }

  function check(of: Wanted, id: string, { from, life }: { from: number; life: number }): void {
    if (spent.has(id)) throw new Error("a yes was used twice");
    spent.add(id);
    ended.add(id);
    const question = asked.get(id);
    if (question?.yes === undefined) throw new Error("nobody said yes to that question");
    if (question.over) throw new Error("a question that was over");
    if (!same(question, of)) throw new Error("a yes to another removal, or another person's");
    if (question.question.expiresAt <= clock.now()) throw new Error("a yes that is too old");
    const again = seen
      .slice(from)
      .some((one) => one.life === life && one.course === of.course && one.state === question.state);
    if (!again) throw new Error("it was not looked at again, or stands differently");
    sent.push(question.life === life ? "here" : "elsewhere");
  }

  function bring(one: Extract<Step, { do: "return" }>): void {
    const seal = pick(put, one.which);
    if (seal === undefined) return;
    const { phrase } = seal.question;
    const life = lives[one.at] ?? 0;
    const target = one.own ? seal : one;
    const isOwn = same(target, seal);
    const isYes = one.say === "yes" || (one.say === "wrong" && phrase === undefined);
    const typed = one.say === "wrong" ? "delete" : phrase;
    const answer: Answer =
      one.say === "yes" || one.say === "wrong"
        ? { said: "yes", ...(typed !== undefined && { typed }) }
        : { said: one.say };
    // Only where nothing is on its way, and nothing came back with it yet, is it sure to be open.
    const isOpen = running === 0 && !seal.returned && !seal.over && seal.question.expiresAt > clock.now();
    if (isOwn && isYes) seal.yes = true;
    if (isOpen && !(isOwn && isYes)) {
      const isNo = one.say === "no" || one.say === "cancelled";
      // Too fast to be a person's, it ends this one question.
      const isAll = isNo && (!isOwn || clock.now() - seal.at >= 1_500);
      const over = isAll ? [...asked.values()].filter((other) => same(other, seal)) : [seal];
      coming.push({ life, over });
    }
    seal.returned = true;
    begin(target, one.at, { returned: { question: seal.question.id, call: seal.call, at: seal.at, answer } });
  }

  for (const one of steps) {
    if (one.do === "return" && one.slow) await clock.run(2_000);
    if (one.do === "call") begin(one, one.at, one);
    if (one.do === "return") bring(one);
    if (one.do === "change") state[one.course] = one.to;
    if (one.do === "wait") await clock.run(one.ms);
    if (one.do === "kill") {
      const next = Math.max(...lives) + 1;
      lives[one.at] = next;
      guards[one.at] = start(next);
    }
    await settled();
    while (!one.hold && waiting.length > 0) {
      for (const release of waiting.splice(0)) release();
      await settled();
    }
    coming = coming.filter(({ life }) => isAlive(life));
    if (waiting.length > 0) continue;
    // Calls of whoever was killed never end.
    running = 0;
    for (const { over } of coming.splice(0)) for (const question of over) question.over = true;
  }
  if (faults.length > 0) throw faults[0];
  return sent;
}

describe("questions of three replicas, answered, killed and changed in any order", () => {
  it(`no removal without its own person's yes, no yes used twice (${interleavings} interleavings, seed ${seed})`, {
    timeout: 240_000,
  }, async () => {
    const by = { here: 0, elsewhere: 0 };

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (steps) => {
        for (const where of await live(steps)) by[where] += 1;
      }),
      { numRuns: interleavings, seed },
    );

    // There were enough to tell.
    for (const n of Object.values(by)) expect(n).toBeGreaterThan(interleavings / 20);
  });
});
