import { z } from "zod";
import type { Scope } from "../access/principal.ts";
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

/** Whom the file grants what, by person. */
export type Grants = ReadonlyMap<string, readonly AcademyGrant[]>;

export const Scopes = z.array(z.enum(["read", "write", "approve"])).min(1);
export const GrantText = z.strictObject({
  academy: academyName,
  scopes: Scopes,
  policy: z.string().min(1).optional(),
});
export const personName = z
  .string()
  .regex(/^[\w.@+-]{1,128}$/, "write letters, digits and . _ @ + -, at most 128");

const GrantsFile = z.strictObject({ people: z.record(personName, z.array(GrantText)) });

/** `file` names it in what is said of its mistakes. */
export function readGrants(text: string, file: string): FileRead<Grants> {
  const read = sentences(GrantsFile, text, file);
  if ("wrong" in read) return read;
  const twice = Object.entries(read.value.people).flatMap(([person, grants]) => {
    const names = grants.map(({ academy }) => academy);
    return names.some((name, at) => names.indexOf(name) !== at)
      ? [`${file}: people.${person} names one academy twice; write it once.`]
      : [];
  });
  return twice.length > 0 ? { wrong: twice } : { value: new Map(Object.entries(read.value.people)) };
}

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
