import { z } from "zod";
import { type Scope, scopes } from "../access/principal.ts";
import { namesNow } from "../catalogue/former-names.ts";
import { metaTools } from "../catalogue/meta-tools.ts";
import type { OfferedTool } from "../catalogue/tool-list.ts";
import { academyName } from "./academy-name.ts";
import { type FileRead, sentences } from "./file-read.ts";

/** What somebody may do in one academy. */
export interface AcademyGrant {
  readonly academy: string;
  /** As written; `write` holds `read` (`holds`). */
  readonly scopes: readonly Scope[];
  /** A policy's file, beside the academy's own settings. */
  readonly policy?: string | undefined;
}

/** Whom the file grants what. */
export interface Grants {
  readonly people: ReadonlyMap<string, readonly AcademyGrant[]>;
  /** In the file's order: the first of somebody's groups that names an academy decides. */
  readonly groups: readonly GroupGrants[];
  /** What is done by way of a client stays within them; of a client that acts for nobody they are all there is. */
  readonly clients: ReadonlyMap<string, readonly AcademyGrant[]>;
}

interface GroupGrants {
  readonly group: string;
  readonly academies: readonly AcademyGrant[];
}

/** Whom something is granted to. */
export interface Grantee {
  /** Undefined: a client that acts for nobody. */
  readonly person: string | undefined;
  readonly groups: readonly string[];
  readonly client?: string | undefined;
}

export const Scopes = z.array(z.enum(["read", "write", "approve"])).min(1);
export const GrantText = z.strictObject({
  academy: academyName,
  scopes: Scopes,
  policy: z.string().min(1).optional(),
});
export const personName = z
  .string()
  .regex(/^[\w.@+|-]{1,128}$/, "write letters, digits and . _ @ + | -, at most 128");

const GroupText = z.strictObject({ group: z.string().min(1).max(256), academies: z.array(GrantText) });
const GrantsFile = z
  .strictObject({
    people: z.record(personName, z.array(GrantText)).optional(),
    groups: z.array(GroupText).optional(),
    clients: z.record(z.string().regex(/^[\x21-\x7e]{1,256}$/), z.array(GrantText)).optional(),
  })
  .refine((all) => Object.keys(all).length > 0, { error: "write people, groups or clients" });

export const noGrants: Grants = { people: new Map(), groups: [], clients: new Map() };

/** `file` names it in what is said of its mistakes. */
export function readGrants(text: string, file: string): FileRead<Grants> {
  const read = sentences(GrantsFile, text, file);
  if ("wrong" in read) return read;
  const { people = {}, groups = [], clients = {} } = read.value;
  const lists: readonly (readonly [string, readonly AcademyGrant[]])[] = [
    ...Object.entries(people).map(([name, all]) => [`people.${name}`, all] as const),
    ...groups.map(({ group, academies }) => [`groups: ${group}`, academies] as const),
    ...Object.entries(clients).map(([name, all]) => [`clients.${name}`, all] as const),
  ];
  const wrong = lists.flatMap(([at, grants]) =>
    hasTwice(grants.map(({ academy }) => academy))
      ? [`${file}: ${at} names one academy twice; write it once.`]
      : [],
  );
  if (hasTwice(groups.map(({ group }) => group)))
    wrong.push(`${file}: groups names one group twice; write it once, where it is to count.`);
  if (wrong.length > 0) return { wrong };
  return {
    value: { people: new Map(Object.entries(people)), groups, clients: new Map(Object.entries(clients)) },
  };
}

const hasTwice = (names: readonly string[]): boolean => new Set(names).size < names.length;

/**
 * What somebody may do in an academy: one rule as it is written, never two added up. Whoever is named under `people` has
 * what stands there alone; anybody else what the first of their groups says that names the academy. A client that is
 * named narrows it further. Undefined: nothing.
 */
export function grantIn(
  { people, groups, clients }: Grants,
  { person, groups: own, client }: Grantee,
  academy: string,
): AcademyGrant | undefined {
  const at = (all: readonly AcademyGrant[] | undefined) => all?.find((one) => one.academy === academy);
  const named = client === undefined ? undefined : clients.get(client);
  if (person === undefined) return at(named);
  const byGroup = () =>
    groups
      .filter(({ group }) => own.includes(group))
      .map(({ academies }) => at(academies))
      .find((one) => one !== undefined);
  const theirs = people.has(person) ? at(people.get(person)) : byGroup();
  if (named === undefined || theirs === undefined) return theirs;
  const within = at(named);
  // Of two policies neither is known to be the narrower one.
  if (within === undefined || (within.policy !== undefined && within.policy !== theirs.policy))
    return undefined;
  const both = bothHold(theirs.scopes, within.scopes);
  return both.length === 0 ? undefined : { ...theirs, scopes: both };
}

/** What is held by two at once. */
export const bothHold = (one: readonly Scope[], other: readonly Scope[]): readonly Scope[] => {
  const both = scopes.filter((scope) => holds(one, scope) && holds(other, scope));
  return both.includes("write") ? both.filter((scope) => scope !== "read") : both;
};

export const holds = (given: readonly Scope[], wanted: Scope): boolean =>
  given.includes(wanted) || (wanted === "read" && given.includes("write"));

const isMeta = (name: string): boolean => Object.hasOwn(metaTools, name);

/**
 * What a call of a tool needs, from the records' own safety word; of a tool that stands for many, from the operation
 * it is to call. What is not known changes something: nobody is let in for want of a word.
 */
export function scopeOfCall(
  tools: ReadonlyMap<string, OfferedTool>,
  name: string,
  args: Readonly<Record<string, unknown>> | undefined,
): "read" | "write" {
  // By a former name it is the same tool, and needs the same.
  const toolOf = (called: string) =>
    tools.get(called) ?? tools.get(namesNow(tools.values()).get(called) ?? "");
  const effect = toolOf(name)?.effect;
  const own = effect === undefined || effect === "read" ? "read" : "write";
  const inner = args?.operation;
  if (!isMeta(name) || name === "find_operation" || typeof inner !== "string") return own;
  // As the call itself reads it.
  const meant = toolOf(inner.trim());
  return own === "read" && (meant === undefined || meant.effect === "read") ? "read" : "write";
}
