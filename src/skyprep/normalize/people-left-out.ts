import type { Api } from "../api.ts";
import { Failure, type ParsedResponse } from "../response.ts";
import type { NormalizeWorld } from "./normalize-world.ts";
import { type Asking, listIn } from "./rows.ts";

/** What was just written may not stand in every list yet. */
const settledMs = 60_000;
const mostKnown = 1_000;

/**
 * A list of people that leaves out somebody whom SkyPrep shows by their number is a part, whatever it promises
 * (people-come-whole). Who was shown is looked at once more before that is said: they may be gone by now. Nothing is
 * asked where the list has everybody who was met.
 */
export function knowingPeople(
  api: Api,
  { records, sightings, now }: Pick<NormalizeWorld, "records" | "sightings" | "now">,
): Api {
  const shown = new Set<number>();
  let written = Number.NEGATIVE_INFINITY;

  async function isThere(id: number, { signal, context }: Asking): Promise<boolean> {
    try {
      return personIn(await api("get_user", `user_id=${id}`, signal, context)) === id;
    } catch (error) {
      if (error instanceof Failure) return false;
      throw error;
    }
  }

  async function held(reading: ParsedResponse, asking: Asking): Promise<ParsedResponse> {
    const rows = listIn(reading);
    if (rows === undefined || reading.is !== "json" || reading.isPart || shown.size === 0) return reading;
    const listed = new Set(rows.map((row) => Number((row as { id?: unknown } | null)?.id)));
    const missing = [...shown].find((id) => !listed.has(id));
    if (missing === undefined) return reading;
    if (!(await isThere(missing, asking))) {
      shown.delete(missing);
      return held(reading, asking);
    }
    sightings.differs("people-come-whole", "otherwise");
    return { ...reading, isPart: true };
  }

  return async (route, form, signal, context) => {
    if (records.get(route)?.effect !== "read") {
      shown.clear();
      written = now();
      return api(route, form, signal, context);
    }
    const reading = await api(route, form, signal, context);
    if (route === "get_users" && form === "") return held(reading, { route, form, signal, context });
    if (route === "get_user" && now() - written > settledMs && shown.size < mostKnown) {
      const id = personIn(reading);
      if (id !== undefined && new URLSearchParams(form).get("user_id") === String(id)) shown.add(id);
    }
    return reading;
  };
}

/** The number of the one person an answer shows, where nothing says that they are gone. */
function personIn(reading: ParsedResponse): number | undefined {
  const value = reading.is === "json" ? [reading.value].flat()[0] : undefined;
  const { id, deleted_at, deleted } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return typeof id === "number" && !deleted_at && !deleted ? id : undefined;
}
