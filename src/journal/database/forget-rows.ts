import type { Database } from "../../state/postgres/database.ts";
import { nameOfPart } from "../../state/postgres/places.ts";
import { type Entry, parseEntry, textOf } from "../entry.ts";
import type { Forgotten } from "../forget.ts";
import { isAbout, type KeptFile, namesIn } from "../kept-files.ts";
import { names, without } from "../mask.ts";
import { createPerson, type NamesOfPerson } from "../person.ts";
import { textsIn } from "../zip.ts";
import { type Chain, chainLines, chainsOf, ownChain } from "./chains.ts";

/** What stands beside the lines: what tells a row of an academy from others, and all that it says. */
const tables = {
  texts: { key: ["name", "place", "folder"], says: ["content"] },
  stamped: { key: ["name", "place", "folder"], says: ["content"] },
  line_files: {
    key: ["name", "place", "folder"],
    says: [
      `(select string_agg(content, '\\x0a'::bytea order by position) from skyprep.lines where lines.file = one.file)`,
    ],
  },
  plans: { key: ["name", "owner", "person", "policy"], says: ["plan", "state"] },
  exports: { key: ["id", "owner", "person", "policy"], says: ["about", "content"] },
} as const;

interface KeptRow extends KeptFile {
  readonly table: keyof typeof tables;
  /** As its columns are named in `key`. */
  readonly key: readonly string[];
  /** Whose it is; empty: the academy's. */
  readonly person: string;
}

interface KnownIn {
  readonly chain: Chain;
  readonly person: NamesOfPerson;
}

/**
 * Erases one person's images and whatever else an academy keeps of them, and masks their login and names in every line
 * of each of its chains; those stay whole. One transaction: no line is added meanwhile, and it is done or not done.
 */
export const forgetRows = (database: Database, academy: string, login: string): Promise<Forgotten> =>
  database.transaction(async () => {
    await database.query("select set_config('skyprep.forgetting', 'on', true)");
    // As on one desk: questions that wait are asked anew, the marks of those that were used stay. First, as whoever
    // uses one waits for the end of the chain after that.
    await database.query(
      `delete from skyprep.stamped
       where academy = $1 and place = 'approvals'
         and name ~ '^[0-9a-f]{32}([.][0-9a-f]+)*([.](form|agreed|page))?([.]seal)?[.]json$'`,
      [academy],
    );
    await database.query("select 1 from skyprep.journal_heads where academy = $1 order by chain for update", [
      academy,
    ]);
    const person = createPerson(login);
    const chains = (await chainsOf(database, academy)).map((chain) => ({
      chain,
      person: person.elsewhere(),
    }));
    await learn(database, chains);
    await learnFromRows(database, academy, person);
    // A name may have come from a report: what it names is looked for once more.
    await learn(database, chains);

    let lines = 0;
    const imaged = new Set<number>();
    for (const one of chains) {
      const masked = await maskLines(database, one);
      lines += masked.length;
      // Of desks no images were taken in.
      if (one.chain.chain === ownChain) for (const { seq } of masked) imaged.add(seq);
    }
    const images = await eraseImages(database, academy, { person, imaged });
    return { lines, images, setAside: 0, files: await eraseRows(database, academy, person) };
  });

/** Until nothing new is learnt: a later line may tell the number that an earlier one was about. */
async function learn(database: Database, chains: readonly KnownIn[]): Promise<void> {
  for (let more = true; more; ) {
    more = false;
    for (const { chain, person } of chains)
      for await (const { text } of chainLines(database, chain)) {
        const entry = parseEntry(text);
        if (entry && person.learn(entry)) more = true;
      }
  }
}

async function maskLines(database: Database, { chain, person }: KnownIn): Promise<Entry[]> {
  const masked: Entry[] = [];
  for await (const { text } of chainLines(database, chain)) {
    const entry = parseEntry(text);
    const kept = entry && without(entry, person);
    if (kept !== undefined) masked.push(kept);
  }
  for (const entry of masked)
    await database.query(
      `update skyprep.journal_lines set content = $4, question = $5 where academy = $1 and chain = $2 and seq = $3`,
      [
        chain.academy,
        chain.chain,
        entry.seq,
        textOf(entry),
        typeof entry.question === "string" ? entry.question : null,
      ],
    );
  return masked;
}

async function eraseImages(
  database: Database,
  academy: string,
  { person, imaged }: { readonly person: NamesOfPerson; readonly imaged: ReadonlySet<number> },
): Promise<number> {
  const erased: number[] = [];
  for (const { seq } of await imagesOf(database, academy))
    if (imaged.has(seq) || names(await imageOf(database, academy, seq), person)) erased.push(seq);
  await database.query("delete from skyprep.journal_images where academy = $1 and seq = any($2)", [
    academy,
    erased,
  ]);
  return erased.length;
}

const imagesOf = (database: Database, academy: string) =>
  database.read<{ seq: number }>("select seq from skyprep.journal_images where academy = $1 order by seq", [
    academy,
  ]);

async function imageOf(database: Database, academy: string, seq: number): Promise<unknown> {
  const [row] = await database.read<{ image: string }>(
    "select image from skyprep.journal_images where academy = $1 and seq = $2",
    [academy, seq],
  );
  return row && JSON.parse(row.image);
}

/** Every row beside the journal, one by one: some are large. */
async function* keptRows(database: Database, academy: string): AsyncGenerator<KeptRow> {
  for (const table of Object.keys(tables) as (keyof typeof tables)[]) {
    const { key, says } = tables[table];
    const rows = await database.read<Record<string, string>>(
      `select ${key.join(", ")} from skyprep.${table} where academy = $1`,
      [academy],
    );
    for (const row of rows) {
      const values = key.map((column) => String(row[column]));
      const [said = {}] = await database.read<Record<string, Buffer | string | null>>(
        `select ${says.map((one, n) => `${one} as said${n}`).join(", ")} from skyprep.${table} as one
         where ${whereOf(key)}`,
        [academy, ...values],
      );
      const texts = Object.values(said).map((one) => textIn(one ?? ""));
      yield {
        table,
        key: values,
        person: row.person ?? "",
        path: nameOfPart(values[0] ?? "").replaceAll("/", " "),
        text: texts.includes(undefined) ? undefined : texts.join("\n"),
      };
    }
  }
}

const whereOf = (key: readonly string[]): string =>
  ["academy", ...key].map((column, n) => `${column} = $${n + 1}`).join(" and ");

/** Undefined: a workbook that cannot be read. */
const textIn = (said: Buffer | string): string | undefined =>
  typeof said === "string"
    ? said
    : said.subarray(0, 4).equals(workbook)
      ? textsIn(said)?.join("\n")
      : said.toString("utf8");
const workbook = Buffer.from("PK\x03\x04", "latin1");

async function learnFromRows(database: Database, academy: string, person: NamesOfPerson): Promise<void> {
  for (let more = true; more; ) {
    more = false;
    const learnFrom = (text: string) => {
      if (!person.namedIn(text)) return;
      for (const name of namesIn(text, person)) if (person.call(name)) more = true;
    };
    for await (const { text } of keptRows(database, academy)) if (text !== undefined) learnFrom(text);
    for (const { seq } of await imagesOf(database, academy))
      learnFrom(JSON.stringify(await imageOf(database, academy, seq)));
  }
}

/** What names the person, and what is theirs. */
async function eraseRows(database: Database, academy: string, person: NamesOfPerson): Promise<number> {
  const about: KeptRow[] = [];
  for await (const row of keptRows(database, academy))
    if (isAbout(row, person) || person.hasLogin(row.person)) about.push(row);
  for (const { table, key } of about)
    await database.query(`delete from skyprep.${table} where ${whereOf(tables[table].key)}`, [
      academy,
      ...key,
    ]);
  return about.length;
}
