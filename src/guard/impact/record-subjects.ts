import { listAt, Missing, Mistaken, numberAt, Unread } from "../../academy/reads.ts";
import { and } from "../../text/english.ts";
import { listed, type ReadSubject, type Seen, saying, text, titleOf } from "./subjects.ts";

/** A record of its own, read by its number. */
export const record =
  (
    argument: string,
    called: string,
    route: string,
    standing: readonly string[],
    also?: string,
  ): ReadSubject =>
  async (args, look) => {
    const id = numberAt(args, argument);
    if (id === undefined) return undefined;
    const row = await look.one(route, { [also ?? argument]: id }).catch((error: unknown) => {
      if (error instanceof Missing) throw new Missing(`${called} ${id}`);
      throw error;
    });
    const shown = Number(row.id ?? row[argument]);
    if (shown !== id) throw new Mistaken(`another answer came than ${called} ${id}`);
    return {
      ...saying({
        kind: called === "timeslot" ? "session" : called,
        id,
        name: titleOf(row),
        ...(called === "timeslot" && { at: text(row.commencement_time) }),
      }),
      stored: [],
      bound: [id, ...standing.map((field) => row[field])],
      targets: [{ kind: called, id, ...(text(row.name) && { name: text(row.name) }) }],
      row,
      id,
    };
  };

/** Several by number; up to two are read, so that a question can name them. */
export const several =
  (single: (argument: string) => ReadSubject, called: string, ...names: string[]): ReadSubject =>
  async (args, look, deep) => {
    const argument = names.find((name) => listAt(args, name).length > 0);
    if (argument === undefined) return undefined;
    const ids = listAt(args, argument);
    if (ids.length > 2) return listed(ids, called);
    const all: Seen[] = [];
    for (const id of ids) {
      const one = await single(argument)({ [argument]: id }, look, deep);
      if (one) all.push(one);
    }
    return {
      ...saying(...all.flatMap(({ things }) => things)),
      stored: [],
      bound: all.flatMap(({ bound }) => bound),
      targets: all.flatMap(({ targets }) => targets),
      many: ids.length,
    };
  };

/** A row of a list that has no read of its own. */
export const listedRow =
  (argument: string, called: string, route: string): ReadSubject =>
  async (args, look) => {
    const ids = [args[argument]].flat().filter((id): id is number => typeof id === "number");
    if (ids.length === 0) return undefined;
    const rows = await look.rows(route, {});
    const found = ids.map((id) => rows.find((row) => Number(row.id) === id));
    const gone = ids.filter((_, index) => found[index] === undefined);
    if (gone.length > 0) throw new Missing(`${called} ${and(gone.map(String))}`);
    return {
      ...saying(
        ...found.map((row) => ({
          kind: called === "role" ? "power-user role" : called,
          id: Number(row?.id),
          name: text(row?.name),
        })),
      ),
      stored: [],
      bound: found.flatMap((row) => [row?.id, row?.name]),
      targets: found.map((row) => ({ kind: called, id: Number(row?.id), name: text(row?.name) })),
      ...(found[0] && { row: found[0] }),
    };
  };

/** The same, where a question can do without its name: what cannot be read stays a number. */
export const namedAtMost =
  (argument: string, called: string, route: string): ReadSubject =>
  async (args, look, deep) => {
    try {
      return await record(argument, called, route, [])(args, look, deep);
    } catch (error) {
      if (error instanceof Missing || !(error instanceof Unread || error instanceof Mistaken)) throw error;
      return unreadSubject(argument, called)(args, look, deep);
    }
  };

export const unreadSubject =
  (argument: string, called: string): ReadSubject =>
  async (args) => {
    const id = numberAt(args, argument);
    return id === undefined
      ? undefined
      : {
          ...saying({ kind: called, id }),
          stored: [],
          bound: [id],
          targets: [{ kind: called, id }],
          id,
        };
  };

export const course = (argument: string) =>
  record(argument, "course", "get_course", ["name", "course_code", "active"], "course_id");
export const group = (argument: string) =>
  record(argument, "group", "get_user_group", ["name"], "user_group_id");
export const path = (argument: string) =>
  record(argument, "learning path", "get_learning_path", ["name"], "learning_path_id");
