import { LeftOutByPolicy, Missing, Mistaken } from "../../academy/reads.ts";
import { type PersonRow, readPeopleList, readPeopleTexts } from "../../tables/people.ts";
import { cleanText } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { academyDay } from "./as-of.ts";
import {
  type BareNumbers,
  bareNumbersOf,
  identify,
  nameIn,
  peopleInWords,
  type RowIdentity,
} from "./list-identity.ts";
import { createPeopleIndex, type PeopleIndex, type Someone, someoneIn } from "./people-index.ts";
import { notesOf, told } from "./people-meant-text.ts";
import type { Plan } from "./plan.ts";
import { otherThan, readAs } from "./resolve.ts";
import { nearest } from "./search/search.ts";

export interface MeantPeople {
  readonly people: readonly Someone[];
  /** Not found, or not plain which. */
  readonly left: Plan["left"];
  /** Of leavers whose rows say it: their last day, ISO. */
  readonly days: ReadonlyMap<number, string>;
  /** What was wrong in the list itself, or had to be assumed. */
  readonly notes: readonly string[];
  /** The list says that there are more, or is none: nobody can be told from it. */
  readonly refused?: string;
}

/** A row of a list; or a text of its own, as it was given. */
interface GivenRow extends PersonRow {
  readonly text?: string;
  readonly several?: true;
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
    leavers = false,
  }: {
    readonly people?: readonly string[] | undefined;
    readonly csv?: string | undefined;
    /** It is a list of those who leave: a row that says so is no reason to leave them out. */
    readonly leavers?: boolean;
  },
  world: Pick<JobWorld, "list" | "read" | "view" | "now">,
  signal: AbortSignal,
): Promise<MeantPeople> {
  const list = leavers ? await leaversIn(csv, world) : await listIn(csv, world, signal);
  const entries: GivenRow[] = [...people.flatMap(entriesOf), ...(list?.rows ?? [])];
  const known = entries.filter((entry) => wordsOf(entry) !== "");
  const empty = entries.filter((entry) => wordsOf(entry) === "").map(({ row }) => row);
  let few = known.length <= fewEntries && known.every(isPlain);
  let everyone = createPeopleIndex(few ? [] : await world.list("get_users", signal));
  let bare = bareNumbersOf(known, everyone);

  const found = new Set<number>();
  const all: Someone[] = [];
  const left: Plan["left"] = [];
  const twice: number[] = [];
  const days = new Map<number, string>();
  const cleaned: string[] = [];
  const notes: string[] = [];
  const inPart: string[] = [];
  let checked = 0;
  let guessed = 0;

  const leave = ({ row, ...entry }: GivenRow, why: string) =>
    left.push({ ...(row > 0 && { row }), who: cleanText(wordsOf(entry)).slice(0, 80), why });
  const take = (entry: GivenRow, one: Someone) => {
    const day = leavers ? entry.gone?.lastDay : undefined;
    const other = days.get(one.id);
    if (day !== undefined && other !== undefined && day !== other) {
      leave(entry, `another row says another last day (${other})`);
      return;
    }
    if (day !== undefined) days.set(one.id, day);
    if (found.has(one.id) && entry.row > 0) twice.push(entry.row);
    if (!found.has(one.id)) all.push(one);
    found.add(one.id);
    const reading = entry.text === undefined ? undefined : everyone.meant(entry.text).read;
    if (reading !== undefined && entry.text !== undefined) {
      notes.push(
        readAs("person", entry.text, { id: one.id, label: `${one.name} (${cleanText(one.login)})` }),
      );
    } else if (entry.typed !== undefined)
      cleaned.push(`“${cleanText(entry.typed).slice(0, 60)}” as ${cleanText(one.login).slice(0, 60)}`);
    const named = entry.doubt?.startsWith("it has no login") === true;
    if (entry.doubt !== undefined && !named)
      inPart.push(`row ${entry.row} (${cleanText(entry.doubt).slice(0, 80)})`);
  };
  /** @throws Unread */
  async function meant(entry: GivenRow): Promise<RowIdentity> {
    const is = among(everyone, entry, bare);
    if (is.is !== "nobody") return is;
    if (checked < mostChecked) {
      const one = await readOne(entry, world.read, signal, () => {
        checked += 1;
      });
      if (one) return identify(entry, { everyone: createPeopleIndex([one.row]), bare, names: true });
    }
    // A code, or a name of one word: who has it, only the list tells.
    if (few && known.some((one) => !(one.values.login ?? "").includes("@"))) {
      few = false;
      everyone = createPeopleIndex(await world.list("get_users", signal));
      bare = bareNumbersOf(known, everyone);
      return among(everyone, entry, bare);
    }
    return is;
  }

  for (const whole of known) {
    // Of several on a line each is asked for itself, below.
    const other =
      whole.text === undefined || whole.several ? undefined : everyone.meant(whole.text).disagrees;
    if (other !== undefined) {
      leave(whole, otherThan("person", other));
      continue;
    }
    if (leavers && whole.doubt !== undefined && !whole.doubt.startsWith("it has no login")) {
      leave(whole, cleanText(whole.doubt).slice(0, 120));
      continue;
    }
    if (!leavers && whole.gone !== undefined && whole.gone.lastDay === undefined) {
      leave(whole, `the list says that they are gone (${cleanText(whole.gone.why).slice(0, 60)})`);
      continue;
    }
    let is = await meant(whole);
    let parts = [whole];
    // A name may hold a comma itself: several are read only where the whole is nobody's.
    const within = whole.parts ?? (whole.text === undefined ? undefined : [whole.text]);
    if (is.is === "nobody" && within !== undefined) {
      const own = readPeopleTexts(within).map((one): GivenRow => ({ ...one, row: whole.row }));
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
    days,
    left,
    notes: [...notesOf(list, bare), ...told({ empty, twice, readAs: cleaned, inPart }), ...notes],
    ...(list?.refused !== undefined && { refused: list.refused }),
  };
}

/** A text of its own: one person by whatever it may name them by, or several on a line. */
function entriesOf(text: string): GivenRow[] {
  const [one, ...more] = readPeopleTexts([text]);
  if (one === undefined) return [];
  return [
    more.length === 0
      ? { ...one, text }
      : { row: 0, values: { name: text }, logins: [], suspects: [], text, several: true },
  ];
}

/** Days in it are compared with the academy's own; only a row with one needs to know which that is. */
async function listIn(
  csv: string | undefined,
  { list, now, view: { labels } }: Pick<JobWorld, "list" | "view" | "now">,
  signal: AbortSignal,
) {
  if (csv === undefined) return undefined;
  const read = (today: string) => readPeopleList(csv, { labels, today });
  const first = await read(academyDay(now(), []));
  const hasDays = first.rows.some(({ gone }) => gone !== undefined);
  return hasDays ? read(academyDay(now(), await list("get_users", signal))) : first;
}

/** Days that are over are last days, too: whoever left last week cannot sign in from that day on. */
const leaversIn = async (csv: string | undefined, { view: { labels } }: Pick<JobWorld, "view">) =>
  csv === undefined ? undefined : readPeopleList(csv, { labels, today: "1902-01-02" });

/** Whom a row means, by what it says of them; a login that nobody has may be a code or a name. */
function among(everyone: PeopleIndex, entry: GivenRow, bare: BareNumbers): RowIdentity {
  const [only, ...others] = entry.text === undefined ? [] : everyone.meant(entry.text).found;
  if (only !== undefined && others.length === 0) return { is: "one", who: only, by: "name" };
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
  let other = false;
  for (const login of asked) {
    reading();
    try {
      const answer = await read(
        "get_user",
        id === undefined ? { user_email: login } : { user_id: id },
        signal,
      );
      const one = someoneIn([answer].flat()[0]);
      const is =
        id !== undefined ? one?.id === id : createPeopleIndex([one?.row]).byLogin(login).length === 1;
      if (is) return one;
      other = true;
    } catch (error) {
      // Whom a policy leaves out is nobody here: one of them in a list is no reason to leave out the others.
      if (!(error instanceof Missing || error instanceof LeftOutByPolicy)) throw error;
    }
  }
  // Whatever else came does not say that there is nobody.
  if (other) throw new Mistaken("another answer came than the person looked for");
  return undefined;
}

const wordsOf = ({ values, bareNumber }: Pick<PersonRow, "values" | "bareNumber">): string =>
  values.login ?? values.number ?? (nameIn(values) || (values.card_no ?? bareNumber ?? ""));
