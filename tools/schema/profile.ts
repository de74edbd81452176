import { z } from "zod";
import { customFields, day, field, flag, text, unlisted, within } from "./fields.ts";

/** What nothing takes back once a person was made. */
export const mailed = { send_login_information: "An email that was sent cannot be called back." };

/** One list of what is seldom set, each in few words: as arguments of their own these cost as much as a tool. */
export const besides = <T extends z.ZodType>(schema: T): T =>
  within(
    { name: "other_fields", says: "Further fields, as text; dates YYYY-MM-DD, notifications true or false" },
    schema,
  );

/** Fields of a person that create and update share (page L235, L319; skyprep-api §2: SAML's names at medium). */
export const profile = {
  title: text("Job title", "Detective").optional(),
  company: besides(text("Company", "Example Co.")).optional(),
  cell: besides(text("Mobile", "818-333-3333")).optional(),
  phone: besides(text("Phone", "818-555-5555")).optional(),
  work_phone: unlisted(text("Work phone", "818-444-4444")).optional(),
  address: besides(text("Street", "10 Dexter Drive Miami FL")).optional(),
  address_2: unlisted(text("Line 2", "Suite 4")).optional(),
  state: unlisted(text("State", "FL")).optional(),
  zip: unlisted(text("ZIP", "33101")).optional(),
  gender: unlisted(text("Gender", "female")).optional(),
  date_of_birth: unlisted(day("Born", "1990-02-28")).optional(),
  ssn: unlisted(text("SSN", "000-00-0000")).optional(),
  card_no: besides(text("Badge number", "EMP-412")).optional(),
  user_identifier: unlisted(text("Same as card_no", "EMP-412")).optional(),
  custom_fields: customFields,
  password: field(z.string().min(8).max(128), "8+ characters; else none set", "a-long-passphrase").optional(),
  email_notifications: besides(flag("true: SkyPrep may mail them")).optional(),
};
