import { isRow, type Read, type Row, Unread } from "../../academy/reads.ts";

type Parameters = Readonly<Record<string, string | number>>;

/** The reads of one job before it writes, each made once. Reject with `Missing`, `Unread`, or the signal's reason. */
export interface Reads {
  readonly read: Read;
  one(route: string, parameters: Parameters): Promise<Row>;
  rows(route: string, parameters?: Parameters): Promise<readonly Row[]>;
}

export function createReads(read: Read, signal: AbortSignal): Reads {
  const answers = new Map<string, Promise<unknown>>();
  const get = (route: string, parameters: Parameters): Promise<unknown> => {
    const key = `${route} ${JSON.stringify(parameters)}`;
    const known = answers.get(key);
    if (known) return known;
    const answer = read(route, parameters, signal);
    answers.set(key, answer);
    return answer;
  };
  return {
    read: get,
    async one(route, parameters) {
      const [row] = rowsIn(await get(route, parameters));
      if (row === undefined) throw new Unread("no record came");
      return row;
    },
    async rows(route, parameters = {}) {
      const answer = await get(route, parameters);
      if (typeof answer !== "object" || answer === null) throw new Unread("no list came");
      const rows = rowsIn(answer);
      if (!rows.every(isRow)) throw new Unread("what came is no list of records");
      return rows;
    },
  };
}

/** Records of an answer, or of a list inside one: many, or the one that stands for them. */
export const rowsIn = (value: unknown): Row[] =>
  [value].flat().filter((row): row is Row => typeof row === "object" && row !== null);

/** The number of a person, course, group or path, wherever a row shows it. */
export const numberIn = (row: Row, name: "id" | "user_id" | "course_id" = "id"): number =>
  Number(row[name] ?? row.id);
