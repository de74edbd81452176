import { type Input, Refusal } from "../server/route.ts";
import { profileFields } from "../views/person.ts";
import { instantIn } from "./instants.ts";
import { assertLoginFree } from "./people.ts";
import type { Person, Role } from "./tables.ts";
import type { World } from "./world.ts";

const roles: readonly Role[] = ["learner", "manager", "content_manager", "admin"];

/** What the page's samples name for create_user; update_user adds the person and the dates. */
export const namedFields = [
  "email",
  "first_name",
  "last_name",
  "role",
  "title",
  "cell",
  "work_phone",
  "address",
  "card_no",
  "ca_0",
];
export const namedDates = ["access_start_date", "access_end_date", "password_expiration_date"] as const;

const spelledAsShown = [...profileFields, "language", "time_zone", "notification_email"];

export function roleIn(input: Input): Role | undefined {
  const text = input.optional("role")?.trim();
  if (!text) return input.flag("admin") ? "admin" : undefined;
  const role = roles.find((known) => known === text);
  if (!role) throw new Refusal(422, "Invalid parameter: role");
  return role;
}

function profileIn(input: Input): Person["profile"] {
  const given: Person["profile"] = {};
  for (const name of spelledAsShown) {
    const value = input.optional(name);
    if (value !== undefined) given[name] = value === "" ? null : value;
  }
  // Called card_no going in, user_identifier coming out (skyprep-api §4).
  const card = input.optional("card_no");
  if (card !== undefined) given.user_identifier = card === "" ? null : card;
  return given;
}

function passwordIn(input: Input): string | undefined {
  const password = input.optional("password");
  if (password !== undefined && password.length < 8)
    throw new Refusal(422, "Password is too short (minimum is 8 characters)");
  return password;
}

/** A date that is given empty is taken away. */
function dateIn(input: Input, name: (typeof namedDates)[number]): number | null {
  return instantIn(input, name, name === "access_start_date" ? "start" : "end") ?? null;
}

/** Writes what the form carries onto a person; all of it is read first, so that a refusal changes nothing. */
export function applyProfile(input: Input, person: Person, world: World): void {
  const login = input.optional("email")?.trim();
  if (login) assertLoginFree(world, login, person);
  const password = passwordIn(input);
  const changes: Partial<Person> = { updated_at: world.now() };
  if (login) changes.email = login;
  for (const name of ["first_name", "last_name"] as const) {
    const value = input.optional(name);
    if (value !== undefined) changes[name] = value;
  }
  const role = roleIn(input);
  if (role) changes.role = role;
  for (const name of ["email_notifications", "sms_notifications"] as const) {
    const flag = input.flag(name);
    if (flag !== undefined) changes[name] = flag;
  }
  for (const name of namedDates) if (input.has(name)) changes[name] = dateIn(input, name);
  if (password !== undefined) changes.password = password;
  const profile = { ...person.profile, ...profileIn(input) };
  Object.assign(person, changes, { profile });
}

/** A person nobody knows yet; not in the table until `world.people.set`. */
export function newPerson(world: World, login: string): Person {
  const now = world.now();
  return {
    id: world.next(world.people),
    email: login,
    first_name: "",
    last_name: "",
    role: "learner",
    login_status: "active",
    profile: {},
    email_notifications: true,
    sms_notifications: false,
    password: null,
    access_start_date: null,
    access_end_date: null,
    password_expiration_date: null,
    last_login: null,
    last_course_id: null,
    created_at: now,
    updated_at: now,
  };
}
