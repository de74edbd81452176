import { Missing, type Row, Unread } from "./reads.ts";

/** A manager's rights in one group; `no`: they do not manage it; `untold`: SkyPrep spoke of somebody or something else. */
export type RightsInGroup = { readonly row: Row } | "no" | "untold";

/**
 * What SkyPrep says of one person and one group: the only way to find out who manages what. An ignored parameter
 * may bring anyone's rights in any group: those are nobody's here. @throws Unread
 */
export async function managerRights(
  one: (route: string, parameters: Record<string, number>) => Promise<unknown>,
  user_id: number,
  user_group_id: number,
): Promise<RightsInGroup> {
  try {
    const answer = await one("get_manager_permissions_from_user_group", { user_id, user_group_id });
    const [row] = [answer].flat();
    return areRightsOf(row, user_id, user_group_id) ? { row: row as Row } : "untold";
  } catch (error) {
    if (error instanceof Missing) return "no";
    throw error;
  }
}

/** Whether a record of a manager's rights is that person's in that group. */
export function areRightsOf(row: unknown, user: number, group: number): boolean {
  const at = (from: unknown, name: string) => ((from ?? {}) as Row)[name];
  const person = at(row, "user");
  return (
    [at(person, "id"), at(person, "user_id")].some((one) => Number(one) === user) &&
    Number(at(at(row, "user_group"), "id")) === group
  );
}

/** As `managerRights`, where a manager of it cannot be told apart from one who is none. @throws Unread */
export async function rightsIn(...asked: Parameters<typeof managerRights>): Promise<Row | undefined> {
  const found = await managerRights(...asked);
  if (found === "untold") throw new Unread("SkyPrep answered about somebody else");
  return found === "no" ? undefined : found.row;
}
