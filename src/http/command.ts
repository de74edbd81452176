import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { Writable } from "node:stream";
import type { OfferedTool } from "../catalogue/tool-list.ts";
import type { Config } from "../config/read-config.ts";
import { createEgresses } from "../skyprep/egress/egress-row.ts";
import { type Database, openDatabase } from "../state/postgres/database.ts";
import { NewerSchema, UnfitDatabase } from "../state/postgres/database-errors.ts";
import { postgresState } from "../state/postgres/postgres-state.ts";
import { usedOnceIn } from "../state/postgres/used-once.ts";
import { createSignOuts, type SignOuts } from "../state/sign-outs.ts";
import { type Academies, type AcademiesWorld, pretendAcademies, readAcademies } from "./academies.ts";
import { type DatabaseStateWorld, databaseState } from "./database-state.ts";
import type { FileRead } from "./file-read.ts";
import { type AcademyGrant, noGrants, readGrants } from "./grants.ts";
import { type IdentitySettings, readIdentity } from "./identity/identity.ts";
import { keepFile, type WatchedFile } from "./kept-file.ts";
import { sealKeyFrom } from "./seal.ts";
import { readServeOptions, type ServeOptions, serveUsage } from "./serve-options.ts";
import { withoutPaths } from "./server-paths.ts";
import { strayIn } from "./stray-settings.ts";
import { baseOf, serveTeam, type TeamWorld } from "./team.ts";

import { makeToken, readTokens } from "./token.ts";

export { withTeamJournal } from "../journal/database/team-journal.ts";
export { runToken } from "./token-command.ts";

/** What the program hands to `serve`: everything that needs more than this bundle. */
export interface ServeCommand {
  readonly settings: Readonly<Record<string, string | undefined>>;
  readonly tools: readonly OfferedTool[];
  readonly sections: readonly string[];
  readonly version: string;
  readonly stdout: Writable;
  readonly say: (line: string) => void;
  readonly now: () => number;
  /** Settings with these variables, a policy's file read. */
  readonly configOf: (env: Readonly<Record<string, string>>) => Config;
  /** Opens with its first call. `stateOf` left out: in the files of the state folder. */
  readonly open: (
    ...asked: [...Parameters<TeamWorld["open"]>, stateOf: DatabaseStateOf | undefined]
  ) => ReturnType<TeamWorld["open"]>;
  /** Where files are kept for these settings. */
  readonly folderOf: (config: Config) => string;
  /** Who signed out on pages, in the files of such a folder. */
  readonly signOutsIn: (stateFolder: string) => SignOuts;
  readonly explain: TeamWorld["explain"];
  readonly onSignal: (end: () => void) => void;
  readonly onReload: (again: () => void) => void;
}

/** What an academy's servers keep, where a database is shared by all replicas. */
type DatabaseStateOf = (
  world: Pick<DatabaseStateWorld, "random" | "pause">,
) => ReturnType<typeof databaseState>;

/** Settings of the server that hold for every academy. */
const forAll = ["SKYPREP_BASE_URL", "SKYPREP_TIMEOUT", "SKYPREP_LOG", "SKYPREP_STATE_DIR"] as const;

/** `skyprep-mcp serve --http …`: until it is told to end. Gives the exit code. */
export async function runServe(argv: readonly string[], command: ServeCommand): Promise<number> {
  const { settings, stdout, say, now } = command;
  const wrong = (why: readonly string[]) => {
    for (const line of why) say(`skyprep-mcp serve: ${line}`);
    return 2;
  };
  if (argv.includes("--help") || argv.includes("-h")) {
    stdout.write(serveUsage);
    return 0;
  }
  const options = readServeOptions(argv, settings);
  if ("wrong" in options) return wrong([options.wrong]);
  const url = databaseUrlOf(options, settings);
  if ("wrong" in url) return wrong(url.wrong);
  const sealKey = sealKeyOf(options, settings, url.value !== undefined);
  if ("wrong" in sealKey) return wrong(sealKey.wrong);
  const parts =
    options.team === undefined ? pretend(options, command) : fromFolder(options.team, options, command);
  if ("wrong" in parts) return wrong(parts.wrong);
  const { academies, tokens, grants, identity, token, files } = parts.value;
  command.onReload(() => {
    for (const file of files) file.again();
  });
  const shared = await databaseOf(url.value, say);
  if ("wrong" in shared) return wrong(shared.wrong);
  const database = shared.value;
  const egress =
    database && createEgresses(database, { now, gone: () => performance.now(), after, random: randomUUID });
  let served: Awaited<ReturnType<typeof serveTeam>>;
  try {
    served = await serveTeam({
      ...command,
      open: (config, academy, observed) => {
        const opened = command.open(
          config,
          academy,
          observed,
          database &&
            egress &&
            ((world) =>
              databaseState({ ...world, database, academy: academy.name, egress: egress(academy.egress) })),
        );
        return { ...opened, call: withoutPaths([command.folderOf(config), options.team])(opened.call) };
      },
      notReady: async () => {
        const trouble = await database?.check().catch((error: Error) => error.message);
        return trouble === undefined ? [] : [trouble];
      },
      ...options,
      academies,
      tokens,
      grants,
      identity,
      useOnce: database && usedOnceIn(database, "login"),
      signOuts: database
        ? signOutsIn(database)
        : command.signOutsIn(command.folderOf(worldOf(options, command).configOf({}))),
      sealKey: sealKey.value,
      limits: { callsPerPerson: options.callsPerPerson },
      say: (line) => say(`skyprep-mcp: ${line}`),
      now,
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    const at = `${options.listen.host}:${options.listen.port}`;
    say(`skyprep-mcp serve: cannot listen on ${at} (${code === "EADDRINUSE" ? "it is taken" : code}).`);
    return 1;
  }
  const base = options.url ?? baseOf(served);
  const names = [...academies().keys()];
  for (const [name, { configFor }] of academies())
    for (const note of configFor({ readOnly: false }).notes) say(`skyprep-mcp: ${name}: ${note}`);
  for (const note of strayIn({ academies: academies(), grants: grants(), identity: identity() }))
    say(`skyprep-mcp: ${note}`);
  stdout.write(`Serving ${names.map((name) => `${base}/mcp/${name}`).join(", ")}\n`);
  if (served.operation)
    stdout.write(`How it is: http://${served.operation.host}:${served.operation.port}/readyz\n`);
  if (token !== undefined) stdout.write(`A token for it, shown this once: ${token}\n`);
  await new Promise<void>((resolve) => {
    let ending = false;
    command.onSignal(() => {
      if (ending) return;
      ending = true;
      void served.end().then(resolve);
    });
  });
  await database?.close();
  return 0;
}

/** Of no academy: a sign-in is good in all of them. */
const signOutsIn = (database: Database): SignOuts =>
  createSignOuts({
    state: postgresState({ database, academy: "", random: randomUUID }),
    now: database.now,
  });

function after(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms).unref();
  return () => clearTimeout(timer);
}

interface Parts extends Pick<TeamWorld, "academies" | "tokens" | "grants"> {
  readonly identity: () => IdentitySettings | null;
  /** To be shown once. */
  readonly token?: string;
  readonly files: readonly Pick<WatchedFile<unknown>, "again">[];
}

function worldOf({ stateDir }: ServeOptions, { settings, configOf }: ServeCommand): AcademiesWorld {
  const common = Object.fromEntries(
    forAll.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])),
  );
  const own = { ...common, ...(stateDir !== undefined && { SKYPREP_STATE_DIR: stateDir }) };
  return {
    env: settings,
    readText: (path) => readFileSync(path, "utf8"),
    configOf: (env) => configOf({ ...own, ...env }),
  };
}

/** One pretend academy and somebody who may do everything there. */
function pretend(options: ServeOptions, command: ServeCommand): FileRead<Parts> {
  const academies = pretendAcademies(worldOf(options, command));
  if ("wrong" in academies) return academies;
  const grants: readonly AcademyGrant[] = [{ academy: "sandbox", scopes: ["write", "approve"] }];
  const { token, kept } = makeToken({ person: "you", now: command.now(), grants });
  const tokens = new Map([[kept.hash, kept]]);
  return {
    value: {
      academies: () => academies.value,
      tokens: () => tokens,
      grants: () => noGrants,
      identity: () => null,
      token,
      files: [],
    },
  };
}

function fromFolder(folder: string, options: ServeOptions, command: ServeCommand): FileRead<Parts> {
  const { now } = command;
  if (!["academies.json", "academies"].some((name) => existsSync(join(folder, name))))
    return { wrong: [`academies.json cannot be read: there is no such file in ${folder}. Write one there.`] };
  const say = (line: string) => command.say(`skyprep-mcp: ${line}`);
  const world = worldOf(options, command);
  /** Academies whose questions need somebody who signs in; before any was read there are none. */
  let waiting = (): string[] => [];
  const identity = keepFile<IdentitySettings | null>({
    path: join(folder, "identity.json"),
    read: ([one]) => {
      const read = readIdentity(one?.text ?? "", one?.file ?? "", world);
      const left = "value" in read && read.value.login === undefined ? waiting() : [];
      return left.length === 0
        ? read
        : {
            wrong: [
              `identity.json: login is missing, and ${left.join(", ")} has approval, approval_hours or webhook: nobody could answer. Leave them out there first.`,
            ],
          };
    },
    now,
    say,
    otherwise: null,
  });
  // A mistake in that file is said by itself.
  const signsIn = () => !("value" in identity) || identity.value.now()?.login !== undefined;
  const read = (texts: Parameters<typeof readAcademies>[0]): FileRead<Academies> =>
    readAcademies(texts, { ...world, signsIn });
  const single = keepFile({ path: join(folder, "academies.json"), read, now, say, otherwise: none });
  const academies =
    "value" in single && single.value.now() === none
      ? keepFile({ path: join(folder, "academies"), read, now, say })
      : single;
  const tokens = keepFile({
    path: join(folder, "tokens.json"),
    read: ([one]) => readTokens(one?.text ?? "", one?.file ?? ""),
    now,
    say,
    otherwise: new Map(),
  });
  const grants = keepFile({
    path: join(folder, "grants.json"),
    read: ([one]) => readGrants(one?.text ?? "", one?.file ?? ""),
    now,
    say,
    otherwise: noGrants,
  });
  const wrong = [academies, tokens, grants, identity].flatMap((one) => ("wrong" in one ? one.wrong : []));
  if (!("value" in academies && "value" in tokens && "value" in grants && "value" in identity))
    return { wrong };
  waiting = () =>
    [...academies.value.now().values()].flatMap(({ name, approvals }) => (approvals.isSet ? [name] : []));
  return {
    value: {
      academies: academies.value.now,
      tokens: tokens.value.now,
      grants: grants.value.now,
      identity: identity.value.now,
      files: [academies.value, tokens.value, grants.value, identity.value],
    },
  };
}
const none: Academies = new Map();

/** Undefined: none is set. */
function databaseUrlOf(
  { databaseFile }: ServeOptions,
  { SKYPREP_DATABASE_URL }: ServeCommand["settings"],
): FileRead<string | undefined> {
  if (databaseFile === undefined) return { value: SKYPREP_DATABASE_URL || undefined };
  try {
    const url = readFileSync(databaseFile, "utf8").trim();
    return url === "" ? { wrong: ["--database: the file is empty."] } : { value: url };
  } catch (error) {
    return { wrong: [`--database: the file cannot be read (${(error as NodeJS.ErrnoException).code}).`] };
  }
}

/**
 * A database that cannot be reached yet is waited for; one that can never be used is a mistake in the settings. Its
 * address holds a password, and is never said.
 */
async function databaseOf(
  url: string | undefined,
  say: (line: string) => void,
): Promise<FileRead<Database | undefined>> {
  if (url === undefined) return { value: undefined };
  try {
    const database = openDatabase({
      url,
      onChange: (trouble) =>
        say(`skyprep-mcp: ${trouble === undefined ? "The database can be used." : trouble.message}`),
    });
    const trouble = await database.check().catch((error: unknown) => error);
    if (!(trouble instanceof NewerSchema || trouble instanceof UnfitDatabase)) return { value: database };
    await database.close();
    return { wrong: [trouble.message] };
  } catch (error) {
    if (!(error instanceof UnfitDatabase)) throw error;
    return { wrong: [`The database's address: ${error.message}`] };
  }
}

/** Shared by all replicas; of one alone, made for as long as it lives. */
function sealKeyOf(
  { sealKeyFile }: ServeOptions,
  settings: ServeCommand["settings"],
  isShared: boolean,
): FileRead<Uint8Array> {
  const from = sealKeyFile === undefined ? "SKYPREP_SEAL_KEY" : "--seal-key";
  let text = settings.SKYPREP_SEAL_KEY;
  if (sealKeyFile !== undefined) {
    try {
      text = readFileSync(sealKeyFile, "utf8");
    } catch (error) {
      return { wrong: [`--seal-key: the file cannot be read (${(error as NodeJS.ErrnoException).code}).`] };
    }
  }
  if (text === undefined || text === "") {
    if (isShared)
      return {
        wrong: [
          "a database is for several replicas, and they share a seal key: set --seal-key or SKYPREP_SEAL_KEY.",
        ],
      };
    return { value: new Uint8Array(randomBytes(32)) };
  }
  const value = sealKeyFrom(text);
  return value
    ? { value }
    : { wrong: [`${from} is too short: 32 characters or more, e.g. of openssl rand -hex 32.`] };
}
