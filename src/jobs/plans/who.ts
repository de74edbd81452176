import { type PersonRow, readPeopleList, readPeopleTexts } from "../../files/people.ts";
import { Missing } from "../../guard/look.ts";
import { cleanText } from "../../reply/clean-text.ts";
import { nearest } from "../find/look.ts";
import type { JobWorld } from "../job.ts";
import { createEveryone, type Everyone, type Someone, someoneIn } from "./everyone.ts";
import {
  type BareNumbers,
  bareNumbersOf,
  type Identity,
  identify,
  nameIn,
  peopleInWords,
} from "./identity.ts";
import type { Plan } from "./plan.ts";
import { notesOf, told } from "./who-told.ts";

export interface Meant {
  readonly people: readonly Someone[];
  /** Not found, or not plain which. */
  readonly left: Plan["left"];
  /** What was wrong in the list itself, or had to be assumed. */
  readonly notes: readonly string[];
  /** The list says that there are more, or is none: nobody can be told from it. */
  readonly refused?: string;
}

/** Read one by one where they are so few; a list of everybody costs one call, and may not be of everybody. */
const fewEntries = 3;
const mostChecked = 5;
const mostGuessed = 20;
const mostCandidates = 4;

/** The people that texts and a pasted list mean; never a guess, and nobody of them unsaid. */
export async function peopleMeant(
  {
    people = [],
    csv,
  }: { readonly people?: readonly string[] | undefined; readonly csv?: string | undefined },
  world: Pick<JobWorld, "list" | "read" | "view" | "now">,
  signal: AbortSignal,
): Promise<Meant> {
  const today = new Date(world.now()).toISOString().slice(0, 10);
  const list =
    csv === undefined ? undefined : await readPeopleList(csv, { labels: world.view.labels, today });
  const entries = [...readPeopleTexts(people), ...(list?.rows ?? [])];
  const known = entries.filter((entry) => wordsOf(entry) !== "");
  const empty = entries.filter((entry) => wordsOf(entry) === "").map(({ row }) => row);
  let few = known.length <= fewEntries && known.every(isPlain);
  let everyone = createEveryone(few ? [] : await world.list("get_users", signal));
  let bare = bareNumbersOf(known, everyone);

  const found = new Set<number>();
  const all: Someone[] = [];
  const left: Plan["left"] = [];
  const twice: number[] = [];
  const readAs: string[] = [];
  const inPart: string[] = [];
  let checked = 0;
  let guessed = 0;

  const leave = ({ row, ...entry }: PersonRow, why: string) =>
    left.push({ ...(row > 0 && { row }), who: cleanText(wordsOf(entry)).slice(0, 80), why });
  const take = (entry: PersonRow, one: Someone) => {
    if (found.has(one.id) && entry.row > 0) twice.push(entry.row);
    if (!found.has(one.id)) all.push(one);
    found.add(one.id);
    if (entry.typed !== undefined)
      readAs.push(`“${cleanText(entry.typed).slice(0, 60)}” as ${cleanText(one.login).slice(0, 60)}`);
    if (entry.doubt !== undefined) inPart.push(`row ${entry.row} (${cleanText(entry.doubt).slice(0, 80)})`);
  };
  /** @throws Unread */
  async function meant(entry: PersonRow): Promise<Identity> {
    const is = among(everyone, entry, bare);
    if (is.is !== "nobody") return is;
    if (checked < mostChecked) {
      const one = await readOne(entry, world.read, signal, () => {
        checked += 1;
      });
      if (one) return identify(entry, { everyone: createEveryone([one.row]), bare, names: true });
    }
    // A code, or a name of one word: who has it, only the list tells.
    if (few && known.some((one) => !(one.values.login ?? "").includes("@"))) {
      few = false;
      everyone = createEveryone(await world.list("get_users", signal));
      bare = bareNumbersOf(known, everyone);
      return among(everyone, entry, bare);
    }
    return is;
  }

  for (const whole of known) {
    if (whole.gone !== undefined && whole.gone.lastDay === undefined) {
      leave(whole, `the list says that they are gone (${cleanText(whole.gone.why).slice(0, 60)})`);
      continue;
    }
    let is = await meant(whole);
    let parts = [whole];
    if (is.is === "nobody" && whole.parts !== undefined) {
      const own = readPeopleTexts(whole.parts).map((one) => ({ ...one, row: whole.row }));
      const some = own.map((one) => among(everyone, one, bare));
      if (some.some(({ is: what }) => what !== "nobody")) parts = own;
    }
    for (const entry of parts) {
      if (entry !== whole) is = await meant(entry);
      if (is.is === "one") take(entry, is.who);
      else if (is.is === "two") leave(entry, `${is.why} mean two people: ${peopleInWords(is.people)}`);
      else {
        const near =
          is.is === "several"
            ? is.people.map(({ id, login, name }) => `${id} ${name} (${cleanText(login)})`)
            : guessed++ < mostGuessed
              ? await nearest("person", wordsOf(entry), world, signal)
              : [];
        leave(entry, whyNot(is.is === "several" ? is.people.length : 0, near));
      }
    }
  }
  return {
    people: all,
    left,
    notes: [...notesOf(list, bare), ...told({ empty, twice, readAs, inPart })],
    ...(list?.refused !== undefined && { refused: list.refused }),
  };
}

/** Whom a row means, by what it says of them; a login that nobody has may be a code or a name. */
function among(everyone: Everyone, entry: PersonRow, bare: BareNumbers): Identity {
  const is = identify(entry, { everyone, bare: bare === "unknown" ? "skyprep" : bare, names: true });
  const { login } = entry.values;
  if (is.is !== "nobody" || login === undefined || login.includes("@") || entry.logins.length > 1) return is;
  const [one, ...more] = everyone.byCode(login);
  if (one !== undefined && more.length === 0) return { is: "one", who: one, by: "code" };
  const named = everyone.byName(login);
  return named.length === 0
    ? is
    : named.length === 1 && named[0]
      ? { is: "one", who: named[0], by: "name" }
      : { is: "several", people: named, what: "are called so" };
}

function whyNot(several: number, near: readonly string[]): string {
  const offered = near.slice(0, mostCandidates).join("; ");
  const more = near.length > mostCandidates ? ` and ${near.length - mostCandidates} more` : "";
  if (several > 1) return `${several} are called so: ${offered}${more}`;
  return near.length > 0 ? `not found; near it: ${offered}${more}` : "not found";
}

/** Named by one login or number and nothing else: one small read tells. */
const isPlain = ({ values, logins, bareNumber }: PersonRow): boolean =>
  bareNumber === undefined &&
  nameIn(values) === "" &&
  values.card_no === undefined &&
  logins.length <= 1 &&
  (values.login ?? values.number) !== undefined;

/** By number or login: the list may not have held them. @throws Unread */
async function readOne(
  { values: { number }, logins, typed }: PersonRow,
  read: JobWorld["read"],
  signal: AbortSignal,
  reading: () => void,
): Promise<Someone | undefined> {
  const id = logins.length === 0 && /^\d{1,15}$/.test(number ?? "") ? Number(number) : undefined;
  const asked =
    id === undefined ? [...new Set([...logins, ...(typed?.trim() ? [typed.trim()] : [])])].slice(0, 2) : [""];
  for (const login of asked) {
    reading();
    try {
      const answer = await read(
        "get_user",
        id === undefined ? { user_email: login } : { user_id: id },
        signal,
      );
      const one = someoneIn([answer].flat()[0]);
      const is = id !== undefined ? one?.id === id : createEveryone([one?.row]).byLogin(login).length === 1;
      if (is) return one;
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
    }
  }
  return undefined;
}

const wordsOf = ({ values, bareNumber }: Pick<PersonRow, "values" | "bareNumber">): string =>
  values.login ?? values.number ?? (nameIn(values) || (values.card_no ?? bareNumber ?? ""));
