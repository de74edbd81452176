import { asList } from "../reply/records.ts";
import type { Api } from "../skyprep/api.ts";
import { encode } from "../skyprep/request.ts";
import {
  errorInside,
  Failure,
  type ParsedResponse,
  Rejected,
  SignInRefused,
  saidBack,
  saysNotFound,
  speaksOfAccess,
} from "../skyprep/response.ts";
import type { KeptLists } from "../state/kept-lists.ts";
import { cleanText, count } from "../text/english.ts";

/** SkyPrep says that there is no such thing. */
export class Missing extends Error {}

/** It may be there, but could not be read; `message` says why. */
export class Unread extends Error {}

/** Not sent: an operator's policy leaves it out, whether it is there or not. */
export class OutsidePolicy extends Failure {
  /** The policy itself is wrong. */
  readonly needs?: "settings";
  constructor(
    message: string,
    next = "Do not try others: whoever set this server up can change the policy.",
  ) {
    super(message, next, "no");
  }
}

/** A policy leaves it out, whether it is there or not: nothing was asked of SkyPrep. */
export class LeftOutByPolicy extends Unread {}

/** SkyPrep does not let this key read it. */
export class NotForThisKey extends Unread {}

/** Another record came than was asked for: nothing can be said of the one that was meant. */
export class Mistaken extends Unread {}

/** Whether fields can be looked for in it. A list passes, too, and has none of them. */
export const isObject = (row: unknown): row is Row => typeof row === "object" && row !== null;

const identifies = /^id$|_id$/;
/** Whether this can be a record at all, and no sentence in a record's place. */
export const isRow = (row: unknown): row is Row =>
  typeof row === "object" &&
  row !== null &&
  !Array.isArray(row) &&
  Object.keys(row).some((name) => identifies.test(name));

/** One read of the API, by its route and the parameters as they are spelt on the wire. Rejects with `Missing` or `Unread`, or with the signal's reason. */
export type Read = (route: string, parameters: WireParameters, signal: AbortSignal) => Promise<unknown>;

export type Row = Readonly<Record<string, unknown>>;

/** As they are spelt on the wire. */
type WireParameters = Readonly<Record<string, string | number>>;

/** One read of the API, never from a kept list: records, or why there are none. */
export const readFrom =
  (api: Api): Read =>
  async (route, parameters, signal) => {
    try {
      return recordsIn(await api(route, encode(parameters), signal), route);
    } catch (error) {
      if (error instanceof Rejected && error.status === 404 && !speaksOfAccess(error.message)) {
        throw new Missing(route);
      }
      if (error instanceof OutsidePolicy) throw new LeftOutByPolicy(cleanText(error.message));
      if (error instanceof SignInRefused && error.reached === "no")
        throw new NotForThisKey(cleanText(error.message));
      if (error instanceof Failure) throw new Unread(cleanText(error.message), { cause: error });
      throw error;
    }
  };

/**
 * A record, or records. Nothing of the kind is no "there is none": whoever believes that makes a second one.
 * @throws Missing where its words say that there is no such thing, Unread
 */
function recordsIn(reading: ParsedResponse, route: string): unknown {
  const value = reading.is === "json" ? reading.value : undefined;
  const words = errorInside(value)?.text ?? sentenceIn(reading);
  if (words !== undefined) {
    if (saysNotFound(words)) throw new Missing(route);
    throw new Unread(`SkyPrep said ${JSON.stringify(cleanText(words).slice(0, 240))}`);
  }
  if (typeof value !== "object" || value === null) throw new Unread("no data came");
  const rows: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (reading.is === "json" && reading.isPart) throw new Unread(sayPart(rows.length, reading.total));
  if (!rows.every((row) => typeof row === "object" && row !== null && Object.keys(row).length > 0)) {
    throw new Unread("no records came");
  }
  return value;
}

/** Words alone; a record may have a message and a status of its own. */
function sentenceIn(reading: ParsedResponse): string | undefined {
  const value = reading.is === "json" ? reading.value : undefined;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const alone = Object.keys(value).every((name) =>
      /^(message|status|success|code|detail|title)$/.test(name),
    );
    return alone && "message" in value ? saidBack(reading) : undefined;
  }
  return saidBack(reading);
}

/** Reads that are each made once. They reject with `Missing`, `Unread`, or the signal's reason. */
export interface Reads {
  /** What came, as it came. */
  readonly read: Read;
  /** One record. */
  one(route: string, parameters: WireParameters): Promise<Row>;
  /** The rows of a list, or of a page of one. */
  rows(route: string, parameters?: WireParameters): Promise<readonly Row[]>;
}

export function createReads(read: Read, signal: AbortSignal): Reads {
  const answers = new Map<string, Promise<unknown>>();

  function get(route: string, parameters: WireParameters): Promise<unknown> {
    const key = `${route} ${JSON.stringify(parameters)}`;
    const known = answers.get(key);
    if (known) return known;
    const answer = read(route, parameters, signal);
    answers.set(key, answer);
    return answer;
  }

  return {
    read: get,
    async one(route, parameters) {
      const value = await get(route, parameters);
      const first = Array.isArray(value) ? value[0] : value;
      if (typeof first !== "object" || first === null) throw new Unread("no record came");
      return first as Row;
    },
    async rows(route, parameters = {}) {
      const value = await get(route, parameters);
      if (typeof value !== "object" || value === null) throw new Unread("no list came");
      const rows: readonly unknown[] = Array.isArray(value) ? value : [value];
      if (!rows.every(isRow)) throw new Unread("what came is no list of records");
      return rows;
    },
  };
}

/** The reads behind one question: each made once, few, and not for long (contract §5). */
export interface BoundedReads extends Pick<Reads, "one" | "rows"> {
  /** All that was read so far: route → what came. Of a paged route, all its pages. */
  readonly seen: ReadonlyMap<string, unknown>;
  /** Small looks that are made once for a whole academy: they are none of these few. `of`: through what all here is read. */
  readonly once: { readonly of: Read; readonly read: Read; readonly signal: AbortSignal };
}

export const mostReads = 8;

/** `signal` ends it: the call's, or the ten seconds a person is kept waiting for a question. */
export function createBoundedReads(
  read: Read,
  signal: AbortSignal,
  late: AbortSignal,
  most = mostReads,
): BoundedReads {
  const seen = new Map<string, unknown>();
  let begun = 0;

  const inTime: Read = async (route, parameters, both) => {
    if (late.aborted) throw new Unread("it took too long");
    try {
      return await read(route, parameters, both);
    } catch (error) {
      signal.throwIfAborted();
      if (late.aborted) throw new Unread("it took too long");
      throw error;
    }
  };
  const bounded: Read = async (route, parameters, both) => {
    if (begun >= most) throw new Unread("too many reads for one question");
    begun += 1;
    const value = await inTime(route, parameters, both);
    const before = seen.get(route);
    seen.set(route, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value);
    return value;
  };

  const either = AbortSignal.any([signal, late]);
  const { one, rows } = createReads(bounded, either);
  return { one, rows, seen, once: { of: read, read: inTime, signal: either } };
}

/** A person is kept waiting for a question no longer than this. */
const patienceMs = 10_000;

/** Looks for as long as one question may take. */
export async function withLook<T>(
  { read, after }: { readonly read: Read; readonly after: (ms: number, then: () => void) => () => void },
  signal: AbortSignal,
  work: (look: BoundedReads) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const cancel = after(patienceMs, () => late.abort());
  try {
    return await work(createBoundedReads(read, signal, late.signal));
  } finally {
    cancel();
  }
}

/** Where nobody waits for a question: as many reads as it takes. */
export const unboundedReads = (read: Read, signal: AbortSignal): BoundedReads =>
  createBoundedReads(read, signal, new AbortController().signal, Number.POSITIVE_INFINITY);

export interface KnownPerson {
  readonly id: number;
  readonly login: string;
  readonly row: Row;
}

/** A person as arguments name one. */
export type Who = { readonly user_id: number } | { readonly user_email: string };

export function whoIn(args: Readonly<Record<string, unknown>>): Who | undefined {
  if (typeof args.user_id === "number") return { user_id: args.user_id };
  return typeof args.user_email === "string" ? { user_email: args.user_email } : undefined;
}

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

/**
 * The person in an answer to get_user; undefined where it is nobody, or not the one who was asked for: an
 * ignored parameter may bring anyone.
 */
export function personIn(answer: unknown, who: Who): KnownPerson | undefined {
  const row = (Array.isArray(answer) ? answer[0] : answer) as Row | null | undefined;
  if (typeof row !== "object" || row === null) return undefined;
  const id = Number(row.user_id ?? row.id);
  const login = row.email || row.username;
  if (!Number.isInteger(id) || id <= 0 || typeof login !== "string" || login === "") return undefined;
  const meant =
    "user_id" in who
      ? id === who.user_id
      : [row.email, row.username].some((one) => typeof one === "string" && same(one, who.user_email));
  return meant ? { id, login, row } : undefined;
}

/** Only what says that there is nobody means that: another answer could not be read. @throws Missing, Unread */
export async function readPerson(look: BoundedReads, who: Who): Promise<KnownPerson> {
  const found = personIn(await look.one("get_user", who), who);
  if (found === undefined) throw new Mistaken("another answer came than that person");
  return found;
}

/** More power than a learner has, or a power that could not be made out. */
export const isAboveLearner = (row: Row): boolean =>
  row.role !== "learner" ||
  [row.admin, row.manager, row.global_content_manager].some((one) => one === true || one === "true") ||
  Boolean(row.power_user_permissions ?? row.user_permission);

/** An answer that is no list; the caller knows what to say of it. */
export class NotAList extends Error {
  readonly reading: ParsedResponse;
  constructor(reading: ParsedResponse) {
    super("not a list");
    this.reading = reading;
  }
}

/** The rows of an answer; what has none of the marks of a record is no list, whatever it looks like. */
export function rowsOf(reading: ParsedResponse): readonly unknown[] {
  const isList = reading.is === "json" && typeof reading.value === "object" && reading.value !== null;
  if (!isList || errorInside(reading.value) !== undefined) throw new NotAList(reading);
  const rows = asList(reading.value);
  if (rows.length > 0 && !rows.some(isRecord)) throw new NotAList(reading);
  return rows;
}

const isRecord = (row: unknown): boolean => typeof row === "object" && row !== null && "id" in row;

/** What tells one row from another. */
export const identity = (row: unknown): string => {
  const { id, created_at } = (row ?? {}) as Record<string, unknown>;
  return String(id ?? created_at);
};

interface ListOf {
  readonly api: Api;
  readonly kept: KeptLists<readonly unknown[]>;
}

const keyOf = (route: string, form: string): string => `${route}\n${form}`;

/** When a whole list was loaded that is kept; undefined where the next read loads it. Epoch milliseconds. */
export const keptSince = (route: string, form: string, { kept }: Pick<ListOf, "kept">): number | undefined =>
  kept.at(keyOf(route, form));

/** The lists without arguments that are kept, by route, and when each was loaded. */
export const keptLists = ({ kept }: Pick<ListOf, "kept">): ReadonlyMap<string, number> =>
  new Map([...kept.all()].flatMap(([key, at]) => (key.endsWith("\n") ? [[key.slice(0, -1), at]] : [])));

/** The rows of a list without arguments, where it is kept; nothing is read for it. */
export const keptRows = (route: string, { kept }: Pick<ListOf, "kept">): readonly unknown[] | undefined =>
  kept.peek(keyOf(route, ""));

/** Whoever asks next has it anew. */
export const renewList = (route: string, form: string, { kept }: Pick<ListOf, "kept">): void =>
  kept.renew(keyOf(route, form));

const parts = new WeakMap<readonly unknown[], Part>();

/** What is known of a list that could not be read to its end. */
export interface Part {
  /** How many rows SkyPrep says there are. */
  readonly total: number | undefined;
}

/** Undefined: these rows are all. */
export const partIn = (rows: readonly unknown[]): Part | undefined => parts.get(rows);

/** Nothing may be counted in it, and nobody is known not to be there. */
export const sayPart = (rows: number, total: number | undefined): string =>
  total === undefined
    ? `only ${count(rows, "row")} of a longer list came; SkyPrep gave no more`
    : `only ${rows} of ${count(total, "row")} came; SkyPrep gave no more`;

/** A list that SkyPrep returns whole, raw: kept, or one load for all who ask; `partIn` tells where it is not whole. */
export function wholeList(
  route: string,
  form: string,
  { api, kept }: ListOf,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const load = async (loading: AbortSignal) => {
    const reading = await api(route, form, loading);
    const value = rowsOf(reading);
    if (reading.is === "json" && reading.isPart) parts.set(value, { total: reading.total });
    return { value, bytes: reading.is === "json" ? reading.bytes : 0 };
  };
  return kept.read(keyOf(route, form), load, signal);
}

/** What a call gives, checked. */
export type Args = Readonly<Record<string, unknown>>;

export const numberAt = (args: Args, name: string): number | undefined => {
  const value = Array.isArray(args[name]) && args[name].length === 1 ? args[name][0] : args[name];
  return typeof value === "number" ? value : undefined;
};
export const listAt = (args: Args, ...names: string[]): readonly (number | string)[] =>
  names.flatMap((name) => (Array.isArray(args[name]) ? (args[name] as (number | string)[]) : []));

const hidden = new WeakSet<object>();

/**
 * Stands in a page for a row that a policy leaves out: only its number is there, because whoever reads pages counts
 * rows and knows the last by its number. It is nobody's and nothing to show.
 */
export function hiddenRow(row: unknown): Row {
  const { id } = (typeof row === "object" && row !== null ? row : {}) as Row;
  const stand = { id };
  hidden.add(stand);
  return stand;
}
export const isHidden = (row: unknown): boolean => typeof row === "object" && row !== null && hidden.has(row);

/** Records of an answer, or of a list inside one: many, or the one that stands for them. */
export const rowsIn = (value: unknown): Row[] => [value].flat().filter(isObject);

/** The number of a person, course, group or path, wherever a row shows it. */
export const numberIn = (row: Row, name: "id" | "user_id" | "course_id" = "id"): number =>
  Number(row[name] ?? row.id);
