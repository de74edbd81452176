import { readFileSync } from "node:fs";
import { parse } from "yaml";

export interface ComposeService {
  readonly command?: readonly string[];
  readonly image?: string;
  readonly build?: string;
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: unknown;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly environment?: Readonly<Record<string, string>>;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

/** deploy/compose.yaml, as Docker reads it. */
export const compose: Compose = parse(
  readFileSync(new URL("../../deploy/compose.yaml", import.meta.url), "utf8"),
  { merge: true },
);

/**
 * The words that a replica there is started with, and what is otherwise where it is tried.
 * @throws where it has no such word any more: what is tried is what is shown
 */
export function replicaCommand(otherwise: Readonly<Record<string, string>>): string[] {
  const words = compose.services["skyprep-1"]?.command ?? [];
  const options = words.map((word) => word.split("=")[0] ?? word);
  for (const name of Object.keys(otherwise))
    if (!options.includes(name)) throw new Error(`deploy/compose.yaml has no ${name}`);
  return words.map((word, at) => {
    const to = otherwise[options[at] ?? ""];
    return to === undefined ? word : `${options[at]}=${to}`;
  });
}
