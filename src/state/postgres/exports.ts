import { AboutExport, exportId, exportIdPattern } from "../export-about.ts";
import { version } from "../files/safe-files.ts";
import { CannotKeep, type Export, type Exports } from "../ports.ts";
import { unkept } from "./database-errors.ts";
import { isFresh, isOwned, ownedBy, sweepOf } from "./owned.ts";
import type { KeepingOf } from "./plans.ts";

type Described = Readonly<{ id: string; about: string; created_at: number }>;

/** Reports in the database, bytes and all: no path of this computer is told to anybody. */
export function createExportRows(world: KeepingOf, owner: string, run?: string): Exports {
  const { database, random } = world;
  const isHere = `${isOwned} and ${isFresh} and ($5::text is null or run = $5)`;
  const ours = () => [...ownedBy(world, owner), run ?? null];

  function described({ id, about, created_at }: Described): Export | undefined {
    const known = AboutExport.safeParse(JSON.parse(about)).data;
    return (
      known && {
        id,
        name: known.name,
        extension: known.extension,
        file: undefined,
        bytes: known.bytes,
        rows: known.rows,
        columns: known.columns,
        createdAt: new Date(created_at).toISOString(),
      }
    );
  }

  return {
    async keep({ name, bytes, extension, rows, columns }) {
      const id = exportId(name, random());
      // As text: JSON of PostgreSQL's own has no NUL.
      const about = JSON.stringify({ version, name, extension, bytes: bytes.byteLength, rows, columns });
      try {
        await database.query(sweepOf("exports"));
        const [kept] = await database.query<Described>(
          `insert into skyprep.exports (academy, owner, person, policy, run, id, about, content, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, skyprep.clock()) returning id, about, created_at`,
          [...ours(), id, about, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)],
        );
        const made = kept && described(kept);
        if (made === undefined) throw new TypeError("what was kept cannot be read");
        return made;
      } catch (error) {
        const why = unkept(error);
        throw why ? new CannotKeep(why, error) : error;
      }
    },
    async list() {
      const all = await database.read<Described>(
        `select id, about, created_at from skyprep.exports where ${isHere} order by created_at desc, id`,
        ours(),
      );
      return all.flatMap((one) => described(one) ?? []);
    },
    async read(id) {
      if (!exportIdPattern.test(id)) return undefined;
      const [row] = await database.read<Described & { readonly content: Buffer }>(
        `select id, about, created_at, content from skyprep.exports where ${isHere} and id = $6`,
        [...ours(), id],
      );
      const about = row && described(row);
      return about && row && { about, content: row.content };
    },
  };
}
