import type { Subject } from "../../../tools/schema/consequence.ts";
import {
  type Args,
  type BoundedReads,
  type KnownPerson,
  listAt,
  Missing,
  personIn,
  type Row,
  readPerson,
  Unread,
  type Who,
} from "../../academy/reads.ts";
import type { Target } from "../../journal/line.ts";
import { and, apart, count, harmless, isTame } from "../../text/english.ts";
import { momentInWords } from "../../text/zone.ts";

/** Text that people wrote, for a line of its own: what it is, what stands there now, and what the call gives. */
export interface Stored {
  readonly what: string;
  readonly now?: string;
  readonly given?: string;
}

/** One thing that a call is about, as it stands now. */
export interface Seen {
  /** What a sentence calls it. */
  readonly say: (naming: Naming) => string;
  /** What it names, each by its number; names that were not read with it may be read for the question. */
  readonly things: readonly Thing[];
  /** Text that people wrote and that no sentence can hold. */
  readonly stored: readonly Stored[];
  /** What makes it this one, and how it stands: an answer is good for these only (contract §5). */
  readonly bound: readonly unknown[];
  readonly targets: readonly Target[];
  readonly row?: Row;
  readonly person?: KnownPerson;
  /** Its number, where a phrase has to be typed. */
  readonly id?: number;
  /** How many stand behind it, where it is several. */
  readonly many?: number;
}

/** Reads one; undefined where the call does not name it. @throws Missing, Unread */
export type ReadSubject = (args: Args, look: BoundedReads, deep: boolean) => Promise<Seen | undefined>;

export const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Several things of one kind, or one. */
export const saying = (...things: readonly Thing[]): Pick<Seen, "say" | "things"> => ({
  things,
  say: (naming) => calledAll(things, naming),
});

export function listed(ids: readonly (number | string)[], called: string): Seen {
  const things = ids.map((id) => ({ kind: called, ...(typeof id === "number" ? { id } : { login: id }) }));
  return {
    ...saying(...things),
    stored: [],
    bound: [...ids],
    targets: things,
    many: ids.length,
  };
}

export const person =
  (who: (args: Args) => Who | undefined): ReadSubject =>
  async (args, look) => {
    const meant = who(args);
    if (meant === undefined) return undefined;
    const known = await readPerson(look, meant).catch((error: unknown) => {
      if (error instanceof Missing) throw new Missing(`person ${Object.values(meant)[0]}`);
      throw error;
    });
    return seenPerson(known);
  };

function seenPerson(known: KnownPerson): Seen {
  const { id, login, row } = known;
  const name = personName(row);
  return {
    ...saying({ kind: "person", id, login, name }),
    stored: isTame(login) ? [] : [{ what: "Login", now: login }],
    bound: [id, login, row.role, row.login_status],
    targets: [{ kind: "person", id, login, name }],
    row,
    person: known,
    id,
  };
}

/** People by number or login: read one by one only where power is given to them. */
export const people: ReadSubject = async (args, look, deep) => {
  const ids = listAt(args, "user_ids", "user_emails");
  if (ids.length === 0) return undefined;
  if (!deep || ids.length > 4) return listed(ids, "person");
  const read: Seen[] = [];
  for (const id of ids) {
    const who = typeof id === "number" ? { user_id: id } : { user_email: id };
    const one = await person(() => who)(args, look, deep);
    if (one) read.push(one);
  }
  return {
    ...saying(...read.flatMap(({ things }) => things)),
    stored: read.flatMap(({ stored }) => stored),
    bound: read.flatMap(({ bound }) => bound),
    targets: read.flatMap(({ targets }) => targets),
    many: ids.length,
  };
};

/** Somebody who is not there yet: nothing to read. */
export const newcomer: ReadSubject = async ({ email, first_name, last_name }) => {
  const login = text(email);
  const name = `${text(first_name)} ${text(last_name)}`.trim();
  return {
    things: [],
    say: (naming) => {
      const named = nameOf({ kind: "person", name }, naming);
      return isTame(login) ? `${named ?? "somebody"} (${login})` : (named ?? "somebody new");
    },
    stored: isTame(login) ? [] : [{ what: "Login", given: login }],
    bound: [],
    targets: [{ kind: "person", login }],
  };
};

/** What a call makes. */
export const somethingNew: ReadSubject = async ({ name }) => ({
  things: [],
  say: (naming) => nameOf({ kind: "new", name: text(name) }, naming) ?? "without a name",
  stored: [],
  bound: [],
  targets: typeof name === "string" ? [{ kind: "new", name }] : [],
});

/** What a sentence calls something that was not read, by its arguments alone; undefined: the call names none. */
export function namedBy(subject: Subject, args: Args, naming: Naming): string | undefined {
  const things = targetsIn([subject], args).map(({ kind, ...own }) => ({
    kind: kinds[kind] ?? kind,
    ...own,
  }));
  if (subject === "person" && args.autocreate === true && things.length > 0)
    return `${things[0]?.login ?? "someone new"}, who is not here yet`;
  return things.length === 0 ? undefined : calledAll(things, naming);
}
const kinds: Readonly<Record<string, string>> = {
  timeslot: "session",
  "course progress": "training record",
  role: "power-user role",
};

/** Whom a call is about as far as its arguments say it: for the journal, where nothing was read. */
export function targetsIn(about: readonly Subject[], args: Args): Target[] {
  const targets: Target[] = [];
  for (const subject of about) {
    const [kind, ...names] = argumentsOf[subject] ?? [];
    if (kind === undefined) continue;
    for (const name of names) {
      const given = args[name];
      for (const one of Array.isArray(given) ? given : [given]) {
        if (typeof one === "number") targets.push({ kind, id: one });
        else if (typeof one === "string")
          targets.push(subject === "new" ? { kind, name: one } : { kind, login: one });
      }
    }
  }
  return targets;
}

const argumentsOf: Partial<Readonly<Record<Subject, readonly string[]>>> = {
  person: ["person", "user_id", "user_email"],
  newcomer: ["person", "email"],
  source: ["person", "source_user_id"],
  receiver: ["person", "target_user_id"],
  people: ["person", "user_ids", "user_emails"],
  course: ["course", "course_id"],
  courses: ["course", "course_ids"],
  group: ["group", "user_group_id"],
  groups: ["group", "user_group_ids"],
  path: ["learning path", "learning_path_id"],
  paths: ["learning path", "learning_path_ids", "course_bundle_ids"],
  progress: ["course progress", "course_progress_id"],
  item: ["course item", "course_item_id", "exam_id"],
  training: ["training", "instructor_led_training_id"],
  timeslot: ["timeslot", "instructor_led_training_timeslot_id"],
  registration: ["registration", "instructor_led_training_timeslot_registration_id"],
  registrations: ["registration", "instructor_led_training_timeslot_registration_ids"],
  role: ["role", "user_role_id"],
  datasets: ["dataset", "dataset_ids"],
  skill: ["skill", "skill_id"],
  new: ["new", "name"],
};

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
  return shown === "" ? undefined : apart(`“${shown}”`);
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
  if (things.length > mostListed) return manyOf(things, naming);
  if (nameless.has(kind) && things.length > 1)
    return `${kind === "course progress" ? "training record" : kind}s ${and(things.map(({ id }) => String(id)))}`;
  if (people || things.length === 1 || things.some(({ at }) => at !== undefined))
    return and(things.map((one) => called(one, naming)));
  const names = things.map((one) => nameOf(one, naming));
  if (names.every((name) => name !== undefined))
    return `the ${kind}s ${and(things.map(({ id }, n) => `${names[n]} (${id})`))}`;
  if (names.every((name) => name === undefined))
    return `the ${kind}s ${and(things.map(({ id }) => String(id)))} (the names could not be read)`;
  // What was not read of some is no reason to say less of the others.
  return `the ${kind}s ${and(things.map(({ id }, n) => (names[n] === undefined ? String(id) : `${names[n]} (${id})`)))}`;
}

/** Of many, those few whose names are known, and how many more; where none is, how many. */
function manyOf(things: readonly Thing[], naming: Naming): string {
  const kind = things[0]?.kind ?? "";
  const few = things.slice(0, mostOfMany).filter((one) => nameOf(one, naming) !== undefined);
  const left = things.length - few.length;
  if (few.length === 0) return count(things.length, kind, kind === "person" ? "people" : `${kind}s`);
  const more = kind === "person" ? count(left, "more person", "more people") : `${left} more`;
  if (kind === "person") return and([...few.map((one) => called(one, naming)), more]);
  return `the ${kind}s ${and([...few.map((one) => `${nameOf(one, naming)} (${one.id})`), more])}`;
}
const mostOfMany = 3;

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
  // Of more than a sentence names, a few are read.
  const isNamed = (thing: Thing) => {
    const alike = things.filter(({ kind }) => kind === thing.kind);
    const most = alike.length > mostListed ? mostOfMany : mostListed;
    return !nameless.has(thing.kind) && alike.slice(0, most).some((one) => keyOf(one) === keyOf(thing));
  };
  const few = [...wanted].filter(([, thing]) => isNamed(thing));
  for (const [key, thing] of few.slice(0, mostNamesRead)) {
    const row = await rowOf(thing, look);
    const name = row && (thing.kind === "person" ? personName(row) : titleOf(row));
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

/** What people call a thing; the name of a skill is a word for programs. */
export const titleOf = (row: Row): string => textIn(row.display_name ?? row.full_name ?? row.name);
const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

/** What a person is called, as SkyPrep keeps it. */
export const personName = (row: Row): string =>
  textIn(row.display_name) || `${textIn(row.first_name)} ${textIn(row.last_name)}`.trim();
