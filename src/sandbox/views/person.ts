import { fakeKey } from "../model/fake-key.ts";
import type { Person } from "../model/tables.ts";
import type { World } from "../model/world.ts";
import { iso } from "./dates.ts";

/** What a person may be given beyond name, role and dates, as the API spells it. */
export const profileFields = [
  "title",
  "company",
  "address",
  "address_2",
  "country",
  "state",
  "city",
  "zip",
  "cell",
  "phone",
  "work_phone",
  "ssn",
  "date_of_birth",
  "user_identifier",
  ...Array.from({ length: 11 }, (_, n) => `ca_${n}`),
  "gender",
] as const;

export function fullName(person: Person): string {
  return `${person.first_name} ${person.last_name}`.trim();
}

/** A user as the page shows one: 60 keys, links and keys included. */
export function personView(world: World, person: Person): Record<string, unknown> {
  const name = fullName(person);
  const calendar = `${world.domain}/public_api/calendar/?user_id=${person.id}&calendar_key=${fakeKey("calendar", person.id)}`;
  const view: Record<string, unknown> = {
    name_with_username: `${name} - ${person.email}`,
    display_name: name,
    last_course_id: person.last_course_id,
    language: person.profile.language ?? "en",
    time_zone: person.profile.time_zone ?? "Eastern Time (US & Canada)",
    model_type: "user",
    created_at: iso(person.created_at),
    updated_at: iso(person.updated_at),
    picture_url: "",
    username: person.email,
    email: person.email,
    id: person.id,
    first_name: person.first_name,
    last_name: person.last_name,
    email_notifications: person.email_notifications,
    sms_notifications: person.sms_notifications,
    manager: person.role === "manager",
    admin: person.role === "admin",
    role: person.role,
    login_status: person.login_status,
    user_id: person.id,
    name,
    webcal_secure_link: `webcals://${calendar}`,
    webcal_link: `webcal://${calendar}`,
    gravatar_url: `https://www.gravatar.com/avatar/${fakeKey("gravatar", person.email)}`,
    view_key: fakeKey("view", person.id),
    last_login: iso(person.last_login),
    global_content_manager: person.role === "content_manager",
    full_permissions_for_courses_i_created: person.role === "content_manager",
    custom_dashboard_id: null,
    access_end_date: iso(person.access_end_date),
    access_start_date: iso(person.access_start_date),
    initials: `${person.first_name.slice(0, 1)}${person.last_name.slice(0, 1)}`.toUpperCase(),
  };
  for (const field of profileFields) view[field] = person.profile[field] ?? null;
  view.notification_email = person.profile.notification_email ?? person.email;
  return view;
}
