import { and, count, inQuotes, isTame, statusWords } from "../../text/english.ts";
import { dayInWords, momentInWords } from "../../text/zone.ts";
import { aRole, roleOf } from "../impact/findings/power.ts";
import type { Naming } from "../impact/subjects.ts";

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
export const labelOf = (name: string): string => {
  const plain = labels[name] ?? name.replace(/_ids$/, "s").replace(/_id$/, "").replace(/_/g, " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
};

export const secretName = /ssn|passw|secret|pin\b/;
export const isSecret = (name: string): boolean => secretName.test(name) && !/_date$/.test(name);
/** Whose values are words of SkyPrep's. */
const worded = new Set(["set_status", "status", "key_type", "inclusion_list"]);
const day = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/;
/** Of a list, so many are named. */
export const mostListed = 20;

/** What an argument gives, as a part of a sentence. */
export function valueInWords(name: string, value: unknown, { clean, zone }: Naming): string {
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

/** A value in words that can say nothing else; undefined: it is text that people wrote. */
export function inWords(name: string, value: unknown, naming: Naming): string | undefined {
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

export function nowWords(name: string, now: unknown, naming: Naming): string {
  if (now === undefined || now === null || now === "") return "none";
  if (now === "true" || now === "false") return now === "true" ? "yes" : "no";
  const words = readable(name, now, naming) ?? inWords(name, now, naming);
  return words ?? (name === "status" || name === "set_status" ? statusWords(now) : "another");
}

/** A day or a moment as a person reads it; a number. */
export function readable(name: string, value: unknown, { zone }: Naming): string | undefined {
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

/** What is so now, where the question says what will be; `none`: of no value. */
export const isNow: Readonly<
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
