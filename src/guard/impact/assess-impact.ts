import type { Finding, Kind, Subject } from "../../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import {
  type Args,
  type BoundedReads,
  type KnownPerson,
  Missing,
  Mistaken,
  personIn,
  Unread,
  whoIn,
} from "../../academy/reads.ts";
import type { Target } from "../../journal/line.ts";
import {
  byStrictness,
  consequencesIn,
  consequencesOf,
  type Met,
  metBy,
  unaskedPairs,
  type Weight,
} from "../policy/consequence.ts";

import { type Digests, unread } from "../question/pending-approvals.ts";
import { isMadeWith, plainQuestion } from "../question/plain-question.ts";
import {
  type FirstLine,
  givenIn,
  linesOf,
  listedIn,
  type Parts,
  partsOf,
  phraseFor,
  questionOf,
  storedOf,
} from "../question/question-text.ts";
import { keepSnapshot, type Promised, promise, snapshotIn } from "../undo-plan/promise.ts";
import {
  affectedBy,
  behind,
  type Find,
  type FindingContext,
  type Findings,
  isPlain,
  orSay,
  type ReachedPeople,
  reachOf,
  zoneFor,
} from "./findings/finding.ts";
import { balance, ends } from "./findings/lesser.ts";
import { enrollments, memberships, points, status, throughGroup } from "./findings/people.ts";
import { changes, link, permissions, powers } from "./findings/power.ts";
import { groupHolds, moves, owners, pathHolds, reach, registered, takers } from "./findings/training.ts";
import {
  course,
  group,
  listedRow,
  namedAtMost,
  path,
  record,
  several,
  unreadSubject,
} from "./record-subjects.ts";
import {
  type Naming,
  newcomer,
  people,
  person,
  type ReadSubject,
  readNames,
  type Seen,
  somethingNew,
  targetsIn,
} from "./subjects.ts";
import { item, progress, registration, registrations } from "./training-subjects.ts";

/** How a call stands at this moment: what it is about, what goes with it, and whether anybody is asked. */
export interface Impact {
  /** Of the question it deserves; of the kind many also where it stays below what is asked about. */
  readonly kind: Kind | undefined;
  /** Whether a person has to agree, as things stand. */
  readonly asks: boolean;
  /** A policy wants a person asked, whatever the settings say. */
  readonly wanted?: true;
  readonly facts: readonly string[];
  readonly stored: readonly string[];
  /** The same in its parts, where anybody is asked: a job says them once for all of its steps. */
  readonly asked?: FirstLine & Parts;
  /** Whether it can be undone, asked about or not; where that was wanted. */
  readonly back?: Promised;
  readonly phrase?: string;
  /** The academy's, where it is known. */
  readonly zone?: string | undefined;
  readonly bound: Digests;
  readonly counts: Readonly<Record<string, number>>;
  readonly weight: Weight;
  /** Whom it affects, as far as they are known by number or login. */
  readonly affects: ReadonlySet<string>;
  readonly targets: readonly Target[];
  readonly image?: Readonly<Record<string, unknown>>;
  readonly person?: KnownPerson;
}

export interface ImpactReads {
  readonly clean: (text: string) => string;
  /** Whether what was there before is kept, and so has to be read. */
  readonly keepsImages: boolean;
  /** Whether it will be kept when this is sent, though perhaps not read now: what a question promises rests on it. */
  readonly undoes: boolean;
  /** How much of what goes with it is read: where nobody will be asked, only how many people, for the budget. */
  readonly tells: "all" | "people" | "nothing";
  /** What goes unsaid: a thing that is not there, or one that could not be read, for want of reads or otherwise. */
  readonly bears: "nothing" | "unread" | "missing";
  /** Pairs that nobody was asked about, of the last hour and before this in the same call. */
  readonly unasked: () => Promise<number>;
  readonly now: () => number;
  /** The academy's, as far as it is known without asking, or from these rows. */
  readonly zone?: ((rows?: readonly unknown[]) => string | undefined) | undefined;
  /** One of many steps: they share their reads. */
  readonly shared?: boolean;
  /** Whether it can be undone is wanted of what nobody is asked about, too: a job asks for all of its steps. */
  readonly promises?: boolean;
  /** A policy wants it asked, whether it deserves that or not. */
  readonly wanted?: boolean;
  /** Whom the job's question has named already. */
  readonly them?: Naming["them"];
}

/** What one call is about, as it stands. @throws Missing, Unread where that cannot be made out */
export async function assessImpact(
  operation: WriteOperation,
  args: Args,
  impactReads: ImpactReads,
  look: BoundedReads,
): Promise<Impact> {
  const now = impactReads.now();
  const possible = byStrictness(consequencesOf(operation, args, now));
  const reach = possible.find((one) => one.reach)?.reach;
  const unasked = reach ? await impactReads.unasked() : 0;
  const few = (reached: ReachedPeople) => reached.counted && reached.pairs + unasked <= unaskedPairs;
  const plain = reach && isPlain(reach, args) ? await reachOf(reach, args, look) : undefined;
  // Few of the kind many deserve no question: nothing has to be read for them.
  const reads = impactReads.wanted === true || possible.some((one) => !(one.reach && plain && few(plain)));
  const { seen, unseen, absent } = reads
    ? await seeAll(operation, args, possible, impactReads, look)
    : nothingSeen;
  const reached = plain ?? (reach && (await reachOf(reach, args, look)));
  const rows = Object.values(seen).flatMap(({ row }) => row ?? []);
  const naming: Naming = {
    clean: impactReads.clean,
    zone: await zoneFor(rows, possible, { ...impactReads, look }),
    ...(impactReads.them !== undefined && { them: impactReads.them }),
  };
  const stood = { args, look: look, seen, absent, shared: impactReads.shared === true, now, naming };
  const met: Met[] = [];
  for (const one of reads ? possible : []) {
    if (one.reach && reached && few(reached)) continue;
    const by = await metBy(operation, one, stood);
    if (by) met.push(by);
  }
  if (met.length === 0 && impactReads.wanted === true) met.push(plainly(operation, args));
  const first = met[0]?.consequence;
  const tells = [...new Set(met.flatMap(({ consequence }) => consequence.tells ?? []))].filter(
    (one) => impactReads.tells === "all" || (impactReads.tells === "people" && one === "takers"),
  );
  const found = await findAll(tells, { ...stood, reached, unasked });
  const isWhole = Object.keys(unseen).length === 0;
  const image = impactReads.keepsImages ? await keepSnapshot(operation.keeps ?? [], args, look) : undefined;
  const who = whoIn(args);
  const known = seen.person?.person ?? (who && personIn(look.seen.get("get_user"), who));
  const phrase = first?.kind === "irreversible" ? phraseFor(args, seen) : undefined;
  const kind = first?.kind ?? (reached ? "many" : undefined);
  const targets = Object.values(seen).flatMap(({ targets }) => targets);
  const named = reads && targets.length > 0 ? targets : targetsIn(operation.about, args);
  const before = impactReads.undoes && !impactReads.keepsImages ? snapshotIn(operation, seen) : image;
  const back =
    first || impactReads.promises
      ? promise({ operation, image: before, given: args, targets: named })
      : undefined;
  const affects = affectedBy(args, {
    about: operation.about,
    tells: possible.flatMap((one) => one.tells ?? []),
    seen,
    reached,
  });
  const people = targets.filter(({ kind: of }) => of === "person").length;
  // Read last, and for its words alone: what an answer is bound to, and what is kept, do not hang on it.
  const words =
    first && back && (await wordsFor(met, { operation, args, seen, naming, impactReads, look, back, found }));
  return {
    kind,
    asks: first !== undefined,
    ...(impactReads.wanted === true && { wanted: true as const }),
    ...(naming.zone !== undefined && { zone: naming.zone }),
    facts: words ? linesOf(words.asked.text, words.asked) : [],
    stored: words?.stored ?? [],
    ...(words && { asked: words.asked }),
    ...(back && { back }),
    ...(phrase !== undefined && { phrase }),
    // Who or what was not read leaves what hangs on it unread, too.
    bound: { ...unseen, ...boundOf(seen), ...(isWhole ? found.stands : unreadStands(tells)) },
    counts: found.counts,
    weight: {
      deletions: kind === "irreversible" ? 1 : 0,
      grants: met.some(({ consequence }) => consequence.kind === "power") ? Math.max(1, people) : 0,
      pairs: reached?.pairs ?? 0,
      people: Math.max(
        reached?.people ?? 0,
        found.counts.people ?? 0,
        behind(possible, seen),
        first ? people : 0,
        affects.size > 1 ? affects.size : 0,
      ),
    },
    targets: named,
    affects,
    ...(image && { image }),
    ...(known && { person: known }),
  };
}

/** What deserves no question, asked about because a policy says so. */
function plainly(operation: WriteOperation, args: Args): Met {
  const own = isMadeWith(args) || operation.about[0] !== "new" ? manyOf(operation) : undefined;
  return { consequence: own ?? { kind: "many", asks: plainQuestion(operation, args) }, by: [{}] };
}
const manyOf = (operation: WriteOperation) => consequencesIn(operation).find(({ kind }) => kind === "many");

interface Wording {
  readonly operation: WriteOperation;
  readonly args: Args;
  readonly seen: Partial<Record<Subject, Seen>>;
  readonly naming: Naming;
  readonly impactReads: ImpactReads;
  readonly look: BoundedReads;
  readonly back: Promised;
  readonly found: Awaited<ReturnType<typeof findAll>>;
}

/** What a person reads. */
async function wordsFor(
  met: readonly Met[],
  { operation, args, seen, naming: bare, impactReads, look, back, found }: Wording,
): Promise<{ readonly asked: FirstLine & Parts; readonly stored: readonly string[] }> {
  const things = Object.values(seen).flatMap(({ things }) => things);
  // A job tells enrollments as one number, and its own words say whose they are.
  const isCounted = impactReads.promises && met.every(({ consequence }) => consequence.kind === "many");
  const unnamed = impactReads.shared || impactReads.tells !== "all" || isCounted;
  const names = unnamed ? undefined : await readNames(things, look);
  const naming = names ? { ...bare, ...names } : bare;
  const question = questionOf(met, { operation, args, seen, naming });
  const listed = listedIn(seen, args);
  const says = new Set([...question.says, ...listed.says]);
  const given = givenIn(operation, { args, seen, naming }, says);
  return {
    asked: { ...question, ...partsOf(operation, met, { found, back, given: given.facts }) },
    stored: storedOf(
      [...Object.values(seen).flatMap(({ stored }) => stored), ...listed.stored, ...given.stored],
      impactReads.clean,
    ),
  };
}

/** How each thing that a call may be about is read. */
const subjects: Readonly<Record<Subject, ReadSubject>> = {
  person: person(whoIn),
  newcomer,
  source: person(({ source_user_id: id }) => (typeof id === "number" ? { user_id: id } : undefined)),
  receiver: person(({ target_user_id: id }) => (typeof id === "number" ? { user_id: id } : undefined)),
  people,
  course: course("course_id"),
  courses: several(course, "course", "course_ids"),
  group: group("user_group_id"),
  groups: several(group, "group", "user_group_ids"),
  path: path("learning_path_id"),
  paths: several(path, "learning path", "learning_path_ids", "course_bundle_ids"),
  progress,
  item,
  training: unreadSubject("instructor_led_training_id", "training"),
  timeslot: record(
    "instructor_led_training_timeslot_id",
    "timeslot",
    "get_instructor_led_training_timeslot",
    ["name", "commencement_time"],
  ),
  registration,
  registrations,
  role: listedRow("user_role_id", "role", "get_user_roles"),
  datasets: listedRow("dataset_ids", "dataset", "get_datasets"),
  skill: namedAtMost("skill_id", "skill", "get_skill"),
  new: somethingNew,
};

async function seeAll(
  operation: WriteOperation,
  args: Args,
  possible: ReturnType<typeof consequencesOf>,
  { bears }: ImpactReads,
  look: BoundedReads,
): Promise<typeof nothingSeen> {
  const seen: Partial<Record<Subject, Seen>> = {};
  const unseen: Record<string, unknown> = {};
  const absent = new Set<Subject>();
  const deep = possible.some(({ kind }) => kind === "power");
  for (const subject of operation.about) {
    try {
      const one = await subjects[subject](args, look, deep);
      if (one) seen[subject] = one;
    } catch (error) {
      if (error instanceof Missing) absent.add(subject);
      const newcomer = error instanceof Missing && subject === "person" && args.autocreate === true;
      const isAbsent = error instanceof Missing || error instanceof Mistaken;
      const borne = isAbsent ? bears === "missing" : error instanceof Unread && bears !== "nothing";
      if (!newcomer && !borne) throw error;
      if (error instanceof Unread) unseen[subject] = unread;
    }
  }
  return { seen, unseen, absent };
}

const nothingSeen: {
  readonly seen: Partial<Record<Subject, Seen>>;
  readonly unseen: Digests;
  /** What SkyPrep says is not there. */
  readonly absent: ReadonlySet<Subject>;
} = { seen: {}, unseen: {}, absent: new Set() };

const boundOf = (seen: Partial<Record<Subject, Seen>>): Digests =>
  Object.fromEntries(Object.entries(seen).map(([subject, { bound }]) => [subject, bound]));

/** How each finding is read, and what is said to be missing where it cannot be. */
const findings: Readonly<Record<Finding, readonly [Find, string]>> = {
  enrollments: [enrollments, "progress"],
  memberships: [memberships, "group memberships"],
  points: [points, "points"],
  takers: [takers, "how many people take it"],
  status: [status, "how they stand"],
  "through-group": [throughGroup, "what came with the group"],
  "group-holds": [groupHolds, "what is in the group"],
  "path-holds": [pathHolds, "what is in the learning path"],
  registered: [registered, "who is registered"],
  owners: [owners, "whose they are"],
  moves: [moves, "what is moved"],
  changes: [changes, "what changes"],
  powers: [powers, "power-user rights"],
  permissions: [permissions, "manager permissions"],
  link: [link, "what it opens"],
  ends: [ends, "how long they have it now"],
  balance: [balance, "how many points they have"],
  reach: [reach, "how many people it reaches"],
};

type Found = Required<Omit<Findings, "stands" | "unread" | "absent">> & {
  readonly stands: Digests;
  readonly absent: boolean;
};

/** Everything a consequence tells, in its order: facts first read, counts under one name each. */
export async function findAll(tells: readonly Finding[], asking: FindingContext): Promise<Found> {
  const goes: string[] = [];
  const first: string[] = [];
  const facts: string[] = [];
  const counts: Record<string, number> = {};
  const stands: Record<string, unknown> = {};
  let absent = false;
  for (const name of tells) {
    const [find, what] = findings[name];
    const found = await orSay(find(asking), what);
    goes.push(...(found.goes ?? []));
    first.push(...(found.first ?? []));
    facts.push(...(found.facts ?? []));
    Object.assign(counts, found.counts);
    absent ||= found.absent === true;
    if (found.unread || found.stands) stands[partOf(name)] = found.unread ? unread : found.stands;
  }
  return { goes, first, facts, counts, stands, absent };
}

const partOf = (name: Finding) => `${name} stands`;

/** As where nothing that stands could be read. */
export const unreadStands = (tells: readonly Finding[]): Digests =>
  Object.fromEntries(tells.map((name) => [partOf(name), unread]));
