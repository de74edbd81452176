import { Missing, Mistaken, personIn } from "../../academy/reads.ts";
import type { JobWorld } from "../job.ts";

/** The number of whoever has this login; undefined where SkyPrep says that nobody has. @throws Unread */
export async function numberOf(
  login: string,
  read: JobWorld["read"],
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const found = personIn(await read("get_user", { user_email: login }, signal), { user_email: login });
    if (found === undefined) throw new Mistaken("another answer came than the person looked for");
    return found.id;
  } catch (error) {
    if (error instanceof Missing) return undefined;
    throw error;
  }
}
