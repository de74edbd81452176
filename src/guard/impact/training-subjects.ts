import { type Args, listAt, Missing, numberAt, type Row, readPerson } from "../../academy/reads.ts";
import { and, count } from "../../text/english.ts";
import { record } from "./record-subjects.ts";
import {
  called,
  calledAll,
  listed,
  type Naming,
  personName,
  type ReadSubject,
  type Seen,
  type Thing,
  text,
} from "./subjects.ts";

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
  const id = Number(all.course_item_id ?? all.exam_id);
  const isExam = all.course_item_id === undefined;
  const row = await look.one("get_course_item_progress", parameters).catch((error: unknown) => {
    if (!(error instanceof Missing)) throw error;
    const record =
      all.course_progress_id === undefined ? "" : ` in training record ${all.course_progress_id}`;
    throw new Missing(`${isExam ? "exam" : "course item"} ${id}${record} for that person`);
  });
  const who = Number(all.user_id ?? row.user_id);
  const whose: Thing = known
    ? { kind: "person", id: known.id, login: known.login, name: personName(known.row) }
    : { kind: "person", id: who };
  const within = typeof all.course_id === "number" ? [{ kind: "course", id: all.course_id }] : [];
  return {
    things: [...(who ? [whose] : []), ...within],
    say: (naming) => {
      const place = within.map((one) => ` of ${called(one, naming)}`).join("");
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
