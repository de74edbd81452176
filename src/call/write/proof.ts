import type { Operation, WriteOperation } from "../../../tools/schema/operation.ts";
import type { Test } from "../../../tools/schema/proof.ts";
import { Missing, personIn, type Row, readFrom, Unread } from "../../academy/reads.ts";
import { toolName } from "../../catalogue/catalogue.ts";
import { asOne, cell } from "../../reply/records.ts";
import type { Verification } from "../../reply/reply.ts";
import type { Api } from "../../skyprep/api.ts";
import type { Pause } from "../../skyprep/request.ts";
import { Failure, mayPass } from "../../skyprep/response.ts";
import { cleanText } from "../../text/english.ts";
import { instantIn } from "../../text/instant.ts";
import type { TimeWorld } from "../call-deadline.ts";
import type { Args } from "../check/check.ts";
import { NobodyFound, spellPerson } from "../check/interpret.ts";
import { alike } from "./alike.ts";
import { type BothRecords, movedSince, ofBoth, recordsLeft, recordsOfBoth } from "./moved.ts";
import { at } from "./other-record.ts";
import { type Looked, lookAtSome } from "./sample.ts";

export interface Proven extends Looked {
  /**
   * Whether the same read said otherwise before the call; undefined: that was not read. Where it said the same, it
   * proves nothing of the call.
   */
  readonly changed: boolean | undefined;
}

/** A write that was sent. */
export interface Sent {
  readonly operation: WriteOperation;
  /** Its arguments, with everything that is known of the person. */
  readonly told: Args;
  /** Epoch milliseconds. */
  readonly began: number;
  /** What reads showed before it, by route; null: that there was nothing. */
  readonly before?: Readonly<Record<string, unknown>> | undefined;
  /** An answer came, whatever it said. */
  readonly answered?: boolean;
  /** The academy's (IANA), where it is known. */
  readonly zone?: string | undefined;
}

export interface ProofWorld {
  readonly api: Api;
  /** Every record, offered or not. */
  readonly records: ReadonlyMap<string, Operation>;
}

/** What reads need that look for a write. */
export interface LookWorld extends TimeWorld, ProofWorld {
  readonly pause: Pause;
  /** Told where reads show a write only after a while. */
  readonly onLate?: () => void;
}

/** Also where the call's own time is over: clients give up some seconds later. */
export const lookMs = 5_000;
/** Reads may be of before the write: looked again after each, where SkyPrep said that it was done, or nothing. */
export const pauses = [1_000, 2_000, 4_000];
/** Something of ours may be why it still shows. */
export const onePause = [4_000];

/** Tests of one record or list. */
type Single = Exclude<Test, { readonly enrolls: unknown } | { readonly moves: string }>;

/** Made before the call by more than clocks differ: not what the call made. */
const slackMs = 30_000;
/** Of what was answered in words: perhaps that the first try made it. */
const shortSlackMs = 2_000;

/** One read that tells whether a write was done; undefined where none can tell. Rejects with the signal's reason. */
export const prove = async (
  sent: Sent,
  world: ProofWorld,
  signal: AbortSignal,
): Promise<Proven | undefined> => (await lookOnce(sent, world, signal)).proven;

/** What one look came to. */
export interface OneLook {
  /** Undefined: it tells nothing. */
  readonly proven?: Proven | undefined;
  /** It could not be made, or not to its end: for now, as SkyPrep counts us out or is out of reach; or for another reason. */
  readonly unread?: "for now" | "otherwise";
}

/** As `prove`, and why it tells nothing. */
export async function lookOnce(sent: Sent, world: ProofWorld, signal: AbortSignal): Promise<OneLook> {
  const { read, test } = sent.operation.proof;
  if (test === undefined) return {};
  const look = readFrom(world.api);
  try {
    if ("enrolls" in test) {
      const { unread, ...seen } = (await lookAtSome(test.enrolls, sent.told, look, signal)) ?? {};
      const isSeen = (one: Partial<Looked>): one is Looked => one.verified !== undefined;
      return {
        ...(isSeen(seen) && { proven: { ...seen, changed: undefined } }),
        ...(unread && unreadBy(unread)),
      };
    }
    if ("moves" in test) {
      const before = sent.before?.[ofBoth] as BothRecords | undefined;
      const now = before && (await recordsLeft(test, sent.told, read, { read: look, signal }));
      const moved = before && now && movedSince(before, now);
      return moved ? { proven: { ...moved, found: `${toolName(read)} ${moved.found}`, changed: true } } : {};
    }
    const parameters = await parametersOf(read, test, sent.told, world, signal);
    // A list of nobody's may be anybody's.
    if (parameters === undefined) return {};
    const value = await look(read, parameters, signal).catch((error: unknown) => {
      if (error instanceof Missing) return error;
      throw error;
    });
    const proven = judge(test, value, sent);
    if (proven === undefined) return {};
    const found = cleanText(`${toolName(read)} ${proven.found}`);
    return { proven: { ...proven, found, changed: changedSince(read, test, sent) } };
  } catch (error) {
    // It could not be read: nothing is known, and nothing is said.
    if (error instanceof Unread || error instanceof Failure || error instanceof NobodyFound)
      return unreadBy(error);
    throw error;
  }
}

const unreadBy = (error: Error): OneLook => ({
  unread: mayPass(error instanceof Unread ? error.cause : error) ? "for now" : "otherwise",
});

/** What the record that a write was answered with shows of what was given; undefined: all of it, as far as it shows any. */
export function otherInRecord(sent: Sent, record: unknown): Verification | undefined {
  const { test } = sent.operation.proof;
  const { output } = sent.operation;
  if (test === undefined || !("shows" in test) || output.as !== "one") return undefined;
  const seen = shows(test.shows, one(asOne(record, output.inside)), sent);
  return seen?.verified === "no" ? { ...seen, found: cleanText(`the answer ${seen.found}`) } : undefined;
}

/** Whether it was otherwise before; somebody new is told by when they were made. */
function changedSince(read: string, test: Single, sent: Sent): boolean | undefined {
  if ("finds" in test || "rises" in test) return true;
  const { before } = sent;
  if (before === undefined || !Object.hasOwn(before, read)) return undefined;
  const was = judge(test, before[read] === null ? new Missing(read) : before[read], sent);
  return was === undefined ? undefined : was.verified === "no";
}

/**
 * What a read shows before a write that no read after it alone can prove: a balance, a list without days. By route, as
 * `Sent.before`; nothing where it is of no use, or cannot be read.
 */
export async function lookBefore(
  { operation, told }: Pick<Sent, "operation" | "told">,
  world: ProofWorld,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { read: own, test, among } = operation.proof;
  const rises = test !== undefined && "rises" in test;
  const moves = test !== undefined && "moves" in test ? test : undefined;
  const read = among?.read ?? (rises || moves ? own : undefined);
  if (read === undefined) return undefined;
  try {
    if (moves) {
      const both = await recordsOfBoth(moves, told, read, { read: readFrom(world.api), signal });
      return both && { [ofBoth]: both };
    }
    const parameters = await parametersOf(read, { has: "" }, told, world, signal);
    return parameters && { [read]: await readFrom(world.api)(read, parameters, signal) };
  } catch (error) {
    // The write does not wait for its proof.
    if (error instanceof Missing || error instanceof Unread) return undefined;
    if (error instanceof Failure || error instanceof NobodyFound) return undefined;
    throw error;
  }
}

const numbersIn = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [value]).map(Number).filter(Number.isInteger);

/** Whom or what the read is about, out of the write's arguments; undefined: the write does not name what it needs. */
export async function parametersOf(
  read: string,
  test: Single,
  told: Args,
  world: ProofWorld,
  signal: AbortSignal,
) {
  if ("finds" in test) return { user_email: String(told[test.finds]) };
  const { person, input } = world.records.get(read) ?? {};
  const named = Object.entries(told).filter(
    ([name, value]) => /_id$/.test(name) && typeof value === "number" && name in (input?.shape ?? {}),
  );
  const isNamed = (id: string) => id === "user_id" || told[id] !== undefined;
  const needed = Object.entries(input?.shape ?? {}).filter(
    ([, field]) => !field.safeParse(undefined).success,
  );
  if (!needed.every(([name]) => !/_id$/.test(name) || isNamed(name))) return undefined;
  const { user_email, user_id } = told;
  const who =
    person?.knows === "user_email" && user_email ? { user_email } : user_id ? { user_id } : { user_email };
  const { user_id: _, ...rest } = Object.fromEntries(named) as Record<string, number>;
  const all = person ? { ...rest, ...who } : rest;
  const spelt = await spellPerson(person, all, world.api, signal);
  return Object.fromEntries(Object.entries(spelt).filter(([, one]) => one !== undefined)) as Record<
    string,
    string | number
  >;
}

type Judged = Looked | undefined;

function judge(test: Single, value: unknown, sent: Sent): Judged {
  const { told, began, answered = false } = sent;
  const missing = value instanceof Missing;
  if ("gone" in test) {
    return missing ? yes("finds nothing there any more") : isRecord(value) ? no("still shows it") : undefined;
  }
  if ("there" in test) {
    if (missing) return no("finds no such thing");
    return isOfThose(one(value), told) ? yes("shows it") : undefined;
  }
  if ("finds" in test)
    return missing
      ? no("finds nobody with this login")
      : newcomer(value, String(told[test.finds]), began - (answered ? shortSlackMs : slackMs));
  if (missing) return undefined;
  if ("shows" in test) return shows(test.shows, one(value), sent);
  if ("rises" in test) return risen(one(value), test, sent);
  const rows = "rows" in test || test.in === undefined ? value : one(value)?.[test.in];
  if (!Array.isArray(rows) || !rows.every(isRecord)) return undefined;
  const there = new Map(
    rows.flatMap((row) => [row.user_id, row.id].map((id) => [Number(id ?? row.id), row])),
  );
  const wanted = numbersIn(told["has" in test ? test.has : "rows" in test ? test.rows : test.lacks]);
  if (wanted.length === 0) return undefined;
  const absent = wanted.filter((id) => !there.has(id));
  if ("rows" in test) {
    if (absent.length > 0) return no(`does not show ${absent.join(", ")}`);
    const given = Object.entries(test.show).filter(([argument]) => told[argument] !== undefined);
    const all = wanted.map((id) => rowAsGiven(given, there.get(id), sent));
    return together(`shows ${wanted.join(", ")} as given`, all);
  }
  if ("has" in test) {
    if (absent.length > 0)
      return { ...no(`does not show ${absent.join(", ")}`), some: absent.length < wanted.length };
    const ends = wanted.map((id) => asGiven(endsIn(told), there.get(id), sent));
    return together(`shows ${wanted.join(", ")}`, ends);
  }
  return absent.length === wanted.length
    ? yes(`does not show ${wanted.join(", ")} any more`)
    : no(
        `still shows ${wanted.filter((id) => there.has(id)).join(", ")}${test.perhaps ? `: perhaps ${test.perhaps}` : ""}`,
      );
}

const yes = (found: string): Verification => ({ verified: "yes", found });
const no = (found: string): Verification => ({ verified: "no", found });
const isRecord = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && "id" in value;
const one = (value: unknown): Row | undefined => {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === "object" && first !== null ? (first as Row) : undefined;
};

/** Whether a record is about whom and what the call names: `user_id`, or the number of its `user`. */
function isOfThose(record: Row | undefined, told: Args): boolean {
  const named = Object.entries(told).filter(([name, id]) => /_id$/.test(name) && typeof id === "number");
  return named.every(([name, id]) => {
    const inner = record?.[name.replace(/_id$/, "")] as Row | undefined;
    return [inner?.[name], inner?.id, record?.[name]].some((shown) => Number(shown) === id);
  });
}

/** What was given of how something is to be, besides whom and what it is about. */
const endsIn = (told: Args): readonly (readonly [string, unknown])[] =>
  Object.entries(told).filter(([name, value]) => /_date$/.test(name) && value !== undefined);

interface Compared {
  readonly alike: readonly string[];
  /** As it is shown. */
  readonly others: readonly string[];
  /** Not shown, or so that it cannot be told. */
  readonly unseen: readonly string[];
}

/** Each value given, beside what a record shows of it. */
function asGiven(
  given: readonly (readonly [string, unknown])[],
  record: Row | undefined,
  { zone }: Pick<Sent, "zone">,
): Compared {
  const compared = given.map(([field, value]) => {
    const shown = record?.[field];
    const isShown = comparable(shown) || shown === null;
    return { field, shown, is: isShown ? alike(value, shown, zone) : undefined };
  });
  return {
    alike: compared.filter(({ is }) => is === true).map(({ field }) => field),
    others: compared
      .filter(({ is }) => is === false)
      .map(({ field, shown }) => `${field}: ${cell(shown ?? "nothing").slice(0, 60)}`),
    unseen: compared.filter(({ is }) => is === undefined).map(({ field }) => field),
  };
}

/** As `asGiven`, of fields inside others; numbers of a list in any order. */
function rowAsGiven(
  fields: readonly (readonly [argument: string, path: string])[],
  row: Row = {},
  sent: Sent,
): Compared {
  const inOrder = (value: unknown) =>
    Array.isArray(value)
      ? value
          .map(Number)
          .toSorted((a, b) => a - b)
          .join(", ")
      : value;
  const shown = fields.map(([argument, path]) => [argument, inOrder(at(row, path))]);
  const given = fields.map(([argument]) => [argument, inOrder(sent.told[argument])] as const);
  return asGiven(given, Object.fromEntries(shown), sent);
}

/** What a balance is now, beside what it was; undefined: that is not known, or somebody else changed it, too. */
function risen(
  record: Row | undefined,
  { rises, by }: Extract<Test, { readonly rises: string }>,
  sent: Sent,
): Judged {
  const { told, before = {}, operation } = sent;
  const asked = Number(told[by]);
  const was = balancesIn(one(before[operation.proof.read])?.[rises]);
  const is = balancesIn(record?.[rises]);
  if (was === undefined || is === undefined || !asked) return undefined;
  const other = [...new Set([...was.keys(), ...is.keys()])].filter(
    (name) => (was.get(name) ?? 0) !== (is.get(name) ?? 0),
  );
  const [name = ""] = other;
  if (other.length === 0) return no("shows the same balance as before the call");
  const more = (is.get(name) ?? 0) - (was.get(name) ?? 0);
  if (other.length > 1 || more !== asked) return undefined;
  return yes(
    `tells so (${name}: ${is.get(name) ?? 0}, ${Math.abs(more)} ${more > 0 ? "more" : "less"} than before the call)`,
  );
}

/** One number, or several by their names; undefined: neither. */
function balancesIn(value: unknown): ReadonlyMap<string, number> | undefined {
  const entries =
    typeof value === "object" && value !== null ? Object.entries(value) : [["balance", value] as const];
  const balances = entries.map(([name, n]) => [name, typeof n === "number" ? n : Number.NaN] as const);
  return balances.some(([, n]) => Number.isNaN(n)) ? undefined : new Map(balances);
}

function together(found: string, compared: readonly Compared[]): Verification {
  const others = compared.flatMap((one) => one.others);
  if (others.length > 0) return no(`shows ${others.join(", ")}`);
  const unseen = [...new Set(compared.flatMap((one) => one.unseen))];
  return unseen.length > 0
    ? { verified: "partly", found: `${found}, but not ${unseen.join(", ")}` }
    : yes(found);
}

function newcomer(value: unknown, login: string, since: number): Judged {
  const person = personIn(value, { user_email: login });
  if (person === undefined) return undefined;
  const made = instantIn(person.row.created_at);
  // Whoever was there before is not who was to be made.
  if (Number.isNaN(made)) return no(`shows person ${person.id} with this login, and not since when`);
  if (made < since) return no(`shows person ${person.id} with this login, who was there before`);
  return yes(`shows person ${person.id} with this login`);
}

/** Whatever of it the record shows: each value alike, or not. */
function shows(called: Readonly<Record<string, string>>, record: Row | undefined, sent: Sent): Judged {
  if (record === undefined) return undefined;
  const { custom_fields, extra, ...plain } = sent.told;
  const own = Object.entries((custom_fields ?? {}) as Row).map(([n, value]) => [`ca_${n}`, value] as const);
  const given = [...Object.entries(plain), ...own]
    .map(([argument, value]) => [called[argument] ?? argument, value] as const)
    .filter(([field, value]) => value !== undefined && !/_ids?$|^user_email$/.test(field));
  const compared = asGiven(given, record, sent);
  if (compared.alike.length + compared.others.length === 0) return undefined;
  const unseen = extra === undefined ? compared.unseen : [...compared.unseen, "extra"];
  return together(`shows ${compared.alike.join(", ")} as given`, [{ ...compared, unseen }]);
}

const comparable = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);
