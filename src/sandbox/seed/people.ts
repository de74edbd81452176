import { day, hour } from "../model/calendar.ts";
import type { Person, Role } from "../model/tables.ts";
import { type Department, departments, firstNames, lastNames, places } from "./names.ts";
import { createRandom, type Random } from "./random.ts";

export const firstPerson = 101;
const admins = new Set([103, 104, 105, 106]);
const authors = new Set([107, 108, 109]);

/** What the seed knows of a person besides the row itself. */
export interface Seeded {
  person: Person;
  department: Department;
  random: Random;
}

function roleOf(id: number): Role {
  if (admins.has(id)) return "admin";
  if (authors.has(id)) return "content_manager";
  return id === 102 || id % 25 === 0 ? "manager" : "learner";
}

function departmentOf(id: number, random: Random): Department {
  let ticket = random.between(0, 99);
  // The samples' Avery and Jordan work in sales.
  if (id <= 102) ticket = 0;
  for (const department of departments) {
    ticket -= department.share;
    if (ticket < 0) return department;
  }
  return departments[0] as Department;
}

function privateData(id: number, random: Random): Record<string, string | null> {
  const digits = String(1000 + (id % 9000));
  const known = random.chance(0.6);
  return {
    address: known ? `${random.between(1, 900)} Harbour Street` : null,
    cell: known ? `+1 555 01${digits.slice(0, 2)} ${digits}` : null,
    work_phone: random.chance(0.4) ? `+1 555 0200 x${digits}` : null,
    // No number of the 900 series was ever given out.
    ssn: known ? `900-${digits.slice(0, 2)}-${digits}` : null,
    date_of_birth: known
      ? `${random.between(1962, 2004)}-0${random.between(1, 9)}-${random.between(10, 28)}`
      : null,
    gender: known ? random.pick(["female", "male", "other"]) : null,
  };
}

function lastLogin(now: number, created: number, random: Random): number | null {
  const kind = random.next();
  if (kind < 0.07) return null;
  const ago = kind < 0.19 ? random.between(91, 300) * day : random.between(1, 28 * 24) * hour;
  return Math.max(created + hour, now - ago);
}

/** Numbers rise with the day people joined; the newest came this week. */
function joined(now: number, share: number, random: Random): number {
  return now - Math.round((1 - share) * 880 + 1) * day - random.between(3, 20) * hour;
}

function samplePeople(id: number, now: number): Partial<Person> | undefined {
  const common = {
    created_at: now - 131 * day - 3 * hour,
    updated_at: now - 5 * day,
    last_login: now - 4 * day,
    last_course_id: 201,
  };
  if (id === 101)
    return {
      ...common,
      first_name: "Avery",
      last_name: "Learner",
      email: "avery@example.com",
      login_status: "active",
    };
  if (id === 102)
    return {
      ...common,
      first_name: "Jordan",
      last_name: "Manager",
      email: "jordan@example.com",
      login_status: "active",
    };
  return undefined;
}

function uniqueLogin(first: string, last: string, taken: Map<string, number>): string {
  const base = `${first}.${last}`.toLowerCase();
  const count = (taken.get(base) ?? 0) + 1;
  taken.set(base, count);
  return `${base}${count === 1 ? "" : count}@example.com`;
}

function profileOf(id: number, department: Department, random: Random): Person["profile"] {
  const sample = id <= 102;
  const drawn = random.pick(places);
  const { region, ...place } = (sample && places[0]) || drawn;
  return {
    title: sample ? "Customer Success Associate" : random.pick(department.titles),
    company: "Example Co.",
    ...place,
    ...(sample ? {} : privateData(id, random)),
    user_identifier: `EMP-${id}`,
    ca_0: region,
    ca_1: sample ? null : department.name,
  };
}

function seedPerson(id: number, now: number, share: number, taken: Map<string, number>): Seeded {
  const random = createRandom(id);
  const department = departmentOf(id, random);
  const first = random.pick(firstNames);
  const last = random.pick(lastNames);
  const created = joined(now, share, random);
  const status = random.next();
  const role = roleOf(id);
  const person: Person = {
    id,
    email: uniqueLogin(first, last, taken),
    first_name: first,
    last_name: last,
    role,
    login_status: role !== "learner" || status < 0.94 ? "active" : status < 0.97 ? "inactive" : "disabled",
    profile: profileOf(id, department, random),
    email_notifications: random.chance(0.9),
    sms_notifications: random.chance(0.1),
    password: null,
    access_start_date: null,
    access_end_date: null,
    password_expiration_date: null,
    last_login: lastLogin(now, created, random),
    last_course_id: null,
    created_at: created,
    updated_at: created,
    ...samplePeople(id, now),
  };
  if (person.login_status === "disabled")
    person.access_end_date = Math.max(created + hour, now - random.between(5, 200) * day);
  if (id <= 102) person.email_notifications = true;
  if (id <= 102) person.sms_notifications = false;
  return { person, department, random };
}

export function seedPeople(now: number, count: number): Seeded[] {
  const taken = new Map<string, number>();
  return Array.from({ length: count }, (_, n) => seedPerson(firstPerson + n, now, (n + 1) / count, taken));
}
