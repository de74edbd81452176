import { type Input, Refusal } from "../server/route.ts";
import type { Person } from "./tables.ts";
import type { World } from "./world.ts";

/** The row of a number, or a 404 that names what is missing. */
export function find<T>(table: ReadonlyMap<number, T>, id: number, what: string): T {
  const row = table.get(id);
  if (row === undefined) throw new Refusal(404, `${what} not found`);
  return row;
}

const fold = (login: string) => login.trim().toLowerCase();

/** Logins are one, however they are capitalised. */
export function personWithLogin(world: World, login: string): Person | undefined {
  const wanted = fold(login);
  for (const person of world.people.values()) if (fold(person.email) === wanted) return person;
  return undefined;
}

/** Many logins at once, found in one walk; the first that nobody has is a 404. */
export function peopleWithLogins(world: World, logins: readonly string[]): Person[] {
  if (logins.length === 0) return [];
  const byLogin = new Map([...world.people.values()].map((person) => [fold(person.email), person]));
  return logins.map((login) => {
    const person = byLogin.get(fold(login));
    if (!person) throw new Refusal(404, "User not found");
    return person;
  });
}

/** The person a form means, by `user_id` or `user_email`. */
export function personFrom(input: Input, world: World): Person {
  const id = input.optionalId("user_id");
  if (id !== undefined) return find(world.people, id, "User");
  const login = input.optional("user_email");
  if (!login) throw new Refusal(422, "Missing parameter: user_id or user_email");
  const person = personWithLogin(world, login);
  if (!person) throw new Refusal(404, "User not found");
  return person;
}

/** Refuses a login that somebody else has. */
export function assertLoginFree(world: World, login: string, except?: Person): void {
  const holder = personWithLogin(world, login);
  if (holder && holder !== except) throw new Refusal(422, "Email has already been taken");
}
