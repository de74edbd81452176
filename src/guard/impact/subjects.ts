import type { Subject } from "../../../tools/schema/consequence.ts";
import {
  type Args,
  type KnownPerson,
  listAt,
  Missing,
  numberAt,
  type Row,
  readPerson,
  type Who,
  whoIn,
} from "../../academy/reads.ts";
import type { Target } from "../../journal/line.ts";
import { and, count, isTame } from "../../text/english.ts";
import { called, calledAll, type Naming, nameOf, personName, type Thing } from "./naming.ts";
import {
  listed,
  listedRow,
  type ReadSubject,
  record,
  type Seen,
  saying,
  several,
  text,
  unread,
} from "./seen.ts";

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
  const whose = personOf(who, row);
  const course: Thing = { kind: "course", id: what, name: text(row.course_name) || undefined };
  return {
    ...seen,
    things: [...(who ? [whose] : []), ...(what ? [course] : [])],
    say: (naming) =>
      who && what
        ? `training record ${seen.id} of ${called(whose, naming)} in ${called(course, naming)}`
        : `training record ${seen.id} (whose it is could not be read)`,
    targets: [
      { kind: "course progress", id: seen.id ?? 0 },
      ...(who
        ? [{ kind: "person", id: who, ...(text(row.user_email) && { login: text(row.user_email) }) }]
        : []),
      ...(what ? [{ kind: "course", id: what }] : []),
    ],
  };
};

/** Whom a record that is about somebody names, as far as it does. */
function personOf(id: number, row: Row): Thing {
  const inside = (typeof row.user === "object" && row.user !== null ? row.user : {}) as Row;
  const own = Number(inside.user_id ?? inside.id) === id ? personName(inside) : "";
  return {
    kind: "person",
    id,
    ...(text(row.user_email) && { login: text(row.user_email) }),
    ...(own && { name: own }),
  };
}

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
  const isExam = all.course_item_id === undefined;
  const who = Number(all.user_id ?? row.user_id);
  const whose: Thing = known
    ? { kind: "person", id: known.id, login: known.login, name: personName(known.row) }
    : { kind: "person", id: who };
  const within = typeof all.course_id === "number" ? [{ kind: "course", id: all.course_id }] : [];
  return {
    things: [...(who ? [whose] : []), ...within],
    say: (naming) => {
      const place = within.map((one) => ` in ${called(one, naming)}`).join("");
      const of = who ? called(whose, naming) : `training record ${all.course_progress_id}`;
      return `the result of ${of} in ${isExam ? "exam" : "course item"} ${id}${place}`;
    },
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
    things: [],
    say: () => `registration ${id}`,
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
  const things = sessionOf(slot, who ? [who] : []);
  return {
    ...seen,
    things,
    say: (naming) => registrationOf(things, naming, `registration ${id}`),
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
  const who = own.flatMap(({ user_id }) => (Number(user_id) ? [Number(user_id)] : []));
  const things = slot === undefined ? [] : sessionOf(slot, who);
  const numbers = `${ids.length === 1 ? "registration" : "registrations"} ${and(ids.map(String))}`;
  const several = ids.length > mostNumbers ? count(ids.length, "registration") : numbers;
  return {
    ...listed(ids, "registration"),
    things,
    say: (naming) => registrationOf(things, naming, several),
    bound: [...ids, ...own.flatMap((row) => [row.user_id, row.status])],
    targets: [
      ...ids.map((id) => ({ kind: "registration", id })),
      ...own.flatMap(({ user_id }) => (Number(user_id) ? [{ kind: "person", id: Number(user_id) }] : [])),
    ],
    ...(ids.length === 1 && first !== undefined && { id: first }),
  };
};

const mostNumbers = 6;

/** A session and those who are registered for it; what they are called is read for the question alone. */
const sessionOf = (slot: number, people: readonly number[]): readonly Thing[] => [
  { kind: "session", id: slot },
  ...people.map((id) => ({ kind: "person", id })),
];

/** “the registrations of “A” (a@…) and “B” (b@…) for the session “X” (511)”. */
function registrationOf(things: readonly Thing[], naming: Naming, numbers: string): string {
  const [session, ...people] = things;
  if (session === undefined) return numbers;
  if (people.length === 0) return `${numbers} for ${called(session, naming)}`;
  return `${numbers} of ${calledAll(people, naming)} for ${called(session, naming)}`;
}

/** How each thing that a call may be about is read. */
export const subjects: Readonly<Record<Subject, ReadSubject>> = {
  person: person(whoIn),
  newcomer,
  source: person(({ source_user_id: id }) => (typeof id === "number" ? { user_id: id } : undefined)),
  receiver: person(({ target_user_id: id }) => (typeof id === "number" ? { user_id: id } : undefined)),
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
    things: [],
    say: (naming) => nameOf({ kind: "new", name: text(name) }, naming) ?? "without a name",
    stored: [],
    bound: [],
    targets: typeof name === "string" ? [{ kind: "new", name }] : [],
  }),
};

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
  registrations: ["registration", registrationIds],
  role: ["role", "user_role_id"],
  datasets: ["dataset", "dataset_ids"],
  skill: ["skill", "skill_id"],
  new: ["new", "name"],
};
