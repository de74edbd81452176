import {
  type Args,
  type BoundedReads,
  type KnownPerson,
  listAt,
  Missing,
  Mistaken,
  numberAt,
  type Row,
} from "../../academy/reads.ts";
import type { Target } from "../../journal/line.ts";
import { and } from "../../text/english.ts";
import { calledAll, type Naming, type Thing } from "./naming.ts";

/** Text that people wrote, for a line of its own: what it is, what stands there now, and what the call gives. */
export interface Stored {
  readonly what: string;
  readonly now?: string;
  readonly given?: string;
}

/** One thing that a call is about, as it stands now. */
export interface Seen {
  /** What a sentence calls it. */
  readonly say: (naming: Naming) => string;
  /** What it names, each by its number; names that were not read with it may be read for the question. */
  readonly things: readonly Thing[];
  /** Text that people wrote and that no sentence can hold. */
  readonly stored: readonly Stored[];
  /** What makes it this one, and how it stands: an answer is good for these only (contract §5). */
  readonly bound: readonly unknown[];
  readonly targets: readonly Target[];
  readonly row?: Row;
  readonly person?: KnownPerson;
  /** Its number, where a phrase has to be typed. */
  readonly id?: number;
  /** How many stand behind it, where it is several. */
  readonly many?: number;
}

/** Reads one; undefined where the call does not name it. @throws Missing, Unread */
export type ReadSubject = (args: Args, look: BoundedReads, deep: boolean) => Promise<Seen | undefined>;

export const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Several things of one kind, or one. */
export const saying = (...things: readonly Thing[]): Pick<Seen, "say" | "things"> => ({
  things,
  say: (naming) => calledAll(things, naming),
});

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
        name: text(row.full_name ?? row.name),
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

export function listed(ids: readonly (number | string)[], called: string): Seen {
  const things = ids.map((id) => ({ kind: called, ...(typeof id === "number" ? { id } : { login: id }) }));
  return {
    ...saying(...things),
    stored: [],
    bound: [...ids],
    targets: things,
    many: ids.length,
  };
}

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

export const unread =
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
