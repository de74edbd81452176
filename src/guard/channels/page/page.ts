import { createHash, timingSafeEqual } from "node:crypto";
import type { Answer, Question } from "../../question/question.ts";
import { samePhrase } from "../../question/question-text.ts";
import { type AskingClient, type ClosedBecause, endPage, type FailedTry, questionPage } from "./html.ts";
import { type Listening, type Shown, serveLoopback, type Taken } from "./loopback.ts";
import { countInMemory, type PinCount } from "./pins.ts";

const pathBytes = 32;
const most = { phrase: 3, pin: 5 };
/** How long a page still says what was answered. */
const lingerMs = 2 * 60_000;
const patienceMs = 5_000;

export interface PageWorld {
  /** SKYPREP_APPROVAL_PIN; left out: none is asked for. */
  readonly pin?: string | undefined;
  /** Where wrong ones are counted; left out: in this process alone. */
  readonly pins?: PinCount;
  /** Opens an address in the person's browser; false where there is none. */
  readonly open: (url: string) => Promise<boolean>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Calls later, unless cancelled; must not keep the process alive. */
  readonly after?: (ms: number, then: () => void) => () => void;
  /** So many unguessable bytes. */
  readonly random: (bytes: number) => Uint8Array;
  /** How long a request may take to arrive, in milliseconds. */
  readonly patience?: number;
}

export interface OpenPage {
  /** Where the question is; empty where it could not be served. */
  readonly url: string;
  /** Whether a browser was opened with it. */
  readonly opened: boolean;
  /** Settles once and never rejects. */
  readonly answer: Promise<Answer>;
  /** The question needs no answer here any more; ends as `cancelled` if it was open. */
  close(): void;
}

export interface ServedPages {
  /** Puts one question on a page of its own. Never rejects: where it cannot, the answer is `failed`. */
  put(question: Question, asker: AskingClient & { readonly quietly?: boolean }): Promise<OpenPage>;
  close(): Promise<void>;
}

interface Page {
  readonly token: string;
  readonly question: Question;
  readonly asker: AskingClient;
  readonly wrong: { phrase: number; pin: number };
  last?: FailedTry | undefined;
  ending?: ClosedBecause;
  cancel: () => void;
  readonly settle: (answer: Answer) => void;
}

const sameSecret = (one: string, other: string): boolean => {
  const digest = (text: string) => createHash("sha256").update(text.normalize("NFC")).digest();
  return timingSafeEqual(digest(one), digest(other));
};

const timer = (ms: number, then: () => void): (() => void) => {
  const running = setTimeout(then, ms).unref();
  return () => clearTimeout(running);
};

/** Asks on a page of this computer's: one page a question, served only while there is one (contract §5). */
export function createPages(world: PageWorld): ServedPages {
  const { pin, now, after = timer, patience = patienceMs, pins = countInMemory(world.now) } = world;
  const pages = new Map<string, Page>();
  let server: Promise<Listening> | undefined;
  let shut = false;
  const unguessable = () => Buffer.from(world.random(pathBytes)).toString("base64url");

  async function stop(): Promise<void> {
    const running = server;
    server = undefined;
    await running?.then(
      (listening) => listening.close(),
      () => {},
    );
  }

  function drop(path: string): void {
    pages.get(path)?.cancel();
    pages.delete(path);
    if (pages.size === 0) void stop();
  }

  function end(path: string, ending: ClosedBecause, answer: Answer): void {
    const page = pages.get(path);
    if (page === undefined || page.ending !== undefined) return;
    page.cancel();
    page.ending = ending;
    page.cancel = after(lingerMs, () => drop(path));
    page.settle(answer);
  }

  const expire = (path: string) => end(path, "expired", { said: "cancelled" });

  /** The page as it is at this moment: timers stand still while a computer sleeps. */
  function current(path: string): Page {
    const page = pages.get(path);
    if (page === undefined) throw new Error("asked for a page that is not known");
    if (now() >= page.question.expiresAt) expire(path);
    return page;
  }

  function show(path: string): Shown {
    const { ending, question, asker, token, last } = current(path);
    if (ending !== undefined) return { html: endPage(ending, question) };
    const form = { token, pin: pin !== undefined, wrong: last, now: now() };
    const refresh = Math.ceil((question.expiresAt - now()) / 1000) + 1;
    return { html: questionPage(question, asker, form), refresh };
  }

  function miss(path: string, page: Page, what: FailedTry["what"]): void {
    page.wrong[what] += 1;
    const left = most[what] - page.wrong[what];
    if (left <= 0) end(path, what === "pin" ? "pins" : "phrases", { said: "no" });
    else page.last = { what, left };
  }

  async function approve(path: string, page: Page, form: URLSearchParams): Promise<void> {
    const { phrase } = page.question;
    const typed = form.get("phrase") ?? "";
    // The PIN first: whoever does not know it learns nothing about the rest.
    const tried =
      pin === undefined ? "right" : await pins.attempt(() => sameSecret(form.get("pin") ?? "", pin));
    // Others may have tried meanwhile, and its time may be over.
    if (current(path).ending !== undefined) return;
    if (tried === "shut") end(path, "hour", { said: "no" });
    else if (tried === "wrong") miss(path, page, "pin");
    else if (phrase !== undefined && !samePhrase(typed, phrase)) miss(path, page, "phrase");
    else end(path, "approved", phrase === undefined ? { said: "yes" } : { said: "yes", typed });
  }

  async function take(path: string, form: URLSearchParams): Promise<Taken> {
    const page = current(path);
    if (!sameSecret(form.get("token") ?? "", page.token)) return "foreign";
    const twice = [...new Set(form.keys())].some((name) => form.getAll(name).length > 1);
    const said = form.get("answer");
    if (twice || (said !== "approve" && said !== "refuse")) return "unreadable";
    if (page.ending !== undefined) return "taken";
    if (said === "refuse") end(path, "refused", { said: "no" });
    else await approve(path, page, form);
    return "taken";
  }

  const site = { knows: (path: string) => pages.has(path), show, take };

  async function put(
    question: Question,
    { quietly = false, ...asker }: AskingClient & { readonly quietly?: boolean },
  ): Promise<OpenPage> {
    const failed: Answer = { said: "failed" };
    const nowhere = { url: "", opened: false, answer: Promise.resolve(failed), close: () => {} };
    if (pin !== undefined && (await pins.shut())) return nowhere;
    if (shut) return nowhere;
    const path = `/${unguessable()}`;
    let settle: (answer: Answer) => void = () => {};
    const answer = new Promise<Answer>((resolve) => {
      settle = resolve;
    });
    const cancel = after(Math.max(0, question.expiresAt - now()), () => expire(path));
    const token = unguessable();
    const page: Page = { token, question, asker, wrong: { phrase: 0, pin: 0 }, cancel, settle };
    pages.set(path, page);
    server ??= serveLoopback(site, patience);
    let listening: Listening;
    try {
      listening = await server;
    } catch {
      drop(path);
      return nowhere;
    }
    const url = `${listening.origin}${path}`;
    const opened = page.ending === undefined && !quietly && (await world.open(url).catch(() => false));
    return { url, opened, answer, close: () => end(path, "withdrawn", { said: "cancelled" }) };
  }

  async function close(): Promise<void> {
    shut = true;
    for (const path of [...pages.keys()]) {
      end(path, "withdrawn", { said: "cancelled" });
      drop(path);
    }
    await stop();
  }

  return { put, close };
}
