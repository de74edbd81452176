import { type BoundedReads, Mistaken, type Row } from "./reads.ts";

export interface KnownPerson {
  readonly id: number;
  readonly login: string;
  readonly row: Row;
}

/** A person as arguments name one. */
export type Who = { readonly user_id: number } | { readonly user_email: string };

export function whoIn(args: Readonly<Record<string, unknown>>): Who | undefined {
  if (typeof args.user_id === "number") return { user_id: args.user_id };
  return typeof args.user_email === "string" ? { user_email: args.user_email } : undefined;
}

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

/**
 * The person in an answer to get_user; undefined where it is nobody, or not the one who was asked for: an
 * ignored parameter may bring anyone.
 */
export function personIn(answer: unknown, who: Who): KnownPerson | undefined {
  const row = (Array.isArray(answer) ? answer[0] : answer) as Row | null | undefined;
  if (typeof row !== "object" || row === null) return undefined;
  const id = Number(row.user_id ?? row.id);
  const login = row.email || row.username;
  if (!Number.isInteger(id) || id <= 0 || typeof login !== "string" || login === "") return undefined;
  const meant =
    "user_id" in who
      ? id === who.user_id
      : [row.email, row.username].some((one) => typeof one === "string" && same(one, who.user_email));
  return meant ? { id, login, row } : undefined;
}

/** Only what says that there is nobody means that: another answer could not be read. @throws Missing, Unread */
export async function readPerson(look: BoundedReads, who: Who): Promise<KnownPerson> {
  const found = personIn(await look.one("get_user", who), who);
  if (found === undefined) throw new Mistaken("another answer came than that person");
  return found;
}

/** More power than a learner has, or a power that could not be made out. */
export const isAboveLearner = (row: Row): boolean =>
  row.role !== "learner" ||
  [row.admin, row.manager, row.global_content_manager].some((one) => one === true || one === "true") ||
  Boolean(row.power_user_permissions ?? row.user_permission);
