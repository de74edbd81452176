import type { AssumptionId, Dialect } from "../../skyprep/assumptions.ts";
import { absence } from "./absence.ts";
import { errors } from "./errors.ts";
import { limits } from "./limits.ts";
import { lists } from "./lists.ts";
import { shapes } from "./shapes.ts";
import type { Switch, Switches } from "./switch.ts";
import { values } from "./values.ts";
import { writes } from "./writes.ts";

/** Every variant of every assumption; one that is not built does not compile. */
export const switches: Switches = {
  ...values,
  ...shapes,
  ...lists,
  ...absence,
  ...errors,
  ...writes,
  ...limits,
};

/** In the order in which they read what is asked: what is dropped is not read, what is one text is taken apart first. */
const order: readonly AssumptionId[] = [
  "filters-filter",
  "lists-by-comma",
  "statuses-as-on-the-page",
  "dates-are-iso",
  ...(Object.keys(switches) as AssumptionId[]),
];

export function chosen(dialect: Dialect): Switch[] {
  return [...new Set(order)].flatMap((id) => {
    const variant = dialect[id];
    const own: Switch | undefined =
      variant === undefined ? undefined : (switches[id] as Readonly<Record<string, Switch>>)[variant];
    return own === undefined ? [] : [own];
  });
}
