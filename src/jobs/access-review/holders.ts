import { isObject, type Row } from "../../academy/reads.ts";
import { cleanText } from "../../text/english.ts";
import { idIn, textAt } from "../shared/record-fields.ts";

export type Power = "admin" | "content manager" | "manager" | "power user" | "other";

/** A power-user role over datasets, by number: a person may have several. */
export interface Grant {
  readonly role: number | undefined;
  readonly datasets: readonly number[];
}

/** A person who may do more than a learner. */
export interface Holder {
  readonly id: number;
  readonly name: string;
  readonly login: string;
  readonly is: readonly Power[];
  /** A role that is none of SkyPrep's own, in its own words. */
  readonly unknown?: string;
  readonly grants: readonly Grant[];
  readonly row: Row;
}

export const powers: readonly Power[] = ["admin", "content manager", "power user", "manager", "other"];
const roles: Readonly<Record<string, readonly Power[]>> = {
  admin: ["admin"],
  content_manager: ["content manager"],
  manager: ["manager"],
  power_user: ["power user"],
  learner: [],
};

const isOn = (flag: unknown): boolean => flag === true || flag === "true" || flag === 1 || flag === "1";
/** All who have any power, whichever list shows it, in the order of their power. */
export function holdersIn(people: readonly unknown[], powerUsers: readonly unknown[]): Holder[] {
  const grants = new Map<number, Grant[]>();
  const rows = new Map<number, Row>();
  for (const row of [...powerUsers, ...people]) {
    const id = isObject(row) ? idIn(row, "id", "user_id") : undefined;
    if (id !== undefined) rows.set(id, row as Row);
  }
  for (const row of powerUsers) {
    const id = isObject(row) ? idIn(row, "id", "user_id") : undefined;
    if (id !== undefined) grants.set(id, [...(grants.get(id) ?? []), grantIn(row as Row)]);
  }
  return [...rows]
    .flatMap(([id, row]) => holder(id, row, grants.get(id) ?? []) ?? [])
    .sort((a, b) => rank(a) - rank(b) || a.id - b.id);
}

const rank = ({ is }: Holder): number => Math.min(...is.map((one) => powers.indexOf(one)));

/** In SkyPrep's words or in others; empty where flags alone say it. Where nothing says it, that is said. */
function roleIn(row: Row): string {
  const text = textAt(row, "role").trim().toLowerCase();
  if (text !== "") return text;
  const said = [row.role ?? row.roles ?? []].flat().map((one) => String(one).trim().toLowerCase());
  if (said.length > 0) return said.join(", ");
  const isFlagged = [row.admin, row.manager].some((flag) => flag !== undefined && flag !== null);
  return isFlagged ? "" : "not shown";
}

function holder(id: number, row: Row, grants: readonly Grant[]): Holder | undefined {
  const role = roleIn(row);
  const known = role === "" ? [] : roles[role];
  const is = new Set<Power>([
    ...(isOn(row.admin) ? (["admin"] as const) : []),
    ...(isOn(row.global_content_manager) ? (["content manager"] as const) : []),
    ...(isOn(row.manager) ? (["manager"] as const) : []),
    ...(grants.length > 0 ? (["power user"] as const) : []),
    ...(known ?? (["other"] as const)),
  ]);
  if (is.size === 0) return undefined;
  const login = textAt(row, "email") || textAt(row, "username");
  const name =
    textAt(row, "display_name") || `${textAt(row, "first_name")} ${textAt(row, "last_name")}`.trim();
  return {
    id,
    name: name || login,
    login,
    is: powers.filter((one) => is.has(one)),
    ...(known === undefined && { unknown: cleanText(role).slice(0, 40) }),
    grants,
    row,
  };
}

/** On the person where they are listed, a level deeper where they were made (skyprep-api §1.4, rows 11 and 14). */
function grantIn(row: Row): Grant {
  const made = isObject(row.user_permission) ? row.user_permission.power_user_permissions : undefined;
  const permissions = [row.power_user_permissions ?? made].flat()[0];
  if (!isObject(permissions)) return { role: undefined, datasets: [] };
  const datasets = [permissions.dataset_ids ?? []].flat().map(Number).filter(Number.isSafeInteger);
  return { role: idIn(permissions, "user_role_id"), datasets };
}

/** Names by number, of roles or datasets. */
export const namesIn = (rows: readonly unknown[]): ReadonlyMap<number, string> =>
  new Map(
    rows.filter(isObject).flatMap((row) => {
      const id = idIn(row, "id");
      return id === undefined ? [] : [[id, textAt(row, "name") || String(id)] as const];
    }),
  );
