import { Mistaken, type Reads } from "../../academy/reads.ts";
import { cleanText } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { type Someone, someoneIn } from "./people-index.ts";
import type { PlanTarget } from "./plan.ts";
import { type NamedRecord, type NearOptions, resolve } from "./resolve.ts";

export interface NamingContext extends NearOptions {
  readonly world: Pick<JobWorld, "directory" | "list" | "heard">;
  readonly reads: Reads;
  readonly signal: AbortSignal;
  /** What is unknown or ambiguous, a sentence each. */
  readonly wrong: string[];
  /** What was not called exactly so, and how it was read. */
  readonly notes?: string[];
}

const called = { course: "course", group: "group", path: "learning path" } as const;

/** The courses, groups or paths that texts mean, each once. */
export async function targetsNamed(
  kind: keyof typeof called,
  texts: readonly string[] | undefined,
  { world: { directory, list, heard }, reads: { read }, signal, wrong, notes, near }: NamingContext,
): Promise<PlanTarget[]> {
  const targets = new Map<number, PlanTarget>();
  const take = (one: NamedRecord) => {
    if (one.note) notes?.push(one.note);
    targets.set(one.id, { kind: called[kind], id: one.id, name: cleanText(one.label).slice(0, 80) });
  };
  for (const text of texts ?? []) {
    const resolved = (one: string) =>
      resolve(kind, one, { directory, list, read, ...(heard && { heard }) }, signal, near && { near });
    const whole = await resolved(text);
    const parts = "wrong" in whole ? severalIn(text) : [];
    if (!("wrong" in whole)) take(whole);
    else if (parts.length < 2) wrong.push(whole.wrong);
    else {
      for (const part of parts) {
        const one = await resolved(part);
        if ("wrong" in one) wrong.push(one.wrong);
        else take(one);
      }
    }
  }
  return [...targets.values()];
}

/** Several things on a line; a name may hold a comma itself, and is looked for whole before. */
export const severalIn = (text: string): string[] =>
  text
    // Learner, Avery <avery@example.com>, Clarke, Nadia <nadia@example.com>
    .split(/>\s*[,;]/.test(text) ? /(?<=>)\s*[,;]/ : /[\n;\t]/.test(text) ? /[\n;\t]/ : ",")
    .map((part) => part.trim())
    .filter(Boolean);

/** The person that a text means, as they stand now. @throws Unread */
export async function personNamed(
  text: string,
  { world: { directory, list, heard }, reads, signal, wrong, notes }: NamingContext,
): Promise<Someone | undefined> {
  const { read } = reads;
  const one = await resolve("person", text, { directory, list, read, ...(heard && { heard }) }, signal);
  if ("wrong" in one) {
    wrong.push(one.wrong);
    return undefined;
  }
  if (one.note) notes?.push(one.note);
  const found = someoneIn(one.row ?? (await reads.one("get_user", { user_id: one.id })));
  if (found?.id === one.id) return found;
  throw new Mistaken(`another answer came than person ${one.id}`);
}

/** “person 101 Avery Learner (avery@example.com)”. */
export const inWords = ({ id, name, login }: Someone): string =>
  `person ${id} ${name} (${cleanText(login).slice(0, 80)})`;

export const targetInWords = ({ kind, id, name }: PlanTarget): string => `${kind} ${id} ${name}`.trim();

/** A group as a row of a list shows it, in words. */
export const groupInWords = (id: number, name: unknown): string =>
  `group ${id} ${typeof name === "string" ? cleanText(name).slice(0, 80) : ""}`.trim();
