import { Missing, personIn, type Reads, Unread } from "../../academy/reads.ts";
import { wrongInLogin } from "../../tables/people/login.ts";
import { count } from "../../text/english.ts";
import { holdsControl, loginIn, newLoginIn, printed } from "../../text/typed.ts";
import type { JobWorld } from "../job.ts";
import { createPeopleIndex, type Someone, someoneIn } from "../shared/people-index.ts";

export interface Newcomer {
  readonly person: Someone | undefined;
  /** The login they have, or are to have: without what it was copied with. */
  readonly login: string;
  /** How the login was read, where it was not typed so. */
  readonly read?: string;
  /** Why it can be nobody's. */
  readonly wrong?: string;
  /** Others who are called so: the same person under another login, perhaps. */
  readonly namesakes: readonly Someone[];
}

interface Looking {
  readonly world: Pick<JobWorld, "list">;
  readonly reads: Reads;
  readonly signal: AbortSignal;
}

/** Who is to be onboarded: the exact login first, then as it was meant; then whoever is called so. @throws Unread */
export async function whoIs(
  login: string,
  name: string,
  { world, reads, signal }: Looking,
): Promise<Newcomer> {
  // A number beside an address has its say first: the two may be of two people.
  const meant = printed(login) === undefined ? loginIn(login) : login.trim();
  for (const reading of new Set([login.trim(), meant])) {
    const person = await whoHas(reading, reads);
    const read = reading === login.trim() ? {} : { read: reading };
    if (person) return { person, login: person.login, namesakes: [], ...read };
  }
  const clean = newLoginIn(login);
  const everyone = createPeopleIndex(await world.list("get_users", signal));
  // A number, a code or a name as our replies print them: somebody who is here, not a login to be given.
  const { found, disagrees } = everyone.meant(login);
  const [person, ...more] = found;
  if (person !== undefined && more.length === 0) {
    return { person, login: person.login, namesakes: [], read: `person ${person.id} ${person.name}` };
  }
  const namesakes = name.trim() === "" ? [] : everyone.byName(name);
  const wrong =
    more.length > 0
      ? `${count(found.length, "person is", "people are")} called so`
      : disagrees
        ? `person ${disagrees.id} is ${disagrees.label}`
        : wrongInLogin(holdsControl(login) ? login.trim() : clean);
  return {
    person: undefined,
    login: clean,
    namesakes,
    ...(clean !== login.trim() && { read: clean }),
    ...(wrong !== undefined && { wrong }),
  };
}

/**
 * Whoever has this login; undefined only where SkyPrep says that there is nobody, however it is capitalised:
 * nobody is created because a look-up failed. @throws Unread
 */
async function whoHas(login: string, reads: Reads): Promise<Someone | undefined> {
  for (const user_email of new Set([login.trim(), login.trim().toLowerCase()])) {
    try {
      const row = await reads.one("get_user", { user_email });
      const found = personIn(row, { user_email }) && someoneIn(row);
      if (found === undefined) throw new Unread("it answered with somebody else than was looked for");
      return found;
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
    }
  }
  return undefined;
}
