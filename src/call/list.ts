import type { Kind } from "../../tools/schema/answer.ts";
import { showList } from "../reply/list.ts";
import { asList } from "../reply/records.ts";
import { type Reply, refuse } from "../reply/reply.ts";
import { fieldNamed, showable, type View } from "../reply/view.ts";
import type { Api } from "../skyprep/api.ts";
import { encode } from "../skyprep/form.ts";
import { errorInside, type Reading } from "../skyprep/wire.ts";
import { BadCursor, digest, type Position, readCursor, writeCursor } from "../store/cursor.ts";
import type { KeptLists } from "../store/lists.ts";
import type { Tool } from "./catalogue.ts";
import type { Args } from "./check.ts";
import { applyFilters } from "./filters.ts";
import { searched } from "./search.ts";

export interface ListWorld {
  readonly api: Api;
  readonly kept: KeptLists<readonly unknown[]>;
  readonly view: View;
  /** What a cursor is good for: this account. */
  readonly account: string;
}

/** An answer that is no list; the caller knows what to say of it. */
export class NotAList extends Error {
  readonly reading: Reading;
  constructor(reading: Reading) {
    super("not a list");
    this.reading = reading;
  }
}

const changed =
  "The list has changed since that cursor was given: leave cursor out to start again from its first page.";
const defaultLimit = 50;
/** Pages of the API read for one call; where a filter is ignored, matching rows may be far between. */
const mostPages = 5;

/** Rejects with `BadCursor`, or `NotAList`. One page of a list: ours of what SkyPrep returns whole, or SkyPrep's own where it pages. */
export async function listPage(
  tool: Tool,
  kind: Kind,
  args: Args,
  world: ListWorld,
  signal: AbortSignal,
): Promise<Reply> {
  const { limit = defaultLimit, cursor, search, fields, ...asked } = args as Args & Listing;
  const columns = fields && named(fields, kind, world.view);
  if (columns && "wrong" in columns)
    return refuse(`${tool.name} was not called; nothing was sent.`, columns.wrong);
  const form = encode(asked, tool.operation.wire);
  const call = [world.account, tool.route, form, search ?? ""].join("\n");
  const at = cursor === undefined ? undefined : readCursor(cursor, call);
  const request = { tool, kind, asked, form, call, limit, search, at, columns: columns?.shown };
  return tool.operation.paging ? pageOfPages(request, world, signal) : pageOfWhole(request, world, signal);
}

interface Listing {
  limit?: number;
  cursor?: string;
  search?: string;
  fields?: string[];
}

interface Request {
  readonly tool: Tool;
  readonly kind: Kind;
  readonly asked: Args;
  readonly form: string;
  readonly call: string;
  readonly limit: number;
  readonly search: string | undefined;
  readonly at: { readonly offset: number; readonly mark: string } | undefined;
  readonly columns: readonly string[] | undefined;
}

/** The identity first, whatever was asked: a row nobody can act on is no use. */
function named(fields: readonly string[], kind: Kind, view: View): { shown: string[] } | { wrong: string } {
  const shown = new Set<string>("id" in kind.schema.shape ? ["id"] : []);
  for (const field of fields) {
    const name = fieldNamed(field, kind, view);
    if (name === undefined) {
      return {
        wrong: `fields: there is no ${JSON.stringify(field)} to show; there are ${showable(kind, view).join(", ")}.`,
      };
    }
    shown.add(name);
  }
  return { shown: [...shown] };
}

/** The rows of an answer; what has none of the marks of a record is no list, whatever it looks like. */
function rowsOf(reading: Reading): readonly unknown[] {
  const isList = reading.is === "json" && typeof reading.value === "object" && reading.value !== null;
  if (!isList || errorInside(reading.value) !== undefined) throw new NotAList(reading);
  const rows = asList(reading.value);
  if (rows.length > 0 && !rows.some(isRecord)) throw new NotAList(reading);
  return rows;
}

const isRecord = (row: unknown): boolean => typeof row === "object" && row !== null && "id" in row;

const identity = (row: unknown): string => {
  const { id, created_at } = (row ?? {}) as Record<string, unknown>;
  return String(id ?? created_at);
};

/** A list that SkyPrep returns whole, raw: kept, or one load for all who ask. */
export function wholeList(
  route: string,
  form: string,
  { api, kept }: Pick<ListWorld, "api" | "kept">,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const load = async (loading: AbortSignal) => {
    const reading = await api(route, form, loading);
    return { value: rowsOf(reading), bytes: reading.is === "json" ? reading.bytes : 0 };
  };
  return kept.read(`${route}\n${form}`, load, signal);
}

async function pageOfWhole(request: Request, world: ListWorld, signal: AbortSignal): Promise<Reply> {
  const { tool, kind, asked, form, call, limit, search, at } = request;
  const sent = await wholeList(tool.route, form, world, signal);
  const { rows, ignored } = applyFilters(sent, asked, tool.operation.filters);
  const matching = searched(rows, search);
  const mark = digest(matching.map(identity).join("\n"));
  const before = at?.offset ?? 0;
  if (at && at.mark !== mark) {
    throw new BadCursor(changed);
  }
  const page = matching.slice(before, before + limit);
  const next = (used: number) =>
    before + used < matching.length ? writeCursor(call, { offset: before + used, mark }) : undefined;
  const reply = showList(kind, page, world.view, {
    ...(request.columns && { columns: request.columns }),
    before,
    total: matching.length,
    ...(search !== undefined && { search: { words: search, among: rows.length } }),
    notes: ignoredNote(ignored, sent.length),
    next,
  });
  if (reply === undefined) throw new NotAList({ is: "json", value: page, bytes: 0 });
  return reply;
}

interface Found {
  readonly row: unknown;
  /** Rows of the API up to and with this one. */
  readonly end: number;
  /** The first row of the page it came from. */
  readonly mark: string;
}

async function pageOfPages(request: Request, world: ListWorld, signal: AbortSignal): Promise<Reply> {
  const { kind, call, limit, search, at } = request;
  const before = at?.offset ?? 0;
  const { found, reached, ignored, sent } = await readPages(request, world, signal);
  const page = found.slice(0, limit);
  const next = (used: number): string | undefined => {
    const last = used < found.length ? found[used - 1] : undefined;
    if (last) return writeCursor(call, { offset: last.end, mark: last.mark });
    return reached && writeCursor(call, reached);
  };
  const whole = before === 0 && reached === undefined && found.length <= limit;
  const rows = page.map(({ row }) => row);
  const reply = showList(kind, rows, world.view, {
    ...(request.columns && { columns: request.columns }),
    before,
    total: whole ? found.length : null,
    ...(search !== undefined && { search: { words: search, among: whole ? sent : null } }),
    notes: ignoredNote(ignored, sent),
    next,
  });
  if (reply === undefined) throw new NotAList({ is: "json", value: rows, bytes: 0 });
  return reply;
}

interface Pages {
  readonly found: readonly Found[];
  /** Where reading may go on; undefined at the end. */
  readonly reached: Position | undefined;
  readonly ignored: readonly string[];
  readonly sent: number;
}

/** Reads the API's pages from where the cursor stands until enough rows match. */
async function readPages(
  { tool, asked, limit, search, at }: Request,
  world: ListWorld,
  signal: AbortSignal,
): Promise<Pages> {
  const { page, size, most } = tool.operation.paging ?? { page: "page", size: "per_page", most: 100 };
  const found: Found[] = [];
  const ignored = new Set<string>();
  const seen = new Set<string>();
  let sent = 0;
  let offset = at?.offset ?? 0;
  let mark = at?.mark;
  for (let pages = 0; pages < mostPages && found.length < limit; pages++) {
    const number = Math.floor(offset / most) + 1;
    const form = encode({ ...asked, [size]: most, [page]: number }, tool.operation.wire);
    const rows = rowsOf(await world.api(tool.route, form, signal));
    // More than was asked for: SkyPrep does not page after all, and this is everything.
    const all = rows.length > most;
    const skip = all ? offset : offset % most;
    const first = digest(identity(rows[0]));
    if (skip > 0 && mark !== undefined && first !== mark) throw new BadCursor(changed);
    // The same page again, or nothing: there is no more.
    const again = !all && number > 1 && skip === 0 && first === mark;
    if (rows.length === 0 || again) return { found, reached: undefined, ignored: [...ignored], sent };
    mark = first;
    for (const row of rows.slice(skip)) {
      sent += 1;
      offset += 1;
      const kept = applyFilters([row], asked, tool.operation.filters);
      for (const name of kept.ignored) ignored.add(name);
      const id = identity(row);
      if (seen.has(id) || searched(kept.rows, search).length === 0) continue;
      seen.add(id);
      found.push({ row, end: offset, mark: first });
    }
    if (rows.length !== most) return { found, reached: undefined, ignored: [...ignored], sent };
  }
  return { found, reached: mark === undefined ? undefined : { offset, mark }, ignored: [...ignored], sent };
}

const ignoredNote = (ignored: readonly string[], sent: number): string[] =>
  ignored.length > 0
    ? [`SkyPrep ignored ${ignored.join(", ")}; matched here among the ${sent} it sent.`]
    : [];
