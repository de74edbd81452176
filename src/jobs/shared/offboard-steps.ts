import { managerRights } from "../../academy/manager-rights.ts";
import {
  createReads,
  isAboveLearner,
  Missing,
  NotForThisKey,
  numberIn,
  type Reads,
  type Row,
  Unread,
} from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { roleOf } from "../../guard/impact/findings/power.ts";
import { and, count } from "../../text/english.ts";
import { dayInWords } from "../../text/zone.ts";
import type { JobWorld } from "../job.ts";
import { already, type JobStep, type StepOutcome } from "../steps/run-steps.ts";
import {
  managesGroup,
  readingBeforeSteps,
  StillAsking,
  severalAtOnce,
  withQuestions,
} from "./many-questions.ts";
import { groupInWords } from "./name-targets.ts";
import { createPeopleIndex, isAdmin, isGone, type Someone } from "./people-index.ts";

/** What ends when somebody leaves, and what stays. */
export interface Leaving {
  readonly jobSteps: readonly JobStep[];
  readonly already: readonly StepOutcome[];
  /** What waits for the last day, by name. */
  readonly later: readonly string[];
  /** The day access ends is set by it, where it does not end by then already. */
  readonly ends: boolean;
  /** What else of theirs ends, in words: “the role of manager and membership of 2 groups”; empty: nothing. */
  readonly lost: string;
  /** Whether they have rights, and groups, that end. */
  readonly takes: { readonly rights: boolean; readonly groups: boolean };
  /** For the question: what is lost first. */
  readonly facts: readonly string[];
  /** Steps that a question about all of this says in its own words. */
  readonly told: readonly JobStep["step"][];
  /** What stays, or could not be found out. */
  readonly notes: readonly string[];
}

export interface Leaver {
  readonly person: Someone;
  /** Access ends with it. */
  readonly day: string;
  readonly keepsGroups: boolean;
  /** Role, rights and groups stay until then: SkyPrep schedules nothing but the end of access. */
  readonly waits: boolean;
  /** What the question calls the account, where it names somebody else, too. */
  readonly called?: string;
}

export interface Looking {
  readonly reads: Reads;
  readonly inner: Pick<JobContext, "signal" | "reading">;
  /** Epoch milliseconds: when the call began. */
  readonly began: number;
}

/** Of more, those first that somebody is in: whoever manages any mostly manages one of them. */
const manyGroups = 60;

/** What would have to be done so that somebody has no access, no rights and no groups; nothing of it is done here. */
export async function leaving(
  { person, day, keepsGroups, waits, called }: Leaver,
  world: JobWorld,
  looking: Looking,
): Promise<Leaving> {
  const { read } = world;
  const {
    reads,
    inner: { signal },
  } = looking;
  const access: JobStep[] = [];
  const jobSteps: JobStep[] = [];
  const before: StepOutcome[] = [];
  const notes: string[] = [];
  const { id, row } = person;

  const end = endOf(person);
  if (end !== undefined && end <= day) before.push(already("access", `ends ${end}`));
  else {
    access.push({
      step: { tool: "update_user", args: { user_id: id, access_end_date: day } },
      things: [{ what: "access", done: `ends ${day}` }],
    });
  }

  const managed = isAboveLearner(row) ? await managedBy(id, world, looking) : nothingManaged;
  notes.push(...managed.notes);
  const handsOver = managed.groups.map((group): JobStep => {
    const args = { user_id: id, user_group_id: group.id };
    return {
      step: { tool: "remove_manager_from_user_group", args },
      things: [{ what: `manager of ${groupInWords(group.id, group.name)}`, done: "taken away" }],
      isSo: () => isGoneFrom(() => read("get_manager_permissions_from_user_group", args, signal)),
    };
  });
  jobSteps.push(...handsOver);

  const powers = await hasPowers(id, reads);
  if (powers === undefined) notes.push(unreadPowers);
  if (powers) {
    jobSteps.push({
      step: { tool: "destroy_power_user", args: { user_id: id } },
      things: [{ what: "power-user rights", done: "taken away" }],
    });
  }

  const groups = await reads.rows("get_user_group_enrollments_for_user", { user_id: id });
  if (keepsGroups && groups.length > 0) {
    notes.push(`Left in ${count(groups.length, "group", "groups")}, as asked.`);
  }
  for (const group of keepsGroups ? [] : groups) {
    jobSteps.push({
      step: { tool: "remove_user_from_user_group", args: { user_id: id, user_group_id: numberIn(group) } },
      things: [{ what: groupInWords(numberIn(group), group.name), done: "left" }],
    });
  }
  // Last, and only then: in whoever is no manager any more, the next call would look for no groups.
  const role = typeof row.role === "string" && row.role !== "learner";
  const loses: JobStep[] = [];
  if (role) {
    loses.push({
      step: { tool: "update_user", args: { user_id: id, role: "learner" } },
      things: [{ what: `role ${roles[String(row.role)] ?? "of another kind"}`, done: "learner now" }],
      needs: handsOver,
    });
    jobSteps.push(...loses);
  }
  const taken = keepsGroups ? 0 : groups.length;
  const rights = [
    ...(role ? [`the role of ${roleOf(row.role)}`] : []),
    ...(managed.groups.length > 0
      ? [count(managed.groups.length, "group they manage", "groups they manage")]
      : []),
    ...(powers ? ["power-user rights"] : []),
    ...(taken > 0 ? [`membership of ${count(taken, "group")}`] : []),
  ];
  const maybe = "unfinished courses that came only through a group may be lost.";
  const stays = keepsGroups
    ? "Their account, groups and training stay."
    : called === undefined
      ? `Their account, finished training and direct enrollments stay; ${maybe}`
      : `The account itself stays; ${maybe}`;
  const when = dayInWords(day) ?? day;
  const lost = and(rights);
  const who = called ?? "They";
  const verb = (they: string, it: string) => (called === undefined ? they : it);
  const none = `${who} ${verb("have", "has")} no rights${keepsGroups ? "" : " and no groups"} that would go`;
  const ends =
    access.length === 0
      ? ""
      : called === undefined
        ? "cannot sign in after that day"
        : `cannot be used to sign in after ${when}`;
  const takesAway = lost === "" ? none : `${who} ${verb("lose", "loses")} ${lost}`;
  const joint = lost === "" ? `; ${verb("they ", "it ")}` : ", and ";
  return {
    jobSteps: waits ? access : [...access, ...jobSteps],
    already: before,
    ends: access.length > 0,
    lost,
    takes: { rights: rights.length > (taken > 0 ? 1 : 0), groups: taken > 0 },
    later: waits ? jobSteps.flatMap(({ things }) => things.map(({ what }) => what)) : [],
    facts: waits
      ? [
          "They cannot sign in after that day; until then they can do everything they can do today.",
          lost === ""
            ? `${none} then.`
            : `When this is run again on ${when}, they lose ${lost}. SkyPrep does not do that by itself.`,
          stays,
        ]
      : [
          `${takesAway}${ends === "" ? "" : `${joint}${ends}`}.`,
          ...(powers === undefined ? [unreadPowers] : []),
          stays,
        ],
    told: [...access, ...loses].map(({ step }) => step),
    notes,
  };
}

/** Undefined: this key may not read it, and what else they have is taken away all the same. @throws Unread */
async function hasPowers(id: number, reads: Reads): Promise<boolean | undefined> {
  try {
    return (await reads.rows("get_power_users")).some((one) => numberIn(one, "user_id") === id);
  } catch (error) {
    if (error instanceof NotForThisKey) return undefined;
    throw error;
  }
}
const unreadPowers =
  "Whether they have power-user rights could not be read: this API key may not. Look in SkyPrep's web admin.";

/** The day their access ends; undefined: it does not. */
const endOf = ({ row: { access_end_date: end } }: Someone): string | undefined =>
  typeof end === "string" && end !== "" ? end.slice(0, 10) : undefined;

const roles: Readonly<Record<string, string>> = {
  manager: "manager",
  content_manager: "content manager",
  admin: "admin",
};

interface Managed {
  readonly groups: readonly { readonly id: number; readonly name: unknown }[];
  readonly notes: readonly string[];
}
const nothingManaged: Managed = { groups: [], notes: [] };

/** SkyPrep lists no manager's groups: each group is asked about. @throws Unread where this call has no time for all */
async function managedBy(id: number, world: JobWorld, { reads, inner, began }: Looking): Promise<Managed> {
  const { signal } = inner;
  const listed = (await world.list("get_user_groups", signal)) as readonly Row[];
  const all = listed.length > manyGroups ? await ownFirst(id, listed, reads) : listed;
  const groups: { id: number; name: unknown }[] = [];
  const untold: number[] = [];
  const isMany = all.length > manyGroups;
  const asking = {
    work: ["manages", String(id)],
    until: readingBeforeSteps(began, world),
    keepsAll: isMany,
  };
  let since: string | undefined;
  await withQuestions(asking, world, inner, async (questions) => {
    const ask = async (row: Row) => {
      const group = numberIn(row);
      const manages = await questions.ask(managesGroup(id, group), async (read) => {
        const rights = await managerRights(createReads(read, signal).one, id, group);
        return typeof rights === "object" ? "yes" : rights;
      });
      return manages && { group, name: row.name, manages };
    };
    const answers = await severalAtOnce(all, ask, isMany ? undefined : 1);
    // In whoever is no manager any more, no groups are looked for: all of them are known before anything is done.
    if (answers.length < all.length)
      throw new StillAsking(
        `Whether person ${id} manages it was asked of ${answers.length} of ${count(all.length, "group")}, and nothing was sent: ${questions.goOn()}.`,
      );
    since = questions.sinceWhen();
    for (const { group, name, manages } of answers) {
      if (manages === "untold") untold.push(group);
      else if (manages === "yes") groups.push({ id: group, name });
    }
  });
  return {
    groups,
    notes: [
      ...(untold.length > 0
        ? [
            `Whether they manage ${untold.length === 1 ? "group" : "groups"} ${and(untold.map(String))} is not known: SkyPrep answered about somebody or something else. Look there in SkyPrep's web admin.`,
          ]
        : []),
      ...(since === undefined ? [] : [`Which groups they manage: ${since}`]),
    ],
  };
}

async function ownFirst(id: number, all: readonly Row[], reads: Reads): Promise<readonly Row[]> {
  const rows = await reads.rows("get_user_group_enrollments_for_user", { user_id: id });
  const own = new Set(rows.map((row) => numberIn(row)));
  const isOwn = (row: Row) => own.has(numberIn(row));
  return [...all.filter(isOwn), ...all.filter((row) => !isOwn(row))];
}

async function isGoneFrom(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return false;
  } catch (error) {
    if (error instanceof Missing) return true;
    throw error;
  }
}

/** Why somebody must not lose their access here; undefined where nothing stands in the way. @throws Unread */
export async function lastAdmin(
  person: Someone,
  { list, now }: Pick<JobWorld, "list" | "now">,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!isAdmin(person)) return undefined;
  const { all } = createPeopleIndex(await list("get_users", signal));
  if (all.length === 0) throw new Unread("the list of people is empty");
  const others = all.filter((one) => one.id !== person.id && isAdmin(one) && !isGone(one, now()));
  return others.length > 0
    ? undefined
    : `Person ${person.id} is the last administrator of this account who can sign in: give somebody else the role admin first.`;
}
