/** SkyPrep says that there is no such thing. */
export class Missing extends Error {}

/** It may be there, but could not be read; `message` says why. */
export class Unread extends Error {}

/** Another record came than was asked for: nothing can be said of the one that was meant. */
export class Mistaken extends Unread {}

const identifies = /^id$|_id$/;
/** Whether this can be a record at all, and no sentence in a record's place. */
export const isRow = (row: unknown): row is Row =>
  typeof row === "object" &&
  row !== null &&
  !Array.isArray(row) &&
  Object.keys(row).some((name) => identifies.test(name));

/** One read of the API, by its route and the parameters as they are spelt on the wire. Rejects with `Missing` or `Unread`, or with the signal's reason. */
export type Read = (
  route: string,
  parameters: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
) => Promise<unknown>;

export type Row = Readonly<Record<string, unknown>>;

/** The reads behind one question: each made once, few, and not for long (contract §5). */
export interface BoundedReads {
  /** One record. */
  one(route: string, parameters: Readonly<Record<string, string | number>>): Promise<Row>;
  /** The rows of a list, or of a page of one. */
  rows(route: string, parameters: Readonly<Record<string, string | number>>): Promise<readonly Row[]>;
  /** All that was read so far: route → what came. Of a paged route, all its pages. */
  readonly seen: ReadonlyMap<string, unknown>;
}

export const mostReads = 8;

/** `signal` ends it: the call's, or the ten seconds a person is kept waiting for a question. */
export function createBoundedReads(
  read: Read,
  signal: AbortSignal,
  late: AbortSignal,
  most = mostReads,
): BoundedReads {
  const answers = new Map<string, Promise<unknown>>();
  const seen = new Map<string, unknown>();
  const both = AbortSignal.any([signal, late]);

  async function get(route: string, parameters: Readonly<Record<string, string | number>>): Promise<unknown> {
    const key = `${route} ${JSON.stringify(parameters)}`;
    const known = answers.get(key);
    if (known) return known;
    if (answers.size >= most) throw new Unread("too many reads for one question");
    if (late.aborted) throw new Unread("it took too long");
    const answer = read(route, parameters, both).catch((error: unknown) => {
      signal.throwIfAborted();
      if (late.aborted) throw new Unread("it took too long");
      throw error;
    });
    answers.set(key, answer);
    const value = await answer;
    const before = seen.get(route);
    seen.set(route, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value);
    return value;
  }

  return {
    seen,
    async one(route, parameters) {
      const value = await get(route, parameters);
      const first = Array.isArray(value) ? value[0] : value;
      if (typeof first !== "object" || first === null) throw new Unread("no record came");
      return first as Row;
    },
    async rows(route, parameters) {
      const value = await get(route, parameters);
      if (typeof value !== "object" || value === null) throw new Unread("no list came");
      const rows: readonly unknown[] = Array.isArray(value) ? value : [value];
      if (!rows.every(isRow)) throw new Unread("what came is no list of records");
      return rows;
    },
  };
}

/** Where nobody waits for a question: as many reads as it takes. */
export const unboundedReads = (read: Read, signal: AbortSignal): BoundedReads =>
  createBoundedReads(read, signal, new AbortController().signal, Number.POSITIVE_INFINITY);
