import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { changesIn } from "./operators.ts";

/** A source with one change. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  /** Where it begins in the source as it was. */
  readonly at: number;
  readonly kind: string;
  /** The lines that changed, white space aside. */
  readonly was: string;
  readonly now: string;
  /** The same however far it moves within its file: the changed lines, and which of several alike. */
  readonly key: string;
  readonly source: string;
}

/**
 * What keeps people's data: guard, policy, journal, state, pace, writes, secrets, plans, people. Files of src by their
 * path without `.ts`, and whole folders with a slash at their end.
 */
export const safety: readonly string[] = [
  "guard/",
  "policy/",
  "journal/",
  "academy/identity",
  "academy/manager-rights",
  "academy/reads",
  "skyprep/api",
  "skyprep/rate-limit/",
  "skyprep/request",
  "skyprep/semaphore",
  "state/files/plans",
  "state/files/safe-files",
  "state/files/shared-folder",
  "state/postgres/database",
  "state/postgres/locks",
  "call/call-deadline",
  "call/check/check",
  "call/check/interpret",
  "call/finish/",
  "call/redaction/",
  "call/write/",
  "jobs/apply-plan/",
  "jobs/merge-people/",
  "jobs/offboard-person/",
  "jobs/onboard-person/",
  "jobs/plan-enrollment/",
  "jobs/plan-roster/",
  "jobs/steps/",
  "jobs/shared/enrolled",
  "jobs/shared/list-identity",
  "jobs/shared/name-targets",
  "jobs/shared/number-of-login",
  "jobs/shared/offboard-steps",
  "jobs/shared/people-index",
  "jobs/shared/people-meant",
  "jobs/shared/people-meant-text",
  "jobs/shared/plan",
  "jobs/shared/plan-batches",
  "jobs/shared/plan-text",
  "jobs/shared/resolve",
  "tables/people",
];

/** Whether a name of the list stands for this file. */
export const namesIt = (name: string, file: string): boolean =>
  name.endsWith("/") ? file.startsWith(`src/${name}`) : file === `src/${name}.ts`;

export const filesOf = (root: string, folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name))
    .sort();

export const safetyFiles = (root: string): string[] =>
  filesOf(root, "src").filter((file) => safety.some((name) => namesIt(name, file)));

export const plain = (text: string) => text.replace(/\s+/g, " ").trim();

export function mutantsOf(file: string, source: string): Mutant[] {
  const alike = new Map<string, number>();
  return changesIn(source).map(({ kind, start, end, by }) => {
    const from = source.lastIndexOf("\n", start) + 1;
    const to = source.indexOf("\n", end) < 0 ? source.length : source.indexOf("\n", end);
    const was = plain(source.slice(from, to));
    const now = plain(source.slice(from, start) + by + source.slice(end, to));
    const own = `${file}: ${was} → ${now}`;
    const nth = (alike.get(own) ?? 0) + 1;
    alike.set(own, nth);
    return {
      file,
      at: start,
      line: source.slice(0, start).split("\n").length,
      kind,
      was,
      now,
      key: nth === 1 ? own : `${own} (${nth})`,
      source: source.slice(0, start) + by + source.slice(end),
    };
  });
}

export const allMutants = (root: string, wanted: RegExp): Mutant[] =>
  safetyFiles(root)
    .filter((file) => wanted.test(file))
    .flatMap((file) => mutantsOf(file, readFileSync(join(root, file), "utf8")));

/** In an order that the seed gives, and that a change of other code does not shuffle. */
export function shuffled(mutants: readonly Mutant[], seed: number): Mutant[] {
  const rank = ({ key }: Mutant) => createHash("sha256").update(`${seed} ${key}`).digest("hex");
  return mutants
    .map((mutant) => ({ mutant, at: rank(mutant) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ mutant }) => mutant);
}
