/** SkyPrep says that there is no such thing. */
export class Missing extends Error {}

/** It may be there, but could not be read; `message` says why. */
export class Unread extends Error {}

/** One read of the API, by its route and the parameters as they are spelt on the wire. Rejects with `Missing` or `Unread`, or with the signal's reason. */
export type Read = (
  route: string,
  parameters: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
) => Promise<unknown>;

export type Row = Readonly<Record<string, unknown>>;

/** The reads behind one question: each made once, few, and not for long (contract §5). */
export interface Look {
  /** One record. */
  one(route: string, parameters: Readonly<Record<string, string | number>>): Promise<Row>;
  /** The rows of a list, or of a page of one. */
  rows(route: string, parameters: Readonly<Record<string, string | number>>): Promise<readonly Row[]>;
  /** All that was read so far: route → what came. Of a paged route, all its pages. */
  readonly seen: ReadonlyMap<string, unknown>;
}

export const mostReads = 8;

/** `signal` ends it: the call's, or the ten seconds a person is kept waiting for a question. */
export function createLook(read: Read, signal: AbortSignal, late: AbortSignal, most = mostReads): Look {
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
      const rows = Array.isArray(value) ? value : [value];
      return rows.filter((row): row is Row => typeof row === "object" && row !== null);
    },
  };
}

/** Where nobody waits for a question: as many reads as it takes. */
export const unhurried = (read: Read, signal: AbortSignal): Look =>
  createLook(read, signal, new AbortController().signal, Number.POSITIVE_INFINITY);
