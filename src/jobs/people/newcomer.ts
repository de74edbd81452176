import { Missing, Unread } from "../../guard/look.ts";
import { personIn } from "../../guard/persons.ts";
import { type Someone, someoneIn } from "../plans/everyone.ts";
import type { Reads } from "../reads.ts";

/**
 * Whoever has this login; undefined only where SkyPrep says that there is nobody, however it is capitalised:
 * nobody is created because a look-up failed. @throws Unread
 */
export async function whoHas(login: string, reads: Reads): Promise<Someone | undefined> {
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
