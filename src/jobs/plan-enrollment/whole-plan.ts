import { exportOf, placeOf } from "../../reply/report.ts";
import type { JobWorld } from "../job.ts";
import { keepTableFile } from "../shared/keep-table.ts";
import { markOf, type Plan, type PlanState } from "../shared/plan.ts";

export const columns = ["person", "login", "name", "into", "so_far"];

/** Everybody a plan is about, with each thing they get or have. */
export const rowsOf = ({ people, targets, units }: Plan, state: PlanState): string[][] =>
  units.map(({ p, t = -1 }, unit) => {
    const [who, target] = [people[p], targets[t]];
    const into = target ? `${target.kind} ${target.id} ${target.name}` : "";
    const soFar = markOf(state, unit) === "=" ? "already" : "to enroll";
    return [String(who?.id ?? ""), who?.login ?? "", who?.name ?? "", into, soFar];
  });

/** Everybody a plan enrolls as a file, and a line that says where; for more than a reply names. */
export async function keepWholePlan(
  name: string,
  plan: Plan,
  state: PlanState,
  { exports }: Pick<JobWorld, "exports">,
) {
  const rows = rowsOf(plan, state);
  const kept = await keepTableFile(`Plan ${name}, whom it enrolls`, columns, rows, exports);
  if ("note" in kept) return { lines: [kept.note], structured: {}, resource: undefined };
  const structured = exportOf(kept.exported);
  return {
    lines: [`All of them ${placeOf(kept.exported)}`],
    structured,
    resource: structured.export.uri,
  };
}
