import { Missing, numberIn, type Read, type Row, rowsIn, Unread } from "../../../academy/reads.ts";
import type { JobWorld } from "../../job.ts";
import {
  groupsOfEverybody,
  isTurnedAway,
  membersOfGroup,
  type Questions,
  StillAsking,
  severalAtOnce,
} from "../many-questions.ts";
import { textAt } from "../record-fields.ts";

/** Who is in which group. */
export interface Memberships {
  /** Names by number. */
  readonly groups: ReadonlyMap<number, string>;
  /** Numbers of the groups somebody is in. */
  readonly of: (person: number) => readonly number[];
  readonly members: (group: number) => ReadonlySet<number>;
}

/**
 * Everybody's groups: by one call where SkyPrep adds them to the list of people (skyprep-api §2), else by one for each
 * group. @throws Unread, StillAsking where the call's time was over before all was known
 */
export async function membershipsOf(
  { list }: Pick<JobWorld, "list">,
  questions: Questions,
  signal: AbortSignal,
): Promise<Memberships> {
  const groups = groupNames(await list("get_user_groups", signal));
  if (groups.size === 0) return made(groups, new Map());
  const told = await questions.ask(groupsOfEverybody, (read) => withPeople(read, groups, signal));
  if (told === undefined) throw stillAsking(questions);
  if (told !== "untold") return made(groups, told);
  const asked = await severalAtOnce([...groups.keys()], async (id) => {
    const members = await questions.ask(membersOfGroup(id), (read) => membersIn(read, id, signal));
    return members && { id, members };
  });
  if (asked.length < groups.size) throw stillAsking(questions);
  const of = new Map<number, number[]>();
  for (const { id, members } of asked) for (const one of members) of.set(one, [...(of.get(one) ?? []), id]);
  return made(groups, of);
}

/** Nothing may be counted, or chosen, by a part of it. */
export const stillAsking = (questions: Pick<Questions, "goOn">): StillAsking =>
  new StillAsking(`Not all is read: ${questions.goOn()}.`);

export const groupNames = (rows: readonly unknown[]): ReadonlyMap<number, string> =>
  new Map(
    rowsIn(rows)
      .map((row) => [numberIn(row), textAt(row, "name")] as const)
      .filter(([id]) => Number.isSafeInteger(id) && id > 0),
  );

function made(groups: ReadonlyMap<number, string>, of: ReadonlyMap<number, readonly number[]>): Memberships {
  let members: Map<number, Set<number>> | undefined;
  const all = () => {
    if (members !== undefined) return members;
    members = new Map([...groups.keys()].map((id) => [id, new Set()]));
    for (const [person, ids] of of) for (const id of ids) members.get(id)?.add(person);
    return members;
  };
  return {
    groups,
    of: (person) => of.get(person) ?? [],
    members: (group) => all().get(group) ?? new Set(),
  };
}

/** No documented parameter: it is believed only where everybody came with groups that are there. */
async function withPeople(
  read: Read,
  groups: ReadonlyMap<number, string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, readonly number[]> | "untold"> {
  try {
    const rows = rowsIn(await read("get_users", { include_groups: "true" }, signal));
    const of = new Map<number, readonly number[]>();
    for (const row of rows) {
      if (!Array.isArray(row.user_groups)) return "untold";
      const own = rowsIn(row.user_groups).map((group) => numberIn(group));
      of.set(numberIn(row, "user_id"), [...new Set(own.filter((id) => groups.has(id)))]);
    }
    const isSaid = [...of.values()].some((own) => own.length > 0);
    return isSaid ? of : "untold";
  } catch (error) {
    if (error instanceof Missing || (error instanceof Unread && !isTurnedAway(error))) return "untold";
    throw error;
  }
}

/** @throws Unread where its members are not shown */
export async function membersIn(read: Read, id: number, signal: AbortSignal): Promise<ReadonlySet<number>> {
  try {
    const [row] = rowsIn(await read("get_user_group", { user_group_id: id }, signal));
    const users = (row as Row | undefined)?.users;
    if (users === undefined) throw new Unread(`SkyPrep does not show the members of group ${id}`);
    return new Set(rowsIn(users).map((one) => numberIn(one, "user_id")));
  } catch (error) {
    // It was listed a moment ago: what went since has nobody in it.
    if (error instanceof Missing) return new Set();
    throw error;
  }
}
