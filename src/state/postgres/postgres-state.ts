import type { State } from "../ports.ts";
import { createExportRows } from "./exports.ts";
import { sharedLines } from "./lines.ts";
import { addressOf } from "./places.ts";
import { createPlanRows, type KeepingOf } from "./plans.ts";
import { stampedRows } from "./stamped.ts";
import { namesAt, removeAt, sharedText } from "./texts.ts";

const where = "the database";

/** Of one academy. Plans and exports are those of the person, and the policy, whose call asks. */
export function postgresState(world: KeepingOf): State {
  return {
    where,
    whereOf: (place, ...inside) => `${addressOf(place, inside)} in ${where}`,
    text: (place, ...inside) => sharedText(world, place, ...inside),
    lines: (place, ...inside) => sharedLines(world, place, ...inside),
    names: (place, ...inside) => namesAt(world, place, ...inside),
    remove: (place, ...inside) => removeAt(world, place, ...inside),
    stamped: (place, ...inside) => stampedRows(world, place, ...inside),
    isWritable: () => world.database.isUp(),
    plans: (owner) => createPlanRows(world, owner),
    exports: (owner, run) => createExportRows(world, owner, run),
  };
}
