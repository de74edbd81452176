import { type Entry, lineOf } from "./entry.ts";
import type { Line, Target } from "./line.ts";

/** All that names one person: a login, and what the lines tell goes with it. */
export interface Person {
  /** True where the line told something new. */
  learn(entry: Entry): boolean;
  /** By login or name. */
  namedIn(text: string): boolean;
  /** By number. Numbers are an account's own: 101 is another person in another academy. */
  numbered(account: string, id: number): boolean;
  isTarget(account: string, target: Target): boolean;
  /** Whether the intent of this number is about this person and nobody else. */
  owns(seq: number): boolean;
  /** The account of the intent of this number. */
  accountOf(seq: number): string | undefined;
}

type IntentLine = Extract<Line, { line: "intent" }>;

/** Arguments in which an operation names its own person's login. */
const loginKeys = ["user_email", "email", "login"];

const plain = (text: string) => text.normalize("NFC").trim().toLowerCase();

/** As a word of its own: `avery@example.com` is not in `mary.avery@example.com`. */
const word = (text: string) =>
  new RegExp(
    `(?<![\\p{L}\\p{N}]|[\\p{L}\\p{N}][._+-])${text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}(?![\\p{L}\\p{N}]|[.@-][\\p{L}\\p{N}])`,
    "u",
  );

export function createPerson(login: string): Person {
  const logins = new Set<string>();
  const words = new Map<string, RegExp>();
  const ids = new Set<string>();
  const own = new Set<number>();
  const accounts = new Map<number, string>();
  /** Lines that make this person: their outcome says the number. */
  const making = new Set<number>();

  const addWord = (text: string) => void (text.length > 0 && words.set(text, word(text)));
  const addLogin = (text: string) => {
    logins.add(plain(text));
    addWord(plain(text));
  };
  addLogin(login);

  const numbered = (account: string, id: number) => ids.has(`${account} ${id}`);
  const isTarget = (account: string, { kind, id, login: theirs }: Target) =>
    kind === "person" &&
    ((theirs !== undefined && logins.has(plain(theirs))) || (id !== undefined && numbered(account, id)));

  function learnIntent({ seq, tool, account, arguments: args, targets }: IntentLine): void {
    accounts.set(seq, account);
    const persons = targets.filter(({ kind }) => kind === "person");
    const them = persons.filter((one) => isTarget(account, one));
    const said =
      loginKeys.some((key) => typeof args[key] === "string" && logins.has(plain(args[key]))) ||
      (typeof args.user_id === "number" && numbered(account, args.user_id));
    // What an operation on one person says of a login, it says of that person, whatever they were called before.
    const about = them.length > 0 ? them : said && persons.length === 1 ? persons : [];
    for (const { id, login: theirs, name = "" } of about) {
      if (id !== undefined) ids.add(`${account} ${id}`);
      if (theirs !== undefined) addLogin(theirs);
      if (plain(name).length > 2) addWord(plain(name));
    }
    if ((about.length > 0 || said) && persons.length <= Math.max(1, about.length)) own.add(seq);
    if (said && tool === "create_user") making.add(seq);
  }

  return {
    learn(entry) {
      const line = lineOf(entry);
      const known = () => words.size + ids.size + own.size;
      const before = known();
      if (line?.line === "intent") learnIntent(line);
      if (line?.line === "outcome" && making.has(line.of) && line.outcome.is === "done")
        ids.add(`${accounts.get(line.of)} ${line.outcome.made}`);
      return known() > before;
    },
    namedIn(text) {
      const found = plain(text);
      return [...words.values()].some((one) => one.test(found));
    },
    numbered,
    isTarget,
    owns: (seq) => own.has(seq),
    accountOf: (seq) => accounts.get(seq),
  };
}
