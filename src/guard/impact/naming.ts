import { type BoundedReads, Missing, personIn, type Row, Unread } from "../../academy/reads.ts";
import { and, count, harmless, isTame } from "../../text/english.ts";
import { momentInWords } from "../../text/zone.ts";

/** One thing that a sentence names. */
export interface Thing {
  /** `person`, `course`, `group`, `learning path`, `session` … */
  readonly kind: string;
  readonly id?: number;
  /** Of a person. */
  readonly login?: string;
  /** As people wrote it; left out: not read. */
  readonly name?: string | undefined;
  /** When a session begins, as SkyPrep writes it. */
  readonly at?: string;
}

/** How sentences name things. */
export interface Naming {
  readonly clean: (text: string) => string;
  /** The academy's, where it is known. */
  readonly zone?: string | undefined;
  /** Names that were read for the question alone, by kind and number or login. */
  readonly names?: ReadonlyMap<string, string>;
  /** When sessions begin, by number, read for the question alone. */
  readonly times?: ReadonlyMap<number, string>;
  /** Whom a job's question has named already: “them” from then on. */
  readonly them?: number | string | undefined;
}

/** A name is at most so long in a sentence. */
const longestName = 60;
const mostListed = 6;

const keyOf = ({ kind, id, login }: Thing): string => `${kind} ${id ?? login?.trim().toLowerCase()}`;

/** “Sales Team”, cleaned and cut; undefined: there is none that could be shown. */
export function nameOf(thing: Thing, { clean, names }: Naming): string | undefined {
  const shown = harmless(thing.name ?? names?.get(keyOf(thing)) ?? "", clean, longestName);
  return shown === "" ? undefined : `“${shown}”`;
}

/** What SkyPrep gives no name. */
const nameless: ReadonlySet<string> = new Set([
  "course progress",
  "training record",
  "registration",
  "course item",
  "exam",
]);
const unknown = "the name could not be read";

/** “Zoe Keller” (zoe@example.com); the course “Phishing” (207); a number alone says that no name could be read. */
export function called(thing: Thing, naming: Naming): string {
  const { kind, id, login = "" } = thing;
  const name = nameOf(thing, naming);
  if (kind === "person") {
    if (isThem(thing, naming.them)) return "them";
    const tame = isTame(login) ? login : undefined;
    const who = tame ?? (id === undefined ? "a login that cannot be shown here" : `person ${id}`);
    if (name !== undefined) return `${name} (${who})`;
    return id === undefined || tame === undefined
      ? `${who} (${unknown})`
      : `person ${id} (${tame}; ${unknown})`;
  }
  if (nameless.has(kind)) return `${kind === "course progress" ? "training record" : kind} ${id}`;
  const at = thing.at ?? (kind === "session" ? naming.times?.get(id ?? 0) : undefined);
  const of = at === undefined ? undefined : momentInWords(at, naming.zone);
  const when = of === undefined ? "" : ` of ${of}`;
  return name === undefined ? `${kind} ${id} (${unknown})${when}` : `the ${kind} ${name} (${id})${when}`;
}

const isThem = ({ id, login }: Thing, them: Naming["them"]): boolean =>
  them !== undefined &&
  (typeof them === "number" ? id === them : login?.trim().toLowerCase() === them.trim().toLowerCase());

/** “the courses “A” (203) and “B” (204)”; of many, how many. */
export function calledAll(things: readonly Thing[], naming: Naming): string {
  const [first] = things;
  if (first === undefined) return "";
  const kind = first.kind;
  const people = kind === "person";
  if (things.length > mostListed) return count(things.length, kind, people ? "people" : `${kind}s`);
  if (nameless.has(kind) && things.length > 1)
    return `${kind === "course progress" ? "training record" : kind}s ${and(things.map(({ id }) => String(id)))}`;
  if (people || things.length === 1 || things.some(({ at }) => at !== undefined))
    return and(things.map((one) => called(one, naming)));
  const names = things.map((one) => nameOf(one, naming));
  if (names.every((name) => name !== undefined))
    return `the ${kind}s ${and(things.map(({ id }, n) => `${names[n]} (${id})`))}`;
  if (names.every((name) => name === undefined))
    return `the ${kind}s ${and(things.map(({ id }) => String(id)))} (the names could not be read)`;
  return and(things.map((one) => called(one, naming)));
}

/** Each costs a read of the question's few; past them, things keep their numbers. */
const mostNamesRead = 6;

const shows: Readonly<Record<string, readonly [string, string]>> = {
  person: ["get_user", "user_id"],
  course: ["get_course", "course_id"],
  group: ["get_user_group", "user_group_id"],
  "learning path": ["get_learning_path", "learning_path_id"],
  session: ["get_instructor_led_training_timeslot", "instructor_led_training_timeslot_id"],
  skill: ["get_skill", "skill_id"],
};

/**
 * Names of what a question only has numbers of: read last, when all that it depends on was read, and for its words
 * alone. What cannot be read stays a number.
 */
export async function readNames(
  things: readonly Thing[],
  look: BoundedReads,
): Promise<{ readonly names: ReadonlyMap<string, string>; readonly times: ReadonlyMap<number, string> }> {
  const names = new Map<string, string>();
  const times = new Map<number, string>();
  const wanted = new Map(things.filter(({ name }) => name === undefined).map((one) => [keyOf(one), one]));
  // Of more than a sentence names, none is read.
  const isNamed = ({ kind }: Thing) =>
    things.filter((one) => one.kind === kind).length <= mostListed && !nameless.has(kind);
  const few = [...wanted].filter(([, thing]) => isNamed(thing));
  for (const [key, thing] of few.slice(0, mostNamesRead)) {
    const row = await rowOf(thing, look);
    const name = row && (thing.kind === "person" ? personName(row) : textIn(row.full_name ?? row.name));
    if (name) names.set(key, name);
    if (thing.kind === "session" && typeof row?.commencement_time === "string" && thing.id !== undefined)
      times.set(thing.id, row.commencement_time);
  }
  return { names, times };
}

async function rowOf({ kind, id, login }: Thing, look: BoundedReads): Promise<Row | undefined> {
  const [route, parameter] = shows[kind] ?? [];
  if (route === undefined || parameter === undefined) return undefined;
  try {
    if (kind === "person") {
      const who =
        id !== undefined ? { user_id: id } : login !== undefined ? { user_email: login } : undefined;
      return who && personIn(await look.one(route, who), who)?.row;
    }
    if (id === undefined) return undefined;
    const row = await look.one(route, { [parameter]: id });
    return Number(row.id ?? row[parameter]) === id ? row : undefined;
  } catch (error) {
    if (error instanceof Missing || error instanceof Unread) return undefined;
    throw error;
  }
}

const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

/** What a person is called, as SkyPrep keeps it. */
export const personName = (row: Row): string =>
  textIn(row.display_name) || `${textIn(row.first_name)} ${textIn(row.last_name)}`.trim();
