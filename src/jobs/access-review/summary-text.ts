import { and, count, reading } from "../../text/english.ts";
import { type Holder, powers } from "./holders.ts";
import type { Managed, ManagedGroups } from "./managed-groups.ts";
import { type Beside, instant } from "./oddities.ts";

export const headline = (all: readonly Holder[]): string =>
  and(
    powers.flatMap((power) => {
      const n = all.filter(({ is }) => is.includes(power)).length;
      if (n === 0) return [];
      return [power === "other" ? `${n} of another role` : count(n, power, `${power}s`)];
    }),
  ) || "Nobody here has more power than a learner";

/** A manager of nothing, as far as that is sure. */
export const isIdle = (managed: Managed | undefined): boolean =>
  managed?.everywhere === true &&
  managed.askedOf === undefined &&
  !managed.partly &&
  managed.groups.length === 0 &&
  managed.untold === 0;

export const columns = ["id", "name", "login", "is", "over", "manages", "last_sign_in", "odd"];

export function rowOf(
  holder: Holder,
  flags: readonly string[],
  managed: ReadonlyMap<number, Managed>,
  { roles, datasets, clocks }: Beside,
): Record<string, unknown> {
  const { id, name, login, is, unknown, grants, row } = holder;
  const own = managed.get(id);
  const last = instant(row.last_login);
  const over = grants.map(({ role, datasets: numbers }) => {
    const called = role === undefined ? "no role" : (roles?.get(role) ?? `role ${role}`);
    const sets = numbers.map((one) => datasets?.get(one) ?? `dataset ${one}`);
    return `${called} over ${sets.length > 0 ? and(sets) : "nothing"}`;
  });
  const odd = [...flags, ...(isIdle(own) ? ["manages no group"] : [])];
  return {
    id,
    name,
    login,
    is: is.map((one) => (one === "other" ? unknown : one)).join(", "),
    ...(over.length > 0 && { over: over.join("; ") }),
    ...(own && { manages: managesInWords(own) }),
    ...("last_login" in row && {
      last_sign_in: last === undefined ? "never" : clocks.dayIn(String(row.last_login)),
    }),
    ...(odd.length > 0 && { odd: odd.join("; ") }),
  };
}

function managesInWords({ groups, everywhere, partly, untold, askedOf }: Managed): string {
  const named = groups.map(({ id, name }) => `${id} ${name}`).join("; ");
  if (askedOf !== undefined)
    return `${named || "none"} (${askedOf.groups} of ${count(askedOf.all, "group")} asked about so far)`;
  if (groups.length > 0) return named;
  if (untold > 0) return "not told";
  if (partly) return "none that is seen here";
  return everywhere ? "none" : "none they are in";
}

export const countsOf = (all: readonly Holder[]): Record<string, number> =>
  Object.fromEntries(
    powers.map((power) => [power.replaceAll(" ", "_"), all.filter(({ is }) => is.includes(power)).length]),
  );

/** What of the managers' groups is not in here. */
export function askedInWords(
  { of, everywhere, goOn }: ManagedGroups,
  left: number,
  partly: boolean,
): string[] {
  const untold = [...of.values()].some((one) => one.untold > 0);
  const cut = [...of].find(([, { askedOf }]) => askedOf !== undefined);
  const askedOf = cut?.[1].askedOf;
  return [
    ...(partly ? ["The policy shows a part only: who manages no group at all cannot be told."] : []),
    ...(of.size > 0 && !everywhere
      ? [
          "Of managers only the groups they are in themselves were looked at: others they manage do not show (kind manager or person looks at all).",
        ]
      : []),
    ...(left > 0
      ? [
          `Not looked up: the groups of ${reading(left, { one: "1 manager, who may manage none", two: "2 managers, who may both manage none", many: (n) => `${n} managers, who may all manage none` })}; kind manager looks them up, page by page.`,
        ]
      : []),
    ...(cut && askedOf
      ? [
          `Person ${cut[0]} was asked about in ${askedOf.groups} of ${count(askedOf.all, "group")}: ${goOn}, with the cursor.`,
        ]
      : []),
    ...(untold ? ["Of some groups SkyPrep would not say who manages them."] : []),
  ];
}
