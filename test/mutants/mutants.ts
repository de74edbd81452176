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

/** What keeps people's data: guard, journal, pace, writes, secrets, plans, people. */
export const safety: readonly RegExp[] = [
  /^src\/guard\//,
  /^src\/journal\//,
  /^src\/academy\/(?:reads|managers|persons|identity|call-arguments)\.ts$/,
  /^src\/skyprep\/(?:rate-limit\/\w[\w-]*|semaphore|request-context|retry)\.ts$/,
  /^src\/state\/files\/(?:shared-folder|plans)\.ts$/,
  /^src\/call\/(?:write|redaction|finish)\//,
  /^src\/call\/(?:in-flight|call-deadline|check\/(?:check|person-meant))\.ts$/,
  /^src\/jobs\/(?:apply-plan|plan-enrollment|plan-roster|merge-people|offboard-person|onboard-person|steps)\//,
  /^src\/jobs\/shared\/(?:plan|plan-batches|plan-text|people-meant|people-meant-text|people-index|list-identity|enrolled|offboard-steps|name-targets|number-of-login|refuse-on-read-failure)\.ts$/,
  /^src\/tables\/people\.ts$/,
];

export const filesOf = (root: string, folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name))
    .sort();

export const safetyFiles = (root: string): string[] =>
  filesOf(root, "src").filter((file) => safety.some((pattern) => pattern.test(file)));

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
