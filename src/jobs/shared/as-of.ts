import { type Zone, zoneIn } from "../../academy/time-zone.ts";
import type { JobContext } from "../../call/job-context.ts";
import { freshHint } from "../../call/read/list.ts";
import { toolName } from "../../catalogue/catalogue.ts";
import { CannotWrite, type Change } from "../../journal/line.ts";
import type { Reply } from "../../reply/reply.ts";
import { stampIn, writtenIn } from "../../text/zone.ts";
import type { JobWorld } from "../job.ts";

/** The lists that one run of a job reads: which of them were kept, and since when. */
export interface KeptIn {
  readonly list: JobWorld["list"];
  /** By route; what this run loaded itself is not in it. */
  readonly since: ReadonlyMap<string, number>;
}

/** `isFresh`: what was kept before this run is not good enough for it. */
export function keptListsIn({ list, kept }: Pick<JobWorld, "list" | "kept">, isFresh: boolean): KeptIn {
  const before = kept.since();
  const since = new Map<string, number>();
  const read = new Set<string>();
  return {
    since,
    list: (route, signal) => {
      const at = read.has(route) ? undefined : before.get(route);
      read.add(route);
      if (at !== undefined && isFresh) kept.renew(route);
      else if (at !== undefined && at === kept.since().get(route)) since.set(route, at);
      return list(route, signal);
    },
  };
}

/** Whether a run did something: then its answer is of what it did, not of what was kept. */
export function watching(inner: JobContext): { readonly inner: JobContext; readonly acted: () => boolean } {
  let acted = false;
  const watched = <A extends readonly unknown[], R>(act: (...args: A) => R) => {
    return (...args: A): R => {
      acted = true;
      return act(...args);
    };
  };
  return {
    inner: { ...inner, call: watched(inner.call), agree: watched(inner.agree) },
    acted: () => acted,
  };
}

/** The reply, and as of when it is where it comes from lists that were kept. */
export function withAsOf(
  reply: Reply,
  { since }: Pick<KeptIn, "since">,
  world: Pick<JobWorld, "zone" | "records">,
): Reply {
  if (since.size === 0 || reply.outcome !== "done") return reply;
  const oldest = Math.min(...since.values());
  const { as_of: before } = reply.structured ?? {};
  // What is older already says so of all of it.
  if (typeof before === "string" && Date.parse(before) <= oldest) return reply;
  const asOf = knownClocks(world).stamp(oldest);
  const which = [...since.keys()].map((route) => manyOf(route, world)).join(", ");
  return {
    ...reply,
    text: `${reply.text}\nAs of ${asOf}: ${which} (kept for a minute; ${freshHint}).`,
    structured: { as_of: asOf, ...reply.structured },
  };
}

/** What stands in a list, in a word or two. */
function manyOf(route: string, { records }: Pick<JobWorld, "records">): string {
  const output = records.get(toolName(route))?.operation.output;
  return output !== undefined && "kind" in output ? output.kind.many : toolName(route).replace(/^get_/, "");
}

/** When this computer last changed something in SkyPrep, in whichever process; epoch milliseconds. */
export interface LastWrites {
  /** Undefined: nothing in that time. */
  readonly last: number | undefined;
  /** The last that may have taken records away: looking at what changed does not show that. */
  readonly removed: number | undefined;
  /** All of them, also those that may still be on their way. */
  readonly sent: readonly Change[];
}

/** By the journal, since then. What may still be on its way counts as written now. */
export async function writtenSince(
  from: number,
  { journal, account, now, records }: Pick<JobWorld, "journal" | "account" | "now" | "records">,
): Promise<LastWrites> {
  const changes = await journal.since(account, from - longestMs).catch(unlessBug);
  const sent = changes.filter((one) => one.outcome?.is !== "failed" && endOf(one, now()) >= from);
  const takesAway = ({ intent: { tool } }: Change) => records.get(tool)?.operation.effect === "remove";
  const latest = (some: readonly Change[]) =>
    some.length === 0 ? undefined : Math.max(...some.map((one) => endOf(one, now())));
  return { last: latest(sent), removed: latest(sent.filter(takesAway)), sent };
}

/** A journal that cannot be read stops writes; what was read of SkyPrep is only older than it might be. */
function unlessBug(error: unknown): readonly Change[] {
  if (!(error instanceof CannotWrite) && (error as NodeJS.ErrnoException).code === undefined) throw error;
  return [];
}

/** What began earlier has ended. */
const longestMs = 600_000;

function endOf({ at, outcome, ms }: Change, now: number): number {
  const begun = Date.parse(at);
  if (outcome === undefined) return now - begun < longestMs ? now : begun;
  return begun + (ms ?? 0);
}

const instant = /^(\d{4}-\d\d-\d\dT\d\d:\d\d.*?)(Z|[+-]\d\d:?\d\d)$/;

/** So many records of a long list tell it as well as all. */
const mostLookedAt = 300;

/**
 * The day it is in the academy: SkyPrep writes every date with the account's offset (skyprep-api §3.4). Where the rows
 * name the zone that they are written in, it is that one's; else the date nearest to now tells it best, as summer and
 * winter differ. Where nothing tells, it is UTC's.
 */
export function academyDay(now: number, rows: readonly unknown[]): string {
  const zone = zoneIn(rows.slice(0, mostLookedAt));
  if (zone !== undefined) return clocksIn(zone).day(now);
  return new Date(now + offsetMs(now, rows)).toISOString().slice(0, 10);
}

function offsetMs(now: number, rows: readonly unknown[]): number {
  let best: { readonly away: number; readonly offset: number } | undefined;
  for (const row of rows) {
    for (const value of Object.values((row ?? {}) as Record<string, unknown>)) {
      const [, , zone = "Z"] = typeof value === "string" ? (instant.exec(value) ?? []) : [];
      if (zone === "Z") continue;
      const away = Math.abs(Date.parse(String(value)) - now);
      if (Number.isFinite(away) && away < (best?.away ?? Number.POSITIVE_INFINITY)) {
        best = { away, offset: minutesOf(zone) * 60_000 };
      }
    }
  }
  return best?.offset ?? 0;
}

function minutesOf(zone: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)/.exec(zone) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
}

/** Times as the academy's clocks show them; epoch milliseconds in. */
export interface Clocks {
  /** What they are called: a zone by SkyPrep's name, or UTC where the academy's is not known. */
  readonly zone: string;
  /** `2026-11-23T07:00` */
  readonly time: (at: number) => string;
  /** `2026-11-23T07:00:09` */
  readonly second: (at: number) => string;
  /** `2026-11-23T07:00:09-05:00`, or `2026-11-23T12:00:09Z` where the zone is not known: as of when something kept was read. */
  readonly stamp: (at: number) => string;
  /** `2026-11-23` */
  readonly day: (at: number) => string;
  /** The day of what SkyPrep wrote: where the zone is not known, as it is written there, which is the academy's. */
  readonly dayIn: (written: string) => string;
}

/** As far as they are known without asking SkyPrep. */
export const knownClocks = ({ zone }: Pick<JobWorld, "zone">): Clocks => clocksIn(zone.forWords());

/** What only needs to know how to write a time does not wait longer for it. */
const patienceMs = 2_000;

export async function clocksOf(
  { zone, after }: Pick<JobWorld, "zone" | "after">,
  signal: AbortSignal,
): Promise<Clocks> {
  const seen = await zone.seen();
  if (seen !== undefined) return clocksIn(seen);
  let callOff = () => {};
  const late = new Promise<undefined>((resolve) => {
    callOff = after(patienceMs, () => resolve(undefined));
  });
  try {
    return clocksIn(await Promise.race([zone(signal), late]));
  } finally {
    callOff();
  }
}

export function clocksIn(zone: Zone | undefined): Clocks {
  const written = (at: number) => writtenIn(zone?.zone ?? "Etc/UTC", at);
  const day = (at: number) => written(at).slice(0, 10);
  return {
    zone: zone?.name ?? "UTC",
    time: (at) => written(at).slice(0, 16),
    second: (at) => written(at).slice(0, 19),
    stamp: (at) => stampIn(zone?.zone, at),
    day,
    dayIn: (text) =>
      /^\d{4}-\d\d-\d\d$/.test(text) || (zone === undefined && instant.test(text))
        ? text.slice(0, 10)
        : day(Date.parse(text)),
  };
}
