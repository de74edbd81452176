import type { Api } from "../api.ts";
import { Failure } from "../response.ts";
import { isRecord } from "./is-record.ts";
import type { NormalizeWorld } from "./normalize-world.ts";

/** Where the records that a group or a path shows by number alone are listed whole. */
const lists = { users: "get_users", courses: "get_courses", learning_paths: "get_learning_paths" } as const;
const shown = ["get_user_group", "get_learning_path"];

const keptMs = 60_000;

type Row = Readonly<Record<string, unknown>>;
/** A number, and perhaps the same by its other name. */
const isNumberAlone = (row: unknown): boolean =>
  isRecord(row) && "id" in row && Object.keys(row).every((name) => name === "id" || name.endsWith("_id"));

/**
 * Members and courses that came as numbers alone are looked up in their list, so that whoever reads a group sees the
 * same in every academy. Who is not found there stays a number: nobody is left out, and nobody made up.
 */
export function withMembers(api: Api, { records, now }: Pick<NormalizeWorld, "records" | "now">): Api {
  /** One list for many groups, for a minute or until something is written. */
  const known = new Map<string, { readonly at: number; readonly rows: ReadonlyMap<number, Row> }>();

  async function byNumber(
    route: string,
    ask: (list: string) => ReturnType<Api>,
  ): Promise<ReadonlyMap<number, Row>> {
    const before = known.get(route);
    if (before !== undefined && now() - before.at < keptMs) return before.rows;
    const reading = await ask(route);
    const rows = reading.is === "json" && Array.isArray(reading.value) ? reading.value.filter(isRecord) : [];
    const found = new Map(rows.map((row) => [Number(row.id), row] as const));
    known.set(route, { at: now(), rows: found });
    return found;
  }

  async function lookedUp(
    group: Record<string, unknown>,
    ask: (list: string) => ReturnType<Api>,
  ): Promise<void> {
    for (const [name, route] of Object.entries(lists)) {
      // Fewer than it says it has: who the others are is not shown, and a part of them is not them.
      if (Array.isArray(group[name]) && Number(group[`${name}_count`]) > group[name].length)
        delete group[name];
      const members = group[name];
      if (!Array.isArray(members) || !members.some(isNumberAlone)) continue;
      try {
        const list = await byNumber(route, ask);
        for (const [at, one] of members.entries())
          if (isNumberAlone(one)) members[at] = list.get(Number((one as Row).id)) ?? one;
      } catch (error) {
        // The numbers are there all the same.
        if (!(error instanceof Failure)) throw error;
      }
    }
  }

  return async (route, form, signal, context) => {
    if (records.get(route)?.effect !== "read") known.clear();
    const reading = await api(route, form, signal, context);
    if (shown.includes(route) && reading.is === "json" && isRecord(reading.value))
      await lookedUp(reading.value as Record<string, unknown>, (list) => api(list, "", signal, context));
    return reading;
  };
}
