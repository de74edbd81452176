import type { Consequence, Finding, Reach, Subject } from "../../../../tools/schema/consequence.ts";
import { archivedListingOf, withArchived } from "../../../academy/archived.ts";
import { loginKey } from "../../../academy/identity.ts";
import { type Args, type BoundedReads, listAt, Missing, type Row, Unread } from "../../../academy/reads.ts";
import { zoneReads } from "../../../academy/time-zone.ts";
import { type Naming, type Seen, type Thing, targetsIn, text } from "../subjects.ts";

export interface FindingContext {
  readonly args: Args;
  readonly look: BoundedReads;
  /** What the call is about, as it was read. */
  readonly seen: Readonly<Partial<Record<Subject, Seen>>>;
  readonly reached: ReachedPeople | undefined;
  /** Pairs of the last hour that nobody was asked about. */
  readonly unasked: number;
  readonly now: number;
  readonly naming: Naming;
  /** One of many steps: what costs a read of its own is left out, and said to be. */
  readonly shared: boolean;
}

/** What goes with a change. */
export interface Findings {
  /** What goes, as parts of one sentence. */
  readonly goes?: readonly string[];
  /** Sentences that belong with what is lost, whatever else is told. */
  readonly first?: readonly string[];
  /** Sentences of their own. */
  readonly facts?: readonly string[];
  /** Numbers that an answer is good for while they grow little (contract §5). */
  readonly counts?: Readonly<Record<string, number>>;
  /** How a pair or a right stands: an answer is good for it as it is (contract §5). */
  readonly stands?: readonly unknown[];
  /** How that stands could not be read. */
  readonly unread?: true;
  /** What would be taken away is not there: nothing is lost. */
  readonly absent?: true;
}

export type Find = (asking: FindingContext) => Promise<Findings>;

/** What cannot be read is said, never left out. */
export async function orSay(find: Promise<Findings>, what: string): Promise<Findings> {
  try {
    return await find;
  } catch (error) {
    if (error instanceof Unread || error instanceof Missing)
      return {
        facts: [`${what.charAt(0).toUpperCase()}${what.slice(1)} could not be read.`],
        ...(error instanceof Unread && { unread: true as const }),
      };
    throw error;
  }
}

const pageRows = 100;
const mostPages = 3;

export interface Progresses {
  readonly rows: readonly Row[];
  /** Whether these are all; otherwise counts are lower bounds. */
  readonly whole: boolean;
  /** Archived ones may be missing: SkyPrep shows them in no list, or they could not be read. */
  readonly unarchived?: true;
}

type OnesOrACourses = { readonly user_id: number } | { readonly course_id: number };

/** Course progress of one person or one course; undefined where SkyPrep did not narrow the list. */
export async function readProgress(
  look: BoundedReads,
  filter: OnesOrACourses,
  now: number,
): Promise<Progresses | undefined> {
  const listed = await listedProgress(look, filter);
  if (listed === undefined) return undefined;
  const { of, read, signal } = look.once;
  const listing = archivedListingOf(of);
  const find = () => listing.find(read, { signal, now });
  const { rows, whole } = await withArchived(filter, listed.rows, { listing, find, rows: look.rows });
  return { rows, whole: listed.whole && whole, ...(!whole && { unarchived: true as const }) };
}

/** The same, of archived records only those that are listed with the others. */
export async function listedProgress(
  look: BoundedReads,
  filter: OnesOrACourses,
): Promise<Progresses | undefined> {
  const [[name, wanted]] = Object.entries(filter) as [[string, number]];
  const rows: Row[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const parameters = { ...filter, per_page: pageRows, page };
    let got: readonly Row[];
    try {
      got = await look.rows("get_course_progresses", parameters);
    } catch (error) {
      if (error instanceof Unread && rows.length > 0) return { rows, whole: false };
      throw error;
    }
    if (got.some((row) => Number(row[name]) !== wanted)) return undefined;
    const again = got.length > 0 && rows.some(({ id }) => id === got[0]?.id);
    if (again) return { rows, whole: true };
    rows.push(...got);
    if (got.length !== pageRows) return { rows, whole: true };
  }
  return { rows, whole: false };
}

/** What is said of a count without them. */
export const withoutArchived = "archived ones could not be counted";

/** What is in a list, each to be called by its name. */
export const thingsIn = (list: unknown, kind: string): Thing[] =>
  [list]
    .flat()
    .filter((one): one is Row => typeof one === "object" && one !== null)
    .map((row) => ({ kind, id: Number(row.id), name: text(row.name ?? row.full_name) }));

export const lengthOf = (list: unknown): number | undefined =>
  Array.isArray(list) ? list.length : typeof list === "object" && list !== null ? 1 : undefined;

interface Known {
  readonly about: readonly Subject[];
  readonly tells: readonly Finding[];
  readonly seen: Readonly<Partial<Record<Subject, Seen>>>;
  readonly reached: ReachedPeople | undefined;
}

/** Whom a call affects, each once: whom it names, and who is behind its groups and paths; by number or login. */
export function affectedBy(args: Args, { about, tells, seen, reached }: Known): ReadonlySet<string> {
  const named = targetsIn(about, args).flatMap(({ kind, id, login }) => {
    if (kind === "person") return [loginKey(id ?? login)];
    // A registration is somebody's; whose is not always known.
    return kind === "registration" ? [`registration ${id}`] : [];
  });
  const behind = [
    ...(tells.includes("group-holds") ? [seen.group?.row] : []),
    ...(tells.includes("path-holds") ? [seen.path?.row] : []),
  ];
  const members = behind.flatMap((row) => [row?.users ?? []].flat()).flatMap(numberOf);
  return new Set([...named, ...members, ...(reached?.who ?? [])]);
}

const numberOf = (member: unknown): string[] => {
  const { id, user_id } = (member ?? {}) as Row;
  const one = user_id ?? id;
  return one === undefined ? [] : [loginKey(one)];
};

/** The members of a group or path that a call takes something from, asked about or not: a budget counts them. */
export function behind(
  possible: readonly Consequence[],
  { group, path }: Partial<Record<Subject, Seen>>,
): number {
  const holds = { "group-holds": group, "path-holds": path };
  const all = possible
    .flatMap(({ tells = [] }) => tells)
    .map((name) => lengthOf(holds[name as keyof typeof holds]?.row?.users));
  return Math.max(0, ...all.map((n) => n ?? 0));
}

interface ZoneReads {
  /** As far as it is known without asking, or from these rows. */
  readonly zone?: ((rows?: readonly unknown[]) => string | undefined) | undefined;
  readonly tells: "all" | "people" | "nothing";
  readonly shared?: boolean;
  readonly look: BoundedReads;
}

/** What is told in the academy's own days and hours. */
const clocked: ReadonlySet<Finding> = new Set(["link", "ends"]);

/** The academy's zone; in a process that has read nothing yet, read for a question that hangs on it. */
export async function zoneFor(
  rows: readonly unknown[],
  possible: readonly Consequence[],
  { zone, tells, shared, look }: ZoneReads,
): Promise<string | undefined> {
  const known = zone?.(rows);
  const isTold = possible.some((one) => one.tells?.some((name) => clocked.has(name)));
  if (known !== undefined || zone === undefined || !isTold || tells !== "all" || shared) return known;
  for (const [route, parameters] of zoneReads) {
    try {
      const found = zone([...rows, ...(await look.rows(route, parameters))]);
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof Unread || error instanceof Missing)) throw error;
    }
  }
  return undefined;
}

interface Step {
  readonly affects: ReadonlySet<string>;
  readonly weight: { readonly people: number };
}

/**
 * How many people all steps of a job affect: each once, however many steps are about them. `numbers`: whose login
 * is whose number, as far as it is known. Those who were only counted may be others each time.
 */
export function affectedByAll(steps: readonly Step[], numbers: ReadonlyMap<string, number>): number {
  const who = new Set<string>();
  let counted = 0;
  for (const step of steps) {
    for (const one of step.affects) who.add(String(numbers.get(one) ?? one));
    counted += Math.max(0, step.weight.people - step.affects.size);
  }
  return who.size + counted;
}

/** How many a call reaches. */
export interface ReachedPeople {
  readonly people: number;
  /** Who they are, by number or login. */
  readonly who: ReadonlySet<string>;
  /** Person × target. */
  readonly pairs: number;
  /** Whether everyone behind groups and paths could be counted. */
  readonly counted: boolean;
}

const whoIsBehind = {
  user_group_id: ["get_user_group", "user_group_id"],
  user_group_ids: ["get_user_group", "user_group_id"],
  learning_path_id: ["get_learning_path", "learning_path_id"],
} as const;

/** Whether counting needs no read: nobody is reached through a group or a path. */
export const isPlain = ({ through = [] }: Reach, args: Args): boolean =>
  !through.some((argument) => args[argument] !== undefined);

/** @throws Missing where a group that is named is not there */
export async function reachOf(
  { people = [], through = [], targets }: Reach,
  args: Args,
  look: BoundedReads,
): Promise<ReachedPeople> {
  const who = new Set(
    people
      .flatMap((name) => [args[name]].flat())
      .filter((one) => one !== undefined)
      .map(keyOf),
  );
  let counted = true;
  for (const argument of through) {
    const [route, parameter] = whoIsBehind[argument];
    for (const id of [args[argument], ...listAt(args, argument)]) {
      if (typeof id !== "number") continue;
      const members = await membersOf(look, route, { [parameter]: id });
      if (members === undefined) counted = false;
      for (const member of members ?? []) who.add(member);
    }
  }
  const targeted = targets.flatMap((name) => [args[name]].flat()).filter((one) => one !== undefined).length;
  return { people: who.size, who, pairs: who.size * Math.max(1, targeted), counted };
}

const keyOf = (one: unknown): string => String(one).trim().toLowerCase();

async function membersOf(
  look: BoundedReads,
  route: string,
  which: Record<string, number>,
): Promise<string[] | undefined> {
  try {
    const { users } = await look.one(route, which);
    if (users === undefined) return undefined;
    const list = Array.isArray(users) ? users : [users];
    const ids = list.map((one) => (one as { id?: unknown } | null)?.id);
    return ids.every((id) => id !== undefined) ? ids.map(keyOf) : undefined;
  } catch (error) {
    if (error instanceof Unread) return undefined;
    if (error instanceof Missing)
      throw new Missing(`${route.replace(/^get_(user_)?/, "").replace("_", " ")} ${Object.values(which)[0]}`);
    throw error;
  }
}
