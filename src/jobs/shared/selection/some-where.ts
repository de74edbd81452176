import type { JobContext } from "../../../call/job-context.ts";
import type { JobWorld } from "../../job.ts";
import { extremes, peopleWhere } from "./people-where.ts";
import type { Where } from "./where.ts";

/** Nobody and everybody are no selection: what writes must not reach all by a slip. */
export async function someWhere(
  where: Where,
  world: JobWorld,
  inner: JobContext,
  everybody = "name a group of all in group, or all of them in csv",
) {
  const selected = await peopleWhere(where, world, inner);
  if ("wrong" in selected) return selected;
  const extreme = extremes(selected);
  if (extreme === undefined) return selected;
  const isAll = selected.people.length > 0;
  return {
    wrong: [extreme, ...selected.notes, ...(isAll ? [`If everybody is meant, ${everybody}.`] : [])],
  };
}

/** How many were selected by what, for whoever reads the plan. */
export const selectedInWords = ({
  people,
  of,
  words,
  notes,
}: Exclude<Awaited<ReturnType<typeof peopleWhere>>, { readonly wrong: unknown }>): string[] => [
  `Selected: ${people.length} of ${of} (${words}).`,
  ...notes,
];
