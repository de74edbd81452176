import type { PersonRule } from "../../../tools/schema/operation.ts";
import { type KnownPerson, personIn, type Who } from "../../academy/persons.ts";
import type { Api } from "../../skyprep/api.ts";
import { Rejected, Unreadable } from "../../skyprep/failure.ts";
import { encode } from "../../skyprep/form.ts";
import { errorInside, saidBack, saysNotFound } from "../../skyprep/response.ts";
import { cleanText } from "../../text/clean-text.ts";
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
  const refused = reading.is === "json" ? errorInside(reading.value) : undefined;
  const words = refused?.text ?? saidBack(reading);
  const [[name, wanted] = []] = Object.entries(who);
  const found = reading.is === "json" && !refused ? personIn(reading.value, who) : undefined;
  if (found !== undefined) return found;
  if (words !== undefined && saysNotFound(words))
    throw new NobodyFound(`Nobody with ${name} ${wanted} was found.`);
  if (refused) {
    throw new Rejected(
      200,
      `SkyPrep refused to look the person up: ${refused.text}`,
      "Call again in a minute.",
      "no",
    );
  }
  const said = words === undefined ? "" : `: SkyPrep said ${JSON.stringify(cleanText(words).slice(0, 240))}`;
  throw new Unreadable(
    `${name} ${wanted} was looked up, and no such record came${said}.`,
    "Call again in a minute; if it stays so, look with get_user.",
    "no",
  );
}
