import type { PersonRule } from "../../tools/schema/operation.ts";
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
): Promise<Args> {
  if (rule === undefined) return args;
  const { user_id, user_email, ...rest } = args;
  if (rule.knows === "user_id" && user_email !== undefined) {
    const found = await lookUp({ user_email }, api, signal);
    return { ...rest, user_id: found.id };
  }
  if (rule.knows === "user_email") {
    const name = rule.as ?? "user_email";
    if (user_email !== undefined) return { ...rest, [name]: user_email };
    if (user_id !== undefined) return { ...rest, [name]: (await lookUp({ user_id }, api, signal)).login };
  }
  return args;
}

async function lookUp(who: Args, api: Api, signal: AbortSignal): Promise<{ id: number; login: string }> {
  const [name, wanted] = Object.entries(who)[0] ?? [];
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
  const answer = reading.value;
  const user = (Array.isArray(answer) ? answer[0] : answer) as Record<string, unknown> | null | undefined;
  const id = Number(user?.user_id ?? user?.id);
  const login = user?.email || user?.username;
  // Whoever came back must be the one who was asked for: an ignored parameter may bring anyone.
  const same =
    name === "user_id"
      ? id === wanted
      : [user?.email, user?.username].some(
          (one) => typeof one === "string" && sameLogin(one, String(wanted)),
        );
  if (!Number.isInteger(id) || id <= 0 || typeof login !== "string" || login === "" || !same) {
    throw new NobodyFound(`Nobody with ${name} ${wanted} was found.`);
  }
  return { id, login };
}

const sameLogin = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
