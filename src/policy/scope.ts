import { loginKey } from "../academy/identity.ts";
import { Missing, OutsidePolicy, type Read, type Row, rowsIn, Unread } from "../academy/reads.ts";
import { unlessAborted } from "../node/abort.ts";
import { fold } from "../text/fold.ts";
import { nearestTo } from "../text/nearest.ts";
import type { Policy } from "./policy.ts";
import type { Dimension, Tie } from "./ties.ts";

/** Whom and what a policy means, as the academy stands; a dimension that is left out is not narrowed. */
export interface PolicyScope {
  readonly person?: { readonly ids: ReadonlySet<number>; readonly logins: ReadonlyMap<string, number> };
  readonly course?: ReadonlySet<number>;
  readonly group?: ReadonlySet<number>;
  readonly path?: ReadonlySet<number>;
  /** Names of the groups that are meant, folded: one parameter takes names. */
  readonly groupNames: ReadonlySet<string>;
  /** The names the policy itself goes by (`keyOfName`), and what it means by them: “course 201”. */
  readonly names: ReadonlySet<string>;
  readonly byName: ReadonlySet<string>;
}

export const keyOfName = (of: Dimension, name: string): string => `${of} ${fold(name).trim()}`;

/** A policy names what the academy has not, or has twice: nothing is read or written until that is mended. */
export class PolicyWrong extends OutsidePolicy {
  override readonly needs = "settings";
  constructor(policy: string, why: string) {
    super(
      `The policy “${policy}” cannot be followed: ${why} Nothing was read or written.`,
      "Whoever set this server up has to mend the policy's file.",
    );
  }
}

export interface Scopes {
  /** As it was read at most so long ago; left out: half a minute. @throws PolicyWrong, Unread */
  current(signal: AbortSignal, atMostMs?: number): Promise<PolicyScope>;
  /** Whoever asks next has it read anew: who is in a group may have changed. */
  renew(): void;
}

const halfAMinute = 30_000;

const lists = {
  course: "get_courses",
  group: "get_user_groups",
  path: "get_learning_paths",
} as const;
const called = { course: "course", group: "group", path: "learning path" } as const;
type Thing = keyof typeof lists;

/** `read` is SkyPrep as it is, not as the policy shows it. */
export function createScopes(
  policy: Policy,
  { read, now }: { readonly read: Read; readonly now: () => number },
): Scopes {
  let known: { readonly at: number; readonly scope: Promise<PolicyScope> } | undefined;
  /** Names are looked up once: whoever renames a group afterwards widens nothing. */
  let pinned: Promise<Pinned> | undefined;

  const pin = (signal: AbortSignal): Promise<Pinned> => {
    if (pinned === undefined) {
      const begun = pinnedBy(policy, read, signal);
      pinned = begun;
      begun.catch(() => {
        if (pinned === begun) pinned = undefined;
      });
    }
    return pinned;
  };

  async function load(signal: AbortSignal): Promise<PolicyScope> {
    const { course, group, path, members, groupNames, names, byName } = await pin(signal);
    const own = {
      ...(course && { course }),
      ...(group && { group }),
      ...(path && { path }),
      groupNames,
      names,
      byName,
    };
    if (members === undefined) return own;
    const ids = new Set<number>();
    const logins = new Map<string, number>();
    for (const id of members) {
      const [row] = rowsIn(await read("get_user_group", { user_group_id: id }, signal));
      if (row === undefined || Number(row.id) !== id || row.users === undefined)
        throw new Unread(`the members of group ${id} are not shown`);
      for (const person of rowsIn(row.users)) {
        const number = Number(person.user_id ?? person.id);
        if (!Number.isSafeInteger(number) || number <= 0) continue;
        ids.add(number);
        // What SkyPrep finds people by; a second name of theirs may be somebody else's login.
        const login = [person.email, person.username].find((one) => typeof one === "string" && one !== "");
        if (typeof login === "string") logins.set(loginKey(login), number);
      }
    }
    return { ...own, person: { ids, logins } };
  }

  /** Nobody is known to be within it: nothing is read or written until they are. */
  function asOutside(error: unknown): unknown {
    if (error instanceof Missing)
      return new PolicyWrong(policy.name, "one of its groups is not there any more.");
    return error instanceof Unread
      ? new OutsidePolicy(
          `Whom the policy “${policy.name}” means could not be read (${error.message}).`,
          "Call again in a minute.",
        )
      : error;
  }

  return {
    current(signal, atMostMs = halfAMinute) {
      if (known === undefined || now() - known.at > atMostMs || now() < known.at) {
        // Whoever else waits for it is not to fail because this call was called off.
        const scope = load(new AbortController().signal).catch((error: unknown) => {
          throw asOutside(error);
        });
        const own = { at: now(), scope };
        known = own;
        scope.catch(() => {
          if (known === own) known = undefined;
        });
      }
      return unlessAborted(known.scope, signal);
    },
    renew() {
      known = undefined;
    },
  };
}

interface Pinned {
  readonly course?: ReadonlySet<number>;
  readonly group?: ReadonlySet<number>;
  readonly path?: ReadonlySet<number>;
  /** Groups whose members are meant. */
  readonly members?: readonly number[];
  readonly groupNames: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
  readonly byName: ReadonlySet<string>;
}

async function pinnedBy({ name, rules }: Policy, read: Read, signal: AbortSignal): Promise<Pinned> {
  const wrong: string[] = [];
  const [names, byName] = [new Set<string>(), new Set<string>()];
  const rows = new Map<Thing, readonly Row[]>();
  const listOf = async (kind: Thing): Promise<readonly Row[]> => {
    const had = rows.get(kind);
    if (had) return had;
    const list = rowsIn(await read(lists[kind], {}, signal));
    rows.set(kind, list);
    return list;
  };
  const found = async (
    kind: Thing,
    place: string,
    wanted: readonly (number | string)[] | undefined,
  ): Promise<readonly number[] | undefined> => {
    if (wanted === undefined) return undefined;
    const list = await listOf(kind);
    return wanted.flatMap((one) => {
      const ids = list.filter((row) => isMeant(row, one)).map((row) => Number(row.id));
      const [id, ...more] = new Set(ids);
      if (typeof one === "string") names.add(keyOfName(kind, one));
      if (typeof one === "string" && id !== undefined) byName.add(`${kind} ${id}`);
      if (id !== undefined && more.length === 0) return [id];
      const named = typeof one === "number" ? String(one) : JSON.stringify(one);
      wrong.push(
        id === undefined
          ? `${place}: the academy has no ${called[kind]} ${named}${meantBy(one, list)}`
          : `${place}: ${ids.length} ${called[kind]}s are called ${named}: give the number of the one that is meant.`,
      );
      return [];
    });
  };
  const course = await found("course", "courses", rules.courses);
  const group = await found("group", "groups", rules.groups);
  const path = await found("path", "paths", rules.paths);
  const members = await found("group", "people.in_groups", rules.people?.in_groups);
  if (wrong.length > 0) throw new PolicyWrong(name, wrong.join(" "));
  const groups =
    group === undefined ? [] : (rows.get("group") ?? []).filter(({ id }) => group.includes(Number(id)));
  return {
    ...(course && { course: new Set(course) }),
    ...(group && { group: new Set(group) }),
    ...(path && { path: new Set(path) }),
    ...(members && { members }),
    groupNames: new Set(groups.map(({ name }) => fold(String(name ?? "")).trim())),
    names,
    byName,
  };
}

/** What a misspelt name most likely was to be. */
function meantBy(wanted: number | string, list: readonly Row[]): string {
  if (typeof wanted === "number") return ".";
  const [near] = nearestTo(
    wanted,
    list.map(({ name }) => String(name ?? "")),
  );
  return near === undefined ? "." : `; did you mean ${JSON.stringify(near.slice(0, 80))}?`;
}

const isMeant = (row: Row, wanted: number | string): boolean =>
  typeof wanted === "number"
    ? Number(row.id) === wanted
    : [row.name, row.full_name].some(
        (name) => typeof name === "string" && fold(name).trim() === fold(wanted).trim(),
      );

/** Whether a scope leaves this in; what it does not narrow, it leaves in. */
export function isWithin(scope: PolicyScope, { of, as, is }: Tie): boolean {
  if (of === "person") {
    if (scope.person === undefined) return true;
    const { ids, logins } = scope.person;
    return as === "login" ? logins.has(loginKey(is)) : ids.has(numberIn(is));
  }
  const own = scope[of];
  if (own === undefined) return true;
  return as === "name" ? of === "group" && scope.groupNames.has(fold(is).trim()) : own.has(numberIn(is));
}

/** Digits alone: 0x12d and 3.01e2 are 301 here, and may be 0 or 3 to SkyPrep. */
const numberIn = (text: string): number => (/^\d{1,15}$/.test(text) ? Number(text) : Number.NaN);
