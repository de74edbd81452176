import { NotAList } from "../../../academy/list-rows.ts";
import { Unread } from "../../../academy/reads.ts";
import { Failure } from "../../../skyprep/failure.ts";
import { count } from "../../../text/english.ts";
import type { JobWorld } from "../../job.ts";
import { isGone, someoneIn } from "../people-index.ts";
import { type At, isDue, isExpired, isExpiring, isOverdue, latestPasses } from "./numbers.ts";
import type { TrainingRecord } from "./record.ts";
import type { Told } from "./summary-text.ts";

/** What people who cannot sign in any more have open: nobody is to chase them. */
export interface WithoutAccess {
  readonly overdue: number;
  readonly due: number;
  readonly expiring: number;
  readonly expired: number;
  /** Of these records. */
  readonly people: number;
  readonly has: (record: TrainingRecord) => boolean;
}

/** Undefined where it could not be read. @throws the signal's reason */
export async function withoutAccess(
  records: readonly TrainingRecord[],
  at: At,
  world: Pick<JobWorld, "list" | "now">,
  signal: AbortSignal,
): Promise<WithoutAccess | undefined> {
  const passes = latestPasses(records);
  const numbers = {
    overdue: records.filter((one) => isOverdue(one, at)),
    due: records.filter((one) => isDue(one, at)),
    expiring: passes.filter((one) => isExpiring(one, at)),
    expired: passes.filter((one) => isExpired(one, at)),
  };
  try {
    const gone = records.length === 0 ? new Set<number>() : await goneIn(world, signal);
    const has = ({ person }: TrainingRecord) => gone.has(person);
    const [overdue, due, expiring, expired] = Object.values(numbers).map((some) => some.filter(has).length);
    const people = new Set(
      Object.values(numbers)
        .flat()
        .filter(has)
        .map(({ person }) => person),
    ).size;
    return {
      overdue: overdue ?? 0,
      due: due ?? 0,
      expiring: expiring ?? 0,
      expired: expired ?? 0,
      people,
      has,
    };
  } catch (error) {
    if (!(error instanceof Failure || error instanceof NotAList || error instanceof Unread)) throw error;
    return undefined;
  }
}

async function goneIn({ list, now }: Pick<JobWorld, "list" | "now">, signal: AbortSignal) {
  const rows = await list("get_users", signal);
  return new Set(
    rows.flatMap((row) => {
      const one = someoneIn(row);
      return one && isGone(one, now()) ? [one.id] : [];
    }),
  );
}

export const numbersIn = ({ has: _, ...numbers }: WithoutAccess): Omit<WithoutAccess, "has"> => numbers;

export function accessTold(found: WithoutAccess | undefined): Told {
  if (found === undefined) {
    const line = "Who has no access any more could not be read; they are counted with the others.";
    return { lines: [line], structured: {} };
  }
  const { people, ...numbers } = numbersIn(found);
  if (people === 0) return { lines: [], structured: {} };
  const some = Object.entries(numbers).flatMap(([what, n]) => (n > 0 ? [`${n} ${what}`] : []));
  const last = some.pop();
  const said = some.length > 0 ? `${some.join(", ")} and ${last}` : last;
  return {
    lines: [
      `of these, ${said} are of ${count(people, "person", "people")} who cannot sign in any more; lists of what is still to be done leave them out`,
    ],
    structured: { without_access: { ...numbers, people } },
  };
}
