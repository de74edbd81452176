import type { Chart, DrillDown, Tone } from "./board.ts";

/** So many bars are looked at; what follows stands in the table. */
const mostBars = 20;

interface ChartAbout {
  readonly tone?: Tone;
  readonly unit?: "percent";
  /** What a click on the n-th gives. */
  readonly drill?: (label: string, at: number) => DrillDown | undefined;
}

/** Bars of things with names, in the order they come; those of 0 are left to the table. */
export function barsOf(
  title: string,
  all: readonly (readonly [label: string, value: number])[],
  { tone, unit, drill }: ChartAbout = {},
): Chart {
  const shown = all
    .map((one, at) => ({ one, at }))
    .filter(({ one: [, value] }) => unit === "percent" || value > 0);
  return {
    is: "bars",
    title,
    ...(tone && { tone }),
    ...(unit && { unit }),
    bars: shown.slice(0, mostBars).map(({ one: [label, value], at }) => {
      const own = drill?.(label, at);
      return { label, value, ...(own && { drill: own }) };
    }),
    more: Math.max(0, shown.length - mostBars),
  };
}

/** Columns of months, `2026-11`, from the first to the last. */
export function columnsOf(
  title: string,
  all: readonly (readonly [month: string, value: number])[],
  { tone, drill }: ChartAbout = {},
): Chart {
  const months = [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  const first = Math.max(0, months.length - mostMonths);
  return {
    is: "columns",
    title,
    ...(tone && { tone }),
    bars: months.slice(first).map(([label, value], at) => {
      const own = drill?.(label, at);
      return { label, value, ...(own && { drill: own }) };
    }),
    more: first,
  };
}
const mostMonths = 13;
