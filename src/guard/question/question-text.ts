import type { Subject } from "../../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { Args, Row } from "../../academy/reads.ts";
import { and, count, inQuotes, isTame, statusWords } from "../../text/english.ts";
import { dayInWords, momentInWords } from "../../text/zone.ts";
import { aRole, roleOf } from "../impact/findings/power.ts";
import type { Naming } from "../impact/naming.ts";
import { namedBy, type Seen, type Stored } from "../impact/subjects.ts";
import type { Met } from "../policy/consequence.ts";
import type { Promised } from "../undo-plan/promise.ts";

type SeenAll = Readonly<Partial<Record<Subject, Seen>>>;

/** The question's first line. */
export interface Asking {
  readonly text: string;
  /** The same as a statement, where it is one step of many. */
  readonly states: string;
  /** Arguments that it says, whose values stand in it. */
  readonly says: ReadonlySet<string>;
}

interface Part {
  readonly asks: string;
  readonly too?: string | undefined;
  readonly argument?: string | undefined;
  /** Its argument says no more than these words do. */
  readonly whole: boolean;
}

/** What is asked, by name: the strictest first, and what else the same call does to them. */
export function questionOf(
  met: readonly Met[],
  { operation, args, seen, naming }: Known & { readonly operation: WriteOperation },
): Asking {
  const all = met.flatMap(({ consequence, by }) =>
    by.map(
      (condition): Part => ({
        asks: condition.asks ?? consequence.asks,
        too: condition.too ?? consequence.too,
        argument: condition.argument,
        whole: condition.value === "false" || isSecret(condition.argument ?? ""),
      }),
    ),
  );
  // One argument may be met twice: as a power, and as something that is taken away.
  const parts = all.filter(
    ({ argument, asks }, n) =>
      !all
        .slice(0, n)
        .some((one) => one.asks === asks || (argument !== undefined && one.argument === argument)),
  );
  const [first = { asks: "Do this?", whole: false }, ...rest] = parts;
  const says = new Set<string>();
  const fill = (text: string) => filled(text, { operation, args, seen, naming }, says);
  const also = [...new Set(rest.flatMap(({ too }) => (too === undefined ? [] : [fill(too)])))];
  for (const { argument, whole } of [first, ...rest.filter((one) => one.too !== undefined)])
    if (argument !== undefined && whole) says.add(argument);
  const told = fill(first.asks).replace(/\?$/, "");
  const states = also.length > 0 ? `${told}, and ${and(also)}` : told;
  return { text: `${states}?`, states: `${states}.`, says };
}

interface Known {
  readonly args: Args;
  readonly seen: SeenAll;
  readonly naming: Naming;
}

/** A name is put in whole and last: nothing in it is looked for anything. */
function filled(
  template: string,
  { operation, args, seen, naming }: Known & { readonly operation: WriteOperation },
  says: Set<string>,
): string {
  return template.replace(/\{(=?)([a-z_|]+)\}/g, (_, value: string, names: string) => {
    if (value !== "") {
      says.add(names);
      return valueInWords(names, args[names], naming);
    }
    if (names === "was") return changeIn(operation, args, seen, says);
    const named = names.split("|").flatMap((name) => {
      const words = seen[name as Subject]?.say(naming) ?? namedBy(name as Subject, args, naming);
      if (words === undefined) return [];
      for (const argument of argumentsOf(name as Subject, args)) says.add(argument);
      return [words];
    });
    return and(named) || "someone new";
  });
}

/** Arguments that the name of a thing says; a list too long to be named says none of its own. */
const argumentsOf = (subject: Subject, args: Args): readonly string[] => {
  const names: Partial<Record<Subject, readonly string[]>> = {
    person: ["user_id", "user_email"],
    newcomer: ["email", "first_name", "last_name"],
    source: ["source_user_id"],
    receiver: ["target_user_id"],
    people: ["user_ids", "user_emails"],
    course: ["course_id"],
    courses: ["course_ids"],
    group: ["user_group_id"],
    groups: ["user_group_ids"],
    path: ["learning_path_id"],
    paths: ["learning_path_ids", "course_bundle_ids"],
    progress: ["course_progress_id"],
    item: ["user_id", "user_email", "course_id", "course_item_id", "exam_id"],
    timeslot: ["instructor_led_training_timeslot_id"],
    registration: ["instructor_led_training_timeslot_registration_id", "instructor_led_training_timeslot_id"],
    registrations: [
      "instructor_led_training_timeslot_registration_ids",
      "instructor_led_training_timeslot_id",
    ],
    role: ["user_role_id"],
    datasets: ["dataset_ids"],
    skill: ["skill_id"],
    new: ["name"],
  };
  return (names[subject] ?? []).filter((name) => [args[name]].flat().length <= mostInSentence);
};
const mostInSentence = 6;

/** “ from passed to failed”, where that is known and another. */
function changeIn({ about }: WriteOperation, args: Args, seen: SeenAll, says: Set<string>): string {
  const name = args.set_status === undefined ? "status" : "set_status";
  const [first] = about;
  const was = first && seen[first]?.row?.status;
  const then = typeof args[name] === "string" ? args[name] : undefined;
  if (then === undefined || was === then) return "";
  says.add(name);
  const after = statusWords(then);
  return was === undefined ? ` to ${after}` : ` from ${statusWords(was)} to ${after}`;
}

/** What an argument gives, as a part of a sentence. */
function valueInWords(name: string, value: unknown, { clean, zone }: Naming): string {
  const text = String(value ?? "");
  if (name === "role") return aRole(value);
  if (name === "amount") return count(Math.abs(Number(value)), "point");
  if (name === "capacity") return count(Number(value), "seat");
  if (name === "count") return value === undefined ? "one-time keys" : count(Number(value), "one-time key");
  return (
    momentInWords(text, zone, "given") ??
    dayInWords(text) ??
    (isTame(text) ? text : inQuotes(text, clean, 60))
  );
}

interface Told {
  readonly found: Readonly<Record<"goes" | "first" | "facts", readonly string[]>>;
  readonly back: Promised;
  /** What else the call gives, in lines of ours. */
  readonly given: readonly string[];
}

/** A question in its parts: a job of many steps says of each only what no other says. */
export interface Parts {
  readonly lost: readonly string[];
  /** Of what is lost, sentences that say the same of every such call. */
  readonly general: readonly string[];
  readonly back: Promised;
  readonly rest: readonly string[];
}

/**
 * What is lost, whether it can be brought back, and then the rest, one line each (contract §5). With the question
 * before them, the first three are what a small form shows.
 */
export function partsOf(
  { about }: WriteOperation,
  met: readonly Met[],
  { found: { goes, first: urgent, facts }, back, given }: Told,
): Parts {
  const moves = about.includes("receiver");
  const gone = goes.length > 0 ? [inOneSentence(goes, moves)] : [];
  const own = met.flatMap(({ by, consequence }) => by.map(({ loses }) => loses ?? consequence.loses));
  const loses = [...new Set(own.flatMap((one) => one ?? []))];
  const special = met[0]?.by[0]?.loses;
  const all = moves ? [...facts, ...gone, ...given] : [...gone, ...facts, ...given];
  const notes = met.flatMap(({ consequence: { note } }) => note ?? []);
  const told = special === undefined ? all.slice(0, moves ? 2 : 1) : [];
  const lost = [...urgent, ...told, ...loses.slice(0, 1)];
  const rest = [...all.slice(told.length), ...loses.slice(1), ...notes, ...back.stays];
  // Something always stands on the second line.
  const second = lost.length > 0 ? lost : rest.splice(0, 1);
  return {
    lost: second,
    general: [...urgent, ...loses],
    back,
    rest: [...new Set(rest)].filter((line) => !second.includes(line)),
  };
}

const inOneSentence = (goes: readonly string[], moves: boolean): string =>
  moves ? `They have ${and(goes)} now.` : `With them go ${and(goes)}.`;

export const linesOf = (question: string, { lost, back, rest }: Parts): string[] => [
  question,
  ...(lost.length > 0 ? [lost.join(" ")] : []),
  back.line,
  ...rest,
];

/** `Job: “Clerk” now, “Detective” after.` */
export const storedOf = (stored: readonly Stored[], clean: (text: string) => string): string[] => [
  ...new Set(
    stored.map(({ what, now, given }) => {
      const [before, after] = [now, given].map((one) => one !== undefined && inQuotes(one, clean));
      if (before && after) return `${what}: ${before} now, ${after} after.`;
      return `${what}: ${before || after}.`;
    }),
  ),
];

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
const isSecret = (name: string): boolean => secret.test(name) && !/_date$/.test(name);
/** Whose values are words of SkyPrep's. */
const worded = new Set(["set_status", "status", "key_type", "inclusion_list"]);
const day = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/;
const mostListed = 20;

/** What the question itself does not say of a call's arguments. */
export function givenIn(
  operation: WriteOperation,
  { args, seen, naming }: Known,
  says: ReadonlySet<string>,
): Given {
  const [first] = operation.about;
  const row = operation.effect === "change" && first ? seen[first]?.row : undefined;
  const facts: string[] = [];
  const stored: Stored[] = [];
  for (const [name, value] of Object.entries(args)) {
    if (value === undefined || said.test(name)) continue;
    if (says.has(name)) {
      sayWhatIsNow(name, row);
      continue;
    }
    if (name === "custom_fields" || name === "extra") {
      const what = (key: string) =>
        name === "extra" ? undocumented : `Custom field ${key.replace(/^ca_/, "")}`;
      for (const [key, one] of Object.entries(value as Record<string, string>))
        stored.push(...textLines(what(key), secret.test(key) ? "a new value" : one, row?.[key], key));
      continue;
    }
    sayOne(name, value, row);
  }
  return { facts, stored };

  /** What the question says will be; how it is now. */
  function sayWhatIsNow(name: string, of: Row | undefined): void {
    const field = spelt[name] ?? name;
    const words = isNow[name];
    if (of === undefined || words === undefined || !(field in of)) return;
    const value = of[field];
    const isNone = value === undefined || value === null || value === "";
    const said = isNone ? words.none : words.is(readable(name, value, naming) ?? "another");
    if (said !== undefined) facts.push(said);
  }

  function sayOne(name: string, value: unknown, of: Row | undefined): void {
    const label = labelOf(name);
    if (isSecret(name)) {
      facts.push(`${label}: a new one (not shown).`);
      return;
    }
    const words = inWords(name, value, naming);
    const now = of?.[spelt[name] ?? name];
    if (words === undefined) {
      for (const one of [value].flat().slice(0, mostListed))
        stored.push(...textLines(label, String(one), now));
      const left = [value].flat().length - mostListed;
      if (left > 0) facts.push(`${label}: ${left} more, not listed.`);
      return;
    }
    const read = of !== undefined && (spelt[name] ?? name) in of && !Array.isArray(value);
    const before = nowWords(name, now, naming);
    if (!read || (before === words && /_id$/.test(name))) facts.push(`${label}: ${words}.`);
    else
      facts.push(
        before === words ? `${label}: ${words}, as now.` : `${label}: ${before} now, ${words} after.`,
      );
    if (name === "redirect_full_url") stored.push(...textLines(label, String(value), undefined));
  }
}

/** What is so now, where the question says what will be. */
const isNow: Readonly<
  Record<string, { readonly none?: string; readonly is: (words: string) => string | undefined }>
> = {
  access_end_date: {
    none: "Their access has no end now.",
    is: (day) => `Their access ends on ${day} now.`,
  },
  access_start_date: {
    none: "Their access has no first day now.",
    is: (day) => `Their access begins on ${day} now.`,
  },
  end_time: { is: (moment) => `It ends on ${moment} now.` },
  capacity: { none: "It has no limit of seats now.", is: (seats) => `It has ${seats} seats now.` },
};

const undocumented = "Setting that SkyPrep does not document";

/** A value in words that can say nothing else; undefined: it is text that people wrote. */
function inWords(name: string, value: unknown, naming: Naming): string | undefined {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) {
    const words = value.slice(0, mostListed).map((one) => inWords(name, one, naming));
    if (words.some((one) => one === undefined)) return undefined;
    const left = value.length - mostListed;
    return and([...(words as string[]), ...(left > 0 ? [`${left} more`] : [])]);
  }
  const text = String(value);
  if (name === "role") return roleOf(text);
  if (name === "redirect_full_url") return hostOf(text);
  if (worded.has(name)) return /^[a-z][a-z_-]{0,30}$/.test(text) ? statusWords(text) : undefined;
  if (day.test(text)) return momentInWords(text, naming.zone, "given") ?? dayInWords(text);
  return /email/.test(name) && isTame(text) ? text : undefined;
}

function nowWords(name: string, now: unknown, naming: Naming): string {
  if (now === undefined || now === null || now === "") return "none";
  if (now === "true" || now === "false") return now === "true" ? "yes" : "no";
  const words = readable(name, now, naming) ?? inWords(name, now, naming);
  return words ?? (name === "status" || name === "set_status" ? statusWords(now) : "another");
}

/** A day or a moment as a person reads it; a number. */
function readable(name: string, value: unknown, { zone }: Naming): string | undefined {
  const text = String(value);
  if (/_date$/.test(name)) return dayInWords(text);
  return momentInWords(text, zone) ?? (/^\d+$/.test(text) ? text : dayOnly(text));
}
const dayOnly = (text: string) => (/^\d{4}-\d\d-\d\d$/.test(text) ? dayInWords(text) : undefined);

/** Whose page it is cannot hide behind a long address. */
function hostOf(address: string): string | undefined {
  const host = URL.canParse(address) ? new URL(address).hostname : "";
  return /^[a-z0-9.-]{1,100}$/.test(host) ? `on ${host}` : undefined;
}

/** The present text and the given one; a parameter nobody documents with its name in the quotes. */
function textLines(what: string, given: string, now: unknown, parameter = ""): Stored[] {
  const full = (text: string) => (what === undocumented ? `${parameter} = ${text}` : text);
  const known = ["string", "number", "boolean"].includes(typeof now) && now !== "" && String(now) !== given;
  return [{ what, ...(known && { now: full(String(now)) }), given: full(given) }];
}
