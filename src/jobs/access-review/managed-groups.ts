import { Missing, managerRights, type Row, Unread } from "../../academy/reads.ts";
import type { Progress } from "../../call/call-deadline.ts";
import type { JobWorld } from "../job.ts";
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
}

interface World extends Pick<JobWorld, "read"> {
  readonly groups: ReadonlyMap<number, string>;
  readonly partly: boolean;
  readonly signal: AbortSignal;
}

/** How thoroughly managers are asked about: `all` only where every group of all of them can be asked about. */
export interface GroupReadOptions {
  readonly most: number;
  readonly about: "all" | "all or their own groups";
  readonly progress: Progress;
}

export interface ManagedGroups {
  readonly of: ReadonlyMap<number, Managed>;
  readonly everywhere: boolean;
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
  if (!everywhere && about === "all") return { of, everywhere };
  for (const [n, manager] of managers.entries()) {
    progress(n, managers.length, "managers' groups");
    if (!everywhere) calls += 1;
    if (calls > most) break;
    const asked = everywhere ? [...groups] : await ownGroups(manager, world);
    if (asked !== undefined && calls + asked.length > most) break;
    calls += asked?.length ?? 0;
    of.set(
      manager.id,
      asked === undefined
        ? { groups: [], everywhere, partly, untold: 1 }
        : await ask(manager, asked, { ...world, everywhere }),
    );
  }
  return { of, everywhere };
}

async function ask(
  { id: user_id }: Holder,
  groups: readonly (readonly [number, string])[],
  { read, signal, everywhere, partly }: World & { readonly everywhere: boolean },
): Promise<Managed> {
  const answers = await Promise.all(
    groups.map(async ([id, name]) => {
      try {
        const found = await managerRights((route, who) => read(route, who, signal), user_id, id);
        if (found === "no") return undefined;
        return found === "untold" ? found : { id, name, may: allowed(found.row) };
      } catch (error) {
        if (error instanceof Unread) return "untold";
        throw error;
      }
    }),
  );
  return {
    groups: answers.flatMap((one) => (one === undefined || one === "untold" ? [] : [one])),
    everywhere,
    partly,
    untold: answers.filter((one) => one === "untold").length,
  };
}

const allowed = (row: Row): string[] =>
  Object.entries(row)
    .filter(([name, value]) => /^can_[a-z_]{1,60}$/.test(name) && (value === true || value === "true"))
    .map(([name]) => name.slice(4).replaceAll("_", " "));

async function ownGroups(
  { id }: Holder,
  { read, signal }: World,
): Promise<(readonly [number, string])[] | undefined> {
  try {
    const answer = await read("get_user_group_enrollments_for_user", { user_id: id }, signal);
    return [answer].flat().flatMap((row) => {
      const group = idIn((row ?? {}) as Row, "id");
      return group === undefined ? [] : [[group, textAt(row as Row, "name")] as const];
    });
  } catch (error) {
    if (error instanceof Missing || error instanceof Unread) return undefined;
    throw error;
  }
}
