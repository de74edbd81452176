import type { PersonRule } from "../../tools/schema/operation.ts";
import { type KnownPerson, personIn, type Who } from "../guard/persons.ts";
import type { Api } from "../skyprep/api.ts";
import { Rejected } from "../skyprep/failure.ts";
import { encode } from "../skyprep/form.ts";
import { errorInside, unreadable } from "../skyprep/wire.ts";
import type { Args } from "./check.ts";

/** The person meant could not be made out; nothing else was sent. */
export class NobodyFound extends Error {}

/**
 * A person in the spelling the route knows: the page names only one for most routes, so the other is
 * looked up rather than hoped for (contract §3).
 */
export async function spellPerson(
  rule: PersonRule | undefined,
  args: Args,
  api: Api,
  signal: AbortSignal,
  known?: KnownPerson,
): Promise<Args> {
  if (rule === undefined) return args;
  const { user_id, user_email, ...rest } = args;
  if (rule.knows === "user_id" && user_email !== undefined) {
    const found = known ?? (await lookUp({ user_email: String(user_email) }, api, signal));
    return { ...rest, user_id: found.id };
  }
  if (rule.knows === "user_email") {
    const name = rule.as ?? "user_email";
    if (user_email !== undefined) return { ...rest, [name]: user_email };
    if (user_id !== undefined) {
      const found = known ?? (await lookUp({ user_id: Number(user_id) }, api, signal));
      return { ...rest, [name]: found.login };
    }
  }
  return args;
}

async function lookUp(who: Who, api: Api, signal: AbortSignal): Promise<KnownPerson> {
  const reading = await api("get_user", encode(who), signal);
  const failed = reading.is === "json" ? errorInside(reading.value) : undefined;
  if (failed)
    throw new Rejected(
      200,
      `SkyPrep refused to look the person up: ${failed.text}`,
      "Call again in a minute.",
      "no",
    );
  if (reading.is !== "json") throw unreadable("a person was looked up and no record came");
  const found = personIn(reading.value, who);
  const [[name, wanted] = []] = Object.entries(who);
  if (found === undefined) throw new NobodyFound(`Nobody with ${name} ${wanted} was found.`);
  return found;
}
