import type { Consequence, Subject } from "../../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { Args, Row } from "../../academy/reads.ts";
import { and, isTame, quoted, statusWords } from "../../text/english.ts";
import { roleOf } from "../impact/findings/power.ts";
import type { Seen, Stored } from "../impact/subjects.ts";

type SeenAll = Readonly<Partial<Record<Subject, Seen>>>;

/** The question's first line: a kind and a number for each thing, never a text that people wrote. */
export const questionText = ({ asks }: Consequence, seen: SeenAll): string =>
  asks.replace(/\{([a-z|]+)\}/g, (_, names: string) => {
    const words = names.split("|").flatMap((name) => seen[name as Subject]?.words ?? []);
    return and(words) || "someone new";
  });

interface Told {
  readonly question: string;
  readonly found: { readonly goes: readonly string[]; readonly facts: readonly string[] };
  /** Whether it can be brought back, and what of it. */
  readonly back: readonly string[];
  /** What else the call gives, in lines of ours. */
  readonly given: readonly string[];
}

/**
 * The question and its facts, in lines of ours (contract §5): what is done to whom, what is lost, whether it can
 * be brought back, and then the rest.
 */
export function factsOf(
  { effect, about }: WriteOperation,
  met: readonly Consequence[],
  { question, found: { goes, facts }, back, given }: Told,
): string[] {
  const ofPerson = effect === "change" && about[0] === "person";
  const gone = goes.length > 0 ? [`Goes with it: ${goes.join(", ")}.`] : [];
  // Of a person who is changed, what would be another comes before who they are.
  const [lost, ...rest] = [...gone, ...(ofPerson ? [...given, ...facts] : [...facts, ...given])];
  return [
    question,
    ...(lost === undefined ? [] : [lost]),
    ...back,
    ...new Set([...rest, ...met.flatMap(({ note }) => note ?? [])]),
  ];
}

/** “Name as stored: …”, or with more than one thing “Course 202, name as stored: …”. */
export function storedOf(seen: SeenAll, more: readonly Stored[], clean: (text: string) => string): string[] {
  const own = Object.values(seen).flatMap(({ stored }) => stored);
  const isSaid = (one: Stored) =>
    one.from === "stored" &&
    own.some(({ what, text }) => text === one.text && what === one.what.toLowerCase());
  const all = [...own, ...more.filter((one) => one.whose !== "" || !isSaid(one))];
  const many = new Set(all.flatMap(({ whose }) => (whose === "" ? [] : [whose]))).size > 1;
  const lines = all.map(({ whose, what, text, from }) => {
    const label = `${many && whose !== "" ? `${whose}, ${what}` : what} as ${from}`;
    return `${label.charAt(0).toUpperCase()}${label.slice(1)}: ${quoted(text, clean)}`;
  });
  return [...new Set(lines)];
}

/** The login of a person, the number of anything else, how many where it is several (contract §5). */
export function phraseFor(args: Args, seen: SeenAll): string {
  const person = seen.person?.person ?? seen.source?.person;
  if (person && isTame(person.login)) return person.login;
  if (person) return `${seen.source ? "move" : "delete"} ${person.id}`;
  const several = seen.registrations;
  if (several && several.id === undefined) return `delete ${several.many ?? 0}`;
  const id = Object.values(seen)[0]?.id;
  return `delete ${id ?? Object.values(args)[0]}`;
}

/**
 * Whether what was typed is the phrase that was asked for: trimmed, accents composed alike (NFC), upper and
 * lower case the same. A phrase of nothing is never met.
 */
export function samePhrase(typed: string, phrase: string): boolean {
  const wanted = plain(phrase);
  return wanted !== "" && plain(typed) === wanted;
}

// Lowering can take a composed letter apart again, hence NFC after it too.
const plain = (text: string): string => text.normalize("NFC").toLowerCase().normalize("NFC").trim();

/** Every argument of a call, each said once: numbers, days and words of ours as facts, the rest as text in quotes. */
export interface Given {
  readonly facts: readonly string[];
  readonly stored: readonly Stored[];
}

/** What an administrator calls an argument, where its own name does not say it. */
const labels: Readonly<Record<string, string>> = {
  email: "Login",
  user_email: "Login",
  user_emails: "Logins",
  user_ids: "People",
  user_id: "Person",
  title: "Job",
  cell: "Mobile",
  address: "Street",
  address_2: "Street, line 2",
  zip: "ZIP",
  date_of_birth: "Born",
  ssn: "SSN",
  card_no: "Badge",
  user_identifier: "Badge",
  email_notifications: "Mail them",
  sms_notifications: "Text them",
  send_login_information: "Mail them how to sign in",
  password_expiration_date: "Password expires",
  access_start_date: "Access from",
  access_end_date: "Access until",
  set_status: "Status",
  course_enrollment_expiration_date: "Enrollment ends",
  user_group_enrollment_expiration_date: "Membership ends",
  active: "Open to learners",
  amount: "To add",
  key_type: "Kind of link",
  autocreate: "Create them if unknown",
  user_groups: "Group",
  user_first_name: "First name, if created",
  user_last_name: "Last name, if created",
  redirect_full_url: "Page it opens",
  count: "How many keys",
  inclusion_list: "What is moved",
  course_bundle_ids: "Learning paths",
  user_group_id: "Group",
  user_group_ids: "Groups",
  user_role_id: "Power-user role",
  commencement_time: "Starts",
  end_time: "Ends",
  display_timezone: "Time zone",
  capacity: "Seats",
  primary_instructor_user_id: "Instructor, by number",
  instructor_led_training_id: "Training",
  instructor_led_training_timeslot_id: "Timeslot",
  instructor_led_training_timeslot_registration_id: "Registration",
  instructor_led_training_timeslot_registration_ids: "Registrations",
};
const labelOf = (name: string): string => {
  const plain = labels[name] ?? name.replace(/_ids$/, "s").replace(/_id$/, "").replace(/_/g, " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
};

/** Where a record spells an argument another way. */
const spelt: Readonly<Record<string, string>> = { card_no: "user_identifier", set_status: "status" };

/** Said by the question's own facts already (findings/), whatever can be read. */
const said = /^can_|^inclusion_list$/;
const secret = /ssn|passw|secret|pin\b/;
/** Whose values are words of SkyPrep's. */
const worded = new Set(["set_status", "status", "key_type", "inclusion_list"]);
const day = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/;
const mostListed = 20;

/** What the question itself does not say of a call's arguments. */
export function givenIn(
  operation: WriteOperation,
  args: Args,
  { seen, question }: { readonly seen: SeenAll; readonly question: string },
): Given {
  const [first] = operation.about;
  const row = operation.effect === "change" && first ? seen[first]?.row : undefined;
  const facts: string[] = [];
  const stored: Stored[] = [];
  const told = toldBySubjects(seen);
  for (const [name, value] of Object.entries(args)) {
    if (value === undefined || said.test(name) || told.has(name) || isIn(question, value, seen)) continue;
    if (name === "custom_fields" || name === "extra") {
      const what = (key: string) => (name === "extra" ? "" : `Custom field ${key.replace(/^ca_/, "")}`);
      for (const [key, one] of Object.entries(value as Record<string, string>))
        stored.push(...textLines(what(key), secret.test(key) ? "a new value" : one, row?.[key], key));
      continue;
    }
    sayOne(name, value, row);
  }
  return { facts, stored };

  function sayOne(name: string, value: unknown, of: Row | undefined): void {
    const label = labelOf(name);
    if (secret.test(name) && name !== "password_expiration_date") {
      facts.push(
        `${label}: a new ${label === "SSN" ? label : label.toLowerCase()}, as this call gives it (not shown).`,
      );
      return;
    }
    const words = inWords(name, value);
    const now = of?.[spelt[name] ?? name];
    if (words === undefined) {
      for (const one of [value].flat().slice(0, mostListed))
        stored.push(...textLines(label, String(one), now));
      const left = [value].flat().length - mostListed;
      if (left > 0) facts.push(`${label}: ${left} more, not listed.`);
      return;
    }
    const read = of !== undefined && (spelt[name] ?? name) in of && !Array.isArray(value);
    const before = nowWords(name, now);
    if (!read || (before === words && /_id$/.test(name))) facts.push(`${label}: ${words}.`);
    else
      facts.push(
        before === words ? `${label}: ${words}, as now.` : `${label}: ${before} now, ${words} after.`,
      );
    if (name === "redirect_full_url") stored.push(...textLines(label, String(value), undefined));
  }
}

/** A value in words that can say nothing else; undefined: it is text that people wrote. */
function inWords(name: string, value: unknown): string | undefined {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) {
    const words = value.slice(0, mostListed).map((one) => inWords(name, one));
    if (words.some((one) => one === undefined)) return undefined;
    const left = value.length - mostListed;
    return and([...(words as string[]), ...(left > 0 ? [`${left} more`] : [])]);
  }
  const text = String(value);
  if (name === "role") return roleOf(text);
  if (name === "redirect_full_url") return hostOf(text);
  if (worded.has(name)) return /^[a-z][a-z_-]{0,30}$/.test(text) ? statusWords(text) : undefined;
  if (day.test(text)) return text;
  return /email/.test(name) && isTame(text) ? text : undefined;
}

function nowWords(name: string, now: unknown): string {
  if (now === undefined || now === null || now === "") return "none";
  if (now === "true" || now === "false") return now === "true" ? "yes" : "no";
  const text = String(now);
  if (/_date$/.test(name) && /^\d{4}-\d\d-\d\dT/.test(text)) return text.slice(0, 10);
  const words = inWords(name, now);
  return words ?? (name === "status" || name === "set_status" ? statusWords(text) : "another");
}

/** Whose page it is cannot hide behind a long address. */
function hostOf(address: string): string | undefined {
  const host = URL.canParse(address) ? new URL(address).hostname : "";
  return /^[a-z0-9.-]{1,100}$/.test(host) ? `on ${host}` : undefined;
}

/** The present text and the given one, each on a line; a parameter nobody documents with its name in the quotes. */
function textLines(what: string, given: string, now: unknown, parameter = ""): Stored[] {
  const line = (text: string, from: Stored["from"]): Stored =>
    what === ""
      ? { whose: "", what: "other parameter", text: `${parameter} = ${text}`, from }
      : { whose: "", what, text, from };
  const known = ["string", "number", "boolean"].includes(typeof now) && now !== "" && String(now) !== given;
  return [...(known ? [line(String(now), "stored")] : []), line(given, "given")];
}

/** Arguments that a subject's own lines say whole. */
function toldBySubjects(seen: SeenAll): ReadonlySet<string> {
  return new Set([
    ...(seen.newcomer ? ["email", "first_name", "last_name"] : []),
    ...(seen.new ? ["name"] : []),
    ...(seen.person ? ["user_email"] : []),
  ]);
}

/** Whether the question names it: by its number, one of a few. */
function isIn(question: string, value: unknown, seen: SeenAll): boolean {
  const numbers = [value].flat();
  if (!numbers.every((one) => typeof one === "number") || typeof value === "boolean") return false;
  const known = new Set(Object.values(seen).flatMap(({ targets }) => targets.map(({ id }) => id)));
  return numbers.every((one) => known.has(one as number) && new RegExp(`\\b${one}\\b`).test(question));
}
