import { Missing, type Read, type Row, rowsIn, Unread } from "../academy/reads.ts";
import { unlessAborted } from "../node/abort.ts";
import { fold } from "../text/fold.ts";
import type { Tie } from "./ties.ts";

/** How old what was read may be for a step of a job: each call begins with reading it anew. */
export const isFew = 15_000;
/** More than these are not looked at one by one. */
const mostGroups = 50;
const mostKept = 200;

/** What stands behind a group, a path or a person, as a write is held against a policy. */
export interface GateLooks {
  /** What many steps ask alike is read once in a while. @throws Missing, Unread */
  look(
    route: string,
    parameters: Readonly<Record<string, number | string>>,
    signal: AbortSignal,
  ): Promise<readonly Row[]>;
  one(route: string, parameters: Readonly<Record<string, number>>, signal: AbortSignal): Promise<Row>;
  group(id: number, signal: AbortSignal): Promise<Row>;
  path(id: number, signal: AbortSignal): Promise<Row>;
  /** By number, or looked up by name. */
  groupIds(ties: readonly Tie[], signal: AbortSignal): Promise<readonly number[]>;
  /** Groups that are given a path; undefined: too many to look at each, and no read tells. */
  groupsOn(path: number, signal: AbortSignal): Promise<readonly Row[] | undefined>;
  renew(): void;
}

export function createGateLooks({
  read,
  now,
}: {
  readonly read: Read;
  readonly now: () => number;
}): GateLooks {
  const looks = new Map<string, { readonly at: number; readonly rows: Promise<readonly Row[]> }>();

  const look: GateLooks["look"] = (route, parameters, signal) => {
    const key = `${route} ${JSON.stringify(parameters)}`;
    const had = looks.get(key);
    if (had !== undefined && now() - had.at < isFew && now() >= had.at)
      return unlessAborted(had.rows, signal);
    // Whoever else waits for it is not to fail because this call was called off.
    const rows = read(route, parameters, new AbortController().signal).then(rowsIn);
    const own = { at: now(), rows };
    looks.set(key, own);
    rows.catch(() => {
      if (looks.get(key) === own) looks.delete(key);
    });
    if (looks.size > mostKept) looks.delete(looks.keys().next().value ?? "");
    return unlessAborted(rows, signal);
  };
  const one: GateLooks["one"] = async (route, parameters, signal) => {
    const [row] = await look(route, parameters, signal);
    if (row === undefined) throw new Unread("no record came");
    return row;
  };
  const group: GateLooks["group"] = (id, signal) => one("get_user_group", { user_group_id: id }, signal);
  return {
    look,
    one,
    group,
    path: (id, signal) => one("get_learning_path", { learning_path_id: id }, signal),
    async groupIds(ties, signal) {
      const own = ties.filter(({ of }) => of === "group");
      if (own.every(({ as }) => as === "id")) return own.map(({ is }) => Number(is));
      const all = await look("get_user_groups", {}, signal);
      return own.flatMap(({ as, is }) => {
        if (as === "id") return [Number(is)];
        const meant = all.filter(({ name }) => fold(String(name ?? "")).trim() === fold(is).trim());
        if (meant.length === 0) throw new Missing("group");
        return meant.map(({ id }) => Number(id));
      });
    },
    async groupsOn(path, signal) {
      const all = await look("get_user_groups", {}, signal);
      if (all.length > mostGroups) return undefined;
      const rows: Row[] = [];
      for (const { id } of all) rows.push(await group(Number(id), signal));
      return rows.filter((row) => listIn(row, "learning_paths").some(({ id }) => Number(id) === path));
    },
    renew: () => looks.clear(),
  };
}

export const pathIds = (ties: readonly Tie[]): readonly number[] =>
  ties.filter(({ of }) => of === "path").map(({ is }) => Number(is));

/** A list in a record. @throws Unread where it is not shown */
export function listIn(row: Row, name: string): readonly Row[] {
  if (row[name] === undefined) throw new Unread(`its ${name.replaceAll("_", " ")} are not shown`);
  return rowsIn(row[name]);
}
