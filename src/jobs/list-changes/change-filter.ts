import type { Candidate, DirectoryKind } from "../../academy/directory.ts";
import { NotAList, Unread } from "../../academy/reads.ts";
import type { Change, Target } from "../../journal/line.ts";
import { Failure } from "../../skyprep/response.ts";
import { cleanText } from "../../text/english.ts";
import { fold } from "../../text/fold.ts";
import { loginIn, type Printed, printed } from "../../text/typed.ts";
import type { JobWorld } from "../job.ts";

/** Whom or what a text means, as far as changes name it. */
export interface ChangeFilter {
  readonly matches: (change: Change) => boolean;
  /** How it was read, where that is not plain. */
  readonly notes: readonly string[];
}

const kinds: readonly (readonly [DirectoryKind, string])[] = [
  ["person", "person"],
  ["course", "course"],
  ["group", "group"],
  ["path", "learning path"],
];
const mostMeant = 8;

/** By number, login or name: of now, as SkyPrep has it, and as the changes themselves name it. */
export async function wantedBy(
  text: string,
  changes: readonly Change[],
  world: Pick<JobWorld, "directory">,
  signal: AbortSignal,
): Promise<ChangeFilter> {
  const numbered = printed(text);
  if (numbered !== undefined) return withNumber(numbered, text, world, signal);
  const words = fold(loginIn(text)).trim();
  const { kind, found, unread } = await named(text, world, signal);
  const ids = new Set(found.map(({ id }) => id));
  const names = new Set([words, ...found.flatMap(({ login }) => (login === undefined ? [] : [fold(login)]))]);
  const isPlain = (one: string | undefined) => one !== undefined && names.has(fold(one).trim());
  // A login was somebody's once; what else was done to that number is about them, too.
  for (const { intent, outcome } of changes) {
    for (const target of intent.targets)
      if (target.id !== undefined && target.kind === "person" && isPlain(target.login)) ids.add(target.id);
    if (isPlain(textAt(intent.arguments.email)) && outcome?.is === "done" && outcome.made !== undefined)
      ids.add(outcome.made);
  }
  const wantedKind = kind ?? "person";
  const isMeant = (target: Target) =>
    (target.kind === wantedKind && target.id !== undefined && ids.has(target.id)) ||
    isPlain(target.login) ||
    isPlain(target.name) ||
    (target.name !== undefined && found.length === 0 && hasWords(target.name, words));
  return {
    matches: ({ intent, outcome }) =>
      intent.targets.some(isMeant) ||
      isPlain(textAt(intent.arguments.email)) ||
      isPlain(textAt(intent.arguments.name)) ||
      (wantedKind === "person" && madePerson(intent.tool, outcome, ids)),
    notes: notesOf(text, found, wantedKind, unread),
  };
}

const textAt = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const madePerson = (tool: string, outcome: Change["outcome"], ids: ReadonlySet<number>): boolean =>
  tool === "create_user" && outcome?.is === "done" && outcome.made !== undefined && ids.has(outcome.made);

const person = /^(?:person|people|user|learner|employee)$/;
const paths = /^(?:learning )?path$/;
const unnamed = /^(?:id|number|no\.?|nr\.?|num)$/;

/** 101, “#101”, “person 101 (avery@example.com)”: of a person what names them by their login, too. */
async function withNumber(
  { number: id, kind: printedKind = "" }: Printed,
  text: string,
  world: Pick<JobWorld, "directory">,
  signal: AbortSignal,
): Promise<ChangeFilter> {
  const said = unnamed.test(printedKind) ? "" : printedKind;
  const kind = person.test(said) ? "person" : paths.test(said) ? "learning path" : said.replace(/^user /, "");
  const isPerson = kind === "" || kind === "person";
  const { found, unread } = await looked(async () =>
    isPerson ? world.directory.find("person", String(id), signal) : [],
  );
  const logins = new Set(found.flatMap((one) => (one.id === id && one.login ? [fold(one.login)] : [])));
  const isMeant = (target: Target) =>
    (target.id === id && (kind === "" || target.kind === kind)) ||
    (target.kind === "person" && target.login !== undefined && logins.has(fold(target.login)));
  return {
    matches: ({ intent, outcome }) =>
      intent.targets.some(isMeant) || (isPerson && madePerson(intent.tool, outcome, new Set([id]))),
    notes: unread ? notesOf(text, [], kind, unread) : [],
  };
}

async function looked(
  find: () => Promise<readonly Candidate[]>,
): Promise<{ readonly found: readonly Candidate[]; readonly unread: boolean }> {
  try {
    return { found: await find(), unread: false };
  } catch (error) {
    if (error instanceof Failure || error instanceof Unread || error instanceof NotAList)
      return { found: [], unread: true };
    throw error;
  }
}

const hasWords = (name: string, words: string): boolean => {
  const own = fold(name).split(/\s+/);
  return words.split(/\s+/).every((word) => own.includes(word));
};

/** The first kind in which it names something; a part of a person's name is enough where few have it. */
async function named(text: string, { directory }: Pick<JobWorld, "directory">, signal: AbortSignal) {
  for (const [list, kind] of kinds) {
    const { found, unread } = await looked(async () => (await directory.meant(list, text, signal)).found);
    if (found.length > 0 || unread) return { kind, found, unread };
  }
  const near = await looked(() => directory.find("person", text, signal));
  return { ...near, kind: undefined, found: near.found.length <= mostMeant ? near.found : [] };
}

function notesOf(text: string, found: readonly Candidate[], kind: string, unread: boolean): string[] {
  const asked = cleanText(text).slice(0, 80);
  if (unread)
    return [
      `“${asked}” could not be looked up in SkyPrep now: only what the changes themselves name was searched.`,
    ];
  const [one, ...more] = found;
  if (one === undefined)
    return [
      `Nobody and nothing is called “${asked}” in SkyPrep now: only what the changes themselves name was searched.`,
    ];
  const shown = (one: Candidate) => `${one.id} ${one.label}`;
  return more.length === 0
    ? [`“${asked}” is ${kind} ${shown(one)}.`]
    : [`“${asked}” may be any of: ${found.slice(0, mostMeant).map(shown).join("; ")}.`];
}
