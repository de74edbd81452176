import { type PersonRow, readPeople, rowList } from "../../files/people.ts";
import { Missing, Mistaken } from "../../guard/look.ts";
import { cleanText } from "../../reply/clean-text.ts";
import { nearest } from "../find/look.ts";
import type { JobWorld } from "../job.ts";
import { createEveryone, type Everyone, type Someone, someoneIn } from "./everyone.ts";
import type { Plan } from "./plan.ts";

export interface Meant {
  readonly people: readonly Someone[];
  /** Not found, or not plain which. */
  readonly left: Plan["left"];
  /** What was wrong in the list itself, or had to be assumed. */
  readonly notes: readonly string[];
}

interface Entry {
  readonly row?: number | undefined;
  readonly values: PersonRow["values"];
}

/** Read one by one where they are so few; a list of everybody costs one call, and may not be of everybody. */
const fewEntries = 3;
const mostChecked = 5;
const mostGuessed = 20;
const mostCandidates = 4;

/** The people that texts and a pasted table mean; never a guess. */
export async function peopleMeant(
  {
    people = [],
    csv,
  }: { readonly people?: readonly string[] | undefined; readonly csv?: string | undefined },
  world: Pick<JobWorld, "list" | "read" | "view">,
  signal: AbortSignal,
): Promise<Meant> {
  const table = csv === undefined ? undefined : readPeople(csv, world.view.labels);
  const notes = [...(table?.problems ?? [])];
  const entries: Entry[] = [...people.map((text) => ({ values: valuesIn(text) })), ...(table?.rows ?? [])];
  const known = entries.filter(({ values }) => wordsOf(values) !== "");
  const empty = entries.flatMap(({ row, values }) =>
    row !== undefined && wordsOf(values) === "" ? [row] : [],
  );
  if (empty.length > 0) notes.push(`Nobody is named in ${rowList(empty)}.`);
  const few = known.length <= fewEntries && known.every(({ values }) => values.login ?? values.number);
  const everyone = createEveryone(few ? [] : await world.list("get_users", signal));

  const found = new Map<number, Entry>();
  const all: Someone[] = [];
  const left: Plan["left"] = [];
  const twice: number[] = [];
  let checked = 0;
  let guessed = 0;
  for (const entry of known) {
    let some = findIn(everyone, entry.values);
    if (some.length === 0 && checked < mostChecked) {
      const one = await readOne(entry.values, world.read, signal, () => {
        checked += 1;
      });
      if (one) some = [one];
    }
    const [one, ...more] = some;
    if (one !== undefined && more.length === 0) {
      if (found.has(one.id) && entry.row !== undefined) twice.push(entry.row);
      if (!found.has(one.id)) all.push(one);
      found.set(one.id, entry);
      continue;
    }
    const who = cleanText(wordsOf(entry.values)).slice(0, 80);
    const near =
      some.length > 0
        ? some.map(({ id, login, name }) => `${id} ${name} (${cleanText(login)})`)
        : guessed++ < mostGuessed
          ? await nearest("person", wordsOf(entry.values), world, signal)
          : [];
    left.push({
      ...(entry.row !== undefined && { row: entry.row }),
      who,
      why: whyNot(some.length, near),
    });
  }
  if (twice.length > 0) notes.push(`Named before, and counted once: ${rowList(twice)}.`);
  return { people: all, left, notes };
}

function whyNot(several: number, near: readonly string[]): string {
  const offered = near.slice(0, mostCandidates).join("; ");
  const more = near.length > mostCandidates ? ` and ${near.length - mostCandidates} more` : "";
  if (several > 1) return `${several} are called so: ${offered}${more}`;
  return near.length > 0 ? `not found; near it: ${offered}${more}` : "not found";
}

function findIn(everyone: Everyone, { login, number, name, first_name, last_name }: Entry["values"]) {
  if (login !== undefined) return everyone.byLogin(login);
  if (number !== undefined) {
    const one = /^\d{1,15}$/.test(number) ? everyone.byNumber(Number(number)) : undefined;
    return one ? [one] : everyone.byLogin(number);
  }
  return everyone.byName(name ?? `${first_name ?? ""} ${last_name ?? ""}`);
}

/** By number or login: the list may not have held them. @throws Unread */
async function readOne(
  { login, number }: Entry["values"],
  read: JobWorld["read"],
  signal: AbortSignal,
  reading: () => void,
): Promise<Someone | undefined> {
  const id = login === undefined && /^\d{1,15}$/.test(number ?? "") ? Number(number) : undefined;
  if (login === undefined && id === undefined) return undefined;
  reading();
  try {
    const answer = await read(
      "get_user",
      id === undefined ? { user_email: login ?? "" } : { user_id: id },
      signal,
    );
    const one = someoneIn([answer].flat()[0]);
    const meant =
      id !== undefined ? one?.id === id : createEveryone([one?.row]).byLogin(login ?? "").length === 1;
    if (!meant) throw new Mistaken("another answer came than the person looked for");
    return one;
  } catch (error) {
    if (error instanceof Missing) return undefined;
    throw error;
  }
}

function valuesIn(text: string): Entry["values"] {
  const one = text.trim();
  if (/^\d{1,15}$/.test(one)) return { number: one };
  return one === "" ? {} : /\s/.test(one) ? { name: one } : { login: one };
}

const wordsOf = ({ login, number, name, first_name, last_name }: Entry["values"]): string =>
  login ?? number ?? name ?? [first_name, last_name].filter(Boolean).join(" ");
