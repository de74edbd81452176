import type { Person } from "../../src/sandbox/model/tables.ts";
import type { Sandbox } from "../../src/sandbox/server/sandbox.ts";
import { type Exchange, type Journey, played } from "../journeys/journey.ts";
import { changesBetween, type Picture, pictureOf } from "./changes.ts";
import type { Named } from "./dialects.ts";
import { outcomeOf, type Seen, type Verdict } from "./outcome.ts";

/** Enough for every journey to be read on page after page, and few enough to copy quickly. */
const most = 2_000;
export const sized = (journey: Journey): Journey =>
  (journey.people ?? 0) > most ? { ...journey, people: most } : journey;

/** Academies before anything happens in them, which logins make differ. */
const fresh = new Map<string, Picture>();
const usual = new Map<string, Seen>();

/** So few that the long jobs meet the limit: the page tells of a hundred a minute. */
const fewCalls = 15;

async function seen(journey: Journey, at: Omit<Named, "name">, isClose: boolean): Promise<Seen> {
  const { people = 302 } = journey;
  const exchanges: (Exchange & { changes?: string[] })[] = [];
  let world: Sandbox["world"] | undefined;
  const kind = `${people} ${journey.given ? journey.job : ""} ${at.dialect["logins-keep-their-case"]}`;
  let before = fresh.get(kind);
  const changed = (now: Sandbox["world"]) => (before ? changesBetween(before, now) : []);
  let thrown: unknown;
  try {
    await played(journey, {
      strict: at.strict,
      dialect: at.dialect,
      ...(at.dialect["limit-is-429"] && { callsPerMinute: fewCalls }),
      opened(opened) {
        world = opened;
        before ??= pictureOf(opened);
        fresh.set(kind, before);
      },
      heard(exchange, now) {
        exchanges.push(isClose ? { ...exchange, changes: changed(now) } : exchange);
      },
    });
  } catch (error) {
    thrown = error;
  }
  const all = before?.get("people")?.values() as Iterable<Person> | undefined;
  return {
    exchanges,
    people: new Set([...(all ?? [])].map(({ first_name, last_name }) => `${first_name} ${last_name}`)),
    changes: world ? changed(world) : [],
    ...(thrown !== undefined && { thrown }),
  };
}

/** What became of a journey in such an academy. */
export async function judged(journey: Journey, named: Named): Promise<Verdict & { readonly seen: Seen }> {
  const one = sized(journey);
  const key = `${one.job} ${named.strict}`;
  let ordinary = usual.get(key);
  if (ordinary === undefined) {
    ordinary = await seen(one, { dialect: {}, strict: named.strict }, true);
    if (ordinary.thrown !== undefined) throw ordinary.thrown;
    usual.set(key, ordinary);
  }
  const under = await seen(one, named, false);
  return { ...outcomeOf(under, ordinary), seen: under };
}
