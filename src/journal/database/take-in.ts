import type { Database } from "../../state/postgres/database.ts";
import { type Entry, firstLink, type Link, parseEntry } from "../entry.ts";
import type { StandingLine } from "../verify.ts";
import type { Chain } from "./chains.ts";

/** A journal as it stands on somebody's desk, or in a file of its lines. */
export interface DeskJournal {
  lines(): AsyncIterable<StandingLine>;
  /** Where it ended when it was last written, as far as that is known. */
  end(): Promise<Link | undefined>;
}

export interface TakenIn {
  readonly lines: number;
  /** Were there from an earlier time. */
  readonly known: number;
  /** An unfinished last line was left out. */
  readonly isTorn: boolean;
}

/** Nothing was taken in, and why: a sentence. */
export class NotTakenIn extends Error {}

interface Read {
  readonly entry: Entry;
  readonly text: string;
}

const atOnce = 200;

/**
 * A desk's lines, byte for byte, as a chain of its own: it is read and verified like the academy's, and counts for no
 * budget, no question and no way back. A second time only what came since. One transaction.
 * @throws NotTakenIn
 */
export const takeIn = (database: Database, chain: Chain, desk: DeskJournal): Promise<TakenIn> =>
  database.transaction(async () => {
    const before = await holdLast(database, chain);
    const another = () =>
      new NotTakenIn(
        `Under this name stands another journal, or more of this one (to line ${before.seq}): give it another name.`,
      );
    let last: Link = firstLink;
    let [lines, known] = [0, 0];
    let isTorn = false;
    let waiting: Read[] = [];
    for await (const { text, whole } of desk.lines()) {
      if (isTorn) throw new NotTakenIn(`What follows line ${last.seq} cannot be read.`);
      const entry = whole ? parseEntry(text) : undefined;
      isTorn = entry === undefined;
      if (entry === undefined) continue;
      if (entry.seq <= last.seq)
        throw new NotTakenIn(`Line ${entry.seq} stands after line ${last.seq}: it was copied or moved.`);
      if (!Number.isFinite(Date.parse(entry.at)))
        throw new NotTakenIn(`When line ${entry.seq} was written cannot be read.`);
      const isNew = entry.seq > before.seq;
      if (isNew ? last.seq < before.seq : entry.seq === before.seq && entry.hash !== before.hash)
        throw another();
      last = entry;
      if (!isNew) {
        known += 1;
        continue;
      }
      lines += 1;
      waiting.push({ entry, text });
      if (waiting.length < atOnce) continue;
      await add(database, chain, waiting);
      waiting = [];
    }
    await add(database, chain, waiting);
    if (last.seq === 0) throw new NotTakenIn("There are no lines in it.");
    if (last.seq < before.seq) throw another();
    const end = await desk.end();
    // A tail that was cut off on the desk is missing here too, and whoever verifies is told.
    const { seq, hash } = end !== undefined && end.seq >= last.seq ? end : last;
    await database.query(
      "update skyprep.journal_heads set seq = $3, hash = $4 where academy = $1 and chain = $2",
      [chain.academy, chain.chain, seq, hash],
    );
    return { lines, known, isTorn };
  });

/** The last line that is there; nobody else takes in meanwhile. */
async function holdLast(database: Database, { academy, chain }: Chain): Promise<Link> {
  await database.query(
    "insert into skyprep.journal_heads (academy, chain, seq, hash) values ($1, $2, $3, $4) on conflict do nothing",
    [academy, chain, firstLink.seq, firstLink.hash],
  );
  await database.query("select 1 from skyprep.journal_heads where academy = $1 and chain = $2 for update", [
    academy,
    chain,
  ]);
  const [row] = await database.read<{ content: string }>(
    "select content from skyprep.journal_lines where academy = $1 and chain = $2 order by seq desc limit 1",
    [academy, chain],
  );
  return (row && parseEntry(row.content)) ?? firstLink;
}

const add = (database: Database, { academy, chain }: Chain, read: readonly Read[]) =>
  database.query(
    `insert into skyprep.journal_lines (academy, chain, seq, at, line, content)
     select $1, $2, * from unnest($3::bigint[], $4::timestamptz[], $5::text[], $6::text[])`,
    [
      academy,
      chain,
      read.map(({ entry }) => entry.seq),
      read.map(({ entry }) => new Date(entry.at).toISOString()),
      read.map(({ entry }) => entry.line),
      read.map(({ text }) => text),
    ],
  );
