import type { Subject } from "../../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { Args, Row } from "../../academy/reads.ts";
import { and, isTame, statusWords } from "../../text/english.ts";
import { dayInWords, momentInWords } from "../../text/zone.ts";
import { roleOf } from "../impact/findings/power.ts";
import type { Naming } from "../impact/naming.ts";
import type { Seen, Stored } from "../impact/subjects.ts";

/** A call, and what was read of it. */
export interface Known {
  readonly args: Args;
  readonly seen: Readonly<Partial<Record<Subject, Seen>>>;
  readonly naming: Naming;
}

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
const said = /^can_|^inclusion_list$|^key_type$/;
const secret = /ssn|passw|secret|pin\b/;
export const isSecret = (name: string): boolean => secret.test(name) && !/_date$/.test(name);
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
    none: "Their access currently has no end date.",
    is: (day) => `Their access currently ends on ${day}.`,
  },
  access_start_date: {
    none: "Their access currently has no start date.",
    is: (day) => `Their access currently begins on ${day}.`,
  },
  end_time: { is: (moment) => `It currently ends on ${moment}.` },
  capacity: {
    none: "It currently has no seat limit.",
    is: (seats) => `It currently has ${seats === "1" ? "1 seat" : `${seats} seats`}.`,
  },
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
