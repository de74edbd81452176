import { z } from "zod";
import { done, many, one } from "./schema/answer.ts";
import type { Consequence } from "./schema/consequence.ts";
import {
  choice,
  choices,
  day,
  extra,
  field,
  flag,
  id,
  ids,
  idsOfPeople,
  input,
  login,
  person,
  roles,
  text,
  unlisted,
} from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { besides, mailed, profile } from "./schema/profile.ts";
import { enrollsAll } from "./schema/proof.ts";
import { Course } from "./schema/records/courses.ts";
import { LoginLink, Moved, Person } from "./schema/records/people.ts";

/** How each of these is asked about, on its own or as a second thing. */
const asksOf = {
  email: {
    asks: "Change the login of {person} to {=email}?",
    too: "change their login to {=email}",
    loses: "Whoever knows the new login can try to sign in as them; the old one no longer works.",
  },
  password: {
    asks: "Set a new password for {person}?",
    too: "set a new password for them",
    loses: "Whoever knows the new password can sign in as them; the old one no longer works.",
  },
  password_expiration_date: {
    asks: "Set the password of {person} to expire on {=password_expiration_date}?",
    too: "set their password to expire on {=password_expiration_date}",
    loses: "From that day on they cannot sign in with it.",
  },
  access_start_date: {
    asks: "Let {person} sign in only from {=access_start_date} onward?",
    too: "let them sign in only from {=access_start_date} onward",
    loses: "They cannot sign in before that day; their records stay.",
  },
  access_end_date: {
    asks: "Let {person} sign in only until {=access_end_date}?",
    too: "let them sign in only until {=access_end_date}",
    loses: "They cannot sign in after that day; their records stay.",
  },
} as const;

/** Whoever changes these of somebody can sign in as them, or keep them out. */
const access = (
  ["email", "password", "password_expiration_date", "access_start_date", "access_end_date"] as const
).map((argument) => ({
  argument,
  standing: ["above-learner", "different"] as const,
  ...asksOf[argument],
}));
/** What else a change of a person may be: none of it depends on how much power they have. */
const personAlso: readonly Consequence[] = [
  {
    kind: "credential",
    asks: "Change how {person} signs in?",
    tells: ["changes"],
    when: [
      { argument: "password", ...asksOf.password },
      { argument: "email", standing: "different", ...asksOf.email },
    ],
  },
  {
    kind: "removing",
    asks: "Change how long {person} has access?",
    tells: ["ends", "changes"],
    when: [
      { argument: "access_end_date", standing: "different", ...asksOf.access_end_date },
      { argument: "access_start_date", value: "future", standing: "different", ...asksOf.access_start_date },
      {
        argument: "password_expiration_date",
        value: "past",
        standing: "different",
        ...asksOf.password_expiration_date,
      },
    ],
  },
  {
    kind: "removing",
    asks: "Overwrite the SSN of {person} with a new one?",
    too: "overwrite their SSN",
    tells: ["changes"],
    when: [
      {
        argument: "ssn",
        standing: "overwritten",
        asks: "Overwrite the SSN of {person} with a new one?",
        too: "overwrite their SSN with a new one",
        loses: "The current SSN is lost.",
      },
    ],
  },
  {
    kind: "removing",
    asks: "Change an undocumented setting of {person}?",
    too: "change an undocumented setting of theirs",
    tells: ["changes"],
    when: [
      {
        argument: "extra",
        value: "telling",
        standing: "takes-away",
        asks: "Change an undocumented setting of {person}?",
        too: "change an undocumented setting of theirs",
        loses: "The setting may end something or take it away from them.",
      },
    ],
  },
];
const names = z.array(z.string().trim().min(1)).min(1);
const ofOne = { needs: [{ atMostOne: ["card_no", "user_identifier"] }], newLogin: { argument: "email" } };

export const users = {
  get_users: {
    title: "List people",
    description:
      "List people: all, or by login or name; what is left out filters and adds nothing. Nickname or typo: find. A group's members: get_user_group.",
    searchHint: "all employees, learners, staff, user list, people created or added lately, newest first",
    effect: "read",
    input: input({
      email: login("Exact login", "avery@example.com").optional(),
      first_name: text("First name, or part", "Avery").optional(),
      last_name: text("Last name, or part", "Learner").optional(),
      created_within_the_past_day: unlisted(flag("true: last 24 hours")).optional(),
      order_by_created_at_desc: flag("true: newest first").optional(),
      include_groups: flag("true: with groups").optional(),
      include_learning_paths: unlisted(flag("true: with paths")).optional(),
      include_courses: unlisted(flag("true: with courses")).optional(),
      extra,
    }),
    filters: {
      email: {
        field: "email",
        none: "A whole login was looked for; find takes a part of one, or of a name.",
      },
      created_within_the_past_day: { field: "created_at", test: "days" },
      first_name: { field: "first_name", test: "contains" },
      last_name: { field: "last_name", test: "contains" },
    },
    brings: {
      include_groups: "user_groups",
      include_learning_paths: "learning_paths",
      include_courses: "courses",
    },
    newestFirst: { argument: "order_by_created_at_desc", field: "created_at" },
    output: many(Person),
  },
  get_user: {
    title: "Show a person",
    description:
      "One person's profile, role, last sign-in and access dates. By name: find. Training: training_status. Rights: access_review.",
    searchHint: "user details, profile, account, last login, job title",
    effect: "read",
    person: { knows: "either" },
    input: input({ ...person() }),
    output: one(Person),
  },
  create_user: {
    title: "Create a person",
    description:
      "Create one account, nothing more; what is left out stays empty. With groups, courses, manager: onboard_person. Perhaps here already: get_user first; never after a failed look-up. A role above learner asks first.",
    searchHint: "new user, add employee, create login",
    effect: "add",
    input: input({
      email: login("Their login, usually an address", "casey@example.com"),
      first_name: text("First name", "Casey"),
      last_name: text("Last name", "Newhire"),
      role: choice(roles, "Else learner", "learner").optional(),
      ...profile,
      send_login_information: flag("true: mails them how to sign in; else not").optional(),
      extra,
    }),
    ...ofOne,
    about: ["newcomer"],
    proof: { read: "get_user", test: { finds: "email" } },
    undo: { with: "destroy_user", made: "user_id", stays: mailed },
    consequence: {
      kind: "power",
      asks: "Create {newcomer} as {=role}?",
      tells: ["changes"],
      when: [{ argument: "role", except: ["learner"] }],
    },
    output: one(Person),
  },
  update_user: {
    title: "Change a person",
    description:
      "Change a person's fields; those left out stay. Role, login, password and access ask first. Somebody left: offboard_person.",
    searchHint:
      "change email address or name, set a custom field, phone number, address, birth date or badge, reset or change password, make someone an admin, job title, department, extend access, deactivate, reactivate a user",
    effect: "change",
    person: { knows: "user_email" },
    input: input({
      ...person(),
      email: login("New login", "avery.new@example.com").optional(),
      first_name: text("First name", "Avery").optional(),
      last_name: text("Last name", "Learner").optional(),
      role: choice(roles, "New role", "learner").optional(),
      ...profile,
      sms_notifications: unlisted(flag("true: SkyPrep may text them")).optional(),
      access_start_date: besides(day("First day of access", "2026-01-01")).optional(),
      access_end_date: day("Last day of access", "2027-12-31", "a later one gives it back").optional(),
      password_expiration_date: unlisted(day("Password expires", "2027-06-30")).optional(),
      extra,
    }),
    ...ofOne,
    example: ["title"],
    about: ["person"],
    keeps: ["get_user"],
    proof: { read: "get_user", test: { shows: {} } },
    undo: { with: "update_user", same: ["user_id", "user_email"], before: "given" },
    consequence: {
      kind: "power",
      asks: "Change the rights or the access of {person}?",
      tells: ["changes", "ends"],
      when: [
        { argument: "role", standing: "different", asks: "Make {person} {=role}?", too: "make them {=role}" },
        ...access,
      ],
    },
    also: personAlso,
    output: one(Person, "user"),
  },
  destroy_user: {
    title: "Delete a person",
    description:
      "Delete a person with their training record, for good; asks first. They left: offboard_person keeps it. Duplicate: merge_people.",
    searchHint: "delete user permanently, erase account, GDPR request",
    effect: "remove",
    person: { knows: "user_email" },
    input: input({ ...person() }),
    about: ["person"],
    keeps: ["get_user", "get_user_group_enrollments_for_user", "get_user_courses"],
    proof: { read: "get_user", test: { gone: true } },
    undo: {
      no: "A deleted person cannot be brought back from here; SkyPrep's web admin can do it for 30 days, though creating the login again may block that.",
    },
    consequence: {
      kind: "irreversible",
      asks: "Delete {person}?",
      tells: ["enrollments", "memberships", "points"],
      note: "Session registrations, skills and rights over groups are lost, too; they were not counted.",
    },
    output: done,
  },
  get_login_key: {
    title: "Make a sign-in link",
    description:
      "Make a link that signs its holder in as this person; can create the login and join groups. Asks first, mails nothing; each call makes another. To look: get_user.",
    searchHint: "magic link, log in as a learner, single sign-on url",
    effect: "credential",
    person: { knows: "user_email" },
    input: input({
      ...person(),
      key_type: choice(
        ["daily", "otl"],
        "daily: all of today (UTC); otl: one use; else SkyPrep decides",
        "daily",
      ).optional(),
      autocreate: flag(
        "true: creates an unknown login, with user_first_name and user_last_name; else not",
        false,
      ).optional(),
      user_groups: field(names, "Groups they join, by name; else none", ["Sales Team"]).optional(),
      user_first_name: unlisted(text("First name; only if created", "Casey")).optional(),
      user_last_name: unlisted(text("Last name; only if created", "Newhire")).optional(),
      redirect_full_url: unlisted(
        field(z.url({ protocol: /^https$/ }), "Page it opens", "https://example.skyprepapp.com/"),
      ).optional(),
    }),
    newLogin: { argument: "user_email", when: "autocreate" },
    wire: { user_groups: { list: "semicolons" } },
    about: ["person"],
    proof: { read: "get_user" },
    undo: { no: "A sign-in link cannot be taken back once it is made; it expires by itself." },
    consequence: { kind: "credential", asks: "Make a sign-in link for {person}?", tells: ["link"] },
    output: one(LoginLink),
  },
  get_user_courses: {
    title: "List a person's courses",
    description:
      "Courses a person is enrolled in, also through groups and paths. How far they are: training_status.",
    searchHint: "what is somebody enrolled in, assigned courses",
    effect: "read",
    person: { knows: "user_email" },
    input: input({ ...person() }),
    output: many(Course),
  },
  mass_enroll: {
    title: "Enroll many people by number",
    description:
      "Enroll people by number or login in courses, groups and paths, each in all; many ask first. May mail them; repeats change nothing. Never says who failed. By name, or previewed: plan_enrollment.",
    searchHint: "bulk enrollment, assign training to many, put people into courses straight away",
    effect: "add",
    idempotent: true,
    input: input({
      user_emails: field(names, "Logins", ["avery@example.com", "jordan@example.com"]).optional(),
      user_ids: idsOfPeople("or numbers", [101, 102]).optional(),
      course_ids: ids("Courses", [201, 202]).optional(),
      user_group_ids: ids("Groups", [301]).optional(),
      course_bundle_ids: ids("Paths", [402]).optional(),
    }),
    needs: [
      { exactlyOne: ["user_emails", "user_ids"] },
      { atLeastOne: ["course_ids", "user_group_ids", "course_bundle_ids"] },
    ],
    example: ["user_emails", "course_ids"],
    about: ["people", "courses", "groups", "paths"],
    proof: { read: "get_user_courses", test: enrollsAll },
    undo: {
      no: "Enrollments made together cannot be taken back in one step: SkyPrep does not show who was enrolled before.",
      instead: "Take people off one by one with remove_user_from_course or remove_user_from_user_group.",
    },
    consequence: {
      kind: "many",
      asks: "Enroll {people} in {courses|groups|paths}?",
      tells: ["reach"],
      reach: {
        people: ["user_ids", "user_emails"],
        targets: ["course_ids", "user_group_ids", "course_bundle_ids"],
      },
    },
    output: done,
  },
  move_training_data: {
    title: "Move training data",
    description:
      "Hand only the training of one person to another; both accounts stay. No way back, never repeat; asks first. Duplicates: merge_people.",
    searchHint: "transfer course history between accounts",
    effect: "remove",
    idempotent: false,
    input: input({
      source_user_id: id("From this person", 101),
      target_user_id: id("To this person", 102),
      inclusion_list: choices(
        ["course_enrollments", "course_progresses", "exam_attempts", "user_group_enrollments"],
        "What to move",
        ["course_enrollments", "course_progresses", "exam_attempts"],
      ),
    }),
    needs: [{ different: ["source_user_id", "target_user_id"] }],
    wire: { inclusion_list: { list: "brackets" } },
    about: ["source", "receiver"],
    proof: {
      read: "get_course_progresses",
      test: {
        moves: "source_user_id",
        into: "target_user_id",
        as: ["inclusion_list", "course_progresses"],
      },
    },
    undo: { no: "Training that was moved cannot be moved back: SkyPrep has no way to do it." },
    consequence: {
      kind: "irreversible",
      asks: "Move the training of {source} to {receiver}?",
      tells: ["moves", "enrollments"],
    },
    output: one(Moved),
  },
} satisfies Section;
