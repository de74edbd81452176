import type { JobContext } from "../../call/job-context.ts";
import type { Reply } from "../../reply/reply.ts";
import type { JobWorld } from "../job.ts";
import { refuseLeft } from "../shared/left-out.ts";
import { type Someone, unique } from "../shared/people-index.ts";
import { peopleMeant } from "../shared/people-meant.ts";
import type { Plan } from "../shared/plan.ts";
import { selectedInWords, someWhere } from "../shared/selection/some-where.ts";
import type { Where } from "../shared/selection/where.ts";

/** Who leaves, as a call says it. */
export interface LeaversAsked {
  readonly people?: readonly string[] | undefined;
  readonly csv?: string | undefined;
  /** By what they are. */
  readonly where?: Where | undefined;
}

export interface LeaversMeant {
  readonly people: readonly Someone[];
  /** Last day of those whose row says one; ISO. */
  readonly days: ReadonlyMap<number, string>;
  readonly left: Plan["left"];
  readonly notes: readonly string[];
}

/**
 * Everybody a call means, each once; a refusal where that is nobody, or the list cannot be read. Whatever else may say
 * who is meant (people by what they are) is resolved here, and nowhere else in this job.
 */
export async function leaversMeant(
  asked: LeaversAsked,
  world: JobWorld,
  inner: JobContext,
): Promise<LeaversMeant | Reply> {
  const { signal } = inner;
  const selected =
    asked.where === undefined
      ? undefined
      : await someWhere(asked.where, world, inner, "name all of them in csv");
  const meant = await peopleMeant({ ...asked, leavers: true }, world, signal);
  const plan = { kind: "steps" } as const;
  if (selected && "wrong" in selected) {
    const why = ["No plan was made; nothing was changed.", ...selected.wrong, ...meant.notes] as const;
    return refuseLeft(why, meant.left, plan, world);
  }
  if (meant.refused !== undefined) {
    const why = ["No plan was made; nothing was changed.", meant.refused, ...meant.notes] as const;
    return refuseLeft(why, meant.left, plan, world);
  }
  const people = unique([...meant.people, ...(selected?.people ?? [])]);
  if (people.length === 0) {
    const why = ["No plan was made: nobody was found. Nothing was changed.", ...meant.notes] as const;
    return refuseLeft(why, meant.left, plan, world);
  }
  const notes = [...(selected ? selectedInWords(selected) : []), ...meant.notes];
  return { ...meant, people, notes };
}
