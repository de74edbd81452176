import { createReads, Missing } from "../../academy/reads.ts";
import { cleanText } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { targetsNamed } from "../shared/name-targets.ts";
import { type Someone, someoneIn } from "../shared/people-index.ts";
import type { PlanTarget } from "../shared/plan.ts";
import { resolve } from "../shared/resolve.ts";

/** Courses, groups and paths as a call names them. */
export interface NamedTargets {
  readonly courses?: readonly string[] | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly paths?: readonly string[] | undefined;
}

export async function targetsMeant(asked: NamedTargets, world: JobWorld, signal: AbortSignal) {
  const wrong: string[] = [];
  const notes: string[] = [];
  const naming = { world, reads: createReads(world.read, signal), signal, wrong, notes };
  const targets: PlanTarget[] = [
    ...(await targetsNamed("course", asked.courses, naming)),
    ...(await targetsNamed("group", asked.groups, naming)),
    ...(await targetsNamed("path", asked.paths, naming)),
  ];
  return { targets, wrong, notes };
}

/** Everybody in a group, and which one it is. */
export async function membersOf(
  text: string,
  world: JobWorld,
  signal: AbortSignal,
): Promise<{ readonly of: PlanTarget; readonly members: readonly Someone[] } | { readonly wrong: string }> {
  const group = await resolve("group", text, world, signal);
  if ("wrong" in group) return group;
  try {
    const answer = (await world.read("get_user_group", { user_group_id: group.id }, signal)) as {
      users?: unknown;
    };
    const { users } = ([answer].flat()[0] ?? {}) as { users?: unknown };
    if (users === undefined) return { wrong: `The members of group ${group.id} are not shown by SkyPrep.` };
    return {
      of: { kind: "group", id: group.id, name: cleanText(group.label).slice(0, 80) },
      members: [users].flat().flatMap((row) => someoneIn(row) ?? []),
    };
  } catch (error) {
    if (error instanceof Missing) return { wrong: `There is no group ${group.id}.` };
    throw error;
  }
}

export const unique = (people: readonly Someone[]): Someone[] => [
  ...new Map(people.map((one) => [one.id, one])).values(),
];
