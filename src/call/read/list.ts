import type { Kind } from "../../../tools/schema/answer.ts";
import { identity, keptSince, NotAList, partIn, renewList, wholeList } from "../../academy/reads.ts";
import type { Tool } from "../../catalogue/catalogue.ts";
import { BadCursor, digest, readCursor, writeCursor } from "../../reply/cursor.ts";
import { fieldNamed, showable, showList, type View } from "../../reply/records.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { encode } from "../../skyprep/request.ts";
import { instantIn } from "../../text/instant.ts";
import { stampIn } from "../../text/zone.ts";
import type { Args } from "../check/check.ts";
import type { ListRequest, ListWorld } from "./list-request.ts";
import { applyFilters, changed, readPages, searched } from "./pages.ts";

/** Said wherever an answer comes from something kept. */
export const freshHint = "fresh: true reads anew";
const defaultLimit = 50;
/** Rejects with `BadCursor`, or `NotAList`. One page of a list: ours of what SkyPrep returns whole, or SkyPrep's own where it pages. */
export async function listPage(
  tool: Tool,
  kind: Kind,
  args: Args,
  world: ListWorld,
  signal: AbortSignal,
): Promise<Reply> {
  const { limit = defaultLimit, cursor, search, fields, fresh = false, ...asked } = args as Args & Listing;
  const columns = fields ? named(fields, kind, world.view) : broughtBy(tool, kind, asked);
  if (columns && "wrong" in columns)
    return refuse(`${tool.name} was not called; nothing was sent.`, columns.wrong);
  const form = encode(asked, tool.operation.wire);
  const call = [world.account, tool.route, form, search ?? ""].join("\n");
  const at = cursor === undefined ? undefined : readCursor(cursor, call);
  // Whoever goes on in a list has it anew already.
  if (fresh && at === undefined) renewList(tool.route, form, world);
  const request = { tool, kind, asked, form, call, limit, search, at, columns: columns?.shown };
  return tool.operation.paging ? pageOfPages(request, world, signal) : pageOfWhole(request, world, signal);
}

interface Listing {
  limit?: number;
  cursor?: string;
  search?: string;
  fields?: string[];
  fresh?: boolean;
}

/** The kind's own columns and those an argument asks for; undefined where it is only the kind's own. */
function broughtBy({ operation }: Tool, kind: Kind, asked: Args): { shown: string[] } | undefined {
  const more = Object.entries(operation.brings ?? {}).filter(([argument]) => asked[argument] === true);
  return more.length === 0 ? undefined : { shown: [...kind.columns, ...more.map(([, column]) => column)] };
}

function newestFirst(rows: readonly unknown[], asked: Args, { operation }: Tool): readonly unknown[] {
  const { argument, field } = operation.newestFirst ?? {};
  if (argument === undefined || field === undefined || asked[argument] !== true) return rows;
  const at = (row: unknown) => instantIn((row as Record<string, unknown> | null)?.[field]) || 0;
  return [...rows].sort((a, b) => at(b) - at(a));
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

async function pageOfWhole(request: ListRequest, world: ListWorld, signal: AbortSignal): Promise<Reply> {
  const { tool, kind, asked, form, call, limit, search, at } = request;
  const since = keptSince(tool.route, form, world);
  const sent = await wholeList(tool.route, form, world, signal);
  const { rows, ignored } = applyFilters(
    newestFirst(sent, asked, tool),
    asked,
    tool.operation.filters,
    world.now(),
  );
  const zone = world.zone.known(sent)?.zone;
  const asOf = since === undefined ? undefined : stampIn(zone, since);
  const matching = searched(rows, search);
  const mark = digest(matching.map(identity).join("\n"));
  const before = at?.offset ?? 0;
  if (at && at.mark !== mark) {
    throw new BadCursor(changed);
  }
  const page = matching.slice(before, before + limit);
  const part = partIn(sent);
  const next = (used: number) =>
    before + used < matching.length ? writeCursor(call, { offset: before + used, mark }) : undefined;
  const reply = showList(kind, page, world.view, {
    ...(request.columns && { columns: request.columns }),
    before,
    total: part ? null : matching.length,
    ...(search !== undefined && { search: { words: search, among: part ? null : rows.length } }),
    notes: [
      ...(part ? [partNote(kind, sent.length, part.total)] : []),
      ...(asOf === undefined ? [] : [`As of ${asOf} (kept for a minute; ${freshHint}).`]),
      ...ignoredNote(ignored, sent.length),
      ...(matching.length === 0 ? noneNote(request) : []),
    ],
    next,
  });
  if (reply === undefined) throw new NotAList({ is: "json", value: page, bytes: 0 });
  return asOf === undefined ? reply : { ...reply, structured: { ...reply.structured, as_of: asOf } };
}

async function pageOfPages(request: ListRequest, world: ListWorld, signal: AbortSignal): Promise<Reply> {
  const { kind, call, limit, search, at } = request;
  const before = at?.offset ?? 0;
  const { found, reached, ignored, sent, isPart } = await readPages(request, world, signal);
  const page = found.slice(0, limit);
  const next = (used: number): string | undefined => {
    const last = used < found.length ? found[used - 1] : undefined;
    if (last) return writeCursor(call, { offset: last.end, mark: last.mark });
    return reached && writeCursor(call, reached);
  };
  const whole = before === 0 && reached === undefined && found.length <= limit && !isPart;
  const rows = page.map(({ row }) => row);
  const reply = showList(kind, rows, world.view, {
    ...(request.columns && { columns: request.columns }),
    before,
    total: whole ? found.length : null,
    ...(search !== undefined && { search: { words: search, among: whole ? sent : null } }),
    notes: [
      ...(isPart ? [partNote(kind, before + sent, undefined)] : []),
      ...ignoredNote(ignored, sent),
      ...(whole && rows.length === 0 ? noneNote(request) : []),
    ],
    next,
  });
  if (reply === undefined) throw new NotAList({ is: "json", value: rows, bytes: 0 });
  return reply;
}

/** Said of what may be cut, in place of a total. */
const partNote = (kind: Kind, came: number, total: number | undefined): string =>
  `This is not all: ${came}${total === undefined ? "" : ` of ${total}`} ${kind.many} came; SkyPrep gave no more.`;

/** What a filter that was given may have been taken for. */
const noneNote = ({ tool, asked }: ListRequest): string[] =>
  Object.entries(tool.operation.filters ?? {}).flatMap(([argument, { none }]) =>
    none !== undefined && asked[argument] !== undefined ? [none] : [],
  );

const ignoredNote = (ignored: readonly string[], sent: number): string[] =>
  ignored.length > 0
    ? [`SkyPrep ignored ${ignored.join(", ")}; matched here among the ${sent} it sent.`]
    : [];
