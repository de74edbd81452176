import { Missing, managerRights, type Read, type Row, Unread } from "../../academy/reads.ts";
import type { Progress } from "../../call/call-deadline.ts";
import {
  groupsOfPerson,
  isTurnedAway,
  managesGroup,
  type Questions,
  severalAtOnce,
} from "../shared/many-questions.ts";
import { idIn, textAt } from "../shared/record-fields.ts";
import type { Holder } from "./holders.ts";

/** The groups a manager was found to manage. */
export interface Managed {
  readonly groups: readonly { readonly id: number; readonly name: string; readonly may: readonly string[] }[];
  /** Every group was asked about; else those the person is in. */
  readonly everywhere: boolean;
  /** A policy leaves some out: they may manage what is not seen. */
  readonly partly: boolean;
  /** Groups SkyPrep would not tell of. */
  readonly untold: number;
  /** Of how many groups that was found out, where the call's time was over before the rest. */
  readonly askedOf?: { readonly groups: number; readonly all: number };
}

interface World {
  readonly questions: Questions;
  readonly groups: ReadonlyMap<number, string>;
  readonly partly: boolean;
  readonly signal: AbortSignal;
}

/** How thoroughly managers are asked about: `all` only where every group of all of them can be asked about. */
export interface GroupReadOptions {
  /** So many questions at most; endless: as many as there are groups and managers, for as long as there is time. */
  readonly most: number;
  readonly about: "all" | "all or their own groups";
  readonly progress: Progress;
}

export interface ManagedGroups {
  readonly of: ReadonlyMap<number, Managed>;
  readonly everywhere: boolean;
  /** Where not all could be asked: why, and how to go on. */
  readonly goOn: string;
}

/**
 * SkyPrep lists no manager's groups: it only says of one person and one group whether, and with which rights.
 * Where that would be too many questions, the groups they are in are asked about, as long as they last.
 */
export async function managedBy(
  managers: readonly Holder[],
  world: World,
  { most, about, progress }: GroupReadOptions,
): Promise<ManagedGroups> {
  const of = new Map<number, Managed>();
  const { groups, partly } = world;
  const everywhere = groups.size * managers.length <= most;
  let calls = 0;
  if (!everywhere && about === "all") return { of, everywhere, goOn: "" };
  for (const [n, manager] of managers.entries()) {
    progress(n, managers.length, "managers' groups");
    if (!everywhere) calls += 1;
    if (calls > most) break;
    const asked = everywhere ? await likelyFirst(manager, world) : await ownGroups(manager, world);
    if (asked === "no time") break;
    if (asked !== undefined && calls + asked.length > most) break;
    calls += asked?.length ?? 0;
    const managed =
      asked === undefined
        ? { groups: [], everywhere, partly, untold: 1 }
        : await ask(manager, asked, { ...world, everywhere });
    // Of the first something is told in any case; any other is whole, or the next page's.
    if (managed.askedOf !== undefined && (of.size > 0 || !everywhere)) break;
    of.set(manager.id, managed);
    if (managed.askedOf !== undefined) break;
  }
  return { of, everywhere, goOn: world.questions.goOn() };
}

async function ask(
  { id: user_id }: Holder,
  groups: readonly (readonly [number, string])[],
  { questions, everywhere, partly, signal }: World & { readonly everywhere: boolean },
): Promise<Managed> {
  const answers = await severalAtOnce(groups, async ([id, name]) => {
    const found = await questions.ask(managesGroup(user_id, id), (read) =>
      rightsOrNot(read, { user_id, id, signal }),
    );
    return typeof found === "object" ? { id, name, may: found.may } : found;
  });
  const isCut = answers.length < groups.length;
  return {
    groups: answers.filter((one) => typeof one === "object"),
    everywhere,
    partly,
    untold: answers.filter((one) => one === "untold").length,
    ...(isCut && { askedOf: { groups: answers.length, all: groups.length } }),
  };
}

async function rightsOrNot(
  read: Read,
  { user_id, id, signal }: { readonly user_id: number; readonly id: number; readonly signal: AbortSignal },
): Promise<{ readonly may: readonly string[] } | "no" | "untold"> {
  try {
    const found = await managerRights((route, who) => read(route, who, signal), user_id, id);
    return typeof found === "object" ? { may: allowed(found.row) } : found;
  } catch (error) {
    if (error instanceof Unread && !isTurnedAway(error)) return "untold";
    throw error;
  }
}

const allowed = (row: Row): string[] =>
  Object.entries(row)
    .filter(([name, value]) => /^can_[a-z_]{1,60}$/.test(name) && (value === true || value === "true"))
    .map(([name]) => name.slice(4).replaceAll("_", " "));

/** Fewer are all asked about at once. */
const manyGroups = 60;

/** All groups; where they are many, those first that the manager is in: most lead one of them. */
async function likelyFirst(manager: Holder, world: World): Promise<readonly (readonly [number, string])[]> {
  const all = [...world.groups];
  if (all.length <= manyGroups) return all;
  const found = await ownGroups(manager, world);
  const own = new Set(typeof found === "object" ? found.map(([id]) => id) : []);
  return [...all.filter(([id]) => own.has(id)), ...all.filter(([id]) => !own.has(id))];
}

/** Undefined: SkyPrep would not tell. */
async function ownGroups(
  { id }: Holder,
  { questions, signal }: World,
): Promise<readonly (readonly [number, string])[] | "no time" | undefined> {
  const found = await questions.ask(groupsOfPerson(id), async (read) => {
    try {
      const answer = await read("get_user_group_enrollments_for_user", { user_id: id }, signal);
      return [answer].flat().flatMap((row) => {
        const group = idIn((row ?? {}) as Row, "id");
        return group === undefined ? [] : [[group, textAt(row as Row, "name")] as const];
      });
    } catch (error) {
      if (error instanceof Missing || (error instanceof Unread && !isTurnedAway(error))) return "untold";
      throw error;
    }
  });
  if (found === undefined) return "no time";
  return found === "untold" ? undefined : found;
}
