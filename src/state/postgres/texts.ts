import { isNewerText } from "../files/safe-files.ts";
import type { NamedEntry, Place, SharedText } from "../ports.ts";
import type { Database } from "./database.ts";
import { transactionLock } from "./locks.ts";
import { addressOf, folderOf, nameOfPart, placedAt } from "./places.ts";

/** What all of one academy share. */
export interface OfAcademy {
  readonly database: Database;
  readonly academy: string;
}

/** What was there, or is. */
export const newerThere = (address: string): Error =>
  Object.assign(new Error(`a newer skyprep-mcp wrote ${address}`), { code: "ENEWER", path: address });

export function sharedText({ database, academy }: OfAcademy, place: Place, ...inside: string[]): SharedText {
  const { folder, name } = placedAt(place, inside);
  const key = [academy, place, folder, name];
  return {
    alone: transactionLock({ database, academy, name: addressOf(place, inside) }),
    async read() {
      const [row] = await database.read<{ content: Buffer }>(
        "select content from skyprep.texts where academy = $1 and place = $2 and folder = $3 and name = $4",
        key,
      );
      const text = row?.content.toString("utf8");
      if (text !== undefined && isNewerText(text)) throw newerThere(addressOf(place, inside));
      return text;
    },
    async write(text) {
      await database.query(
        `insert into skyprep.texts (academy, place, folder, name, content, changed_at)
         values ($1, $2, $3, $4, $5, skyprep.clock())
         on conflict (academy, place, folder, name)
         do update set content = excluded.content, changed_at = excluded.changed_at`,
        [...key, Buffer.from(text)],
      );
    },
  };
}

/** Texts and files of lines right there. */
export async function namesAt(
  { database, academy }: OfAcademy,
  place: Place,
  ...inside: string[]
): Promise<readonly NamedEntry[]> {
  const rows = await database
    .read<{ name: string; changed_at: number }>(
      `select name, changed_at from skyprep.texts where academy = $1 and place = $2 and folder = $3 and name <> ''
       union all
       select name, changed_at from skyprep.line_files where academy = $1 and place = $2 and folder = $3 and name <> ''
       order by name`,
      [academy, place, folderOf(inside)],
    )
    .catch(() => []);
  return rows.map(({ name, changed_at }) => ({ name: nameOfPart(name), changedAt: changed_at }));
}

export async function removeAt(
  { database, academy }: OfAcademy,
  place: Place,
  ...inside: string[]
): Promise<void> {
  const { folder, name } = placedAt(place, inside);
  const key = [academy, place, folder, name];
  const where = "academy = $1 and place = $2 and folder = $3 and name = $4";
  await database.transaction(async () => {
    await database.query(`delete from skyprep.texts where ${where}`, key);
    await database.query(`delete from skyprep.line_files where ${where}`, key);
  });
}
