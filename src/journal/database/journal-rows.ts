import type { Database } from "../../state/postgres/database.ts";
import { OutcomeUnknown, unkept } from "../../state/postgres/database-errors.ts";
import {
  changesOf,
  type Draft,
  firstLink,
  type Link,
  lineOf,
  parseEntry,
  readsBack,
  seal,
  textOf,
} from "../entry.ts";
import { madeBy, unreadable, waits } from "../journal.ts";
import { CannotWrite, type Change, type Intended, type Journal, type Line, yesIsOver } from "../line.ts";
import { ownChain } from "./chains.ts";

export interface JournalRowsOptions {
  readonly database: Database;
  /** Each has a chain of its own. */
  readonly academy: string;
  /** Something nobody can guess; seals what may name a person. */
  readonly random: () => string;
  /** How long images are kept; 0: none are. */
  readonly keepMs: number;
  readonly pause: (ms: number) => Promise<unknown>;
}

const hour = 3_600_000;
/** What became of a write is worth waiting for a database that comes back: so long between its tries. */
const againMs = [100, 400, 1_000, 2_500, 5_000] as const;
const remedy = "Try again later, or tell whoever runs this server.";

/**
 * What was done, in the team's database: the lines, the seals and the chain of contract §7, one chain an academy. Its
 * clock is the database's: moments that it is asked about are told by that, too.
 */
export function createJournalRows({ database, academy, random, keepMs, pause }: JournalRowsOptions): Journal {
  const mine = [academy, ownChain] as const;
  let swept = Number.NEGATIVE_INFINITY;

  async function read(where: string, values: readonly unknown[]): Promise<Line[]> {
    const rows = await database.read<{ content: string }>(
      `select content from skyprep.journal_lines where academy = $1 and chain = $2 and ${where} order by seq`,
      [...mine, ...values],
    );
    return rows.flatMap(({ content }) => {
      const entry = parseEntry(content);
      return (entry && lineOf(entry)) ?? [];
    });
  }

  const since = async (account: string, from: number): Promise<Change[]> =>
    changesOf(
      await read(`at >= skyprep.at($3::bigint) and (account = $4 or line = 'outcome')`, [
        Math.floor(from),
        account,
      ]),
    );

  /** The end of the chain, held until the transaction ends: whoever comes meanwhile waits. */
  async function end(): Promise<Link> {
    await database.query(
      `insert into skyprep.journal_heads (academy, chain, seq, hash) values ($1, $2, $3, $4) on conflict do nothing`,
      [...mine, firstLink.seq, firstLink.hash],
    );
    const [head] = await database.query<{ seq: number; hash: string }>(
      "select seq, hash from skyprep.journal_heads where academy = $1 and chain = $2 for update",
      mine,
    );
    if (head === undefined) throw new Error("a chain without its head");
    return head;
  }

  async function append(draft: Draft, last: Link, at: number): Promise<void> {
    const entry = seal(draft, {
      seq: last.seq + 1,
      at: new Date(at).toISOString(),
      prev: last.hash,
      salt: random(),
    });
    const { seq } = entry;
    await database.query(
      `insert into skyprep.journal_lines
         (academy, chain, seq, at, line, account, question, run, outcome_of, undoes, content)
       values ($1, $2, $3, $4::timestamptz, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...mine,
        seq,
        entry.at,
        entry.line,
        "account" in draft ? draft.account : null,
        "question" in draft ? (draft.question ?? null) : null,
        "run" in draft ? (draft.run ?? null) : null,
        draft.line === "outcome" ? draft.of : null,
        "undoes" in draft ? (draft.undoes ?? null) : null,
        textOf(entry),
      ],
    );
    await database.query(
      "update skyprep.journal_heads set seq = $3, hash = $4 where academy = $1 and chain = $2",
      [...mine, seq, entry.hash],
    );
  }

  const write = (draft: Draft): Promise<void> => {
    if (!readsBack(draft)) throw new CannotWrite(where, "the line could not be read back", undefined, remedy);
    return database.transaction(async () => append(draft, await end(), await database.now()));
  };

  /** Now and then: an image may stay an hour longer than it must. */
  async function sweep(): Promise<void> {
    const now = await database.now();
    if (now < swept + hour) return;
    swept = now;
    await database.query(
      "delete from skyprep.journal_images where academy = $1 and at <= skyprep.at($2::bigint)",
      [academy, now - keepMs],
    );
  }

  return {
    async intend({ before: _, ...given }, { image, allow, use } = {}) {
      const intent = { ...given, ...madeBy() };
      if (!readsBack({ line: "intent", ...intent })) return { refused: unreadable };
      const intended = await inWords(() =>
        database.transaction(async (): Promise<Intended> => {
          // Used up with the intent in one step; and for good, where the rest refuses: a person is asked anew.
          if (use !== undefined && !(await use())) return { refused: yesIsOver };
          const last = await end();
          const now = await database.now();
          const { account } = intent;
          const refused = await allow?.(await since(account, now - hour), (from) => since(account, from));
          if (refused !== undefined) return { refused };
          const kept = image !== undefined && keepMs > 0;
          if (kept)
            await database.query(
              `insert into skyprep.journal_images (academy, seq, at, image)
               values ($1, $2, skyprep.at($3::bigint), $4)`,
              [academy, last.seq + 1, now, JSON.stringify(image)],
            );
          await append({ line: "intent", ...intent, ...(kept && { before: true as const }) }, last, now);
          return { seq: last.seq + 1 };
        }),
      );
      await sweep().catch(() => {});
      return intended;
    },
    finish: (of, outcome, ms) =>
      inWords(async () => {
        for (const wait of [...againMs, undefined]) {
          try {
            return await write({ line: "outcome", of, outcome, ms });
          } catch (error) {
            // A second line about the same, where the first was kept after all, says nothing else.
            if (wait === undefined || unkept(error) === undefined) throw error;
            await pause(wait);
          }
        }
      }),
    note: (asked) => inWords(() => write({ line: "asked", ...asked, ...madeBy() })),
    since: (account, from) => inWords(() => since(account, from)),
    isOver: (question, from) =>
      inWords(async () =>
        (await read(`question = $3 and at >= skyprep.at($4::bigint)`, [question, Math.floor(from)])).some(
          (line) => line.line === "intent" || (line.line === "asked" && !waits.has(line.said)),
        ),
      ),
    changes: (account) =>
      inWords(async () => changesOf(await read("(account = $3 or line = 'outcome')", [account])).reverse()),
    ofRun: (run) =>
      inWords(async () => {
        const ofIt = "select seq from skyprep.journal_lines where academy = $1 and chain = $2 and run = $3";
        const lines = await read(
          `(run = $3 or undoes in (${ofIt}) or outcome_of in (
            select seq from skyprep.journal_lines
            where academy = $1 and chain = $2 and (run = $3 or undoes in (${ofIt}))))`,
          [run],
        );
        return changesOf(lines).filter(({ intent }) => intent.run === run);
      }),
    image: (seq) =>
      inWords(async () => {
        const [row] = await database.read<{ image: string }>(
          `select image from skyprep.journal_images
           where academy = $1 and seq = $2 and at > skyprep.clock() - $3 * interval '1 millisecond'`,
          [academy, seq, keepMs],
        );
        return row && JSON.parse(row.image);
      }),
    ready: () => inWords(() => database.check()),
  };
}

const where = "the team's database";

/** What keeps the database from it becomes CannotWrite, in plain words; anything else is a bug and flies on. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = unkept(error);
    if (why === undefined) throw error;
    throw new CannotWrite(
      where,
      error instanceof OutcomeUnknown ? "it did not say whether it kept the line" : why.why,
      error,
      why.remedy,
    );
  }
}
