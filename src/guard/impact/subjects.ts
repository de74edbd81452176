import type { Subject } from "../../../tools/schema/consequence.ts";
import {
  type Args,
  type BoundedReads,
  type KnownPerson,
  listAt,
  Missing,
  Mistaken,
  numberAt,
  type Row,
  readPerson,
  type Who,
} from "../../academy/reads.ts";
import type { Target } from "../../journal/line.ts";
import { and, isTame } from "../../text/english.ts";
import { calledAll, type Naming, nameOf, personName, type Thing } from "./naming.ts";

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

/** A record of its own, read by its number. */
export const record =
  (
    argument: string,
    called: string,
    route: string,
    standing: readonly string[],
    also?: string,
  ): ReadSubject =>
  async (args, look) => {
    const id = numberAt(args, argument);
    if (id === undefined) return undefined;
    const row = await look.one(route, { [also ?? argument]: id }).catch((error: unknown) => {
      if (error instanceof Missing) throw new Missing(`${called} ${id}`);
      throw error;
    });
    const shown = Number(row.id ?? row[argument]);
    if (shown !== id) throw new Mistaken(`another answer came than ${called} ${id}`);
    return {
      ...saying({
        kind: called === "timeslot" ? "session" : called,
        id,
        name: text(row.full_name ?? row.name),
        ...(called === "timeslot" && { at: text(row.commencement_time) }),
      }),
      stored: [],
      bound: [id, ...standing.map((field) => row[field])],
      targets: [{ kind: called, id, ...(text(row.name) && { name: text(row.name) }) }],
      row,
      id,
    };
  };

/** Several by number; up to two are read, so that a question can name them. */
export const several =
  (single: (argument: string) => ReadSubject, called: string, ...names: string[]): ReadSubject =>
  async (args, look, deep) => {
    const argument = names.find((name) => listAt(args, name).length > 0);
    if (argument === undefined) return undefined;
    const ids = listAt(args, argument);
    if (ids.length > 2) return listed(ids, called);
    const all: Seen[] = [];
    for (const id of ids) {
      const one = await single(argument)({ [argument]: id }, look, deep);
      if (one) all.push(one);
    }
    return {
      ...saying(...all.flatMap(({ things }) => things)),
      stored: [],
      bound: all.flatMap(({ bound }) => bound),
      targets: all.flatMap(({ targets }) => targets),
      many: ids.length,
    };
  };

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

/** A row of a list that has no read of its own. */
export const listedRow =
  (argument: string, called: string, route: string): ReadSubject =>
  async (args, look) => {
    const ids = [args[argument]].flat().filter((id): id is number => typeof id === "number");
    if (ids.length === 0) return undefined;
    const rows = await look.rows(route, {});
    const found = ids.map((id) => rows.find((row) => Number(row.id) === id));
    const gone = ids.filter((_, index) => found[index] === undefined);
    if (gone.length > 0) throw new Missing(`${called} ${and(gone.map(String))}`);
    return {
      ...saying(
        ...found.map((row) => ({
          kind: called === "role" ? "power-user role" : called,
          id: Number(row?.id),
          name: text(row?.name),
        })),
      ),
      stored: [],
      bound: found.flatMap((row) => [row?.id, row?.name]),
      targets: found.map((row) => ({ kind: called, id: Number(row?.id), name: text(row?.name) })),
      ...(found[0] && { row: found[0] }),
    };
  };

export const unread =
  (argument: string, called: string): ReadSubject =>
  async (args) => {
    const id = numberAt(args, argument);
    return id === undefined
      ? undefined
      : {
          ...saying({ kind: called, id }),
          stored: [],
          bound: [id],
          targets: [{ kind: called, id }],
          id,
        };
  };

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

export const course = (argument: string) =>
  record(argument, "course", "get_course", ["name", "course_code", "active"], "course_id");
export const group = (argument: string) =>
  record(argument, "group", "get_user_group", ["name"], "user_group_id");
export const path = (argument: string) =>
  record(argument, "learning path", "get_learning_path", ["name"], "learning_path_id");

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
