import {
  Missing,
  managerRights,
  numberIn,
  type Reads,
  type Row,
  rowsIn,
  Unread,
} from "../../academy/reads.ts";
import { cleanText } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import type { Someone } from "../shared/people-index.ts";

export interface Managers {
  /** The managers of somebody, cleaned. */
  readonly of: (person: Someone) => readonly string[];
  /** What was not looked up, and why. */
  readonly notes: readonly string[];
}

/** The tenant's own field for it, where they told us (SKYPREP_CUSTOM_FIELDS): costs nothing. */
const label = /manager|supervisor|reports to/i;
/** SkyPrep lists nobody's managers: groups are read, and managers asked for in each, a call each. */
const mostCalls = 30;

/** Who manages these people: through a custom field, or through the groups they are in. */
export async function managersOf(
  people: readonly Someone[],
  { view, list }: Pick<JobWorld, "view" | "list">,
  reads: Reads,
  signal: AbortSignal,
): Promise<Managers> {
  const field = [...view.labels].find(([, name]) => label.test(name))?.[0];
  if (field !== undefined) {
    return {
      of: ({ row }) => (typeof row[field] === "string" && row[field] !== "" ? [cleanText(row[field])] : []),
      notes: [],
    };
  }
  const groups = await groupsOf(people, { list, reads, signal });
  if (groups === undefined) {
    return { of: () => [], notes: ["Who manages them was not looked up: it would take too many calls."] };
  }
  const candidates = rowsIn(await list("get_users", signal)).filter(({ role }) => role === "manager");
  const asking = createAsking(reads, mostCalls - groups.calls);
  const found = new Map<number, readonly Lead[]>();
  const managed = new Set<number>();
  for (const { id, members, people: own } of [...groups.all].sort((a, b) => b.people.size - a.people.size)) {
    if ([...own].every((person) => managed.has(person))) continue;
    // Most lead a group that they are in: those are asked about first, and the rest only if none of them does.
    const inside = candidates.filter((row) => members.has(numberIn(row, "user_id")));
    const outside = candidates.filter((row) => !inside.includes(row));
    const leads = await asking.whoManages(id, inside);
    // Nobody is their own manager: then somebody else is looked for.
    const isLed = (person: number, by: readonly Lead[]) => by.some((lead) => lead.id !== person);
    const those = [...own].some((person) => isLed(person, leads))
      ? leads
      : [...leads, ...(await asking.whoManages(id, outside, 1))];
    found.set(id, those);
    for (const person of own) if (isLed(person, those)) managed.add(person);
  }
  return {
    of: ({ id: person }) => [
      ...new Set(
        groups.all
          .flatMap(({ id, people: own }) => (own.has(person) ? (found.get(id) ?? []) : []))
          .filter((lead) => lead.id !== person)
          .map(({ name }) => name),
      ),
    ],
    notes: [
      `Managers through one group of each person's; there may be more${asking.stopped() ? ", and not all were looked for: that would take too many calls" : ""}.`,
    ],
  };
}

interface Lead {
  readonly id: number;
  readonly name: string;
}

/** Asks whether somebody manages a group, as often as may be. */
function createAsking(reads: Reads, most: number) {
  let calls = 0;
  let stopped = false;
  return {
    stopped: () => stopped,
    async whoManages(group: number, rows: readonly Row[], enough = Number.POSITIVE_INFINITY) {
      const leads: Lead[] = [];
      for (const row of rows) {
        if (leads.length >= enough) break;
        if (calls >= most) {
          stopped = true;
          break;
        }
        calls += 1;
        const id = numberIn(row, "user_id");
        const found = await managerRights(reads.one, id, group);
        if (typeof found === "object") leads.push({ id, name: nameOf(row) });
      }
      return leads;
    },
  };
}

interface Held {
  readonly id: number;
  /** Everybody in it that is known of. */
  readonly members: ReadonlySet<number>;
  /** Those of the session. */
  readonly people: ReadonlySet<number>;
}

/** So many groups, or people, are read one by one. */
const few = 12;

/** The groups that these people are in; undefined where finding out would take too many calls. @throws Unread */
async function groupsOf(
  people: readonly Someone[],
  { list, reads, signal }: Pick<JobWorld, "list"> & { readonly reads: Reads; readonly signal: AbortSignal },
): Promise<{ readonly all: readonly Held[]; readonly calls: number } | undefined> {
  const wanted = new Set(people.map(({ id }) => id));
  let ids = rowsIn(await list("get_user_groups", signal)).map((row) => numberIn(row));
  let calls = 0;
  if (ids.length > few) {
    if (people.length > few) return undefined;
    const own = new Set<number>();
    for (const { id } of people) {
      calls += 1;
      const rows = await reads.rows("get_user_group_enrollments_for_user", { user_id: id });
      for (const row of rows) own.add(numberIn(row));
    }
    ids = [...own];
  }
  const all: Held[] = [];
  for (const id of ids.slice(0, few)) {
    calls += 1;
    const { users } = await orNothing(reads.one("get_user_group", { user_group_id: id }));
    const members = new Set(rowsIn(users).map((row) => numberIn(row, "user_id")));
    const inside = new Set([...members].filter((one) => wanted.has(one)));
    if (inside.size > 0) all.push({ id, members, people: inside });
  }
  return { all, calls };
}

/** A group that cannot be read has no managers to show. */
async function orNothing(read: Promise<Row>): Promise<Row> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Missing || error instanceof Unread) return {};
    throw error;
  }
}

const nameOf = ({ display_name, first_name, last_name }: Row): string =>
  cleanText(
    typeof display_name === "string" && display_name !== ""
      ? display_name
      : `${first_name ?? ""} ${last_name ?? ""}`,
  ).slice(0, 60);
