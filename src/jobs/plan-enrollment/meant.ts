import { createReads, Missing } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { cleanText } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { targetsNamed } from "../shared/name-targets.ts";
import { type Someone, someoneIn, unique } from "../shared/people-index.ts";
import { peopleMeant } from "../shared/people-meant.ts";
import type { PlanTarget } from "../shared/plan.ts";
import { resolve } from "../shared/resolve.ts";
import { selectedInWords, someWhere } from "../shared/selection/some-where.ts";
import type { Where } from "../shared/selection/where.ts";

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
async function membersOf(
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

/** Everybody whom a call names, has in a group or selects, each once; `refused`, `wrong`: why there is no plan. */
export async function whoIsMeant(asked: WhoAsked, world: JobWorld, inner: JobContext) {
  const group = asked.group === undefined ? undefined : await membersOf(asked.group, world, inner.signal);
  const selected = asked.where === undefined ? undefined : await someWhere(asked.where, world, inner);
  const meant = await peopleMeant(asked, world, inner.signal);
  const wrong = [
    ...(group && "wrong" in group ? [group.wrong] : []),
    ...(selected && "wrong" in selected ? selected.wrong : []),
  ];
  const [members, found] = [
    group && "members" in group ? group.members : [],
    selected && "people" in selected ? selected : undefined,
  ];
  return {
    people: unique([...meant.people, ...members, ...(found?.people ?? [])]),
    /** Undefined: they are not just the members of one group. */
    of: group && "of" in group && meant.people.length === 0 && found === undefined ? group.of : undefined,
    /** The list cannot be read, or means nobody by what it says. */
    refused: meant.refused === undefined ? [] : [meant.refused],
    wrong,
    left: meant.left,
    notes: meant.notes,
    selected: found ? selectedInWords(found) : [],
  };
}

/** Who is meant, in a call of this job. */
interface WhoAsked {
  readonly people?: readonly string[] | undefined;
  readonly csv?: string | undefined;
  readonly group?: string | undefined;
  readonly where?: Where | undefined;
}
