import type { Dialect } from "../../src/skyprep/assumptions.ts";
import { type AssumptionId, assumptions } from "../../src/skyprep/assumptions.ts";
import { coveringRows, type Switches } from "./pairwise.ts";

/** An academy that is other than assumed, and its name. */
export interface Named {
  readonly name: string;
  readonly dialect: Dialect;
  readonly strict: boolean;
}

export const switches: Switches = Object.fromEntries(
  Object.entries(assumptions).map(([id, { otherwise }]) => [id, Object.keys(otherwise)]),
);

/** One assumption otherwise, all others as assumed. */
export const singles: readonly Named[] = (Object.keys(assumptions) as AssumptionId[]).flatMap((id) =>
  (switches[id] ?? []).map((variant) => ({
    name: `${id}=${variant}`,
    dialect: { [id]: variant } as Dialect,
    strict: false,
  })),
);

/** Several at once: every pair of variants is in one of them. Every other one also reads only what the page names. */
export const covering: readonly Named[] = coveringRows(switches, { seed: 18, most: 10 }).map((row, n) => ({
  name: `row ${n + 1}`,
  dialect: row as Dialect,
  strict: n % 2 === 1,
}));

export const inWords = ({ dialect, strict }: Named): string =>
  [...Object.entries(dialect).map(([id, variant]) => `${id}=${variant}`), ...(strict ? ["strict"] : [])].join(
    " ",
  );
