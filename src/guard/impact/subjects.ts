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
  whoIn,
} from "../../academy/reads.ts";
import type { Target } from "../../journal/line.ts";
import { and, isTame, statusWords } from "../../text/english.ts";

/** Text that people wrote: whose, what it is, and whether SkyPrep keeps it or the call gives it. */
export interface Stored {
  readonly whose: string;
  readonly what: string;
  readonly text: string;
  readonly from: "stored" | "given";
}

/** One thing that a call is about, as it stands now. */
export interface Seen {
  /** A kind and a number: never a text that people wrote. */
  readonly words: string;
  /** Text that people wrote, and what it is. */
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
export const named = (
  whose: string,
  what: string,
  value: unknown,
  from: Stored["from"] = "stored",
): Stored[] => (text(value) === "" ? [] : [{ whose, what, text: text(value), from }]);

export const person =
  (who: (args: Args) => Who | undefined, called: string): ReadSubject =>
  async (args, look) => {
    const meant = who(args);
    if (meant === undefined) return undefined;
    const known = await readPerson(look, meant).catch((error: unknown) => {
      if (error instanceof Missing) throw new Missing(`${called} ${Object.values(meant)[0]}`);
      throw error;
    });
    return seenPerson(known, called);
  };

function seenPerson(known: KnownPerson, called: string): Seen {
  const { id, login, row } = known;
  const whose = `${called} ${id}`;
  const name = text(row.display_name) || `${text(row.first_name)} ${text(row.last_name)}`.trim();
  return {
    words: isTame(login) ? `${whose} (${login})` : whose,
    stored: [...named(whose, "name", name), ...(isTame(login) ? [] : named(whose, "login", login))],
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
  const all = listed(ids, "person");
  const words = all.words.replace(/persons/, "people").replace(/^people (\d+)$/, "person $1");
  if (!deep || ids.length > 4) return { ...all, words };
  const read: Seen[] = [];
  for (const id of ids) {
    const who = typeof id === "number" ? { user_id: id } : { user_email: id };
    const one = await person(() => who, "person")(args, look, deep);
    if (one) read.push(one);
  }
  return {
    words: and(read.map((one) => one.words)),
    stored: read.flatMap(({ stored }) => stored),
    bound: read.flatMap(({ bound }) => bound),
    targets: read.flatMap(({ targets }) => targets),
    many: ids.length,
  };
};

/** Somebody who is not there yet: nothing to read. */
export const newcomer: ReadSubject = async ({ role, email, first_name, last_name }) => ({
  words: `a person with the role ${role ?? "learner"}`,
  stored: [
    ...named("the new person", "login", email, "given"),
    ...named("the new person", "name", `${text(first_name)} ${text(last_name)}`.trim(), "given"),
  ],
  bound: [],
  targets: [{ kind: "person", login: text(email) }],
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
      words: `${called} ${id}`,
      stored: named(`${called} ${id}`, "name", row.full_name ?? row.name),
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
      words: and(all.map(({ words }) => words)),
      stored: all.flatMap(({ stored }) => stored),
      bound: all.flatMap(({ bound }) => bound),
      targets: all.flatMap(({ targets }) => targets),
      many: ids.length,
    };
  };

export function listed(ids: readonly (number | string)[], called: string): Seen {
  const few = ids.length <= 6 && ids.every((id) => typeof id === "number");
  return {
    words: few ? `${called}s ${and(ids.map(String))}` : `${ids.length} ${called}s`,
    stored: [],
    bound: [...ids],
    targets: ids.map((id) => ({ kind: called, ...(typeof id === "number" ? { id } : { login: id }) })),
    many: ids.length,
  };
}

export const course = (argument: string) =>
  record(argument, "course", "get_course", ["name", "course_code", "active"], "course_id");
export const group = (argument: string) =>
  record(argument, "group", "get_user_group", ["name"], "user_group_id");
export const path = (argument: string) =>
  record(argument, "learning path", "get_learning_path", ["name"], "learning_path_id");

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
      words: and(ids.map((id) => `${called} ${id}`)),
      stored: found.flatMap((row) => named(`${called} ${Number(row?.id)}`, "name", row?.name)),
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
      : { words: `${called} ${id}`, stored: [], bound: [id], targets: [{ kind: called, id }], id };
  };

export const progress: ReadSubject = async (args, look) => {
  const seen = await record("course_progress_id", "course progress", "get_course_progress", [
    "user_id",
    "course_id",
    "status",
    "completion_date",
  ])(args, look, false);
  if (seen?.row === undefined) return seen;
  const { row } = seen;
  const [who, what] = [Number(row.user_id), Number(row.course_id)];
  return {
    ...seen,
    words: `${seen.words} (person ${who || "unknown"} in course ${what || "unknown"}, ${statusWords(row.status)})`,
    stored: [
      ...named("the record", "login", row.user_email),
      ...named("the record", "course", row.course_name),
    ],
    targets: [
      { kind: "course progress", id: seen.id ?? 0 },
      ...(who
        ? [{ kind: "person", id: who, ...(text(row.user_email) && { login: text(row.user_email) }) }]
        : []),
      ...(what ? [{ kind: "course", id: what }] : []),
    ],
  };
};

const itemArguments = ["user_id", "course_id", "course_item_id", "exam_id", "course_progress_id"];
export const item: ReadSubject = async (args, look) => {
  const known =
    typeof args.user_email === "string" ? await readPerson(look, { user_email: args.user_email }) : undefined;
  const all: Args = { ...args, ...(known && { user_id: known.id }) };
  const parameters = Object.fromEntries(
    itemArguments.flatMap((name) => (typeof all[name] === "number" ? [[name, all[name] as number]] : [])),
  );
  const row = await look.one("get_course_item_progress", parameters);
  const id = Number(all.course_item_id ?? all.exam_id);
  return {
    words: `${all.course_item_id === undefined ? "exam" : "course item"} ${id} (${all.user_id === undefined ? `course progress ${all.course_progress_id}` : `person ${all.user_id}`}, ${statusWords(row.status)})`,
    stored: [],
    bound: [row.user_id, row.course_progress_id, row.courseable_id, row.status, row.completed_at],
    targets: [
      { kind: "course item", id },
      ...(typeof all.user_id === "number"
        ? [{ kind: "person", id: all.user_id, ...(known && { login: known.login }) }]
        : []),
    ],
    row,
    id,
    ...(known && { person: known }),
  };
};

const registrationIds = "instructor_led_training_timeslot_registration_ids";
const timeslotId = "instructor_led_training_timeslot_id";

/** SkyPrep shows no single registration: whose it is, and what it remembers, is known only from its timeslot. */
export const registration: ReadSubject = async (args, look) => {
  const id = numberAt(args, "instructor_led_training_timeslot_registration_id");
  if (id === undefined) return undefined;
  const seen: Seen = {
    words: `registration ${id}`,
    stored: [],
    bound: [id],
    targets: [{ kind: "registration", id }],
    id,
  };
  const slot = numberAt(args, timeslotId);
  if (slot === undefined) return seen;
  const rows = await look.rows("get_instructor_led_training_timeslot_registrations", { [timeslotId]: slot });
  const row = rows.find((one) => Number(one.id) === id);
  if (row === undefined) throw new Missing(`registration ${id} of timeslot ${slot}`);
  const who = Number(row.user_id);
  return {
    ...seen,
    words: `registration ${id} (person ${who || "unknown"}, ${statusWords(row.status)})`,
    bound: [id, row.user_id, row.status],
    targets: [...seen.targets, ...(who ? [{ kind: "person", id: who }] : [])],
    row,
  };
};

/** Whose they are is known only from their timeslot. */
export const registrations: ReadSubject = async (args, look) => {
  const ids = listAt(args, registrationIds).filter((id): id is number => typeof id === "number");
  const slot = numberAt(args, "instructor_led_training_timeslot_id");
  const rows =
    slot === undefined
      ? []
      : await look.rows("get_instructor_led_training_timeslot_registrations", {
          instructor_led_training_timeslot_id: slot,
        });
  const own = rows.filter((row) => ids.includes(Number(row.id)));
  const strange = slot === undefined ? [] : ids.filter((id) => !own.some((row) => Number(row.id) === id));
  if (strange.length > 0) throw new Missing(`registration ${and(strange.map(String))} of timeslot ${slot}`);
  const [first] = ids;
  return {
    ...listed(ids, "registration"),
    words: ids.length === 1 ? `registration ${first}` : listed(ids, "registration").words,
    bound: [...ids, ...own.flatMap((row) => [row.user_id, row.status])],
    targets: [
      ...ids.map((id) => ({ kind: "registration", id })),
      ...own.flatMap(({ user_id }) => (Number(user_id) ? [{ kind: "person", id: Number(user_id) }] : [])),
    ],
    ...(ids.length === 1 && first !== undefined && { id: first }),
  };
};

/** How each thing that a call may be about is read. */
export const subjects: Readonly<Record<Subject, ReadSubject>> = {
  person: person(whoIn, "person"),
  newcomer,
  source: person(
    ({ source_user_id: id }) => (typeof id === "number" ? { user_id: id } : undefined),
    "person",
  ),
  receiver: person(
    ({ target_user_id: id }) => (typeof id === "number" ? { user_id: id } : undefined),
    "person",
  ),
  people,
  course: course("course_id"),
  courses: several(course, "course", "course_ids"),
  group: group("user_group_id"),
  groups: several(group, "group", "user_group_ids"),
  path: path("learning_path_id"),
  paths: several(path, "learning path", "learning_path_ids", "course_bundle_ids"),
  progress,
  item,
  training: unread("instructor_led_training_id", "training"),
  timeslot: record(
    "instructor_led_training_timeslot_id",
    "timeslot",
    "get_instructor_led_training_timeslot",
    ["name", "commencement_time"],
  ),
  registration,
  registrations,
  role: listedRow("user_role_id", "role", "get_user_roles"),
  datasets: listedRow("dataset_ids", "dataset", "get_datasets"),
  skill: unread("skill_id", "skill"),
  new: async ({ name }) => ({
    words: "something new",
    stored: named("the new one", "name", name, "given"),
    bound: [],
    targets: typeof name === "string" ? [{ kind: "new", name }] : [],
  }),
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
  registrations: ["registration", registrationIds],
  role: ["role", "user_role_id"],
  datasets: ["dataset", "dataset_ids"],
  skill: ["skill", "skill_id"],
  new: ["new", "name"],
};
