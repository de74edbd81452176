import { type Entry, lineOf } from "./entry.ts";
import type { Line, Target } from "./line.ts";

/** All that names one person: a login, and what the lines tell goes with it. */
export interface NamesOfPerson {
  /** True where the line told something new. */
  learn(entry: Entry): boolean;
  /** By login or name. */
  namedIn(text: string): boolean;
  /** By the words of a name that stand apart, as in the columns of a table. */
  spreadIn(text: string): boolean;
  hasLogin(text: string): boolean;
  /** Takes a name up; true where it is new. */
  call(name: string): boolean;
  /** By number. Numbers are an account's own: 101 is another person in another academy. */
  numbered(account: string, id: number): boolean;
  isTarget(account: string, target: Target): boolean;
  /** Whether the intent of this number is about this person and nobody else. */
  owns(seq: number): boolean;
  /** The account of the intent of this number. */
  accountOf(seq: number): string | undefined;
  /** The same person in another chain, whose lines have numbers of their own. */
  elsewhere(): NamesOfPerson;
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

/** First and last name, either way round and near each other: cells of a row, fields of a record. */
function apart(first: string, last: string): RegExp {
  const one = (text: string) =>
    `(?<![\\p{L}\\p{N}])${text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}(?![\\p{L}\\p{N}])`;
  const between = "[^\\n{}]{1,60}?";
  return new RegExp(`${one(first)}${between}${one(last)}|${one(last)}${between}${one(first)}`, "u");
}

export function createPerson(login: string): NamesOfPerson {
  const logins = new Set<string>();
  const words = new Map<string, RegExp>();
  /** Of names of two words and more. */
  const spread = new Map<string, RegExp>();
  const ids = new Set<string>();

  const addWord = (text: string) => void (text.length > 0 && words.set(text, word(text)));
  const addName = (text: string) => {
    if (text.length <= 2) return;
    addWord(text);
    const [first = "", ...rest] = text.split(/\s+/);
    const last = rest.at(-1);
    if (last !== undefined && first.length + last.length > 4) spread.set(text, apart(first, last));
  };
  const addLogin = (text: string) => {
    logins.add(plain(text));
    addWord(plain(text));
  };
  addLogin(login);

  const numbered = (account: string, id: number) => ids.has(`${account} ${id}`);
  const isTarget = (account: string, { kind, id, login: theirs }: Target) =>
    kind === "person" &&
    ((theirs !== undefined && logins.has(plain(theirs))) || (id !== undefined && numbered(account, id)));

  function inChain(): NamesOfPerson {
    const own = new Set<number>();
    const accounts = new Map<number, string>();
    /** Lines that make this person: their outcome says the number. */
    const making = new Set<number>();

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
        addName(plain(name));
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
      spreadIn(text) {
        const found = plain(text);
        return [...spread.values()].some((one) => one.test(found));
      },
      hasLogin: (text) => logins.has(plain(text)),
      call(name) {
        const before = words.size;
        addName(plain(name).replace(/\s+/g, " "));
        return words.size > before;
      },
      numbered,
      isTarget,
      owns: (seq) => own.has(seq),
      accountOf: (seq) => accounts.get(seq),
      elsewhere: inChain,
    };
  }

  return inChain();
}
