import type { DirectoryKind } from "../../academy/directory.ts";
import {
  createBoundedReads,
  type KnownPerson,
  LeftOutByPolicy,
  Missing,
  NotAList,
  type Row,
  readPerson,
  Unread,
  type Who,
} from "../../academy/reads.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { Failure } from "../../skyprep/response.ts";
import { CannotKeepPlan, Overtaken } from "../../state/ports.ts";
import { cleanText } from "../../text/english.ts";
import { addressesIn, loginIn, printed } from "../../text/typed.ts";
import type { JobWorld } from "../job.ts";
import { StillAsking } from "./many-questions.ts";
import { nearest, onlyNear } from "./search/search.ts";

/** What a job is told by: a number, a login or code, a name, or any of these as our replies print them. */
export type ResolvableKind = Exclude<DirectoryKind, "report">;

export interface NamedRecord {
  readonly id: number;
  /** A name a person knows it by, cleaned. */
  readonly label: string;
  /** Of a person. */
  readonly login?: string;
  /** Of a person who was read on the way, raw. */
  readonly row?: Row;
  /** A sentence, where the text is not exactly what it is called. */
  readonly note?: string;
}

/** The one that is meant; or why it is not plain which: a sentence with the candidates. */
export type Resolved = NamedRecord | { readonly wrong: string };

export type ResolveWorld = Pick<JobWorld, "directory" | "read" | "list" | "heard">;

const words: Readonly<Record<ResolvableKind, string>> = {
  person: "person",
  course: "course",
  group: "group",
  path: "learning path",
};
const mostOffered = 5;

/** What becomes of a text that nothing is called by: a read may take the only thing near it, and says so. */
export interface NearOptions {
  readonly near?: "taken" | "offered";
}

/**
 * The one thing of a kind that a text means. Never a guess: what only resembles it is offered, and taken only where
 * `near` says so. A person by number or login costs one small read; anything by name reads the whole list (kept for a minute).
 */
export async function resolve(
  kind: ResolvableKind,
  text: string,
  world: ResolveWorld,
  signal: AbortSignal,
  { near = "offered" }: NearOptions = {},
): Promise<Resolved> {
  const resolved = await look(kind, text, { ...world, near }, signal);
  if ("note" in resolved && resolved.note !== undefined) world.heard?.(resolved.note);
  return resolved;
}

async function look(
  kind: ResolvableKind,
  text: string,
  world: ResolveWorld & NearOptions,
  signal: AbortSignal,
): Promise<Resolved> {
  const wanted = text.trim();
  const isOneWord = !/\s/.test(wanted);
  if (kind === "person" && isOneWord) {
    const found = await personBy(wanted, world, signal);
    if (found) return found;
  }
  const meaning = await world.directory.meant(kind, wanted, signal);
  const [first, ...more] = meaning.found;
  if (first !== undefined && more.length === 0) {
    return {
      id: first.id,
      label: first.label,
      ...(first.login && { login: first.login }),
      ...(meaning.read !== undefined && { note: readAs(kind, wanted, first) }),
    };
  }
  if (meaning.disagrees) return { wrong: otherThan(kind, meaning.disagrees) };
  if (first === undefined && kind === "person") {
    const unlisted = await personOutsideTheList(wanted, world, signal);
    if (unlisted) return unlisted;
  }
  const [address] = addressesIn(wanted);
  if (first === undefined && kind === "person" && isOneWord && address !== undefined)
    return { wrong: `There is no person ${wanted}.` };
  if (first === undefined && world.near === "taken") {
    const only = await onlyNear(kind, wanted, world, signal);
    if (only) return { ...only, note: readAs(kind, wanted, only) };
  }
  const all = first
    ? meaning.found.map(({ id, label }) => `${id} ${label}`)
    : await nearest(kind, wanted, world, signal);
  if (all.length === 0) return { wrong: `There is no ${words[kind]} “${wanted}”.` };
  const rest = all.length > mostOffered ? ` and ${all.length - mostOffered} more` : "";
  const which = first
    ? `${all.length} are called “${wanted}”`
    : `No ${words[kind]} is called exactly “${wanted}”; near it`;
  return { wrong: `${which}: ${all.slice(0, mostOffered).join("; ")}${rest}. Say which by its number.` };
}

async function personBy(
  text: string,
  { read }: ResolveWorld,
  signal: AbortSignal,
): Promise<NamedRecord | undefined> {
  const found = await personOf(
    /^\d{1,15}$/.test(text) ? { user_id: Number(text) } : { user_email: text },
    read,
    signal,
  );
  return found && namedOf(found);
}

/** By the address or the number in the text: a list may not hold everybody. */
async function personOutsideTheList(
  text: string,
  { read }: ResolveWorld,
  signal: AbortSignal,
): Promise<NamedRecord | undefined> {
  const login = loginIn(text);
  const ours = printed(text);
  if (login !== text && login.includes("@") && ours === undefined) {
    const found = await personOf({ user_email: login }, read, signal);
    if (found) return { ...namedOf(found), note: readAs("person", text, namedOf(found)) };
  }
  if (ours?.words !== "" || /^\d+$/.test(text)) return undefined;
  const found = await personOf({ user_id: ours.number }, read, signal);
  return found && { ...namedOf(found), note: readAs("person", text, namedOf(found)) };
}

const namedOf = ({ id, login, row }: KnownPerson): NamedRecord => ({
  id,
  login,
  label: typeof row.display_name === "string" ? row.display_name : login,
  row,
});

async function personOf(
  who: Who,
  read: ResolveWorld["read"],
  signal: AbortSignal,
): Promise<KnownPerson | undefined> {
  try {
    return await readPerson(createBoundedReads(read, signal, new AbortController().signal), who);
  } catch (error) {
    if (!(error instanceof Missing || error instanceof LeftOutByPolicy)) throw error;
    return undefined;
  }
}

/** What was made of a text that is not exactly what a thing is called. */
export const readAs = (
  kind: ResolvableKind,
  text: string,
  { id, label }: Pick<NamedRecord, "id" | "label">,
): string =>
  `“${cleanText(text).slice(0, 80)}” was read as ${words[kind]} ${id} ${cleanText(label).slice(0, 80)}.`;

/** A number and a name that are two things name neither. */
export const otherThan = (
  kind: ResolvableKind,
  { id, label, words: said }: { readonly id: number; readonly label: string; readonly words: string },
): string =>
  `${words[kind]} ${id} is ${cleanText(label).slice(0, 80)}, not “${cleanText(said).slice(0, 80)}”: say which is meant by its number alone.`.replace(
    /^./,
    (letter) => letter.toUpperCase(),
  );

/** What may stand in the way of a job before it writes, as a refusal; a bug of ours keeps flying. */
export async function refuseOnReadFailure(what: string, work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CannotKeepPlan) return refuse(`${what}.`, error.message);
    if (error instanceof Overtaken) return refuse(`${what}: another call is at it.`, again);
    if (error instanceof NotAList) return refuse(`${what}: a list of SkyPrep's could not be read.`, again);
    if (error instanceof Failure) return refuse(`${what}: ${cleanText(error.message)}`, error.next);
    if (error instanceof LeftOutByPolicy) return refuse(`${what}. ${cleanText(error.message)}`, leftOutNext);
    if (error instanceof StillAsking) return refuse(`${what} yet.`, error.message);
    if (error instanceof Unread) {
      return refuse(`${what}: SkyPrep could not be read (${cleanText(error.message)}).`, again);
    }
    throw error;
  }
}
const again = "Call again in a minute.";
const leftOutNext = "Do not try others: whoever set this server up can change the policy.";
