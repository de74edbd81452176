import type { Membership } from "../../../tools/schema/proof.ts";
import { Missing, type Read, type Row, Unread } from "../../academy/reads.ts";
import { toolName } from "../../catalogue/catalogue.ts";
import type { Verification } from "../../reply/reply.ts";
import { cleanText, count } from "../../text/english.ts";
import type { Args } from "../check/check.ts";

/** Each costs a read or two, after every call: of more than three the first and the last stand for all. */
const mostPeople = 3;
const someOfMany = 2;
const mostThings = 2;

type Who = string | number;

/** What a look found. */
export interface Looked extends Verification {
  /** Of several things that are not all there, whether some are: perhaps their list was read as one. */
  readonly some?: boolean;
}

/** What was seen to be lacking before a read failed, and why it did. */
interface Broken extends Looked {
  readonly unread?: Unread;
}

/**
 * Whether everybody of a list is in everything of others, as far as a few tell; undefined where nothing was named.
 * @throws Unread where nothing was seen to be lacking before
 */
export async function lookAtSome(
  enrolls: Readonly<Record<string, Membership>>,
  told: Args,
  read: Read,
  signal: AbortSignal,
): Promise<Broken | undefined> {
  const everybody = [told.user_emails, told.user_ids].flat().filter((one): one is Who => one !== undefined);
  const people = some(everybody, everybody.length > mostPeople ? someOfMany : mostPeople);
  const absent: string[] = [];
  let whole = people.length === everybody.length;
  let looked = 0;
  let partOfAny = false;
  let unread: Unread | undefined;
  const lookAt = async (argument: string, { read: route, of }: Membership): Promise<void> => {
    const things = [told[argument]].flat().filter((one): one is number => typeof one === "number");
    if (things.length === 0) return;
    looked += people.length;
    if (of === "person") {
      const { none, part } = await lacking(route, people, things, read, signal);
      absent.push(...none);
      partOfAny ||= part;
    } else {
      const few = some(things, mostThings);
      looked += people.length * (few.length - 1);
      whole &&= few.length === things.length;
      for (const thing of few) absent.push(...(await outside(route, argument, thing, people, read, signal)));
    }
  };
  for (const [argument, membership] of Object.entries(enrolls)) {
    try {
      await lookAt(argument, membership);
    } catch (error) {
      if (!(error instanceof Unread) || absent.length === 0) throw error;
      unread = error;
      break;
    }
  }
  if (looked === 0) return undefined;
  if (absent.length > 0)
    return {
      verified: "no",
      found: absent.slice(0, 6).join("; "),
      some: absent.length < looked || partOfAny,
      ...(unread && { unread }),
    };
  if (whole) return { verified: "yes", found: "everybody is in all of it" };
  return {
    verified: "partly",
    found: `looked at ${people.length} of ${count(everybody.length, "person", "people")}: they are in all that was looked at`,
  };
}

/** What people do not have; `part`: somebody has some of it. */
async function lacking(
  route: string,
  people: readonly Who[],
  things: readonly number[],
  read: Read,
  signal: AbortSignal,
): Promise<{ readonly none: readonly string[]; readonly part: boolean }> {
  const absent: string[] = [];
  let part = false;
  for (const who of people) {
    const user_email = typeof who === "string" ? who : await loginOf(who, read, signal);
    const rows = user_email === undefined ? [] : [await orNone(read(route, { user_email }, signal))].flat();
    const there = new Set(rows.flatMap((row) => numbersOf(row as Row, "course_id")));
    const none = things.filter((id) => !there.has(id));
    part ||= none.length < things.length;
    if (none.length > 0) absent.push(`${toolName(route)} does not show ${none.join(", ")} for ${named(who)}`);
  }
  return { none: absent, part };
}

/** Who is not among the people of a record. */
async function outside(
  route: string,
  argument: string,
  thing: number,
  people: readonly Who[],
  read: Read,
  signal: AbortSignal,
): Promise<string[]> {
  const parameter = argument === "course_bundle_ids" ? "learning_path_id" : "user_group_id";
  const [record] = [await orNone(read(route, { [parameter]: thing }, signal))].flat() as (Row | undefined)[];
  const users = [record?.users ?? []].flat() as Row[];
  const ids = new Set(users.flatMap((row) => numbersOf(row, "user_id")));
  const logins = new Set(
    users.flatMap(({ email, username }) => [email, username].map((one) => String(one).trim().toLowerCase())),
  );
  const none = people.filter((who) =>
    typeof who === "number" ? !ids.has(who) : !logins.has(who.trim().toLowerCase()),
  );
  return none.map((who) => `${toolName(route)} does not show ${named(who)} in ${thing}`);
}

async function loginOf(user_id: number, read: Read, signal: AbortSignal): Promise<string | undefined> {
  const [row] = [await orNone(read("get_user", { user_id }, signal))].flat() as (Row | undefined)[];
  return typeof row?.email === "string" && Number(row.user_id ?? row.id) === user_id ? row.email : undefined;
}

const orNone = (answer: Promise<unknown>): Promise<unknown> =>
  answer.catch((error: unknown) => {
    if (error instanceof Missing) return [];
    throw error;
  });

const numbersOf = (row: Row | null, name: string): number[] => [
  Number(row?.[name] ?? row?.id),
  Number(row?.id),
];
const named = (who: Who): string => (typeof who === "number" ? `person ${who}` : cleanText(who).slice(0, 80));

/** The first, the last, and as many between, evenly. */
function some<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  const step = (all.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, n) => all[Math.round(n * step)] as T);
}
