import type { WriteOperation } from "../../../tools/schema/operation.ts";
import {
  type Args,
  LeftOutByPolicy,
  Missing,
  personIn,
  type Read,
  rowsIn,
  Unread,
  type Who,
} from "../../academy/reads.ts";

/** One call in the words that two spellings of it share. */
export interface Spelt {
  /** People by their numbers, as far as all of them are known. */
  readonly byNumber?: Args;
  /** People by login, where they are known so. */
  readonly byLogin?: Args;
  /** Whom it names could not be read. */
  readonly unread: boolean;
}

/** More are found in one list of everybody. */
const fewPeople = 4;

/**
 * Whom a call means, however it spells them. `isLoginWanted`: a number's login is looked for, too, as this run
 * may know the person by that alone.
 */
export async function spelt(
  operation: WriteOperation,
  args: Args,
  isLoginWanted: boolean,
  read: (route: string, parameters: Who | Record<string, never>) => ReturnType<Read>,
): Promise<Spelt> {
  const given = folded(operation, args);
  const { user_id, user_email, user_ids, user_emails, ...rest } = given;
  const isList = user_emails !== undefined || user_ids !== undefined;
  const [logins, ids] = [[user_emails ?? user_email ?? []].flat(), [user_ids ?? user_id ?? []].flat()];
  // Both at once: what the second does is the route's own affair.
  if (logins.length > 0 && ids.length > 0) return { byLogin: given, unread: false };
  const isByLogin = logins.length > 0;
  if (!isByLogin && !(isLoginWanted && ids.length > 0)) return { byNumber: given, unread: false };
  const asked: Who[] = isByLogin
    ? logins.map((login) => ({ user_email: String(login) }))
    : ids.map((id) => ({ user_id: Number(id) }));
  const own = isByLogin ? { byLogin: given } : { byNumber: given };
  try {
    const found = await peopleAt(asked, read);
    if (found === undefined) return { ...own, unread: false };
    const numbers = inOrder(found.map(({ id }) => id));
    const names = inOrder(found.map(({ login }) => fold(login)));
    return {
      byNumber: { ...rest, ...(isList ? { user_ids: numbers } : { user_id: numbers[0] }) },
      byLogin: isByLogin
        ? given
        : { ...rest, ...(isList ? { user_emails: names } : { user_email: names[0] }) },
      unread: false,
    };
  } catch (error) {
    // Whom a policy leaves out, no write reaches.
    if (error instanceof LeftOutByPolicy) return { ...own, unread: false };
    if (error instanceof Unread) return { ...own, unread: true };
    throw error;
  }
}

/** All of them; undefined where one is not there. @throws Unread */
async function peopleAt(
  asked: readonly Who[],
  read: (route: string, parameters: Who | Record<string, never>) => ReturnType<Read>,
) {
  const everybody = asked.length > fewPeople ? rowsIn(await read("get_users", {})) : undefined;
  const people: { readonly id: number; readonly login: string }[] = [];
  for (const who of asked) {
    try {
      const answer = everybody?.find((row) => personIn(row, who)) ?? (await read("get_user", who));
      const person = personIn(answer, who);
      if (person === undefined) throw new Unread("another answer came than that person");
      people.push(person);
    } catch (error) {
      if (error instanceof Missing) return undefined;
      throw error;
    }
  }
  return people;
}

/** Logins as SkyPrep compares them; a list of numbers or logins is the same in any order, and with repeats. */
const folded = ({ newLogin, effect }: WriteOperation, args: Args): Args =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      const isLogin = /^user_emails?$/.test(name) || (effect === "add" && newLogin?.argument === name);
      if (Array.isArray(value) && /_(ids|emails)$/.test(name))
        return [name, inOrder(value.map((one: unknown) => (isLogin ? fold(String(one)) : one)))];
      return [name, isLogin && typeof value === "string" ? fold(value) : value];
    }),
  );

const fold = (login: string): string => login.trim().toLowerCase();
const inOrder = <T>(values: readonly T[]): readonly T[] =>
  [...new Set(values)].sort((a, b) => (String(a) < String(b) ? -1 : 1));

/**
 * Whether two are one call. Each is a digest by number, one by login, or both: somebody may not be there yet, or not
 * any more. Numbers go before logins, which pass from one person to another.
 */
export function isSameCall(one: string | undefined, other: string): boolean {
  if (one === undefined) return false;
  const [a, b] = [one.split(" "), other.split(" ")];
  return a.length > 1 && b.length > 1 ? a[0] === b[0] : a.some((part) => b.includes(part));
}
