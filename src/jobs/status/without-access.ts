import { NotAList } from "../../call/rows.ts";
import { Unread } from "../../guard/look.ts";
import { count } from "../../guard/words.ts";
import { Failure } from "../../skyprep/failure.ts";
import type { JobWorld } from "../job.ts";
import { isGone, someoneIn } from "../plans/everyone.ts";
import { type At, isDue, isOverdue } from "./numbers.ts";
import type { TrainingRecord } from "./record.ts";
import type { Told } from "./told.ts";

/** People who cannot sign in any more: nobody is to chase them. */
export interface WithoutAccess {
  readonly has: (record: TrainingRecord) => boolean;
  readonly told: Told;
}

const nobody: WithoutAccess = { has: () => false, told: { lines: [], structured: {} } };

/** Whose open training nobody can do; read only where something is overdue or due. */
export async function withoutAccess(
  records: readonly TrainingRecord[],
  at: At,
  world: Pick<JobWorld, "list" | "now">,
  signal: AbortSignal,
): Promise<WithoutAccess> {
  const chased = records.filter((record) => isOverdue(record, at) || isDue(record, at));
  if (chased.length === 0) return nobody;
  try {
    const rows = await world.list("get_users", signal);
    const gone = new Set(
      rows.flatMap((row) => {
        const one = someoneIn(row);
        return one && isGone(one, world.now()) ? [one.id] : [];
      }),
    );
    const has = ({ person }: TrainingRecord) => gone.has(person);
    const [overdue, due] = [isOverdue, isDue].map((is) => chased.filter((one) => is(one, at) && has(one)));
    return { has, told: tell(overdue ?? [], due ?? []) };
  } catch (error) {
    if (!(error instanceof Failure || error instanceof NotAList || error instanceof Unread)) throw error;
    const line = "Who has no access any more could not be read; they are counted with the others.";
    return { ...nobody, told: { lines: [line], structured: {} } };
  }
}

function tell(overdue: readonly TrainingRecord[], due: readonly TrainingRecord[]): Told {
  if (overdue.length + due.length === 0) return { lines: [], structured: {} };
  const people = new Set([...overdue, ...due].map(({ person }) => person)).size;
  return {
    lines: [
      `of these, ${overdue.length} overdue and ${due.length} due are of ${count(people, "person", "people")} who cannot sign in any more; lists leave them out`,
    ],
    structured: { without_access: { overdue: overdue.length, due: due.length, people } },
  };
}
