import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Missing, type Read } from "../../src/academy/reads.ts";
import { createGuard } from "../../src/guard/approval-flow.ts";
import type { Asker, Pages } from "../../src/guard/channels/approval-channels.ts";
import type { Guard } from "../../src/guard/guard.ts";
import type { Write } from "../../src/guard/policy/decision.ts";
import { type Answer, InputRequired, type Question } from "../../src/guard/question/question.ts";
import { createStoredApprovals } from "../../src/guard/question/stored-approvals.ts";
import type { Change, Journal } from "../../src/journal/line.ts";
import { tools } from "../support/catalogue.ts";
import { createClock, settled } from "../support/clock.ts";
import { often } from "../support/long.ts";
import { memoryFolder } from "../support/stamped.ts";
import { type Removal, type Say, type Step, step, type Way } from "./interleavings.ts";

/** One that has to be typed, and one for which a code may be given. */
const removals = ["destroy_course", "remove_course_or_learning_path_from_catalog"] as const;
const interleavings = often({ long: 10_000, short: 1_200 });
const seed = Number(process.env.SKYPREP_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

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
  /** Somebody said no to the same removal since it was shown, in the life `by`: to codes alone, where it was too fast. */
  refused?: { readonly what: "all" | "codes"; readonly by: number };
}
/** A form or a page that shows a question. */
interface Open {
  readonly asked: Asked;
  readonly answer: (answer: Answer) => void;
  readonly on: "form" | "page";
  /** When it was shown. */
  readonly at: number;
  answered?: true;
}
/** A no that is on its way to all that was asked before. */
interface No extends Removal {
  readonly life: number;
  readonly before: readonly Asked[];
  readonly fast: boolean;
  /** Somebody puts back an older folder meanwhile. */
  tampered?: true;
}

const same = (a: Removal, b: Removal) => a.tool === b.tool && a.course === b.course;
const pick = <T>(list: readonly T[], which: number): T | undefined => list[which % Math.max(1, list.length)];

/** Lets the steps happen, and complains where something would be sent without a yes of its own. */
async function live(steps: readonly Step[]): Promise<readonly string[]> {
  const clock = createClock();
  /** Per course; 2: it is gone. */
  const state = [0, 0, 0];
  /** Reads and steps on disk that were not let go on yet. */
  const reads: (() => void)[] = [];
  /** States that reads have shown, in order. */
  const shown: { life: number; course: number; state: number }[] = [];
  /** The life of each of the two processes. */
  const lives = [1, 2];
  const isAlive = (life: number) => lives.includes(life);
  const readIn =
    (life: number): Read =>
    (route, parameters) =>
      new Promise((resolve, reject) => {
        reads.push(() => {
          if (!isAlive(life)) return;
          if (route !== "get_course") return resolve([]);
          const course = Number(parameters.course_id);
          const now = state[course] ?? 0;
          shown.push({ life, course, state: now });
          if (now === 2) reject(new Missing(route));
          else resolve({ id: course, name: `Name ${now}`, active: true });
        });
      });
  const changes: Change[] = [];
  const journal: Journal = {
    intend: async () => ({ seq: changes.length }),
    finish: async () => {},
    note: async ({ question, said }) => {
      if (said !== "asked" && said !== "yes") ended.add(question);
    },
    since: async () => changes,
    changes: async () => changes,
    ofRun: async () => [],
    image: async () => undefined,
    isOver: async (question) => ended.has(question),
    ready: async () => {},
  };

  const ended = new Set<string>();
  const folder = memoryFolder();
  const before: ReadonlyMap<string, string>[] = [];
  let bytes = 0;
  const asked = new Map<string, Asked>();
  let forms: Open[] = [];
  let suspended: (Asked & { call: string; at: number })[] = [];
  const codes: { code: string; of: Removal; life: number }[] = [];
  const handed: (typeof codes)[number][] = [];
  let running: { life: number; controller: AbortController }[] = [];
  const spent = new Set<string>();
  const sent: string[] = [];

  const show = (of: Removal, life: number, question: Question): Asked => {
    const one = { ...of, life, question, state: Number(/Name (\d)/.exec(question.facts.join())?.[1]) };
    // Seen again it is the same question, with the yes it may have.
    const known = asked.get(question.id);
    if (known) return known;
    asked.set(question.id, one);
    return one;
  };
  const pagesOf = (life: number): Pages => ({
    put: async (question, { arguments: { course_id } }) => {
      const of = {
        tool: removals.indexOf(question.tool as (typeof removals)[number]),
        course: Number(course_id),
      };
      const seen = show(of, life, question);
      let answer = (_: Answer) => {};
      const answered = new Promise<Answer>((resolve) => {
        answer = resolve;
      });
      const page: Open = { asked: seen, answer, on: "page", at: clock.now() };
      forms.push(page);
      return {
        url: "http://127.0.0.1:9/x",
        opened: false,
        answer: answered,
        close: () => {
          page.answered = true;
          answer({ said: "cancelled" });
        },
      };
    },
  });
  const start = (life: number, confirm: "ask" | "human" = "ask"): Guard =>
    createGuard(
      {
        account: "model",
        read: readIn(life),
        journal,
        pages: pagesOf(life),
        stored: createStoredApprovals({
          files: folder.seenBy(
            () => isAlive(life),
            (step) => new Promise((resolve) => reads.push(() => void (isAlive(life) && resolve(step())))),
          ),
          secret: "a key that stands in no folder",
          academy: "model",
          under: "",
          isOver: (question) => journal.isOver(question, 0),
          now: clock.now,
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
        confirm,
        keepsImages: false,
        sandbox: false,
        maxDeletions: 1e6,
        maxPeople: 1e6,
        maxGrants: 1e6,
      },
    );
  const guards = lives.map((life) => start(life));

  function begin(
    of: Removal,
    at: number,
    way: Way,
    more: { code?: string; returned?: Asker["returned"] } = {},
  ): void {
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
    const own = lives[at] ?? 0;
    const from = shown.length;
    const form: Asker["form"] = (question, signal) =>
      new Promise<Answer>((resolve, reject) => {
        const shown: Open = {
          asked: show(of, own, question),
          answer: resolve,
          on: "form",
          at: clock.now(),
        };
        forms.push(shown);
        const gone = () => {
          shown.answered = true;
          reject(signal.reason);
        };
        signal.addEventListener("abort", gone, { once: true });
      });
    const asker: Asker = {
      client: "model",
      tell: () => {},
      ...(way === "form" && { form }),
      ...(way === "suspends" && { form: way }),
      ...(more.returned && { returned: more.returned }),
    };
    running.push({ life: own, controller });
    guards[at]?.(write, asker, controller.signal)
      .then(
        async (leave) => {
          // As the journal does it: first the yes, then what is sent on it.
          if (leave.go && leave.use && !(await leave.use())) return;
          // A process that is gone sends nothing.
          if (!isAlive(own)) return;
          if (leave.go) {
            if (leave.agreed !== "nobody" && leave.question)
              check(of, leave.question, { from, own, byCode: leave.agreed === "code" });
            else throw new Error("sent, and nobody was asked");
            if (leave.agreed === "code" && asked.get(leave.question ?? "")?.life !== own)
              sent.push("another's code");
            sent.push(leave.agreed);
          } else if (leave.asked?.confirm) {
            codes.push({ code: leave.asked.confirm, of, life: own });
          }
        },
        (error: unknown) => {
          if (error instanceof InputRequired)
            suspended.push({ ...show(of, own, error.question), call: error.call, at: error.at });
          else if (!controller.signal.aborted) throw error;
        },
      )
      .catch((error: unknown) => void faults.push(error));
  }
  const faults: unknown[] = [];
  let noes: No[] = [];
  const refuse = (asked: Asked, { fast, life }: Pick<No, "fast" | "life">, all: Iterable<Asked>) => {
    const before = [...all].filter((one) => same(one, asked));
    noes.push({ tool: asked.tool, course: asked.course, life, before, fast });
  };

  interface Leave {
    readonly from: number;
    readonly own: number;
    readonly byCode: boolean;
  }
  function check(of: Removal, id: string, { from, own, byCode }: Leave): void {
    if (spent.has(id)) throw new Error("a yes was used twice");
    spent.add(id);
    ended.add(id);
    const question = asked.get(id);
    if (byCode) {
      // It may be the same call, repeated while the one with the code was still looking.
      const given = handed.findIndex((one) => same(one.of, of));
      if (given === -1) throw new Error("a code that was never handed in for this removal");
      handed.splice(given, 1);
    } else if (question?.yes === undefined) throw new Error("nobody said yes to that question");
    if (question === undefined) return;
    const another = question.life !== own;
    if (!another && question.over) throw new Error("a question that was over");
    // A no that came as its process ended may have reached no other.
    if (question.refused?.what === "all" || (question.refused && byCode))
      throw new Error("asked before somebody said no");
    if (another && !byCode) throw new Error("a yes outlived its process");
    if (another && question.question.phrase !== undefined) throw new Error("a code for what has to be typed");
    if (!same(question, of)) throw new Error("a yes to another removal");
    if (question.question.expiresAt <= clock.now()) throw new Error("a yes that is too old");
    if (
      !shown
        .slice(from)
        .some((one) => one.life === own && one.course === of.course && one.state === question.state)
    )
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
    const life = lives[one.at] ?? 0;
    if (one.do === "call") begin(one, one.at, one.way);
    if (one.do === "say") {
      const open = pick(forms, one.which);
      if (open === undefined) return;
      // A form is answered once: what is said first counts.
      if (!open.answered && isYes(open.asked, one.say)) open.asked.yes = true;
      else if (!open.answered && one.say !== "failed") open.asked.over = true;
      const isNo = one.say === "no" || (one.say === "cancelled" && open.on === "form");
      const fast = open.on === "form" && clock.now() - open.at < 1_500;
      // What is said to a form whose time is over reaches nobody: the client was told to close it.
      const isHeard = isAlive(open.asked.life) && open.asked.question.expiresAt > clock.now();
      if (!open.answered && isNo && isHeard)
        refuse(open.asked, { life: open.asked.life, fast }, asked.values());
      open.answered = true;
      open.answer(answerOf(open.asked, one.say));
    }
    if (one.do === "return") {
      const seal = pick(suspended, one.which);
      if (seal === undefined) return;
      const answer = answerOf(seal, one.say);
      // Another process knows nothing of it: there it is no answer at all.
      const known = seal.life === life ? asked.get(seal.question.id) : undefined;
      const own = one.own || same(one, seal);
      const isOpen = known && !known.yes && !known.over && known.question.expiresAt > clock.now();
      if (isOpen && ["no", "cancelled"].includes(one.say))
        refuse(known, { life, fast: clock.now() - seal.at < 1_500 }, asked.values());
      if (known && own && isYes(seal, one.say)) known.yes = true;
      else if (known) known.over = true;
      begin(one.own ? seal : one, one.at, "suspends", {
        returned: { question: seal.question.id, call: seal.call, at: seal.at, answer },
      });
    }
    if (one.do === "code") {
      const known = pick(codes, one.which);
      if (known === undefined) return;
      const code = one.right ? known.code : `${known.code.slice(0, -1)}0`;
      const of = one.own ? known.of : one;
      if (one.right && same(of, known.of)) handed.push(known);
      begin(of, one.at, "mute", { code });
    }
    if (one.do === "cancel") pick(running, one.which)?.controller.abort(new Error("called off"));
    if (one.do === "change") state[one.course] = one.to;
    if (one.do === "restart") {
      running = running.filter((call) => call.life !== life);
      const next = Math.max(...lives) + 1;
      lives[one.at] = next;
      guards[one.at] = start(next, one.confirm);
    }
    if (one.do === "put back") {
      folder.putBack(before.at(-one.steps) ?? new Map());
      // Whoever takes the mark of a no away still needs a person's yes, on a page or a form of another process.
      for (const no of noes) no.tampered = true;
      for (const seen of asked.values())
        if (seen.refused && seen.refused.by !== seen.life) seen.refused = { ...seen.refused, what: "codes" };
    }
  }

  for (const one of steps) {
    before.push(folder.texts());
    if ((one.do === "say" || one.do === "return") && one.slow) await clock.run(2_000);
    act(one);
    if (one.do === "wait") await clock.run(one.ms);
    await settled();
    while (!one.hold && reads.length > 0) {
      for (const release of reads.splice(0)) release();
      await settled();
    }
    // A no whose process ended before it was on disk reached nobody else.
    noes = noes.filter(({ life }) => isAlive(life));
    if (reads.length === 0) {
      for (const { before: all, life, fast, tampered } of noes.splice(0))
        for (const seen of all) {
          const isOfCodes = fast || (tampered && seen.life !== life);
          if (seen.refused?.what !== "all" || seen.refused.by !== seen.life)
            seen.refused = { what: isOfCodes ? "codes" : "all", by: life };
        }
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
    timeout: 240_000,
  }, async () => {
    const by = new Map<string, number>();

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (steps) => {
        for (const agreed of await live(steps)) by.set(agreed, (by.get(agreed) ?? 0) + 1);
      }),
      { numRuns: interleavings, seed },
    );

    // Of every way of agreeing there were enough to tell.
    for (const way of ["form", "page", "code", "another's code"])
      expect(by.get(way), way).toBeGreaterThan(interleavings / 50);
  });
});
