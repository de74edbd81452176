import { Missing } from "../../guard/look.ts";
import { personIn } from "../../guard/persons.ts";
import type { JobWorld } from "../job.ts";

/** The number of whoever has this login; undefined where SkyPrep says that nobody has. @throws Unread */
export async function numberOf(
  login: string,
  read: JobWorld["read"],
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    return personIn(await read("get_user", { user_email: login }, signal), { user_email: login })?.id;
  } catch (error) {
    if (error instanceof Missing) return undefined;
    throw error;
  }
}
