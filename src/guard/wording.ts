import type { Consequence, Subject } from "../../tools/schema/consequence.ts";
import type { Args, Seen } from "./subjects/seen.ts";
import { and, isTame, quoted } from "./words.ts";

/** The question and its facts, in lines of ours (contract §5). */
export function factsOf(
  { asks, note }: Consequence,
  seen: Partial<Record<Subject, Seen>>,
  {
    goes,
    facts,
    back,
  }: {
    readonly goes: readonly string[];
    readonly facts: readonly string[];
    readonly back: readonly string[];
  },
): string[] {
  const question = asks.replace(/\{([a-z|]+)\}/g, (_, names: string) => {
    const words = names.split("|").flatMap((name) => seen[name as Subject]?.words ?? []);
    return and(words) || "someone new";
  });
  return [
    question,
    ...(goes.length > 0 ? [`Goes with it: ${goes.join(", ")}.`] : []),
    ...facts,
    ...(note === undefined ? [] : [note]),
    ...back,
  ];
}

/** “Name as stored: …”, or with more than one thing “Course 202, name as stored: …”. */
export function storedOf(seen: Partial<Record<Subject, Seen>>, clean: (text: string) => string): string[] {
  const all = Object.values(seen).flatMap(({ stored }) => stored);
  const many = new Set(all.map(({ whose }) => whose)).size > 1;
  return all.map(({ whose, what, text, from }) => {
    const label = `${many ? `${whose}, ${what}` : what} as ${from}`;
    return `${label.charAt(0).toUpperCase()}${label.slice(1)}: ${quoted(text, clean)}`;
  });
}

/** The login of a person, the number of anything else, how many where it is several (contract §5). */
export function phraseFor(args: Args, seen: Partial<Record<Subject, Seen>>): string {
  const person = seen.person?.person ?? seen.source?.person;
  if (person && isTame(person.login)) return person.login;
  if (person) return `${seen.source ? "move" : "delete"} ${person.id}`;
  const several = seen.registrations;
  if (several && several.id === undefined) return `delete ${several.many ?? 0}`;
  const id = Object.values(seen)[0]?.id;
  return `delete ${id ?? Object.values(args)[0]}`;
}
