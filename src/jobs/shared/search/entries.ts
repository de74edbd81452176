import { isObject, type Row } from "../../../academy/reads.ts";
import { loginIndexKey } from "../people-index.ts";
import { idIn } from "../record-fields.ts";
import { beforeAt, type RecordKind, type SearchKind, squashed, wordsOf } from "./words.ts";

/** One record as it is searched. */
export interface SearchEntry {
  readonly kind: RecordKind;
  readonly id: number;
  readonly row: Row;
  /** Of its name, in order. */
  readonly name: readonly string[];
  /** Of its login, code, category, place: they find it too. */
  readonly also: readonly string[];
  /** Of a session: the training it belongs to. */
  readonly of?: string;
}

/** What a list's record gives: it may hold others, as a training holds its sessions. */
export interface Listed {
  readonly entry: SearchEntry;
  /** Logins, in lower case, and codes, squashed: typed whole, they mean this one. */
  readonly logins: readonly string[];
  readonly codes: readonly string[];
}

const textsAt = (row: Row, ...fields: string[]): string[] =>
  fields.map((name) => row[name]).filter((one): one is string => typeof one === "string" && one !== "");

interface Read {
  readonly id: number | undefined;
  readonly name: readonly string[];
  readonly also?: readonly string[];
  readonly logins?: readonly string[];
  readonly codes?: readonly string[];
  readonly of?: string;
}

/** The words of a record; undefined where nobody could act on it for want of a number. */
function entry(
  kind: RecordKind,
  row: Row,
  { id, name, also = [], logins = [], codes = [], of }: Read,
): Listed[] {
  if (id === undefined) return [];
  const words = wordsOf(name[0] ?? "");
  const more = new Set([...name.slice(1), ...also].flatMap(wordsOf));
  for (const word of words) more.delete(word);
  const own = { kind, id, row, name: words, also: more.size === 0 ? nothing : [...more] };
  return [{ entry: of === undefined ? own : { ...own, of }, logins, codes: codes.map(squashed) }];
}
const nothing: readonly string[] = [];

/** Names in a login, such as avery.learner2@…; a login that is one word is a key and nothing else. */
function namesIn(login: string): string[] {
  const parts = wordsOf(beforeAt(login));
  return parts.length < 2
    ? []
    : parts.map((part) => part.replace(/\d+$/, "")).filter((part) => part.length > 1);
}

function people(row: Row): Listed[] {
  const [first = "", last = ""] = [row.first_name, row.last_name].map((one) =>
    typeof one === "string" ? one : "",
  );
  const logins = textsAt(row, "email", "username");
  const codes = textsAt(row, "user_identifier");
  return entry("person", row, {
    id: idIn(row, "id", "user_id"),
    name: [`${first} ${last}`, ...textsAt(row, "display_name")].filter((one) => one.trim() !== ""),
    also: logins.flatMap(namesIn),
    logins: logins.map(loginIndexKey),
    codes,
  });
}

const courses = (row: Row): Listed[] =>
  entry("course", row, {
    id: idIn(row, "id", "course_id"),
    name: textsAt(row, "name"),
    also: textsAt(row, "course_code", "category"),
    codes: textsAt(row, "course_code"),
  });

const grouped =
  (kind: "group" | "path") =>
  (row: Row): Listed[] =>
    entry(kind, row, {
      id: idIn(row, "id"),
      name: textsAt(row, "name", "full_name"),
      also: textsAt(row, "name").flatMap(initials),
    });

/** HR is Human Resources. */
function initials(name: string): string[] {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => /^\p{Lu}/u.test(word));
  return words.length > 1 ? [words.map((word) => word.charAt(0)).join("")] : [];
}

function sessions(row: Row, of = ""): Listed[] {
  const [name = of] = textsAt(row, "name");
  const [day = ""] = textsAt(row, "commencement_time").map((one) => one.slice(0, 10));
  return entry("session", row, {
    id: idIn(row, "id"),
    name: [name, of],
    also: [...textsAt(row, "location", "instructor"), day],
    ...(of !== "" && { of }),
  });
}

/** A training, and the sessions that stand in it: one or many (skyprep-api §1.8). */
function trainings(row: Row): Listed[] {
  const own = [row.instructor_led_training_timeslots].flat().filter(isObject);
  const [name = ""] = textsAt(row, "name");
  return [
    ...entry("training", row, { id: idIn(row, "id"), name: [name] }),
    ...own.flatMap((slot) => sessions(slot, name)),
  ];
}

/** What people ask for, and the lists it is in. */
export const searchedLists = {
  person: { get_users: people },
  course: { get_courses: courses },
  group: { get_user_groups: grouped("group") },
  path: { get_learning_paths: grouped("path") },
  session: {
    get_instructor_led_trainings: trainings,
    get_instructor_led_training_timeslots: (row: Row) => sessions(row),
  },
} as const satisfies Record<SearchKind, Record<string, (row: Row) => Listed[]>>;
