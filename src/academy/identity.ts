import { isTame } from "../text/english.ts";
import {
  type Args,
  type BoundedReads,
  LeftOutByPolicy,
  listAt,
  Missing,
  personIn,
  type Row,
  readPerson,
  type Who,
} from "./reads.ts";

/** Somebody as whoever planned a step knew them: the number and the login belong together. */
export interface Identity {
  readonly id: number;
  readonly login: string;
}

/** So many people are read one by one; for more, one read of the whole list serves. */
export const fewPeople = 4;

export const loginKey = (login: unknown): string => String(login).trim().toLowerCase();

/** Those of these people whom a call names; all of them where it names none by itself. */
export function namedIn(args: Args, people: readonly Identity[]): readonly Identity[] {
  const named = new Set(
    listAt(args, "user_ids", "user_emails").map((one) => (typeof one === "number" ? one : loginKey(one))),
  );
  return named.size === 0
    ? people
    : people.filter(({ id, login }) => named.has(id) || named.has(loginKey(login)));
}

/** Whether a call names people by their logins: then the login decides whom SkyPrep takes it for. */
const goesByLogin = ({ user_emails, user_email }: Args): boolean =>
  user_emails !== undefined || user_email !== undefined;

/**
 * Those whose number and login do not belong together any more, as it stands now: a login that was given to
 * somebody else must not take along what was planned for whoever had it. @throws Unread
 */
export async function strangersAmong(
  people: readonly Identity[],
  args: Args,
  look: BoundedReads,
): Promise<readonly Identity[]> {
  const byLogin = goesByLogin(args);
  const listed = people.length > fewPeople ? await everyone(look, byLogin) : undefined;
  const strangers: Identity[] = [];
  for (const one of people) {
    const known = listed?.(one);
    if (known === "theirs" || (known === undefined && (await isTheirs(one, byLogin, look)))) continue;
    strangers.push(one);
  }
  return strangers;
}

async function isTheirs({ id, login }: Identity, byLogin: boolean, look: BoundedReads): Promise<boolean> {
  const who: Who = byLogin ? { user_email: login } : { user_id: id };
  try {
    return has(await readPerson(look, who), { id, login });
  } catch (error) {
    // Whom a policy leaves out is none of those who were planned for.
    if (error instanceof Missing || error instanceof LeftOutByPolicy) return false;
    throw error;
  }
}

const has = (known: { readonly id: number; readonly row: Row }, { id, login }: Identity): boolean =>
  known.id === id && loginsOf(known.row).includes(loginKey(login));
const loginsOf = ({ email, username }: Row): string[] =>
  [email, username].filter((one) => typeof one === "string").map(loginKey);

/** From the whole list; undefined: it does not hold that number. */
async function everyone(
  look: BoundedReads,
  byLogin: boolean,
): Promise<(one: Identity) => "theirs" | "somebody else's" | undefined> {
  const logins = new Map<number, readonly string[]>();
  const holders = new Map<string, Set<number>>();
  for (const row of await look.rows("get_users", {})) {
    const known = personIn(row, { user_id: Number(row.user_id ?? row.id) });
    if (known === undefined) continue;
    const own = loginsOf(row);
    logins.set(known.id, own);
    for (const login of own) holders.set(login, (holders.get(login) ?? new Set()).add(known.id));
  }
  return ({ id, login }) => {
    const own = logins.get(id);
    const holds = holders.get(loginKey(login));
    if (own === undefined && holds === undefined) return undefined;
    const alone = !byLogin || holds?.size === 1;
    return alone && own?.includes(loginKey(login)) ? "theirs" : "somebody else's";
  };
}

/** “person 101 (avery@example.com)”; a login that could say anything is left out. */
export const identityInWords = ({ id, login }: Identity): string =>
  isTame(login) ? `person ${id} (${login})` : `person ${id}`;
