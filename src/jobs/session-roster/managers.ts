import { managerRights } from "../../academy/manager-rights.ts";
import { createReads, Missing, numberIn, type Read, type Row, rowsIn, Unread } from "../../academy/reads.ts";
import { cleanText, count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { knownClocks } from "../shared/as-of.ts";
import type { KeptManagers } from "../shared/managers/kept-managers.ts";
import { managerField } from "../shared/managers/who-manages.ts";
import {
  groupsOfPerson,
  isTurnedAway,
  managesGroup,
  membersOfGroup,
  type Questions,
  severalAtOnce,
} from "../shared/many-questions.ts";
import type { Someone } from "../shared/people-index.ts";

export interface Managers {
  /** The managers of somebody, cleaned. */
  readonly of: (person: Someone) => readonly string[];
  /** What was not looked up, and why. */
  readonly notes: readonly string[];
}

/** SkyPrep lists nobody's managers: groups are read, and managers asked for in each, a call each. */
const fewCalls = 30;
/** Of so few groups all are read, and in `fewCalls`; of more, as many as there is time for. */
const few = 12;

interface Lead {
  readonly id: number;
  readonly name: string;
}

interface Held {
  readonly id: number;
  /** Those of the session. */
  readonly people: ReadonlySet<number>;
}

/** Who manages these people: through a custom field, or through the groups they are in. @throws Unread */
export async function managersOf(
  people: readonly Someone[],
  { view, list, zone }: Pick<JobWorld, "view" | "list" | "zone">,
  { questions, kept }: { readonly questions: Questions; readonly kept: KeptManagers },
  signal: AbortSignal,
): Promise<Managers> {
  const field = managerField({ view });
  if (field !== undefined) {
    return {
      of: ({ row }) => (typeof row[field] === "string" && row[field] !== "" ? [cleanText(row[field])] : []),
      notes: [],
    };
  }
  const all = rowsIn(await list("get_user_groups", signal)).map((row) => numberIn(row));
  const asking = createAsking(
    { questions, kept },
    signal,
    all.length > few ? Number.POSITIVE_INFINITY : fewCalls,
  );
  const groups = await groupsOf(people, all, asking);
  if (groups === undefined)
    return { of: () => [], notes: [`Who manages them is not known yet: ${questions.goOn()}.`] };
  const candidates = rowsIn(await list("get_users", signal)).filter(({ role }) => role === "manager");
  const found = new Map<number, readonly Lead[]>();
  const managed = new Set<number>();
  const looked = new Set<number>();
  for (const { id, people: own } of [...groups].sort((a, b) => b.people.size - a.people.size)) {
    if ([...own].every((person) => managed.has(person))) {
      looked.add(id);
      continue;
    }
    const members = await asking.members(id);
    if (members === undefined) break;
    // Most lead a group that they are in: those are asked about first, and the rest only if none of them does.
    const inside = candidates.filter((row) => members.has(numberIn(row, "user_id")));
    const outside = candidates.filter((row) => !inside.includes(row));
    const first = await asking.whoManages(id, inside);
    // Nobody is their own manager: then somebody else is looked for.
    const isLed = (person: number, by: readonly Lead[]) => by.some((lead) => lead.id !== person);
    const isEnough = [...own].some((person) => isLed(person, first.leads));
    const second = isEnough ? { leads: [], isWhole: true } : await asking.whoManages(id, outside, 1);
    const those = [...first.leads, ...second.leads];
    found.set(id, those);
    for (const person of own) if (isLed(person, those)) managed.add(person);
    if (first.isWhole && second.isWhole) looked.add(id);
  }
  const keptSince = kept.since();
  const since =
    keptSince === undefined
      ? questions.sinceWhen()
      : `as of ${knownClocks({ zone }).stamp(keptSince)}, kept for a day (access_review with fresh: true reads them anew).`;
  const isFoundOut = ({ id: person }: Someone) =>
    managed.has(person) || groups.every(({ id, people: own }) => !own.has(person) || looked.has(id));
  return {
    of: ({ id: person }) => [
      ...new Set(
        groups
          .flatMap(({ id, people: own }) => (own.has(person) ? (found.get(id) ?? []) : []))
          .filter((lead) => lead.id !== person)
          .map(({ name }) => name),
      ),
    ],
    notes: [
      `Managers through one group of each person's; there may be more${asking.stopped() ? ", and not all were looked for: that would take too many calls" : ""}.`,
      ...(questions.late()
        ? [
            `For ${people.filter(isFoundOut).length} of ${count(people.length, "person", "people")} a manager was looked for to the end: ${questions.goOn()}.`,
          ]
        : []),
      ...(since === undefined ? [] : [`Managers: ${since}`]),
    ],
  };
}

type Asking = ReturnType<typeof createAsking>;

/** Asks about groups and managers, as often as may be. */
function createAsking(
  { questions, kept }: { readonly questions: Questions; readonly kept: KeptManagers },
  signal: AbortSignal,
  most: number,
) {
  const atOnce = Number.isFinite(most) ? 1 : undefined;
  let calls = 0;
  let stopped = false;
  const rightsOf = async (read: Read, id: number, group: number) => {
    const found = await managerRights(createReads(read, signal).one, id, group);
    return found === "untold" ? found : found !== "no";
  };
  return {
    stopped: () => stopped,
    /** Everybody in it that is known of; undefined: no time. */
    members(id: number) {
      if (!questions.knows(membersOfGroup(id))) calls += 1;
      return questions.ask(membersOfGroup(id), async (read) => {
        const users = await orNothing(async () => {
          const [row] = rowsIn(await read("get_user_group", { user_group_id: id }, signal));
          return row?.users;
        });
        return new Set(rowsIn(users).map((row) => numberIn(row, "user_id")));
      });
    },
    groupsOf(person: number) {
      calls += 1;
      return questions.ask(groupsOfPerson(person), async (read) =>
        (await rowsOf(read, person, signal)).map((row) => numberIn(row)),
      );
    },
    async whoManages(group: number, rows: readonly Row[], enough = Number.POSITIVE_INFINITY) {
      let leads = 0;
      let isWhole = true;
      const ask = async (row: Row) => {
        if (leads >= enough) return undefined;
        const id = numberIn(row, "user_id");
        const known = kept.knows(id, group);
        if (known === undefined && calls >= most) {
          stopped = true;
          return undefined;
        }
        if (known === undefined) calls += 1;
        const told =
          known ?? (await questions.ask(managesGroup(id, group), (read) => rightsOf(read, id, group)));
        if (known === undefined && typeof told === "boolean") kept.learn(id, group, told);
        const found = told === undefined ? undefined : told === true;
        if (found === undefined) isWhole = false;
        if (found) leads += 1;
        return found === undefined ? undefined : { found, id, name: nameOf(row) };
      };
      const answers = await severalAtOnce(rows, ask, atOnce);
      return { leads: answers.filter(({ found }) => found).slice(0, enough), isWhole };
    },
  };
}

/** @throws Unread */
const rowsOf = (read: Read, person: number, signal: AbortSignal): Promise<readonly Row[]> =>
  createReads(read, signal).rows("get_user_group_enrollments_for_user", { user_id: person });

/** The groups that these people are in; undefined: no time to find out. @throws Unread */
async function groupsOf(
  people: readonly Someone[],
  all: readonly number[],
  asking: Asking,
): Promise<readonly Held[] | undefined> {
  const held = new Map<number, Set<number>>();
  const put = (group: number, person: number) => {
    const own = held.get(group) ?? new Set();
    held.set(group, own.add(person));
  };
  const byPerson = all.length > few && people.length <= all.length;
  if (byPerson) {
    const told = await severalAtOnce(people, async ({ id }) => {
      const own = await asking.groupsOf(id);
      return own && { id, own };
    });
    if (told.length < people.length) return undefined;
    for (const { id, own } of told) for (const group of own) put(group, id);
  } else {
    const wanted = new Set(people.map(({ id }) => id));
    const told = await severalAtOnce(
      all,
      async (id) => {
        const members = await asking.members(id);
        return members && { id, members };
      },
      all.length > few ? undefined : 1,
    );
    if (told.length < all.length) return undefined;
    for (const { id, members } of told) for (const person of members) if (wanted.has(person)) put(id, person);
  }
  return [...held].map(([id, own]) => ({ id, people: own }));
}

/** A group that cannot be read has no managers to show. */
async function orNothing(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Missing || (error instanceof Unread && !isTurnedAway(error))) return undefined;
    throw error;
  }
}

const nameOf = ({ display_name, first_name, last_name }: Row): string =>
  cleanText(
    typeof display_name === "string" && display_name !== ""
      ? display_name
      : `${first_name ?? ""} ${last_name ?? ""}`,
  ).slice(0, 60);
