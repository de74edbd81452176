const instant = /^(\d{4}-\d\d-\d\dT\d\d:\d\d.*?)(Z|[+-]\d\d:?\d\d)$/;

/**
 * The day it is in the academy: SkyPrep writes every date with the account's offset (facts.md §3.4). The date
 * nearest to now tells it best, as summer and winter differ. Where nothing tells, it is UTC's.
 */
export function academyDay(now: number, rows: readonly unknown[]): string {
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
