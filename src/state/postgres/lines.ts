import type { FileMark, Place, SharedLines } from "../ports.ts";
import { createLease } from "./locks.ts";
import { addressOf, placedAt } from "./places.ts";
import type { OfAcademy } from "./texts.ts";

type Found = Readonly<{ file: number; length: number; position: number | null; content: Buffer }>;

const stale = (): Error => Object.assign(new Error("another file stands there"), { code: "ESTALE" });
const where = "academy = $1 and place = $2 and folder = $3 and name = $4";

/** A mark's `end` counts lines. Alone by a lease: whoever fills such a file asks SkyPrep meanwhile, for minutes. */
export function sharedLines(
  { database, academy }: OfAcademy,
  place: Place,
  ...inside: string[]
): SharedLines {
  const { folder, name } = placedAt(place, inside);
  const key = [academy, place, folder, name];
  const lease = createLease({ database, academy, name: addressOf(place, inside) });

  const put = (file: number, position: number, line: string) =>
    database.query("insert into skyprep.lines (academy, file, position, content) values ($1, $2, $3, $4)", [
      academy,
      file,
      position,
      Buffer.from(line),
    ]);

  return {
    alone: lease.alone,
    async read(after) {
      const rows = await database.read<Found>(
        `select f.file, f.length, l.position, l.content
         from (select * from skyprep.line_files where ${where}) f
         left join skyprep.lines l on l.file = f.file
           and l.position > case when f.file = $5 and f.length >= $6 then $6 else 0 end
         order by l.position`,
        [...key, fileOf(after), after?.end ?? 0],
      );
      const [first] = rows;
      if (first === undefined) return undefined;
      return {
        lines: rows.flatMap(({ position, content }) => (position === null ? [] : content.toString("utf8"))),
        mark: { file: String(first.file), end: first.length },
        fresh: first.file !== fileOf(after) || first.length < (after?.end ?? 0),
      };
    },
    append: (line, after) =>
      database.transaction(async () => {
        await lease.check();
        const [there] = await database.query<Found>(
          `select file, length from skyprep.line_files where ${where} for update`,
          key,
        );
        if (there?.file !== fileOf(after) || there.length < after.end) throw stale();
        await database.query("delete from skyprep.lines where file = $1 and position > $2", [
          there.file,
          after.end,
        ]);
        await put(there.file, after.end + 1, line);
        await database.query(
          "update skyprep.line_files set length = $2, changed_at = skyprep.clock() where file = $1",
          [there.file, after.end + 1],
        );
        return { file: after.file, end: after.end + 1 };
      }),
    begin: (line) =>
      database.transaction(async () => {
        await lease.check();
        await database.query(`delete from skyprep.line_files where ${where}`, key);
        const [made] = await database.query<{ file: number }>(
          `insert into skyprep.line_files (academy, place, folder, name, file, length, changed_at)
           values ($1, $2, $3, $4, nextval('skyprep.line_files_file'), 1, skyprep.clock()) returning file`,
          key,
        );
        if (made === undefined) throw stale();
        await put(made.file, 1, line);
        return { file: String(made.file), end: 1 };
      }),
  };
}

/** -1: none. */
const fileOf = (mark: FileMark | undefined): number =>
  mark !== undefined && /^\d{1,15}$/.test(mark.file) ? Number(mark.file) : -1;
