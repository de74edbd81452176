import type { WriteOperation } from "../../../tools/schema/operation.ts";
import { createBoundedReads, Missing, type Read, Unread } from "../../academy/reads.ts";
import type { Args } from "../../call/check/check.ts";
import type { Records } from "../../catalogue/catalogue.ts";
import { byNumber, fieldOf, includes, type KeptFields, recordIn } from "../../guard/undo-plan/kept.ts";
import type { Undoing, UndoPlan } from "../../guard/undo-plan/plan.ts";
import { parametersOf } from "../../guard/undo-plan/promise.ts";
import { cleanText, quoted } from "../../text/english.ts";
import { instantIn } from "../../text/instant.ts";

/**
 * What has changed about the target since, in lines; empty where it stands as the change left it. What cannot
 * be read is a line too: shut when unsure.
 */
export async function conflictsSince(
  undoing: Undoing,
  { args, with: opposite }: UndoPlan,
  { read, records }: { readonly read: Read; readonly records: Records },
  signal: AbortSignal,
): Promise<string[]> {
  const { operation, way } = undoing;
  const given = byNumber(undoing);
  const look = createBoundedReads(read, signal, new AbortController().signal);
  const back = records.get(opposite)?.operation as WriteOperation | undefined;
  const now = async (route: string, with_: Args): Promise<unknown> => {
    const parameters = await parametersOf(route, with_, look);
    if (parameters === undefined) return undefined;
    await look.one(route, parameters).catch((error: unknown) => {
      // An empty list is an answer too.
      if (!(error instanceof Unread) || !look.seen.has(route)) throw error;
    });
    return look.seen.get(route);
  };
  try {
    if (way.unless) {
      const answer = await now(way.unless.read, given);
      const there = includes({ [way.unless.read]: answer }, way.unless, given);
      return there ? [] : ["What that change added is not there any more."];
    }
    const again = back && "with" in back.undo ? back.undo.unless : undefined;
    if (again && way.made === undefined) {
      const answer = await now(again.read, args);
      return includes({ [again.read]: answer }, again, args) ? ["It is there again already."] : [];
    }
    const route = way.made === undefined ? operation.keeps?.[0] : back?.keeps?.[0];
    if (route === undefined || way.negative !== undefined) return [];
    const answer = await now(route, way.made === undefined ? given : args);
    const record = way.made === undefined ? recordIn(answer, undoing) : madeIn(answer, undoing);
    if (record === undefined) return [];
    const set = setSince(way.untouched ?? {}, given, record);
    if (set.length > 0 || (way.made !== undefined && isAsMade(record))) return set;
    return differences(given, record, way.same ?? []);
  } catch (error) {
    if (error instanceof Missing) return otherwise(undoing);
    if (error instanceof Unread) return [`How it stands now could not be read (${error.message}).`];
    throw error;
  }
}

/** What the change made, as it stands now: a record, or its row of a list. */
function madeIn(answer: unknown, { made }: Undoing): KeptFields | undefined {
  const rows = [answer].flat() as (KeptFields | null | undefined)[];
  return (Array.isArray(answer) ? rows.find((row) => Number(row?.id) === made) : rows[0]) ?? undefined;
}

const asMadeMs = 1_000;

/** Nobody touched it since: what differs from what was given, SkyPrep did not take. */
function isAsMade({ created_at, updated_at }: KeptFields): boolean {
  const [made, touched] = [created_at, updated_at].map((one) => instantIn(one)) as [number, number];
  return Math.abs(touched - made) <= asMadeMs;
}

/** What nobody gave when it was made, and somebody set since. */
const setSince = (untouched: Readonly<Record<string, string>>, given: Args, record: KeptFields): string[] =>
  Object.entries(untouched).flatMap(([name, stands]) => {
    const now = fieldOf(record, name);
    return name in given || now === undefined || now === null || same(stands, now)
      ? []
      : [
          `${name}: it was ${quoted(stands, cleanText)} when made, now it is ${quoted(String(now), cleanText)}.`,
        ];
  });

/** A read that finds nothing: gone, unless its absence is what the change left behind. */
const otherwise = ({ operation }: Undoing): string[] =>
  operation.effect === "remove" ? [] : ["What that change was about is not there any more."];

/** Arguments that the record shows under the same name, and what they are now. */
function differences(
  given: Args,
  record: Readonly<Record<string, unknown>>,
  naming: readonly string[],
): string[] {
  const flat = {
    ...given,
    ...(given.custom_fields as object | undefined),
    ...(given.extra as object | undefined),
    ...(given.set_status !== undefined && { status: given.set_status }),
  };
  return Object.entries(flat).flatMap(([name, set]) => {
    const field = name === "card_no" ? "user_identifier" : name;
    if (
      naming.includes(name) ||
      !(field in record) ||
      typeof set === "object" ||
      /password|ssn|^id$/.test(field)
    )
      return [];
    const now = fieldOf(record, field);
    if (same(set, now)) return [];
    return [
      `${name}: that change set ${quoted(String(set), cleanText)}, now it is ${quoted(String(now ?? ""), cleanText)}.`,
    ];
  });
}

function same(set: unknown, now: unknown): boolean {
  const plain = (value: unknown) =>
    String(value ?? "")
      .trim()
      .toLowerCase();
  if (plain(set) === plain(now)) return true;
  // A day comes back as an instant of it, in the account's time zone.
  const [a, b] = [instantIn(set), instantIn(now)];
  return /^\d{4}-\d\d-\d\d/.test(String(set)) && Math.abs(a - b) <= 38 * 3_600_000;
}
