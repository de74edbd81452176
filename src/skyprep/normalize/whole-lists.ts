import type { Api } from "../api.ts";
import type { ParsedResponse } from "../response.ts";
import { tolerantOfFilters } from "./filters.ts";
import type { NormalizeWorld } from "./normalize-world.ts";
import { createPageReader } from "./read-pages.ts";
import { createWholeReader } from "./read-whole.ts";
import type { StatusSpelling } from "./statuses.ts";

/** A row that is null is nobody, where the others are as many as there are; else it may stand for somebody. */
async function withoutNothing(
  reading: ParsedResponse,
  countOf: () => Promise<number | undefined>,
): Promise<ParsedResponse> {
  if (reading.is !== "json" || !Array.isArray(reading.value)) return reading;
  const value = reading.value.filter((row) => row !== null);
  if (value.length === 0 || value.length === reading.value.length) return reading;
  const all = reading.total ?? (await countOf());
  return all !== undefined && value.length >= all ? { ...reading, value } : reading;
}

/** Lists that the page promises whole, read to their end; pages of as many rows as asked for. */
export function wholeLists(
  api: Api,
  { records, learnt, now, patienceMs }: NormalizeWorld,
  spelling: StatusSpelling,
): Api {
  const filtered = tolerantOfFilters({ api, records, learnt, spelling });
  const world = {
    api: ((route, form, signal, context) => filtered({ route, form, signal, context })) satisfies Api,
    learnt,
    now,
    patienceMs,
  };
  const whole = createWholeReader(world);
  const pages = createPageReader(world);
  return async (route, form, signal, context) => {
    const operation = records.get(route);
    if (operation !== undefined && operation.effect !== "read") {
      whole.forget();
      pages.forget();
      return api(route, form, signal, context);
    }
    if (operation?.output.as !== "many") return api(route, form, signal, context);
    const asking = { route, form, signal, context };
    // Of a page, null counts as a row: what is left would look like the last one.
    if (operation.paging) return pages.read(asking);
    return withoutNothing(await whole.read(asking), () => whole.countOf(asking));
  };
}
