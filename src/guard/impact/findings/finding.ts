import type { Subject } from "../../../../tools/schema/consequence.ts";
import type { Args } from "../../../academy/call-arguments.ts";
import { type BoundedReads, Missing, type Row, Unread } from "../../../academy/reads.ts";
import type { Reached } from "../affected-people.ts";
import { named, type Seen, type Stored } from "../subjects/seen.ts";

export interface Asking {
  readonly args: Args;
  readonly look: BoundedReads;
  /** What the call is about, as it was read. */
  readonly seen: Readonly<Partial<Record<Subject, Seen>>>;
  readonly reached: Reached | undefined;
  /** Pairs of the last hour that nobody was asked about. */
  readonly unasked: number;
  readonly now: number;
  /** One of many steps: what costs a read of its own is left out, and said to be. */
  readonly shared: boolean;
}

/** What goes with a change. */
export interface Found {
  /** Parts of the sentence “Goes with it: …”. */
  readonly goes?: readonly string[];
  /** Sentences of their own. */
  readonly facts?: readonly string[];
  /** Numbers that an answer is good for while they grow little (contract §5). */
  readonly counts?: Readonly<Record<string, number>>;
  /** How a pair or a right stands: an answer is good for it as it is (contract §5). */
  readonly stands?: readonly unknown[];
  /** How that stands could not be read. */
  readonly unread?: true;
  /** Names of what goes with it, as people wrote them. */
  readonly stored?: readonly Stored[];
}

export type Find = (asking: Asking) => Promise<Found>;

/** What cannot be read is said, never left out. */
export async function orSay(find: Promise<Found>, what: string): Promise<Found> {
  try {
    return await find;
  } catch (error) {
    if (error instanceof Unread || error instanceof Missing)
      return {
        facts: [`${what.charAt(0).toUpperCase()}${what.slice(1)} could not be read.`],
        ...(error instanceof Unread && { unread: true as const }),
      };
    throw error;
  }
}

const pageRows = 100;
const mostPages = 3;

export interface Progresses {
  readonly rows: readonly Row[];
  /** Whether these are all; otherwise counts are lower bounds. */
  readonly whole: boolean;
}

/** Course progress of one person or one course; undefined where SkyPrep did not narrow the list. */
export async function readProgress(
  look: BoundedReads,
  filter: { readonly user_id: number } | { readonly course_id: number },
): Promise<Progresses | undefined> {
  const [[name, wanted]] = Object.entries(filter) as [[string, number]];
  const rows: Row[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const parameters = { ...filter, per_page: pageRows, page };
    let got: readonly Row[];
    try {
      got = await look.rows("get_course_progresses", parameters);
    } catch (error) {
      if (error instanceof Unread && rows.length > 0) return { rows, whole: false };
      throw error;
    }
    if (got.some((row) => Number(row[name]) !== wanted)) return undefined;
    const again = got.length > 0 && rows.some(({ id }) => id === got[0]?.id);
    if (again) return { rows, whole: true };
    rows.push(...got);
    if (got.length !== pageRows) return { rows, whole: true };
  }
  return { rows, whole: false };
}

const mostNamed = 10;

/** Names of what is in a list, each with its number; past ten, how many more is for the caller to say. */
export const namesOf = (list: unknown, called: string): Stored[] =>
  [list]
    .flat()
    .filter((one): one is Row => typeof one === "object" && one !== null)
    .slice(0, mostNamed)
    .flatMap((row) => named(`${called} ${Number(row.id)}`, "name", row.name ?? row.full_name));

export const lengthOf = (list: unknown): number | undefined =>
  Array.isArray(list) ? list.length : typeof list === "object" && list !== null ? 1 : undefined;
