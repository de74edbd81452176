import type { Consequence, Subject } from "../../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { Args } from "../../academy/call-arguments.ts";
import { and, isTame, quoted } from "../../text/english.ts";
import type { Seen, Stored } from "../impact/subjects/seen.ts";

type SeenAll = Readonly<Partial<Record<Subject, Seen>>>;

/** The question's first line: a kind and a number for each thing, never a text that people wrote. */
export const questionText = ({ asks }: Consequence, seen: SeenAll): string =>
  asks.replace(/\{([a-z|]+)\}/g, (_, names: string) => {
    const words = names.split("|").flatMap((name) => seen[name as Subject]?.words ?? []);
    return and(words) || "someone new";
  });

interface Told {
  readonly question: string;
  readonly found: { readonly goes: readonly string[]; readonly facts: readonly string[] };
  /** Whether it can be brought back, and what of it. */
  readonly back: readonly string[];
  /** What else the call gives, in lines of ours. */
  readonly given: readonly string[];
}

/**
 * The question and its facts, in lines of ours (contract §5): what is done to whom, what is lost, whether it can
 * be brought back, and then the rest.
 */
export function factsOf(
  { effect, about }: WriteOperation,
  met: readonly Consequence[],
  { question, found: { goes, facts }, back, given }: Told,
): string[] {
  const ofPerson = effect === "change" && about[0] === "person";
  const gone = goes.length > 0 ? [`Goes with it: ${goes.join(", ")}.`] : [];
  // Of a person who is changed, what would be another comes before who they are.
  const [lost, ...rest] = [...gone, ...(ofPerson ? [...given, ...facts] : [...facts, ...given])];
  return [
    question,
    ...(lost === undefined ? [] : [lost]),
    ...back,
    ...new Set([...rest, ...met.flatMap(({ note }) => note ?? [])]),
  ];
}

/** “Name as stored: …”, or with more than one thing “Course 202, name as stored: …”. */
export function storedOf(seen: SeenAll, more: readonly Stored[], clean: (text: string) => string): string[] {
  const own = Object.values(seen).flatMap(({ stored }) => stored);
  const isSaid = (one: Stored) =>
    one.from === "stored" &&
    own.some(({ what, text }) => text === one.text && what === one.what.toLowerCase());
  const all = [...own, ...more.filter((one) => one.whose !== "" || !isSaid(one))];
  const many = new Set(all.flatMap(({ whose }) => (whose === "" ? [] : [whose]))).size > 1;
  const lines = all.map(({ whose, what, text, from }) => {
    const label = `${many && whose !== "" ? `${whose}, ${what}` : what} as ${from}`;
    return `${label.charAt(0).toUpperCase()}${label.slice(1)}: ${quoted(text, clean)}`;
  });
  return [...new Set(lines)];
}

/** The login of a person, the number of anything else, how many where it is several (contract §5). */
export function phraseFor(args: Args, seen: SeenAll): string {
  const person = seen.person?.person ?? seen.source?.person;
  if (person && isTame(person.login)) return person.login;
  if (person) return `${seen.source ? "move" : "delete"} ${person.id}`;
  const several = seen.registrations;
  if (several && several.id === undefined) return `delete ${several.many ?? 0}`;
  const id = Object.values(seen)[0]?.id;
  return `delete ${id ?? Object.values(args)[0]}`;
}

/**
 * Whether what was typed is the phrase that was asked for: trimmed, accents composed alike (NFC), upper and
 * lower case the same. A phrase of nothing is never met.
 */
export function samePhrase(typed: string, phrase: string): boolean {
  const wanted = plain(phrase);
  return wanted !== "" && plain(typed) === wanted;
}

// Lowering can take a composed letter apart again, hence NFC after it too.
const plain = (text: string): string => text.normalize("NFC").toLowerCase().normalize("NFC").trim();
