import type { Database } from "./database.ts";

/** Uses up a name for so many milliseconds. False: somebody did before. @throws as the database does, used up or not */
export type UseOnce = (name: string, ms: number) => Promise<boolean>;

/** Of all replicas. It is a lease that nobody gives back; those that ran out are swept by whoever comes next. */
export const usedOnceIn =
  (database: Database, kind: string): UseOnce =>
  async (name, ms) => {
    await database.query(
      "delete from skyprep.leases where academy = '' and name like $1 and until <= skyprep.clock()",
      [`${kind} %`],
    );
    const got = await database.query(
      `insert into skyprep.leases (academy, name, holder, until)
       values ('', $1, 'used', skyprep.clock() + $2 * interval '1 millisecond')
       on conflict (academy, name) do nothing returning name`,
      [`${kind} ${name}`, ms],
    );
    return got.length > 0;
  };

/** Of one process. */
export function usedOnceHere(now: () => number): UseOnce {
  const used = new Map<string, number>();
  return async (name, ms) => {
    for (const [one, until] of used) if (until <= now()) used.delete(one);
    if (used.has(name)) return false;
    used.set(name, now() + ms);
    return true;
  };
}
