import type { Consequence, Subject } from "../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../tools/schema/operation.ts";
import type { Target } from "../journal/line.ts";
import { pairsUnasked, unaskedPairs } from "./budgets.ts";
import { consequenceOf, isMet } from "./consequence.ts";
import { countsPeople, findAll } from "./findings.ts";
import { keepImage } from "./image.ts";
import { createLook, Missing, type Read, Unread } from "./look.ts";
import { type KnownPerson, personIn, whoIn } from "./persons.ts";
import { isPlain, type Reached, reachOf } from "./reach.ts";
import type { Args, Seen } from "./subjects/seen.ts";
import { targetsIn } from "./subjects/targets.ts";
import { subjects } from "./subjects.ts";
import { and, isTame, quoted } from "./words.ts";

/** How a call stands at this moment: what it is about, what goes with it, and whether anybody is asked. */
export interface Sight {
  readonly consequence: Consequence | undefined;
  /** Whether a person has to agree, as things stand. */
  readonly asks: boolean;
  readonly facts: readonly string[];
  readonly stored: readonly string[];
  readonly phrase?: string;
  readonly bound: readonly unknown[];
  readonly counts: Readonly<Record<string, number>>;
  readonly people: number;
  readonly reached?: Reached;
  readonly targets: readonly Target[];
  readonly image?: Readonly<Record<string, unknown>>;
  readonly person?: KnownPerson;
}

export interface SightWorld {
  readonly read: Read;
  readonly clean: (text: string) => string;
  /** Whether what was there before is kept, and so has to be read. */
  readonly keepsImages: boolean;
  /** Whether anybody can be asked: where not, what goes with it is not read, and what it is about as far as it can be. */
  readonly mayAsk: boolean;
  /** Pairs of the last hour that nobody was asked about. */
  readonly recent: () => Promise<Parameters<typeof pairsUnasked>[0]>;
  readonly after: (ms: number, then: () => void) => () => void;
}

/** A person is kept waiting for a question no longer than this. */
const patienceMs = 10_000;

/** Looks at what a call is about. @throws Missing, Unread where that cannot be made out */
export async function look(
  operation: WriteOperation,
  args: Args,
  world: SightWorld,
  signal: AbortSignal,
): Promise<Sight> {
  const late = new AbortController();
  const cancel = world.after(patienceMs, () => late.abort());
  const eye = createLook(world.read, signal, late.signal);
  try {
    const consequence = consequenceOf(operation, args);
    const { reach } = consequence ?? {};
    const unasked = reach ? pairsUnasked(await world.recent()) : 0;
    const few = (reached: Reached) => reached.counted && reached.pairs + unasked <= unaskedPairs;
    const plain = reach && isPlain(reach, args) ? await reachOf(reach, args, eye) : undefined;
    const seen: Partial<Record<Subject, Seen>> = {};
    const reads = consequence !== undefined && !(plain && few(plain));
    if (reads) {
      for (const subject of operation.about) {
        const one = await subjects[subject](args, eye, consequence.kind === "power").catch(
          (error: unknown) => {
            if (error instanceof Missing && subject === "person" && args.autocreate === true)
              return undefined;
            if (!world.mayAsk && (error instanceof Missing || error instanceof Unread)) return undefined;
            throw error;
          },
        );
        if (one) seen[subject] = one;
      }
    }
    const reached = plain ?? (reach && (await reachOf(reach, args, eye)));
    const asks =
      consequence !== undefined && reads && isMet(consequence, args, seen) && !(reached && few(reached));
    const found = asks
      ? await findAll(
          (consequence.tells ?? []).filter((one) => world.mayAsk || countsPeople.has(one)),
          {
            args,
            look: eye,
            seen,
            reached,
            unasked,
          },
        )
      : { goes: [], facts: [], counts: {}, stands: [] };
    const image = world.keepsImages ? await keepImage(operation.keeps ?? [], args, eye) : undefined;
    const who = whoIn(args);
    const known = seen.person?.person ?? (who && personIn(eye.seen.get("get_user"), who));
    const phrase = asks && consequence.kind === "irreversible" ? phraseFor(args, seen) : undefined;
    return {
      consequence,
      asks,
      facts: asks ? factsOf(operation, consequence, seen, found) : [],
      stored: storedOf(seen, world.clean),
      ...(phrase !== undefined && { phrase }),
      bound: [...Object.values(seen).flatMap(({ bound }) => bound), found.stands],
      counts: found.counts,
      people: Math.max(reached?.people ?? 0, found.counts.users ?? 0, found.counts.people ?? 0),
      ...(reached && { reached }),
      targets:
        asks || reads
          ? Object.values(seen).flatMap(({ targets }) => targets)
          : targetsIn(operation.about, args),
      ...(image && { image }),
      ...(known && { person: known }),
    };
  } finally {
    cancel();
  }
}

function factsOf(
  { undo }: WriteOperation,
  { asks, note }: Consequence,
  seen: Partial<Record<Subject, Seen>>,
  { goes, facts }: { readonly goes: readonly string[]; readonly facts: readonly string[] },
): string[] {
  const question = asks.replace(/\{([a-z|]+)\}/g, (_, names: string) => {
    const words = names.split("|").flatMap((name) => seen[name as Subject]?.words ?? []);
    return and(words) || "someone new";
  });
  return [
    question,
    ...(goes.length > 0 ? [`Goes with it: ${goes.join(", ")}.`] : []),
    ...facts,
    ...(note === undefined ? [] : [note]),
    "no" in undo
      ? [undo.no, undo.instead].filter(Boolean).join(" ")
      : "This can be undone afterwards (undo_change).",
  ];
}

/** “Name as stored: …”, or with more than one thing “Course 202, name as stored: …”. */
function storedOf(seen: Partial<Record<Subject, Seen>>, clean: (text: string) => string): string[] {
  const all = Object.values(seen).flatMap(({ stored }) => stored);
  const many = new Set(all.map(({ whose }) => whose)).size > 1;
  return all.map(({ whose, what, text, from }) => {
    const label = `${many ? `${whose}, ${what}` : what} as ${from}`;
    return `${label.charAt(0).toUpperCase()}${label.slice(1)}: ${quoted(text, clean)}`;
  });
}

/** The login of a person, the number of anything else, how many where it is several (contract §5). */
function phraseFor(args: Args, seen: Partial<Record<Subject, Seen>>): string {
  const person = seen.person?.person ?? seen.source?.person;
  if (person && isTame(person.login)) return person.login;
  if (person) return `${seen.source ? "move" : "delete"} ${person.id}`;
  const several = seen.registrations;
  if (several && several.id === undefined) return `delete ${several.many ?? 0}`;
  const id = Object.values(seen)[0]?.id;
  return `delete ${id ?? Object.values(args)[0]}`;
}
