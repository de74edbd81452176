import type { Test } from "../../../tools/schema/proof.ts";
import { numberAt, type Read, type Row, rowsIn } from "../../academy/reads.ts";
import { asList } from "../../reply/records.ts";
import type { Verification } from "../../reply/reply.ts";
import { count } from "../../text/english.ts";
import type { Args } from "../check/check.ts";

type Moves = Extract<Test, { readonly moves: string }>;

/** Training records of both, as they stood at one time. */
export interface BothRecords {
  readonly from: readonly Row[];
  readonly into: readonly Row[];
}

/** Under which it stands in `Sent.before`: the read's own name is that of a kept picture, which may be of one person. */
export const ofBoth = "records of both";

const pageRows = 100;
const mostPages = 3;

/** Undefined where SkyPrep does not show just theirs, or not all of them. @throws Missing, Unread */
async function recordsOf(
  user_id: number,
  route: string,
  read: Read,
  signal: AbortSignal,
): Promise<Row[] | undefined> {
  const rows: Row[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const got = rowsIn(asList(await read(route, { user_id, per_page: pageRows, page }, signal)));
    if (got.some((row) => Number(row.user_id) !== user_id)) return undefined;
    if (got.length > 0 && rows.some(({ id }) => id === got[0]?.id)) return undefined;
    rows.push(...got);
    if (got.length !== pageRows) return rows;
  }
  return undefined;
}

/** What both have; undefined where that, or what is to be moved, does not show it. @throws Missing, Unread */
export async function recordsOfBoth(
  { moves, into, as }: Moves,
  told: Args,
  route: string,
  { read, signal }: { readonly read: Read; readonly signal: AbortSignal },
): Promise<BothRecords | undefined> {
  const [one, other] = [numberAt(told, moves), numberAt(told, into)];
  const [list, word] = as;
  if (one === undefined || other === undefined || ![told[list]].flat().includes(word)) return undefined;
  const from = await recordsOf(one, route, read, signal);
  if (from === undefined || from.length === 0) return undefined;
  const theirs = await recordsOf(other, route, read, signal);
  return theirs && { from, into: theirs };
}

/** As `recordsOfBoth` after the call, where the first may have nothing left. */
export async function recordsLeft(
  { moves, into }: Moves,
  told: Args,
  route: string,
  { read, signal }: { readonly read: Read; readonly signal: AbortSignal },
): Promise<BothRecords | undefined> {
  const from = await recordsOf(numberAt(told, moves) ?? 0, route, read, signal);
  const theirs = from && (await recordsOf(numberAt(told, into) ?? 0, route, read, signal));
  return from && theirs && { from, into: theirs };
}

/**
 * What became of the first one's records: with the other now, under the same number or as the only one of its course;
 * or still where it was. Undefined: it may have been done, and may not.
 */
export function movedSince(before: BothRecords, now: BothRecords): Verification | undefined {
  const had = new Set(before.into.map(({ course_id }) => course_id));
  const [own, theirs] = [numbersOf(now.from), numbersOf(now.into)];
  const courses = new Set(now.into.map(({ course_id }) => course_id));
  const isNew = ({ course_id }: Row) => !had.has(course_id) && courses.has(course_id);
  const moved = before.from.filter((row) => theirs.has(row.id) || (!own.has(row.id) && isNew(row)));
  const left = before.from.filter(({ id }) => own.has(id));
  const all = before.from.length;
  if (moved.length === all) return { verified: "yes", found: `shows ${count(all, "record")} with the other` };
  if (moved.length > 0) {
    const still = left.length > 0 ? `, and ${left.length} where it was before` : "";
    return {
      verified: "partly",
      found: `shows ${moved.length} of ${count(all, "record")} with the other${still}`,
    };
  }
  // What stands in a course that the other has a record in, too, may be left there by the move itself.
  const isTold = left.length === all && left.some(({ course_id }) => !had.has(course_id));
  return isTold
    ? { verified: "no", found: `still shows ${count(all, "record")} where they were` }
    : undefined;
}

const numbersOf = (rows: readonly Row[]): ReadonlySet<unknown> => new Set(rows.map(({ id }) => id));
