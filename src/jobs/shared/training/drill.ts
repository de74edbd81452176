import type { DrillDown } from "../../../pages/board.ts";

/** What a click asks, as the list of tools says it is asked: a host that holds calls to it would refuse any other. */
export function statusCall(asked: Readonly<Record<string, unknown>>): DrillDown {
  const { where } = asked;
  if (typeof where !== "object" || where === null || Array.isArray(where))
    return { tool: "training_status", arguments: asked };
  const list = Object.entries(where).map(([field, is]) => ({ field, is }));
  return { tool: "training_status", arguments: { ...asked, where: list } };
}
