import type { Operation } from "../../../tools/schema/operation.ts";
import type { Api } from "../api.ts";
import { type ParsedResponse, Rejected } from "../response.ts";
import type { Learnt } from "./learnt.ts";
import { type Asking, listIn, send, withParameters } from "./rows.ts";
import { type StatusSpelling, withStatuses } from "./statuses.ts";

export interface FilterWorld {
  /** Answers in the page's form. */
  readonly api: Api;
  readonly records: ReadonlyMap<string, Operation>;
  readonly learnt: Learnt;
  readonly spelling: StatusSpelling;
}

/** Filters that SkyPrep's page names (§1): what refuses them refuses what they say. */
const named: Readonly<Record<string, readonly string[]>> = {
  get_course_progresses: ["course_id", "status", "updated_at_greater_than", "updated_at_less_than"],
  get_payments: ["status", "created_after_days_ago", "payment_type"],
  get_instructor_led_training_timeslots: ["start_date", "end_date"],
};
/**
 * Lists with filters (filters-filter): one that is refused is left out from then on, as if SkyPrep ignored it, and one
 * of statuses is sent as the academy spells them. Whoever asks holds each row against what was asked, in any case.
 */
export function tolerantOfFilters({
  api,
  records,
  learnt,
  spelling,
}: FilterWorld): (asking: Asking) => Promise<ParsedResponse> {
  async function read(asking: Asking): Promise<ParsedResponse> {
    const reading = await unrefused(asking);
    holdAgainst(asking, listIn(reading) ?? []);
    return reading;
  }

  /** A filter that lets others through is trusted no more: whoever left reads to it asks again for everything. */
  function holdAgainst({ route, form }: Asking, rows: readonly unknown[]): void {
    const { trusted = [] } = learnt.of(route);
    const own = new URLSearchParams(form);
    const left = trusted.filter((name) => !own.has(name) || rows.every((row) => fits(row, route, name, own)));
    if (left.length < trusted.length) learnt.learn(route, { trusted: left });
  }

  function fits(row: unknown, route: string, name: string, own: URLSearchParams): boolean {
    const rule = records.get(route)?.filters?.[name];
    // How a status is spelt, or a day is meant, is for others to say.
    if (rule === undefined || rule.test !== undefined || name === "status") return true;
    const shown = (row as Readonly<Record<string, unknown>> | null)?.[rule.field];
    return plain(shown) === plain(own.get(name));
  }

  async function unrefused(asking: Asking): Promise<ParsedResponse> {
    const beyond = withParameters(asking.form, without(learnt.of(asking.route).refused ?? []));
    try {
      return await spelt(asking, beyond);
    } catch (error) {
      const own = new URLSearchParams(beyond);
      const names = unnamedFilters(asking.route).filter((name) => own.has(name));
      if (!isRefusal(error) || names.length === 0) throw error;
      const reading = await spelt(asking, withParameters(beyond, without(names)));
      refuse(asking.route, names);
      return reading;
    }
  }

  /** Such as SkyPrep may not know, and every row shows whether it matches. */
  function unnamedFilters(route: string): string[] {
    const { filters = {}, newestFirst, wire = {} } = records.get(route) ?? {};
    const ours = [...Object.keys(filters), ...(newestFirst ? [newestFirst.argument] : [])];
    return ours.map((name) => wire[name]?.as ?? name).filter((name) => !named[route]?.includes(name));
  }

  function refuse(route: string, names: readonly string[]): void {
    learnt.learn(route, { refused: [...new Set([...(learnt.of(route).refused ?? []), ...names])] });
  }

  async function spelt(asking: Asking, form: string): Promise<ParsedResponse> {
    const parameters = new URLSearchParams(form);
    const asked =
      parameters
        .get("status")
        ?.split(",")
        .map((word) => word.trim()) ?? [];
    if (asking.route !== withStatuses || asked.length === 0) return send(api, asking, form);
    const bare = withParameters(form, { status: undefined });
    const sent = asked.map(spelling.outgoing).join(",");
    const found = await orRefused(send(api, asking, withParameters(form, { status: sent })));
    const rows = "reading" in found ? listIn(found.reading) : [];
    if (rows === undefined) return answerOf(found);
    if (isLater(parameters) || asked.every((word) => spelling.isKnown(word))) return answerOf(found);
    // Nothing has shown yet how the academy spells these: what the filter left out may be what was asked for.
    const all = await send(api, asking, bare);
    if (listIn(all) === undefined) return answerOf(found);
    const anew = asked.map(spelling.outgoing).join(",");
    if (anew !== sent) {
      const again = await orRefused(send(api, asking, withParameters(form, { status: anew })));
      if ("reading" in again) return again.reading;
    }
    const isWrong = "refusal" in found || anew !== sent;
    if (!isWrong) return found.reading;
    refuse(withStatuses, ["status"]);
    return all;
  }

  return read;
}

const plain = (value: unknown): string => String(value).trim().toLowerCase();

const without = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, undefined]));

const isLater = (parameters: URLSearchParams): boolean => Number(parameters.get("page") ?? "1") > 1;

/** SkyPrep read it and said no to what was asked, not that something is not there. */
const isRefusal = (error: unknown): error is Rejected =>
  error instanceof Rejected && error.reached === "refused" && error.status !== 404;

type Found = { readonly reading: ParsedResponse } | { readonly refusal: Rejected };

async function orRefused(sent: Promise<ParsedResponse>): Promise<Found> {
  try {
    return { reading: await sent };
  } catch (error) {
    if (isRefusal(error)) return { refusal: error };
    throw error;
  }
}

function answerOf(found: Found): ParsedResponse {
  if ("refusal" in found) throw found.refusal;
  return found.reading;
}
