import type { Consequence, Kind, Subject } from "../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../tools/schema/operation.ts";
import type { Target } from "../journal/line.ts";
import { affectedBy } from "./affected.ts";
import { type Bound, unread } from "./binding.ts";
import { unaskedPairs, type Weight } from "./budgets.ts";
import { consequenceOf, isMet } from "./consequence.ts";
import { lengthOf } from "./findings/finding.ts";
import { findAll, unreadStands } from "./findings.ts";
import { imageIn, keepImage } from "./image.ts";
import { createLook, type Look, Missing, Mistaken, type Read, Unread } from "./look.ts";
import { type KnownPerson, personIn, whoIn } from "./persons.ts";
import { isPlain, type Reached, reachOf } from "./reach.ts";
import type { Args, Seen } from "./subjects/seen.ts";
import { targetsIn } from "./subjects/targets.ts";
import { subjects } from "./subjects.ts";
import { promise } from "./way-back/promise.ts";
import { factsOf, phraseFor, storedOf } from "./wording.ts";

/** How a call stands at this moment: what it is about, what goes with it, and whether anybody is asked. */
export interface Sight {
  /** Of the question it deserves; of the kind many also where it stays below what is asked about. */
  readonly kind: Kind | undefined;
  /** Whether a person has to agree, as things stand. */
  readonly asks: boolean;
  readonly facts: readonly string[];
  readonly stored: readonly string[];
  readonly phrase?: string;
  readonly bound: Bound;
  readonly counts: Readonly<Record<string, number>>;
  readonly weight: Weight;
  /** Whom it affects, as far as they are known by number or login. */
  readonly affects: ReadonlySet<string>;
  readonly targets: readonly Target[];
  readonly image?: Readonly<Record<string, unknown>>;
  readonly person?: KnownPerson;
}

export interface Eyes {
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
}

/** A person is kept waiting for a question no longer than this. */
const patienceMs = 10_000;

/** Looks for as long as one question may take. */
export async function withLook<T>(
  { read, after }: { readonly read: Read; readonly after: (ms: number, then: () => void) => () => void },
  signal: AbortSignal,
  work: (look: Look) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const cancel = after(patienceMs, () => late.abort());
  try {
    return await work(createLook(read, signal, late.signal));
  } finally {
    cancel();
  }
}

/** What one call is about, as it stands. @throws Missing, Unread where that cannot be made out */
export async function look(operation: WriteOperation, args: Args, eyes: Eyes, eye: Look): Promise<Sight> {
  const consequence = consequenceOf(operation, args);
  const { reach } = consequence ?? {};
  const unasked = reach ? await eyes.unasked() : 0;
  const few = (reached: Reached) => reached.counted && reached.pairs + unasked <= unaskedPairs;
  const plain = reach && isPlain(reach, args) ? await reachOf(reach, args, eye) : undefined;
  const reads = consequence !== undefined && !(plain && few(plain));
  const { seen, unseen } = reads ? await seeAll(operation, args, consequence, eyes, eye) : nothingSeen;
  const reached = plain ?? (reach && (await reachOf(reach, args, eye)));
  const asks =
    consequence !== undefined && reads && isMet(consequence, args, seen) && !(reached && few(reached));
  const tells = (asks ? (consequence.tells ?? []) : []).filter(
    (one) => eyes.tells === "all" || (eyes.tells === "people" && one === "takers"),
  );
  const found = await findAll(tells, { args, look: eye, seen, reached, unasked });
  const isWhole = Object.keys(unseen).length === 0;
  const image = eyes.keepsImages ? await keepImage(operation.keeps ?? [], args, eye) : undefined;
  const who = whoIn(args);
  const known = seen.person?.person ?? (who && personIn(eye.seen.get("get_user"), who));
  const phrase = asks && consequence.kind === "irreversible" ? phraseFor(args, seen) : undefined;
  const kind = asks || reached ? consequence?.kind : undefined;
  const targets = Object.values(seen).flatMap(({ targets }) => targets);
  const named = reads && targets.length > 0 ? targets : targetsIn(operation.about, args);
  const before = eyes.undoes && !eyes.keepsImages ? imageIn(operation, seen) : image;
  const back = asks ? promise({ operation, image: before, given: args, targets: named }) : [];
  const affects = affectedBy(args, {
    about: operation.about,
    tells: consequence?.tells ?? [],
    seen,
    reached,
  });
  return {
    kind,
    asks,
    facts: asks ? factsOf(consequence, seen, { ...found, back }) : [],
    stored: storedOf(seen, eyes.clean),
    ...(phrase !== undefined && { phrase }),
    // Who or what was not read leaves what hangs on it unread, too.
    bound: { ...unseen, ...boundOf(seen), ...(isWhole ? found.stands : unreadStands(tells)) },
    counts: found.counts,
    weight: {
      deletions: kind === "irreversible" ? 1 : 0,
      grants: kind === "power" ? Math.max(1, targets.filter(({ kind: of }) => of === "person").length) : 0,
      pairs: kind === "many" ? (reached?.pairs ?? 0) : 0,
      people: Math.max(
        reached?.people ?? 0,
        found.counts.people ?? 0,
        behind(consequence, seen),
        affects.size > 1 ? affects.size : 0,
      ),
    },
    targets: named,
    affects,
    ...(image && { image }),
    ...(known && { person: known }),
  };
}

async function seeAll(
  operation: WriteOperation,
  args: Args,
  { kind }: Consequence,
  { bears }: Eyes,
  eye: Look,
): Promise<typeof nothingSeen> {
  const seen: Partial<Record<Subject, Seen>> = {};
  const unseen: Record<string, unknown> = {};
  for (const subject of operation.about) {
    try {
      const one = await subjects[subject](args, eye, kind === "power");
      if (one) seen[subject] = one;
    } catch (error) {
      const newcomer = error instanceof Missing && subject === "person" && args.autocreate === true;
      const absent = error instanceof Missing || error instanceof Mistaken;
      const borne = absent ? bears === "missing" : error instanceof Unread && bears !== "nothing";
      if (!newcomer && !borne) throw error;
      if (error instanceof Unread) unseen[subject] = unread;
    }
  }
  return { seen, unseen };
}

const nothingSeen: { readonly seen: Partial<Record<Subject, Seen>>; readonly unseen: Bound } = {
  seen: {},
  unseen: {},
};

const boundOf = (seen: Partial<Record<Subject, Seen>>): Bound =>
  Object.fromEntries(Object.entries(seen).map(([subject, { bound }]) => [subject, bound]));

/** The members of a group or path that a call takes something from, asked about or not: a budget counts them. */
function behind(
  consequence: Consequence | undefined,
  { group, path }: Partial<Record<Subject, Seen>>,
): number {
  const holds = { "group-holds": group, "path-holds": path };
  const all = (consequence?.tells ?? []).map((name) =>
    lengthOf(holds[name as keyof typeof holds]?.row?.users),
  );
  return Math.max(0, ...all.map((n) => n ?? 0));
}
