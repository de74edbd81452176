import { Missing, type Row, Unread } from "../../academy/reads.ts";
import type { Progress } from "../../call/call-deadline.ts";
import type { KeptManagers } from "../shared/managers/kept-managers.ts";
import type { AskManages } from "../shared/managers/who-manages.ts";
import { groupsOfPerson, isTurnedAway, type Questions, severalAtOnce } from "../shared/many-questions.ts";
import { idIn, textAt } from "../shared/record-fields.ts";
import type { Holder } from "./holders.ts";

/** The groups a manager was found to manage. */
export interface Managed {
  readonly groups: readonly { readonly id: number; readonly name: string }[];
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
  /** What is kept of it first, then SkyPrep. */
  readonly manages: AskManages;
  readonly kept: Pick<KeptManagers, "has">;
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
  const { groups, partly, kept } = world;
  const unknown = managers.reduce(
    (sum, { id }) => sum + [...groups.keys()].filter((group) => !kept.has(id, group)).length,
    0,
  );
  const everywhere = unknown <= most;
  let calls = 0;
  if (!everywhere && about === "all") return { of, everywhere, goOn: "" };
  for (const [n, manager] of managers.entries()) {
    progress(n, managers.length, "managers' groups");
    if (!everywhere) calls += 1;
    if (calls > most) break;
    const asked = everywhere ? await likelyFirst(manager, world) : await ownGroups(manager, world);
    if (asked === "no time") break;
    const cost = asked?.filter(([id]) => !kept.has(manager.id, id)).length ?? 0;
    if (calls + cost > most) break;
    calls += cost;
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
  { manages, everywhere, partly }: World & { readonly everywhere: boolean },
): Promise<Managed> {
  const answers = await severalAtOnce(groups, async ([id, name]) => {
    const found = await manages(user_id, id);
    return found === undefined ? undefined : { id, name, found };
  });
  const isCut = answers.length < groups.length;
  return {
    groups: answers.flatMap(({ id, name, found }) => (found === true ? [{ id, name }] : [])),
    everywhere,
    partly,
    untold: answers.filter(({ found }) => found === "untold").length,
    ...(isCut && { askedOf: { groups: answers.length, all: groups.length } }),
  };
}

/** Fewer are all asked about at once. */
const manyGroups = 60;

/** All groups; where they are many, those first that the manager is in: most lead one of them. */
async function likelyFirst(manager: Holder, world: World): Promise<readonly (readonly [number, string])[]> {
  const all = [...world.groups];
  const isKnown = all.every(([id]) => world.kept.has(manager.id, id));
  if (all.length <= manyGroups || isKnown) return all;
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
