import type { Database } from "../../state/postgres/database.ts";
import { type Link, lineOf, parseEntry } from "../entry.ts";
import type { Line } from "../line.ts";
import { type StandingLine, type Verified, verifyChain } from "../verify.ts";

/** Where an academy's own changes stand; chains of other names came from desks, and count for nothing. */
export const ownChain = "";

/** One chain of the database: an academy's own, or one that came from a desk. */
export interface Chain {
  readonly academy: string;
  /** `ownChain`, or the desk's name. */
  readonly chain: string;
}

interface Standing extends StandingLine {
  readonly at: string;
}

const atOnce = 500;

/** Every line as it stands, in order, some at a time. */
export async function* chainLines(
  database: Database,
  { academy, chain }: Chain,
  since?: number,
): AsyncGenerator<Standing> {
  for (let after = 0; ; ) {
    const rows = await database.read<{ seq: number; content: string; at: number }>(
      `select seq, content, at from skyprep.journal_lines
       where academy = $1 and chain = $2 and seq > $3 and ($4::bigint is null or at >= skyprep.at($4::bigint))
       order by seq limit ${atOnce}`,
      [academy, chain, after, since ?? null],
    );
    for (const { content, at } of rows)
      yield {
        text: content,
        bytes: Buffer.byteLength(content),
        whole: true,
        at: new Date(at).toISOString(),
      };
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}

/** What can be read of it, oldest first. */
export async function readChain(database: Database, chain: Chain, since?: number): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const { text } of chainLines(database, chain, since)) {
    const entry = parseEntry(text);
    const line = entry && lineOf(entry);
    if (line !== undefined) lines.push(line);
  }
  return lines;
}

/** Checks every line and the end, as `verify` does of a file. */
export const verifyRows = (database: Database, chain: Chain): Promise<Verified> =>
  verifyChain(chainLines(database, chain), () => headOf(database, chain), "journal_heads");

/** Undefined: nothing was ever written there. */
export async function headOf(database: Database, { academy, chain }: Chain): Promise<Link | undefined> {
  const [head] = await database.read<{ seq: number; hash: string }>(
    "select seq, hash from skyprep.journal_heads where academy = $1 and chain = $2",
    [academy, chain],
  );
  return head;
}

/** The chains there are, own ones first. */
export const chainsOf = (database: Database, academy?: string): Promise<Chain[]> =>
  database.read<{ academy: string; chain: string }>(
    `select academy, chain from skyprep.journal_heads where $1::text is null or academy = $1 order by academy, chain`,
    [academy ?? null],
  );
