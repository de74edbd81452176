import type { Row } from "../../academy/reads.ts";
import { count } from "../../text/english.ts";
import { fold } from "../../text/fold.ts";
import { instantIn } from "../../text/instant.ts";
import type { Clocks } from "../shared/as-of.ts";
import { isGone } from "../shared/people-index.ts";
import type { Holder } from "./holders.ts";

/** What is known beside the person. `undefined`: it could not be read, so nothing is odd about it. */
export interface Beside {
  readonly now: number;
  readonly clocks: Pick<Clocks, "dayIn">;
  readonly roles: ReadonlyMap<number, string> | undefined;
  readonly datasets: ReadonlyMap<number, string> | undefined;
  readonly alike: (holder: Holder) => readonly number[];
}

const day = 86_400_000;
/** Longer without signing in, and a power nobody uses stands open. */
const dormantDays = 90;

/** What somebody should look at, in a few words each; managers of nothing are found out elsewhere. */
export function oddities(holder: Holder, { now, clocks, roles, datasets, alike }: Beside): string[] {
  const { row, is, grants } = holder;
  const starts = instant(row.access_start_date);
  const ends = instant(row.access_end_date);
  const strong = is.some((one) => one !== "manager");
  const twins = alike(holder);
  return [
    ...(isGone({ ...holder, row }, now)
      ? [
          ends !== undefined && ends <= now
            ? `access ended ${clocks.dayIn(String(row.access_end_date))}`
            : "sign-in disabled",
        ]
      : []),
    ...(row.login_status === "inactive" ? ["sign-in inactive"] : []),
    ...(starts !== undefined && starts > now
      ? [`access starts ${clocks.dayIn(String(row.access_start_date))}`]
      : []),
    ...(strong ? dormant(row, now, clocks) : []),
    ...(holder.unknown !== undefined
      ? [
          holder.unknown === "not shown"
            ? "no role is shown"
            : `role “${holder.unknown}” is none of SkyPrep's`,
        ]
      : []),
    ...contradictions(row),
    ...(is.includes("power user") && grants.length === 0
      ? ["power user by role, but not in the list of them"]
      : []),
    ...grants.flatMap(({ role, datasets: own }) => [
      ...(role === undefined ? ["no power-user role"] : []),
      ...(role !== undefined && roles !== undefined && !roles.has(role)
        ? [`role ${role} does not exist`]
        : []),
      ...(own.length === 0 ? ["no dataset"] : []),
      ...own
        .filter((id) => datasets !== undefined && !datasets.has(id))
        .map((id) => `dataset ${id} does not exist`),
    ]),
    ...(twins.length > 0 ? [`login spelt like that of ${twins.slice(0, 5).join(", ")}`] : []),
  ];
}

function dormant(row: Row, now: number, clocks: Beside["clocks"]): string[] {
  if (!("last_login" in row)) return [];
  const last = instant(row.last_login);
  if (last !== undefined) {
    const days = Math.floor((now - last) / day);
    return days > dormantDays ? [`no sign-in for ${count(days, "day")}`] : [];
  }
  if (row.last_login !== null && row.last_login !== "") return [];
  const made = instant(row.created_at);
  return [
    `never signed in${made === undefined ? "" : `, here since ${clocks.dayIn(String(row.created_at))}`}`,
  ];
}

const flags = { admin: "admin", content_manager: "global_content_manager", manager: "manager" } as const;

/** The role says one thing and the flag beside it another; an admin may well have the others too. */
function contradictions(row: Row): string[] {
  const off = (flag: unknown) => flag === false || flag === "false";
  const on = (flag: unknown) => flag === true || flag === "true";
  const role = String(row.role ?? "").toLowerCase();
  if (role === "") return [];
  return Object.entries(flags).flatMap(([name, flag]) => {
    if (role === name) return off(row[flag]) ? [`role ${name}, but not marked so`] : [];
    const above = role === "admin" || (role === "content_manager" && name === "manager");
    return on(row[flag]) && !above
      ? [`marked ${name.replace("_", " ")}, with role ${role.slice(0, 40)}`]
      : [];
  });
}

/** People by how their logins look: case, accents, width and blanks aside. */
export function alikeIn(people: readonly unknown[]): Beside["alike"] {
  const ids = new Map<string, Set<number>>();
  for (const row of people) {
    const { id, user_id } = (row ?? {}) as Row;
    for (const spelling of spellings((row ?? {}) as Row)) {
      const own = ids.get(spelling);
      if (own) own.add(Number(id ?? user_id));
      else ids.set(spelling, new Set([Number(id ?? user_id)]));
    }
  }
  return ({ id, row }) => [
    ...new Set(
      [...spellings(row)].flatMap((one) => [...(ids.get(one) ?? [])]).filter((other) => other !== id),
    ),
  ];
}

const spellings = ({ email, username }: Row): Set<string> =>
  new Set(
    [email, username]
      .filter((one): one is string => typeof one === "string" && one.trim() !== "")
      .map((login) => fold(login.normalize("NFKC")).replace(/[\s\p{Cf}]+/gu, "")),
  );

export function instant(value: unknown): number | undefined {
  const at = instantIn(value);
  return Number.isNaN(at) ? undefined : at;
}
