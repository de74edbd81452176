import { type Zone, zoneIn } from "../../academy/time-zone.ts";
import { stampIn, writtenIn } from "../../text/zone.ts";
import type { JobWorld } from "../job.ts";

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
export const knownClocks = ({ zone }: Pick<JobWorld, "zone">): Clocks => clocksIn(zone.known());

/** What only needs to know how to write a time does not wait longer for it. */
const patienceMs = 2_000;

export async function clocksOf(
  { zone, after }: Pick<JobWorld, "zone" | "after">,
  signal: AbortSignal,
): Promise<Clocks> {
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
