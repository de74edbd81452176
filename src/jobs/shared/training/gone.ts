import { loginKey } from "../../../academy/identity.ts";
import type { Row } from "../../../academy/reads.ts";
import type { JobWorld } from "../../job.ts";
import { isGone, someoneIn } from "../people-index.ts";
import type { TrainingRecord } from "./record.ts";

export interface GoneWorld extends Pick<JobWorld, "list" | "now"> {
  /** Left out: everybody is read, however few are meant. */
  readonly some?: Pick<JobWorld, "read" | "kept" | "filters"> & {
    readonly loginOf: (person: number) => string | undefined;
  };
}

/** Which of those whose records these are cannot sign in any more. Rejects as the reads do. */
export async function goneOf(
  records: readonly TrainingRecord[],
  world: GoneWorld,
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  if (records.length === 0) return new Set();
  const people = new Set(records.map(({ person }) => person));
  const rows = (await few(people, world, signal)) ?? (await world.list("get_users", signal));
  return new Set(
    rows.flatMap((row) => {
      const one = someoneIn(row);
      return one && isGone(one, world.now()) ? [one.id] : [];
    }),
  );
}

/**
 * Few people by their logins, where that filter was seen to work and it pays. Undefined: it does not, or somebody did
 * not come; then nobody is believed to be missing.
 */
async function few(
  people: ReadonlySet<number>,
  { some }: GoneWorld,
  signal: AbortSignal,
): Promise<unknown[] | undefined> {
  if (some === undefined || some.kept.since().has("get_users")) return undefined;
  const { read, filters, loginOf } = some;
  const rows: unknown[] = [];
  for (const person of people) {
    const login = loginOf(person) ?? "";
    if (login === "" || !filters.isWorth("get_users", "email", people.size)) return undefined;
    const came = [await read("get_users", { email: login }, signal)].flat();
    const own = came.filter((row) => someoneIn(row)?.id === person);
    const isTheirs = (row: unknown) => loginKey((row as Row | null)?.email) === loginKey(login);
    if (own.length !== 1 || !came.every(isTheirs)) return undefined;
    rows.push(...own);
  }
  return rows;
}
