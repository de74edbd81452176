import type { DirectoryKind } from "../call/directory.ts";
import { createLook, Missing, type Row } from "../guard/look.ts";
import { readPerson } from "../guard/persons.ts";
import { nearest } from "./find/look.ts";
import type { JobWorld } from "./job.ts";

/** What a job is told by: a number, a login or code, or an exact name. */
export type Kind = Exclude<DirectoryKind, "report">;

export interface Named {
  readonly id: number;
  /** A name a person knows it by, cleaned. */
  readonly label: string;
  /** Of a person. */
  readonly login?: string;
  /** Of a person who was read on the way, raw. */
  readonly row?: Row;
}

/** The one that is meant; or why it is not plain which: a sentence with the candidates. */
export type Resolved = Named | { readonly wrong: string };

export type ResolveWorld = Pick<JobWorld, "directory" | "read" | "list">;

const words: Readonly<Record<Kind, string>> = {
  person: "person",
  course: "course",
  group: "group",
  path: "learning path",
};
const mostOffered = 5;

/**
 * The one thing of a kind that a text means. Never a guess: what only resembles it is offered, not taken. A
 * person by number or login costs one small read; anything by name reads the whole list (kept for a minute).
 */
export async function resolve(
  kind: Kind,
  text: string,
  { directory, read, list }: ResolveWorld,
  signal: AbortSignal,
): Promise<Resolved> {
  const wanted = text.trim();
  if (kind === "person" && !/\s/.test(wanted)) {
    const who = /^\d{1,15}$/.test(wanted) ? { user_id: Number(wanted) } : { user_email: wanted };
    try {
      const look = createLook(read, signal, new AbortController().signal);
      const { id, login, row } = await readPerson(look, who);
      const label = typeof row.display_name === "string" ? row.display_name : login;
      return { id, login, label, row };
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      if ("user_email" in who && wanted.includes("@")) return { wrong: `There is no person ${wanted}.` };
    }
  }
  const found = await directory.find(kind, wanted, signal);
  const [first, ...more] = found;
  if (first?.exact && more.length === 0)
    return { id: first.id, label: first.label, ...(first.login && { login: first.login }) };
  const all = first?.exact
    ? found.map(({ id, label }) => `${id} ${label}`)
    : await nearest(kind, wanted, { list }, signal);
  if (all.length === 0) return { wrong: `There is no ${words[kind]} “${wanted}”.` };
  const rest = all.length > mostOffered ? ` and ${all.length - mostOffered} more` : "";
  const which = first?.exact
    ? `${all.length} are called “${wanted}”`
    : `No ${words[kind]} is called exactly “${wanted}”; near it`;
  return { wrong: `${which}: ${all.slice(0, mostOffered).join("; ")}${rest}. Say which by its number.` };
}
