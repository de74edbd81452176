import { Failure } from "../skyprep/response.ts";
import { cleanText } from "../text/english.ts";
import { offsetAt, offsetText, zoneNamed } from "../text/zone.ts";
import { NotAList, type Row, Unread } from "./reads.ts";

/** A zone by SkyPrep's name and by the tz database's. */
export interface Zone {
  readonly name: string;
  readonly zone: string;
}

/**
 * The academy's zone. No route tells it: SkyPrep writes every date with the account's offset, summer's or winter's
 * (skyprep-api §3.4), and people and sessions name zones. It is the one named most often that the dates agree with.
 */
export interface AcademyZone {
  /** Undefined: no zone that is named there agrees with the dates, or nothing could be read. */
  (signal: AbortSignal): Promise<Zone | undefined>;
  /**
   * As far as it is known without asking: from before, from lists that are kept, or from these rows. For whoever only
   * writes a time, which is no reason to call SkyPrep.
   */
  known(rows?: readonly unknown[]): Zone | undefined;
  /** As `known`, else what a probe saw: for words about a time in a reply, and nothing that is sent. */
  forWords(): Zone | undefined;
  /** The same, after looking whether a probe saw one; undefined where none did. */
  seen(): Promise<Zone | undefined>;
  /** That of a session, as it is written there; undefined where it says none. */
  ofSession(id: number, signal: AbortSignal): Promise<string | undefined>;
}

/** The zone that a probe saw: as far as its file was read, and that it be read. */
export interface ProbedZone {
  readonly now: () => Zone | undefined;
  readonly load: () => Promise<void>;
}

/** Sessions first: they are few. */
const routes = ["get_instructor_led_trainings", "get_users"] as const;

/** The same for whoever has a few reads left: a page of people is enough. */
export const zoneReads = [
  [routes[0], {}],
  [routes[1], { page: 1, per_page: 100 }],
] as const;

/** So many rows of a long list tell it as well as all. */
const mostLookedAt = 300;

export function createAcademyZone({
  list,
  kept = () => undefined,
  probed,
}: {
  readonly list: (route: string, signal: AbortSignal) => Promise<readonly unknown[]>;
  /** The same where it is there already. */
  readonly kept?: (route: string) => readonly unknown[] | undefined;
  /** The zone that a probe saw. */
  readonly probed?: ProbedZone | undefined;
}): AcademyZone {
  // An academy does not move.
  let known: Zone | undefined;

  async function zoneOf(signal: AbortSignal): Promise<Zone | undefined> {
    for (const route of routes) known ??= zoneIn(await orNothing(list(route, signal)));
    return known;
  }
  // Good for writing a time; what reads one asks for more than a part of a list.
  let likely: Zone | undefined;
  const told = new WeakMap<readonly unknown[], { readonly zone: Zone | undefined }>();
  function zoneSeen(rows: readonly unknown[] | undefined): Zone | undefined {
    if (rows === undefined) return undefined;
    const own = told.get(rows) ?? { zone: zoneIn(rows.slice(0, mostLookedAt)) };
    told.set(rows, own);
    return own.zone;
  }
  function knownZone(rows?: readonly unknown[]): Zone | undefined {
    if (known !== undefined) return known;
    for (const route of routes) likely ??= zoneSeen(kept(route));
    return likely ?? zoneSeen(rows);
  }
  const forWords = () => knownZone() ?? probed?.now();
  async function seen(): Promise<Zone | undefined> {
    await probed?.load();
    return probed?.now() && forWords();
  }
  async function ofSession(id: number, signal: AbortSignal): Promise<string | undefined> {
    const all = await orNothing(list(routes[0], signal));
    const sessions = all.flatMap((row) => [(row as Row | null)?.instructor_led_training_timeslots].flat());
    const own = sessions.find((row) => Number((row as Row | null)?.id) === id) as Row | undefined;
    const name = own?.display_timezone;
    return typeof name === "string" && name.trim() !== "" ? name : undefined;
  }
  return Object.assign(zoneOf, { known: knownZone, forWords, seen, ofSession });
}

async function orNothing(list: Promise<readonly unknown[]>): Promise<readonly unknown[]> {
  try {
    return await list;
  } catch (error) {
    if (error instanceof Failure || error instanceof Unread || error instanceof NotAList) return [];
    throw error;
  }
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;
/** Somebody may have written one by hand. */
const mostAgree = 0.95;
const names = new Set(["time_zone", "display_timezone"]);

/** A day, or a time without its offset. */
const bare = /^\d{4}-\d\d-\d\d(T[\d:.]+)?$/;
/** So few may be abroad; and of two that are named about as often, it may be either. */
const fewestNaming = 3;

/** The zone that these rows are written in; of those whose dates do not tell one, where most of those named are. */
export function zoneIn(rows: readonly unknown[]): Zone | undefined {
  const dates = new Map<number, string>();
  const said = new Map<string, number>();
  let dated = false;
  const look = (value: unknown, key = ""): void => {
    if (Array.isArray(value)) for (const one of value) look(one);
    else if (typeof value === "object" && value !== null)
      for (const [name, one] of Object.entries(value)) look(one, name);
    else if (typeof value !== "string") return;
    else if (names.has(key)) said.set(value, (said.get(value) ?? 0) + 1);
    else {
      if (bare.test(value)) dated = true;
      const offset = instant.exec(value)?.[1];
      const at = offset === undefined ? Number.NaN : Date.parse(value);
      if (offset !== undefined && !Number.isNaN(at))
        dates.set(at, offset === "Z" ? "+00:00" : offset.replace(/^(...)(\d\d)$/, "$1:$2"));
    }
  };
  look(rows);
  if (dates.size === 0 && !dated) return undefined;
  const mostSaid = [...said].sort(([, a], [, b]) => b - a);
  for (const [name] of mostSaid) {
    const zone = zoneNamed(name);
    if (zone === undefined) continue;
    if (dates.size === 0) break;
    const agreeing = [...dates].filter(([at, offset]) => offsetText(offsetAt(zone, at)) === offset);
    if (agreeing.length >= dates.size * mostAgree) return { name: cleanText(name).slice(0, 60), zone };
  }
  const isSilent = [...dates.values()].every((offset) => offset === "+00:00");
  return isSilent ? whereMostAre(mostSaid) : undefined;
}

/** Dates in UTC, or without an offset, leave it to what people and sessions name. */
function whereMostAre(mostSaid: readonly (readonly [name: string, times: number])[]): Zone | undefined {
  const [name = "", times = 0] = mostSaid[0] ?? [];
  const next = mostSaid[1]?.[1] ?? 0;
  const zone = times >= fewestNaming && times >= 2 * next ? zoneNamed(name) : undefined;
  return zone === undefined ? undefined : { name: cleanText(name).slice(0, 60), zone };
}
