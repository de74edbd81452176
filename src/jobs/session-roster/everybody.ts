import type { Reads } from "../../academy/reads.ts";
import { andMore } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { inWords } from "../shared/name-targets.ts";
import type { PeopleIndex, Someone } from "../shared/people-index.ts";
import { type MeantPeople, peopleMeant } from "../shared/people-meant.ts";
import { isToCome, isUnmarked, type Registration, type Session } from "../shared/session.ts";
import { listed, type Marks, notYet } from "./attendance.ts";
import { everyoneIn } from "./roster-text.ts";

/** A list that means everybody who is registered, or everybody but some. */
export interface EverybodyBut {
  /** Texts that name the exceptions. */
  readonly but: readonly string[];
  /** What else stands in the list. */
  readonly others: readonly string[];
}

const everybody =
  /^(?:everybody|everyone|all|all of them|everybody else|everyone else|all others|the others|the rest)(?:[\s,]+(?:but|except(?: for)?|besides|apart from|other than|without)[\s:]+(?<but>.+))?$/is;

/** Undefined: it names people. */
export function everybodyIn(list: readonly string[]): EverybodyBut | { readonly wrong: string } | undefined {
  const found = list.map((text) => everybody.exec(text.trim()));
  if (found.every((one) => one === null)) return undefined;
  const but = found.flatMap((one) => one?.groups?.but ?? []).flatMap(namesIn);
  const others = list.filter((_, n) => found[n] === null);
  // Whether they came as well, or are exceptions too, nobody can tell.
  if (but.length > 0 && others.length > 0)
    return {
      wrong: `“${short(list.find((_, n) => found[n] !== null) ?? "")}” and then ${others.map((one) => `“${short(one)}”`).join(", ")}: say all exceptions in one text, as everybody but A, B.`,
    };
  return { but, others };
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

/** A comma is left to whoever looks names up: it may be part of one. */
const namesIn = (text: string): string[] =>
  text
    .replace(/[.!]+$/, "")
    .split(/\s+and\s+|\s*&\s*/i)
    .map((one) => one.replace(/^[\s,]+|[\s,]+$/g, ""))
    .filter(Boolean);

interface EverybodyMeant {
  readonly people: readonly Someone[];
  /** Who was marked otherwise before, and stays so. */
  readonly kept: readonly { readonly person: Someone; readonly status: string }[];
  /** Exceptions who are not registered. */
  readonly strangers: readonly Someone[];
  /** Numbers of those whom SkyPrep's list of people does not have. */
  readonly unlisted: readonly number[];
}

/** Everybody whose attendance is not marked yet, less whom the call says otherwise of. */
function everybodyMeant(
  wanted: string,
  registrations: readonly Registration[],
  everyone: PeopleIndex,
  { but, named }: { readonly but: readonly Someone[]; readonly named: readonly Someone[] },
): EverybodyMeant {
  const out = new Set([...but, ...named].map(({ id }) => id));
  const own = new Set(registrations.map(({ person }) => person));
  const people: Someone[] = [];
  const kept: { person: Someone; status: string }[] = [];
  const unlisted: number[] = [];
  for (const { person: id, status } of registrations) {
    if (out.has(id)) continue;
    const person = everyone.byNumber(id);
    if (person === undefined) unlisted.push(id);
    else if (isUnmarked(status) || status === wanted) people.push(person);
    else kept.push({ person, status });
  }
  return { people, kept, strangers: but.filter(({ id }) => !own.has(id)), unlisted };
}

/** Whom the exceptions mean; never a guess. @throws Unread */
export const exceptionsMeant = async (
  { but }: EverybodyBut,
  world: JobWorld,
  signal: AbortSignal,
): Promise<MeantPeople> =>
  but.length === 0
    ? { people: [], left: [], notes: [], days: new Map() }
    : peopleMeant({ people: but }, world, signal);

/** Which list means everybody, and who of them not. */
export interface Everybody {
  readonly as: "attended" | "absent";
  readonly but: readonly Someone[];
}

const mostKept = 8;

/** The marks with everybody in them who is meant by that; or what is wrong with it. @throws Unread */
export async function withEverybody(
  { as, but }: Everybody,
  named: Marks,
  registered: readonly Registration[],
  context: { session: Session; world: JobWorld; reads: Reads; signal: AbortSignal },
): Promise<
  { readonly marks: Marks; readonly notes: readonly string[] } | { readonly wrong: readonly string[] }
> {
  const { session, world } = context;
  if (isToCome(session, world.now())) return { wrong: [notYet(session)] };
  const other = as === "attended" ? named.absent : named.attended;
  const everyone = await everyoneIn(registered, context);
  const all = everybodyMeant(as, registered, everyone, {
    but,
    named: [...other, ...named[as]],
  });
  if (all.strangers.length > 0) {
    return {
      wrong: [
        `Not registered for session ${session.id}, so no exception of everybody there: ${listed(all.strangers)}.`,
      ],
    };
  }
  const kept = all.kept.map(({ person, status }) => `${inWords(person)}, ${status}`);
  return {
    marks: { ...named, [as]: [...named[as], ...all.people] },
    notes: [
      ...(kept.length > 0
        ? [
            `Marked before and left so: ${andMore(kept.slice(0, mostKept), kept.length - Math.min(kept.length, mostKept))}. Name them to mark them otherwise.`,
          ]
        : []),
      ...(all.unlisted.length > 0
        ? [`Not in SkyPrep's list of people, and not marked: ${all.unlisted.join(", ")}.`]
        : []),
    ],
  };
}
