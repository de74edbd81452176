import { managerRights } from "../../../academy/manager-rights.ts";
import { type Row, rowsIn, Unread } from "../../../academy/reads.ts";
import type { JobContext } from "../../../call/job-context.ts";
import { cleanText, count } from "../../../text/english.ts";
import type { JobWorld } from "../../job.ts";
import { knownClocks } from "../as-of.ts";
import {
  isTurnedAway,
  managesGroup,
  type Questions,
  readingUntil,
  severalAtOnce,
  withQuestions,
} from "../many-questions.ts";
import { type Someone, someoneIn } from "../people-index.ts";
import type { Memberships } from "../selection/memberships.ts";
import { type KeptManagers, openManagers } from "./kept-managers.ts";

/** A manager of somebody; without a number where the tenant's own field names them. */
export interface Lead {
  readonly id?: number;
  /** Cleaned. */
  readonly name: string;
}

export interface WhoManages {
  /** Nobody is their own. `untold`: there may be one, not found out yet. */
  readonly of: (person: Someone) => readonly Lead[] | "untold";
  /** As of when, what was not looked up, and why. */
  readonly notes: readonly string[];
}

/** The tenant's own field for it, where they told us (SKYPREP_CUSTOM_FIELDS): costs nothing. */
export function managerField({ view }: Pick<JobWorld, "view">): string | undefined {
  return [...view.labels].find(([, name]) => /manager|supervisor|reports to/i.test(name))?.[0];
}

/** Whoever may be manager of a group: SkyPrep gives groups to these alone (skyprep-api §1.13). */
export const mayManage = ({ role, manager }: Row): boolean =>
  role === "manager" || manager === true || manager === "true";

export interface ManagersAsked {
  /** Whose managers are wanted. */
  readonly people: readonly Someone[];
  readonly memberships: Memberships;
  readonly fresh: boolean;
}

/**
 * Who manages these people: through a field of the tenant's own, or through the groups they are in. SkyPrep tells it of
 * one person and one group at a time (docs/decisions/019), and that is kept for a day. @throws Unread
 */
export async function whoManages(
  { people, memberships, fresh }: ManagersAsked,
  world: JobWorld,
  inner: Pick<JobContext, "signal" | "reading" | "progress">,
): Promise<WhoManages> {
  const field = managerField(world);
  if (field !== undefined) {
    return {
      of: ({ row }) => {
        const name = typeof row[field] === "string" ? cleanText(row[field]).slice(0, 80) : "";
        return name === "" ? [] : [{ name }];
      },
      notes: [],
    };
  }
  const everybody = rowsIn(await world.list("get_users", inner.signal));
  const managers = everybody.filter(mayManage).flatMap((row) => someoneIn(row) ?? []);
  const groups = new Set(people.flatMap(({ id }) => memberships.of(id)));
  const pairs = likelyFirst(managers, groups, memberships);
  const kept = await openManagers(world, { fresh });
  const asked = await withQuestions(
    { work: ["who manages"], until: readingUntil(world.now(), world), fresh },
    world,
    inner,
    async (questions) => {
      const manages = askManages(kept, questions, inner.signal);
      let n = 0;
      const answers = await severalAtOnce(pairs, async ({ manager, group }) => {
        inner.progress(n++, pairs.length, "Reading who manages whom.");
        const is = await manages(manager.id, group);
        return is === undefined ? undefined : { manager, group, is };
      });
      return { answers, goOn: questions.late() ? questions.goOn() : "" };
    },
  ).finally(() => kept.keep());
  const leads = new Map<number, Lead[]>();
  const told = new Map<number, number>();
  let untold = 0;
  for (const { manager, group, is } of asked.answers) {
    told.set(group, (told.get(group) ?? 0) + 1);
    if (is === "untold") untold += 1;
    if (is === true) leads.set(group, [...(leads.get(group) ?? []), { id: manager.id, name: manager.name }]);
  }
  const isWhole = (group: number) => (told.get(group) ?? 0) === managers.length;
  const since = kept.since();
  return {
    of: ({ id }) => {
      const own = memberships.of(id);
      const all = new Map(own.flatMap((group) => leads.get(group) ?? []).map((lead) => [lead.id, lead]));
      all.delete(id);
      return all.size === 0 && !own.every(isWhole) ? "untold" : [...all.values()];
    },
    notes: [
      ...(since === undefined
        ? []
        : [
            `Who manages whom: as of ${knownClocks(world).stamp(since)}, kept for a day (fresh: true reads it anew).`,
          ]),
      ...(asked.goOn === ""
        ? []
        : [
            `Who manages whom is not all known yet: ${asked.answers.length} of ${count(pairs.length, "question")} were asked, of those who lead their own group first; ${asked.goOn}.`,
          ]),
      ...(untold > 0 ? ["Of some groups SkyPrep would not say who manages them."] : []),
    ],
  };
}

interface Pair {
  readonly manager: Someone;
  readonly group: number;
}

/** Most lead a group that they are in: those are asked about first. */
function likelyFirst(
  managers: readonly Someone[],
  groups: ReadonlySet<number>,
  { members }: Memberships,
): readonly Pair[] {
  const all = [...groups].flatMap((group) => managers.map((manager) => ({ manager, group })));
  const isIn = ({ manager, group }: Pair) => members(group).has(manager.id);
  return [...all.filter(isIn), ...all.filter((pair) => !isIn(pair))];
}

/** Undefined: no time is left to ask. */
export type AskManages = (person: number, group: number) => Promise<boolean | "untold" | undefined>;

/** What is kept first; SkyPrep for the rest, which is kept in turn. */
export const askManages =
  (kept: KeptManagers, questions: Questions, signal: AbortSignal): AskManages =>
  async (person, group) => {
    const known = kept.knows(person, group);
    if (known !== undefined) return known;
    const found = await questions.ask(managesGroup(person, group), async (read) => {
      try {
        const is = await managerRights((route, who) => read(route, who, signal), person, group);
        return typeof is === "object" ? true : is === "no" ? false : "untold";
      } catch (error) {
        if (error instanceof Unread && !isTurnedAway(error)) return "untold";
        throw error;
      }
    });
    if (typeof found === "boolean") kept.learn(person, group, found);
    return found;
  };

/** The numbers of the groups that somebody manages. Undefined: no time is left to ask. */
export async function groupsManagedBy(
  person: number,
  groups: Iterable<number>,
  manages: AskManages,
): Promise<ReadonlySet<number> | undefined> {
  const all = [...groups];
  const answers = await severalAtOnce(all, async (group) => {
    const is = await manages(person, group);
    return is === undefined ? undefined : { group, is };
  });
  if (answers.length < all.length) return undefined;
  if (answers.some(({ is }) => is === "untold"))
    throw new Unread(`SkyPrep would not say of every group whether person ${person} manages it`);
  return new Set(answers.flatMap(({ group, is }) => (is === true ? [group] : [])));
}
