import { z } from "zod";
import type { Change } from "../../../journal/line.ts";
import { version } from "../../../state/files/safe-files.ts";
import type { JobWorld } from "../../job.ts";
import { writtenSince } from "../as-of.ts";

/** A day, and an hour so that whoever asks every morning finds it; as training is kept. */
export const keepManagersMs = 25 * 3_600_000;

const ids = z.array(z.int().positive());
const Kept = z.object({
  version: z.literal(version),
  account: z.string(),
  /** By the manager's number: when it was first asked (epoch milliseconds), and of which groups they are manager or not. */
  people: z.record(z.string(), z.object({ at: z.number(), yes: ids, no: ids })),
});
type Kept = z.output<typeof Kept>;

interface Asked {
  readonly at: number;
  readonly groups: Map<number, boolean>;
}

/** Who manages which group, as far as SkyPrep was asked in the last day: it tells one person and one group at a time. */
export interface KeptManagers {
  /** Whether it is known, for whoever only counts what is left to ask. */
  has(person: number, group: number): boolean;
  /** Undefined: not known. */
  knows(person: number, group: number): boolean | undefined;
  learn(person: number, group: number, manages: boolean): void;
  /** When the oldest of what was used was read, epoch milliseconds; undefined: nothing that was there before. */
  readonly since: () => number | undefined;
  /** Puts down what was learnt, beside what others learnt meanwhile. A folder that cannot be written costs what would be kept. */
  keep(): Promise<void>;
}

type KeptWorld = Pick<JobWorld, "state" | "owner" | "account" | "now" | "journal" | "records" | "read">;

/** Of a folder that cannot be written, while this process lives. */
const inMemory = new WeakMap<JobWorld["read"], ReadonlyMap<number, Asked>>();

/** `fresh`: nothing that was kept is good enough. */
export async function openManagers(
  world: KeptWorld,
  { fresh }: { readonly fresh: boolean },
): Promise<KeptManagers> {
  const { state, owner, account, now, read } = world;
  const file = state.text("jobs", owner, "managers.json");
  const opened = now();

  async function load(): Promise<Map<number, Asked>> {
    const text = await file.read();
    const kept = text === undefined ? undefined : Kept.safeParse(parsed(text)).data;
    if (kept?.account !== account) return new Map();
    return unlessOld(asMap(kept), now());
  }

  const before = await load().catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return unlessOld(inMemory.get(read) ?? new Map(), now());
  });
  const standing = await unlessWritten(before, world);
  const known = fresh ? new Map<number, Asked>() : standing;
  const learnt = new Map<number, Map<number, boolean>>();
  const used = new Set<number>();
  return {
    has: (person, group) =>
      learnt.get(person)?.has(group) === true || known.get(person)?.groups.has(group) === true,
    knows(person, group) {
      const told = learnt.get(person)?.get(group);
      if (told !== undefined) return told;
      const own = known.get(person);
      const manages = own?.groups.get(group);
      if (own !== undefined && manages !== undefined) used.add(own.at);
      return manages;
    },
    learn(person, group, manages) {
      const own = learnt.get(person) ?? new Map<number, boolean>();
      learnt.set(person, own.set(group, manages));
    },
    since: () => (used.size === 0 ? undefined : Math.min(...used)),
    async keep() {
      if (learnt.size === 0) return;
      const merged = (others: ReadonlyMap<number, Asked>) => {
        const all = new Map(standing);
        // What another process learnt meanwhile was read after this one began.
        for (const [person, one] of others) if (one.at >= opened && !all.has(person)) all.set(person, one);
        for (const [person, groups] of learnt) {
          const own = fresh ? undefined : all.get(person);
          all.set(person, { at: own?.at ?? opened, groups: new Map([...(own?.groups ?? []), ...groups]) });
        }
        return all;
      };
      try {
        await file.alone(async () => file.write(written(account, merged(await load()))));
        inMemory.delete(read);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === undefined) throw error;
        inMemory.set(read, merged(new Map()));
      }
    },
  };
}

function unlessOld(all: ReadonlyMap<number, Asked>, now: number): Map<number, Asked> {
  return new Map([...all].filter(([, { at }]) => now - at <= keepManagersMs && at <= now + clockSlackMs));
}
/** Clocks of several computers differ. */
const clockSlackMs = 300_000;

/** What was changed from here since may be another matter now. */
async function unlessWritten(
  all: ReadonlyMap<number, Asked>,
  world: KeptWorld,
): Promise<ReadonlyMap<number, Asked>> {
  if (all.size === 0) return all;
  const { sent } = await writtenSince(Math.min(...[...all.values()].map(({ at }) => at)), world);
  const touches = sent.flatMap((change) => touchedBy(change) ?? []);
  if (touches.length === 0) return all;
  return new Map(
    [...all].flatMap(([person, { at, groups }]): [number, Asked][] => {
      const left = [...groups].filter(([group]) => !touches.some((touched) => touched(person, group)));
      return left.length === 0 ? [] : [[person, { at, groups: new Map(left) }]];
    }),
  );
}

const ofPair = new Set([
  "assign_manager_to_user_group",
  "remove_manager_from_user_group",
  "update_manager_permissions_in_user_group",
  // Whoever leaves a group may manage it no more; nobody says so.
  "remove_user_from_user_group",
]);
/** Of a person: a new role or another account behind the number may be another matter everywhere. */
const ofPerson = new Set(["update_user", "destroy_user", "move_training_data"]);

type Touched = (person: number, group: number) => boolean;

/** Undefined: it leaves managers as they are. */
function touchedBy({ intent: { tool, arguments: args } }: Change): Touched | undefined {
  const [user, group] = [args.user_id, args.user_group_id];
  if (ofPair.has(tool)) {
    return typeof user === "number" && typeof group === "number"
      ? (person, of) => person === user && of === group
      : () => true;
  }
  if (tool === "destroy_user_group") return (_, of) => typeof group !== "number" || of === group;
  if (!ofPerson.has(tool)) return undefined;
  if (tool === "update_user" && args.role === undefined && args.extra === undefined) return undefined;
  return (person) => typeof user !== "number" || person === user;
}

const asMap = ({ people }: Kept): ReadonlyMap<number, Asked> =>
  new Map(
    Object.entries(people).map(([person, { at, yes, no }]) => [
      Number(person),
      {
        at,
        groups: new Map([...no.map((id) => [id, false] as const), ...yes.map((id) => [id, true] as const)]),
      },
    ]),
  );

function written(account: string, all: ReadonlyMap<number, Asked>): string {
  const people = Object.fromEntries(
    [...all].map(([person, { at, groups }]) => {
      const of = (manages: boolean) => [...groups].flatMap(([id, own]) => (own === manages ? [id] : []));
      return [String(person), { at, yes: of(true), no: of(false) }];
    }),
  );
  return JSON.stringify({ version, account, people } satisfies Kept);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
