import { type Args, listAt, numberAt } from "../../../academy/call-arguments.ts";
import { readPerson } from "../../../academy/persons.ts";
import { Missing } from "../../../academy/reads.ts";
import { and, statusWords } from "../../../text/english.ts";
import { listed, record } from "./records.ts";
import { named, type ReadSubject, type Seen, text } from "./seen.ts";

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
