import { createMeanings, type Meaning, otherOrders } from "../../academy/name-matching.ts";
import { personIn, type Row } from "../../academy/reads.ts";
import { cleanText } from "../../text/english.ts";
import { fold } from "../../text/fold.ts";
import { isSurelyOver } from "../../text/instant.ts";

/** A person of the account, as a list or a read shows one. */
export interface Someone {
  readonly id: number;
  readonly login: string;
  /** Cleaned. */
  readonly name: string;
  readonly row: Row;
}

/** People by number, login or whole name; several may have the same name, or claim the same login. */
export interface PeopleIndex {
  readonly all: readonly Someone[];
  byNumber(id: number): Someone | undefined;
  byLogin(login: string): readonly Someone[];
  /** Exactly so named; else whoever is named so in another order or with other marks. */
  byName(name: string): readonly Someone[];
  /** Whoever a text names by whatever it may: number, login, code, name, or any of these as our replies print them. */
  meant(text: string): Meaning<Someone>;
  /** By an employee's code. */
  byCode(code: string): readonly Someone[];
  /** Whose login goes on where this one ends. */
  cutLogin(login: string): readonly Someone[];
}

export function someoneIn(row: unknown): Someone | undefined {
  const { id, user_id } = (row ?? {}) as Row;
  const known = personIn(row, { user_id: Number(user_id ?? id) });
  if (known === undefined) return undefined;
  const [name = known.login] = namesOf(known.row);
  return { id: known.id, login: known.login, name: cleanText(name).slice(0, 80), row: known.row };
}

export function createPeopleIndex(rows: readonly unknown[]): PeopleIndex {
  const numbers = new Map<number, Someone>();
  for (const row of rows) {
    const one = someoneIn(row);
    if (one) numbers.set(one.id, one);
  }
  const all = [...numbers.values()];
  // Each by itself, once it is asked for: most ask for one, and folding every name of an academy takes its time.
  const logins = indexed(all, ({ row }) => textsIn(row, "email", "username"), loginIndexKey);
  const names = indexed(all, ({ row }) => namesOf(row), nameKey);
  const loose = indexed(all, ({ row }) => namesOf(row), looseKey);
  const codes = indexed(
    all,
    ({ row }) => textsIn(row, "user_identifier", "card_no").filter((code) => code.trim() !== ""),
    codeKey,
  );
  let meaning: ((text: string) => Meaning<Someone>) | undefined;
  let sorted: string[] | undefined;
  return {
    all,
    meant: (text) => {
      meaning ??= meaningOf(all);
      return meaning(text);
    },
    byNumber: (id) => numbers.get(id),
    byLogin: (login) => logins().get(loginIndexKey(login)) ?? [],
    byName: (name) => names().get(nameKey(name)) ?? loose().get(looseKey(name)) ?? [],
    byCode: (code) => codes().get(codeKey(code)) ?? [],
    cutLogin: (login) => {
      const cut = loginIndexKey(login);
      if (!/@./.test(cut)) return [];
      sorted ??= [...logins().keys()].sort();
      const at = firstAfter(sorted, cut);
      const next = sorted[at];
      return next?.startsWith(cut) ? (logins().get(next) ?? []) : [];
    },
  };
}

/** People by each of the texts that name them, made at first use. */
function indexed(
  all: readonly Someone[],
  textsOf: (one: Someone) => readonly string[],
  keyOf: (text: string) => string,
): () => ReadonlyMap<string, readonly Someone[]> {
  const make = () => {
    const made = new Map<string, Someone[]>();
    for (const one of all) {
      for (const text of textsOf(one)) {
        const key = keyOf(text);
        const own = made.get(key);
        if (own === undefined) made.set(key, [one]);
        else if (!own.includes(one)) own.push(one);
      }
    }
    return made;
  };
  let made: ReadonlyMap<string, readonly Someone[]> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** By whatever somebody may be called, as `resolve` knows them. */
function meaningOf(all: readonly Someone[]): (text: string) => Meaning<Someone> {
  const nameable = all.map((one) => ({
    one,
    id: one.id,
    label: one.name,
    own: [
      String(one.id),
      ...textsIn(one.row, "email", "username", "user_identifier", "card_no"),
      ...namesOf(one.row),
    ],
    other: otherOrders(one.row),
  }));
  const meaning = createMeanings(nameable);
  return (text) => {
    const { found, ...more } = meaning(text);
    return { ...more, found: found.map(({ one }) => one) };
  };
}

const textsIn = (row: Row, ...fields: string[]): string[] =>
  fields.map((name) => row[name]).filter((one): one is string => typeof one === "string" && one !== "");

/** The place of the first that comes after it in the order of letters. */
function firstAfter(sorted: readonly string[], text: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") > text) high = middle;
    else low = middle + 1;
  }
  return low;
}

export const loginIndexKey = (login: string): string => login.normalize("NFC").trim().toLowerCase();
const nameKey = (name: string): string => fold(name).replace(/\s+/g, " ").trim();
const codeKey = (code: string): string => fold(code).replace(/\s+/g, "");

/** A name whatever the order of its parts: "Learner, Avery M." is Avery Learner; 山田太郎 is 山田 太郎. */
function looseKey(name: string): string {
  const parts = fold(name.normalize("NFKC"))
    .replace(/['.]/g, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== "");
  const long = parts.filter((part) => part.length > 1 || /[^a-z]/.test(part));
  const kept = long.length >= 2 ? long : parts;
  return kept.every((part) =>
    /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]+$/u.test(part),
  )
    ? [...kept.join("")].sort().join("")
    : [...kept].sort().join(" ");
}

function namesOf({ display_name, first_name, last_name, name }: Row): string[] {
  const [first, last] = [first_name, last_name].map((one) => (typeof one === "string" ? one.trim() : ""));
  return [display_name, ...(first && last ? [`${first} ${last}`, `${last}, ${first}`] : []), name].filter(
    (one): one is string => typeof one === "string" && one.trim() !== "",
  );
}

/** SkyPrep mails them nothing: they do not want it, or they cannot sign in. */
export const isQuiet = ({ row }: Someone): boolean =>
  row.email_notifications === false || row.email_notifications === "false";

/** Whether they cannot sign in any more. */
export function isGone({ row }: Someone, now: number): boolean {
  return row.login_status === "disabled" || isSurelyOver(row.access_end_date, now);
}

export const isAdmin = ({ row }: Someone): boolean =>
  row.role === "admin" || row.admin === true || row.admin === "true";

/** Each once, as they come first. */
export const unique = (people: readonly Someone[]): Someone[] => [
  ...new Map(people.map((one) => [one.id, one])).values(),
];
