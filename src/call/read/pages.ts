import { identity, rowsOf } from "../../academy/list-rows.ts";
import { encode } from "../../skyprep/form.ts";
import { BadCursor, digest, type Position } from "../../state/cursor.ts";
import { applyFilters } from "./filters.ts";
import type { ListRequest, ListWorld } from "./list-request.ts";
import { searched } from "./search.ts";

export const changed =
  "The list has changed since that cursor was given: leave cursor out to start again from its first page.";
/** Pages of the API read for one call; where a filter is ignored, matching rows may be far between. */
const mostPages = 5;

export interface Found {
  readonly row: unknown;
  /** Rows of the API up to and with this one. */
  readonly end: number;
  /** Its own digest: a cursor behind it checks that it is still there. */
  readonly mark: string;
}

interface Pages {
  readonly found: readonly Found[];
  /** Where reading may go on; undefined at the end. */
  readonly reached: Position | undefined;
  readonly ignored: readonly string[];
  readonly sent: number;
}

/**
 * Reads the API's pages from where the cursor stands until enough rows match. The row before that place must
 * be the one it was: where rows came or went meanwhile, the next page would skip or repeat some.
 */
export async function readPages(
  { tool, asked, limit, search, at }: ListRequest,
  world: ListWorld,
  signal: AbortSignal,
): Promise<Pages> {
  const { page, size, most } = tool.operation.paging ?? { page: "page", size: "per_page", most: 100 };
  const fetch = async (number: number) => {
    const form = encode({ ...asked, [size]: most, [page]: number }, tool.operation.wire);
    return rowsOf(await world.api(tool.route, form, signal));
  };
  const found: Found[] = [];
  const ignored = new Set<string>();
  const seen = new Set<string>();
  let sent = 0;
  let offset = at?.offset ?? 0;
  let last = at?.mark;
  let before = offset > 0 && offset % most === 0 ? await fetch(offset / most) : [];
  if (before.length > 0) stillThere(before[(before.length > most ? offset : most) - 1], last);
  for (let pages = 0; pages < mostPages && found.length < limit; pages++) {
    const number = Math.floor(offset / most) + 1;
    const rows = await fetch(number);
    // More than was asked for: SkyPrep does not page after all, and this is everything.
    const skip = rows.length > most ? offset : offset % most;
    if (skip > 0) stillThere(rows[skip - 1], last);
    // The same page again, or nothing: there is no more.
    const again = skip === 0 && before.length > 0 && identity(rows[0]) === identity(before[0]);
    if (rows.length === 0 || again) return { found, reached: undefined, ignored: [...ignored], sent };
    before = rows;
    for (const row of rows.slice(skip)) {
      sent += 1;
      offset += 1;
      const id = identity(row);
      last = digest(id);
      const kept = applyFilters([row], asked, tool.operation.filters, world.now());
      for (const name of kept.ignored) ignored.add(name);
      if (seen.has(id) || searched(kept.rows, search).length === 0) continue;
      seen.add(id);
      found.push({ row, end: offset, mark: last });
    }
    if (rows.length !== most) return { found, reached: undefined, ignored: [...ignored], sent };
  }
  return {
    found,
    reached: last === undefined ? undefined : { offset, mark: last },
    ignored: [...ignored],
    sent,
  };
}

function stillThere(row: unknown, mark: string | undefined): void {
  if (mark !== undefined && digest(identity(row)) !== mark) throw new BadCursor(changed);
}
