import type { PolicyTool } from "../../catalogue/toolsets.ts";
import { type Config, problemText, readConfig } from "../../config/read-config.ts";
import { type Name, settingsInOrder, variable } from "../../config/settings.ts";
import { readPolicyAt } from "../../policy/read-policy.ts";
import { filledIn, scopedEntries } from "../init/claude-code.ts";
import { entryIn } from "../init/client-file.ts";
import { type ClientName, clientNames, type Here, placesOf } from "../init/clients.ts";
import { type ClientEntry, mask } from "../init/entry.ts";
import { type CheckResult, ok, wrong } from "./finding.ts";

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

export type Clients = Here & {
  readonly exists: (path: string) => boolean;
  /** The folder it was started in: Claude Code keeps entries for single folders, too. */
  readonly cwd: string;
};

/** Every client that is here, with its entries where it has any. */
export async function clientsHere(here: Clients): Promise<(Entered | { title: string; name: ClientName })[]> {
  const places = placesOf(clientNames, here, here.exists).filter(({ installed }) => installed);
  const found = await Promise.all(
    places.map(async ({ name, client, file }) => {
      const entry = await entryIn(file, client.under);
      const { title } = client;
      const scoped = name === "claude-code" ? await scopedEntries(here) : [];
      const own = entry === undefined ? [] : [entered({ name, title, file, entry, env: {} })];
      const narrower = scoped.map(({ folder, scope, file: within, entry: one }) =>
        entered({
          name,
          title: `${title}, in ${folder} (${scope} scope)`,
          file: within,
          entry: one,
          env: here.env,
        }),
      );
      const all = [...narrower, ...own];
      return all.length > 0 ? all : [{ name, title }];
    }),
  );
  return found.flat();
}

interface Written {
  readonly name: ClientName;
  readonly title: string;
  readonly file: string;
  readonly entry: Partial<ClientEntry>;
  /** What the client fills placeholders of its own in from. */
  readonly env: Variables;
}

function entered({ name, title, file, entry, env: from }: Written): Entered {
  const [program, ...argv] = (Array.isArray(entry.args) ? entry.args : []).map(String);
  const env = Object.fromEntries(
    Object.entries(entry.env ?? {}).map(([variable, value]) => [variable, filledIn(String(value), from)]),
  );
  const command = typeof entry.command === "string" ? entry.command : undefined;
  return { name, title, file, command, program, source: { from: `${title}'s entry`, env, argv } };
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
  { sections, tools }: { readonly sections: readonly string[]; readonly tools: readonly PolicyTool[] },
  terminal: Variables,
): { config: Config; findings: CheckResult[] } {
  // An assistant may hand its own environment on: what leads out here may lead out there.
  const config = readConfig(argv, { ...networkOf(terminal), ...env }, sections, (path) =>
    readPolicyAt(path, { tools }),
  );
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

/** What the network asks of every program. */
const networkOf = (env: Variables): Variables =>
  Object.fromEntries(Object.entries(env).filter(([name]) => /^(?:https|no)_proxy$/i.test(name)));

const flagOf = (name: Name) => `--${name}`;
