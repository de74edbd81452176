import type { Place, StampedFiles } from "../ports.ts";
import { transactionLock } from "./locks.ts";
import { addressOf, asPart, folderOf, nameOfPart } from "./places.ts";
import type { OfAcademy } from "./texts.ts";

/** A question about thousands of steps is bound to what each is about; in files, to a quarter of a megabyte. */
const largest = 4 * 1024 * 1024;
/** A number that does not come again, and the transaction that wrote the row, which whoever writes rows cannot choose. */
const stampOf = "stamp || '-' || xmin::text";

/** `alone` is a transaction, or part of the one that it is asked in: what it used up holds with whatever else that keeps. */
export function stampedRows(
  { database, academy }: OfAcademy,
  place: Place,
  ...inside: string[]
): StampedFiles {
  const folder = [academy, place, folderOf(inside)];
  const where = "academy = $1 and place = $2 and folder = $3";
  return {
    alone: transactionLock({ database, academy, name: addressOf(place, inside) }),
    async names() {
      const rows = await database.read<{ name: string }>(
        `select name from skyprep.stamped where ${where} order by name`,
        folder,
      );
      return rows.map(({ name }) => nameOfPart(name));
    },
    async read(name) {
      const [row] = await database.read<{ content: Buffer; stamp: string }>(
        `select content, ${stampOf} as stamp from skyprep.stamped where ${where} and name = $4`,
        [...folder, asPart(name)],
      );
      return row && { text: row.content.toString("utf8"), stamp: row.stamp };
    },
    async put(name, text) {
      const content = Buffer.from(text);
      const path = addressOf(place, [...inside, name]);
      if (content.byteLength > largest)
        throw Object.assign(new Error(`EFBIG: ${path}`), { code: "EFBIG", path });
      const [row] = await database.query<{ stamp: string }>(
        `insert into skyprep.stamped as one (academy, place, folder, name, content, stamp, changed_at)
         values ($1, $2, $3, $4, $5, nextval('skyprep.stamps'), skyprep.clock())
         on conflict (academy, place, folder, name)
         do update set content = excluded.content, stamp = excluded.stamp, changed_at = excluded.changed_at
         returning one.${stampOf.replace("xmin", "one.xmin")} as stamp`,
        [...folder, asPart(name), content],
      );
      return String(row?.stamp);
    },
    async remove(name) {
      await database.query(`delete from skyprep.stamped where ${where} and name = $4`, [
        ...folder,
        asPart(name),
      ]);
    },
  };
}
