import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Writable } from "node:stream";
import { parseArgs } from "node:util";
import { academyName } from "./academy-name.ts";
import { type AcademyGrant, personName, Scopes } from "./grants.ts";
import { type KeptToken, makeToken, readTokens, tokensText } from "./token.ts";

export const tokenUsage = `skyprep-mcp token new --person NAME       makes a token, and shows it this once
    --days N                              how long it is good (until it is revoked)
    --academy NAME --scopes read,write,approve [--policy FILE]
                                          what it may do, in one academy; else what grants.json says of the person
skyprep-mcp token list                    whose there are, and until when
skyprep-mcp token revoke ID               makes one count no more, within a second
Each takes --team FOLDER where SKYPREP_TEAM is not set.
`;

const options = {
  team: { type: "string" },
  person: { type: "string" },
  days: { type: "string" },
  academy: { type: "string" },
  scopes: { type: "string" },
  policy: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

export interface TokenCommand {
  readonly team: string | undefined;
  readonly stdout: Writable;
  readonly say: (line: string) => void;
  readonly now: () => number;
  /** Runs alone among all processes on this file. */
  readonly alone: <T>(folder: string, work: () => Promise<T>) => Promise<T>;
  /** Whole or not at all, for its owner's eyes only. */
  readonly write: (path: string, text: string) => Promise<void>;
}

const day = 86_400_000;

/** `skyprep-mcp token …`: for whoever runs a team's server. Gives the exit code. */
export async function runToken(argv: readonly string[], command: TokenCommand): Promise<number> {
  const { stdout, say, now } = command;
  const wrong = (why: string) => {
    say(`skyprep-mcp token: ${why}\n${tokenUsage.trimEnd()}`);
    return 2;
  };
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    return wrong(error instanceof Error ? (error.message.split("\n")[0] ?? "") : "wrong arguments");
  }
  const { values, positionals } = parsed;
  if (values.help) {
    stdout.write(tokenUsage);
    return 0;
  }
  const [what, id, ...more] = positionals;
  const team = values.team ?? command.team;
  if (!team) return wrong("set --team to the folder in which tokens.json stands, or is to stand.");
  const folder = resolve(team);
  const path = join(folder, "tokens.json");
  const edit = (change: (all: KeptToken[]) => readonly KeptToken[] | undefined) =>
    command.alone(folder, async () => {
      const next = change(await tokensAt(path));
      if (next !== undefined) await command.write(path, tokensText(next));
      return next !== undefined;
    });
  try {
    if (what === "new" && id === undefined) {
      const asked = newOne(values, now());
      if ("wrong" in asked) return wrong(asked.wrong);
      const { token, kept } = makeToken({ ...asked, now: now() });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await edit((all) => [...all, kept]);
      stdout.write(`${token}\n`);
      say(`That is ${kept.person}'s token ${kept.id}, shown this once: only its digest is kept in ${path}.`);
      return 0;
    }
    if (what === "list" && id === undefined) {
      for (const token of await tokensAt(path)) stdout.write(`${lineOf(token, now())}\n`);
      return 0;
    }
    if (what === "revoke" && id !== undefined && more.length === 0) {
      const was = await edit((all) => {
        const left = all.filter((token) => token.id !== id);
        return left.length === all.length ? undefined : left;
      });
      say(
        was ? `Token ${id} counts no more.` : `There is no token ${id.slice(0, 40)}; token list shows them.`,
      );
      return was ? 0 : 1;
    }
  } catch (error) {
    if (error instanceof Mistaken) {
      say(`skyprep-mcp token: ${error.message} Nothing was changed.`);
      return 1;
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    say(`skyprep-mcp token: ${path} cannot be used (${code}). Nothing was changed.`);
    return 1;
  }
  return wrong("that is not one of its commands.");
}

const parse = (argv: readonly string[]) =>
  parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });

class Mistaken extends Error {}

async function tokensAt(path: string): Promise<KeptToken[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const read = readTokens(text, path);
  if ("wrong" in read) throw new Mistaken(read.wrong.join(" "));
  return [...read.value.values()];
}

function newOne(
  { person, days, academy, scopes, policy }: ReturnType<typeof parse>["values"],
  now: number,
): { person: string; expiresAt?: number; grants?: readonly AcademyGrant[] } | { readonly wrong: string } {
  if (person === undefined || !personName.safeParse(person).success)
    return { wrong: "--person takes letters, digits and . _ @ + | -, e.g. mia@example.com." };
  const good = days === undefined ? undefined : Number(days);
  if (good !== undefined && !(Number.isInteger(good) && good >= 1 && good <= 3_650))
    return { wrong: "--days takes a whole number from 1 to 3650." };
  const expires = good === undefined ? {} : { expiresAt: now + good * day };
  if (academy === undefined)
    return scopes === undefined && policy === undefined
      ? { person, ...expires }
      : { wrong: "--scopes and --policy go with --academy." };
  if (!academyName.safeParse(academy).success)
    return { wrong: "--academy takes its name as it stands in academies.json." };
  const read = Scopes.safeParse((scopes ?? "read").split(","));
  if (!read.success) return { wrong: "--scopes takes read, write and approve, with commas between." };
  return {
    person,
    ...expires,
    grants: [{ academy, scopes: read.data, ...(policy !== undefined && { policy: resolve(policy) }) }],
  };
}

function lineOf({ id, person, made_at, expires_at, grants }: KeptToken, now: number): string {
  const until =
    expires_at === undefined
      ? "until revoked"
      : `${Date.parse(expires_at) > now ? "until" : "too old since"} ${expires_at.slice(0, 10)}`;
  const may = grants?.map(
    ({ academy, scopes, policy }) => `${academy} (${scopes.join(", ")}${policy ? ", policy" : ""})`,
  );
  return [id, person, `made ${made_at.slice(0, 10)}`, until, may?.join("; ") ?? "as grants.json says"].join(
    "  ",
  );
}
