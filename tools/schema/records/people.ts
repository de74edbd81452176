import { z } from "zod";
import { kind } from "../answer.ts";
import { custom, date, flag, Id, idOrNull, listOf, number, words } from "../values.ts";

/** Hidden unless revealed (skyprep-api §1.15, contract §2). */
const personal = {
  notification_email: words,
  cell: words,
  phone: words,
  work_phone: words,
  address: words,
  address_2: words,
  city: words,
  state: words,
  zip: words,
  country: words,
  date_of_birth: date,
  gender: words,
};
export const personalFields = Object.keys(personal);

/** What a person is in, where it was asked for. */
const named = z.object({ id: Id, name: words });

export const person = {
  id: Id,
  display_name: words,
  email: words,
  role: words,
  login_status: words,
  title: words,
  company: words,
  user_identifier: words,
  first_name: words,
  last_name: words,
  language: words,
  time_zone: words,
  last_login: date,
  last_course_id: idOrNull,
  access_start_date: date,
  access_end_date: date,
  email_notifications: flag,
  sms_notifications: flag,
  manager: flag,
  admin: flag,
  global_content_manager: flag,
  created_at: date,
  updated_at: date,
  ...custom,
  ...personal,
  user_groups: listOf(named),
  learning_paths: listOf(named),
  courses: listOf(named),
};
/** Who a record of something else is about; the person's own record says the rest. */
export const who = z.object({ id: Id, display_name: words, email: words });

export const Person = kind(
  "person",
  "people",
  person,
  ["id", "display_name", "email", "role", "login_status", "title"],
  {
    personal: personalFields,
    repeats: {
      user_id: ["user_id", "id"],
      user_email: ["email", "username"],
      email: ["email", "username"],
    },
  },
);
/** The one reply a sign-in link may be in: its own. */
export const LoginLink = kind(
  "sign-in link",
  "sign-in links",
  { user_id: idOrNull, email: words, url: words },
  ["user_id", "email", "url"],
  { holds: "url", repeats: { user_id: ["user_id"], user_email: ["email"] }, credential: ["url"] },
);
export const Moved = kind(
  "moved training data",
  "moved training data",
  {
    source_user_id: idOrNull,
    target_user_id: idOrNull,
    moved: z.record(z.string(), number).nullish().catch(undefined),
    skipped: z
      .array(z.unknown())
      .transform((rows) => rows.length)
      .nullish()
      .catch(undefined),
  },
  ["source_user_id", "target_user_id", "moved"],
  {
    holds: "moved",
    repeats: { source_user_id: ["source_user_id"], target_user_id: ["target_user_id"] },
  },
);
