import type { ChosenDialect } from "../config/sandbox-dialect.ts";
import { writtenDialect } from "../config/sandbox-dialect.ts";
import { drawnDialect } from "../sandbox/dialect/drawn.ts";
import type { Dialect } from "../skyprep/assumptions.ts";

/** What the pretend academy is to be, drawn where it is to be drawn. */
export function dialectOf(chosen: ChosenDialect | undefined): Dialect {
  if (chosen === undefined) return {};
  return "seed" in chosen ? drawnDialect(chosen.seed) : chosen.named;
}

/** Where it is otherwise, in a form that can be set again. */
export const saidOf = (chosen: ChosenDialect): string =>
  `the pretend academy is otherwise than assumed: ${writtenDialect(dialectOf(chosen))}`;
