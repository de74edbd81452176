import type { Meaning } from "../../call/meaning.ts";
import { type PersonRow, readPeople, rowList } from "../../files/people.ts";
import { Missing, Mistaken } from "../../guard/look.ts";
import { cleanText } from "../../reply/clean-text.ts";
import { nearest } from "../find/look.ts";
import type { JobWorld } from "../job.ts";
import { severalIn } from "../people/named.ts";
import { otherThan, readAs } from "../resolve.ts";
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
  /** As it stands in a list of people, whatever it names them by. */
  readonly text?: string;
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
  const entries: Entry[] = [
    ...people.map((text) => ({ text, values: valuesIn(text) })),
    ...(table?.rows ?? []),
  ];
  const known = entries.filter(({ values }) => wordsOf(values) !== "");
  const empty = entries.flatMap(({ row, values }) =>
    row !== undefined && wordsOf(values) === "" ? [row] : [],
  );
  if (empty.length > 0) notes.push(`Nobody is named in ${rowList(empty)}.`);
  const few = known.length <= fewEntries && known.every(({ values }) => values.login ?? values.number);
  const listed = async () => createEveryone(await world.list("get_users", signal));
  let everyone = few ? createEveryone([]) : await listed();
  let isWhole = !few;

  const found = new Map<number, Entry>();
  const all: Someone[] = [];
  const left: Plan["left"] = [];
  const twice: number[] = [];
  let checked = 0;
  let guessed = 0;
  const open = [...known];
  for (let entry = open.shift(); entry !== undefined; entry = open.shift()) {
    let meaning = meaningIn(everyone, entry);
    if (meaning.found.length === 0 && !meaning.disagrees && checked < mostChecked) {
      const one = await readOne(entry.values, world.read, signal, () => {
        checked += 1;
      });
      if (one) meaning = { found: [one] };
    }
    if (meaning.found.length === 0 && !isWhole) {
      everyone = await listed();
      isWhole = true;
      meaning = meaningIn(everyone, entry);
    }
    const some = meaning.found;
    const [one, ...more] = some;
    const parts = one === undefined ? partsOf(entry, everyone) : [];
    if (parts.length > 0) {
      open.unshift(...parts);
      continue;
    }
    if (one !== undefined && more.length === 0) {
      if (meaning.read !== undefined) notes.push(readAs("person", wordsOf(entry.values), labelled(one)));
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
      why: meaning.disagrees ? otherThan("person", meaning.disagrees) : whyNot(some.length, near),
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

const labelled = ({ id, name, login }: Someone) => ({ id, label: `${name} (${cleanText(login)})` });

const meaningIn = (everyone: Everyone, { text, values }: Entry): Meaning<Someone> =>
  text === undefined ? { found: findIn(everyone, values) } : everyone.meant(text);

/** Several people on a line, where at least one of them is somebody; a name may hold a comma itself. */
function partsOf({ text = "" }: Entry, everyone: Everyone): Entry[] {
  const parts = severalIn(text);
  const isSomebody = parts.length > 1 && parts.some((part) => everyone.meant(part).found.length > 0);
  return isSomebody ? parts.map((part) => ({ text: part, values: valuesIn(part) })) : [];
}

function findIn(
  everyone: Everyone,
  { login, number, name, first_name, last_name, card_no }: Entry["values"],
): readonly Someone[] {
  if (login !== undefined) return everyone.byLogin(login);
  if (number !== undefined) {
    const one = /^\d{1,15}$/.test(number) ? everyone.byNumber(Number(number)) : undefined;
    return one ? [one] : everyone.byLogin(number);
  }
  if (card_no !== undefined && (name ?? first_name ?? last_name) === undefined) {
    return everyone.meant(card_no).found;
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

const wordsOf = ({ login, number, name, first_name, last_name, card_no = "" }: Entry["values"]): string =>
  login ?? number ?? name ?? ([first_name, last_name].filter(Boolean).join(" ") || card_no);
