import { type Args, listAt } from "../../../academy/call-arguments.ts";
import { type KnownPerson, readPerson, type Who } from "../../../academy/persons.ts";
import { Missing } from "../../../academy/reads.ts";
import { and, isTame } from "../../../text/english.ts";
import { listed } from "./records.ts";
import { named, type ReadSubject, type Seen, text } from "./seen.ts";

export const person =
  (who: (args: Args) => Who | undefined, called: string): ReadSubject =>
  async (args, look) => {
    const meant = who(args);
    if (meant === undefined) return undefined;
    const known = await readPerson(look, meant).catch((error: unknown) => {
      if (error instanceof Missing) throw new Missing(`${called} ${Object.values(meant)[0]}`);
      throw error;
    });
    return seenPerson(known, called);
  };

function seenPerson(known: KnownPerson, called: string): Seen {
  const { id, login, row } = known;
  const whose = `${called} ${id}`;
  const name = text(row.display_name) || `${text(row.first_name)} ${text(row.last_name)}`.trim();
  return {
    words: isTame(login) ? `${whose} (${login})` : whose,
    stored: [...named(whose, "name", name), ...(isTame(login) ? [] : named(whose, "login", login))],
    bound: [id, login, row.role, row.login_status],
    targets: [{ kind: "person", id, login, name }],
    row,
    person: known,
    id,
  };
}

/** People by number or login: read one by one only where power is given to them. */
export const people: ReadSubject = async (args, look, deep) => {
  const ids = listAt(args, "user_ids", "user_emails");
  if (ids.length === 0) return undefined;
  const all = listed(ids, "person");
  const words = all.words.replace(/persons/, "people").replace(/^people (\d+)$/, "person $1");
  if (!deep || ids.length > 4) return { ...all, words };
  const read: Seen[] = [];
  for (const id of ids) {
    const who = typeof id === "number" ? { user_id: id } : { user_email: id };
    const one = await person(() => who, "person")(args, look, deep);
    if (one) read.push(one);
  }
  return {
    words: and(read.map((one) => one.words)),
    stored: read.flatMap(({ stored }) => stored),
    bound: read.flatMap(({ bound }) => bound),
    targets: read.flatMap(({ targets }) => targets),
    many: ids.length,
  };
};

/** Somebody who is not there yet: nothing to read. */
export const newcomer: ReadSubject = async ({ role, email, first_name, last_name }) => ({
  words: `a person with the role ${role ?? "learner"}`,
  stored: [
    ...named("the new person", "login", email, "given"),
    ...named("the new person", "name", `${text(first_name)} ${text(last_name)}`.trim(), "given"),
  ],
  bound: [],
  targets: [{ kind: "person", login: text(email) }],
});
