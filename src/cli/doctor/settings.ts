import { type Name, settingsInOrder, variable } from "../../config/settings.ts";
import { type Config, problemText, readConfig } from "../../config.ts";
import { entryIn } from "../init/client-file.ts";
import { type ClientName, clientNames, type Here, placesOf } from "../init/clients.ts";
import { mask } from "../init/entry.ts";
import { type Finding, ok, wrong } from "./finding.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

export interface Source {
  /** Where from, in words. */
  readonly from: string;
  readonly env: Variables;
  /** The program's flags, where an entry gives them. */
  readonly argv: readonly string[];
}

/** A client that has an entry of ours. */
export interface Entered {
  readonly name: ClientName;
  readonly title: string;
  readonly file: string;
  readonly command: string | undefined;
  readonly program: string | undefined;
  readonly source: Source;
}

export type Clients = Here & { readonly exists: (path: string) => boolean };

/** Every client that is here, with its entry where it has one. */
export async function clientsHere(here: Clients): Promise<(Entered | { title: string; name: ClientName })[]> {
  const places = placesOf(clientNames, here, here.exists).filter(({ installed }) => installed);
  return Promise.all(
    places.map(async ({ name, client, file }) => {
      const entry = await entryIn(file, client.under);
      if (entry === undefined) return { name, title: client.title };
      const [program, ...argv] = (Array.isArray(entry.args) ? entry.args : []).map(String);
      const env = Object.fromEntries(
        Object.entries(entry.env ?? {}).map(([variable, value]) => [variable, String(value)]),
      );
      const from = `${client.title}'s entry`;
      const command = typeof entry.command === "string" ? entry.command : undefined;
      return { name, title: client.title, file, command, program, source: { from, env, argv } };
    }),
  );
}

/** The environment where it says whose account; otherwise the first client's entry. */
export function sourceOf(env: Variables, entered: readonly Entered[], named: string | undefined): Source {
  const environment = { from: "the environment", env, argv: [] };
  if (named !== undefined) return entered.find(({ name }) => name === named)?.source ?? environment;
  const says = env.SKYPREP_API_KEY !== undefined || env.SKYPREP_SANDBOX !== undefined;
  return says ? environment : (entered[0]?.source ?? environment);
}

/** Each setting that is set, where it came from, and each that is wrong. */
export function settingsFound(
  { from, env, argv }: Source,
  sections: readonly string[],
): { config: Config; findings: Finding[] } {
  const config = readConfig(argv, env, sections);
  const bad = new Set(config.problems.map(({ setting }) => setting));
  const set = settingsInOrder.flatMap(([name, { secret }]) => {
    const value = env[variable(name)];
    if (value === undefined || bad.has(variable(name))) return [];
    const shown = secret ? mask(variable(name), value) : value;
    return [ok(`${variable(name)} is ${name === "approval-pin" ? "set" : shown}, from ${from}`)];
  });
  const flags = settingsInOrder
    .filter(([name]) => argv.some((word) => word === flagOf(name) || word.startsWith(`${flagOf(name)}=`)))
    .map(([name]) => ok(`${flagOf(name)} is given, in ${from}`));
  const problems = config.problems.map((problem) => wrong(`${problemText(problem)} (looked in ${from})`));
  return { config, findings: [...set, ...flags, ...config.notes.map(ok), ...problems] };
}

const flagOf = (name: Name) => `--${name}`;
