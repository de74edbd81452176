import type { Operation } from "../../../tools/schema/operation.ts";
import { lookOnce } from "../../call/write/proof.ts";
import type { JobWorld } from "../job.ts";
import type { Plan } from "../shared/plan.ts";

export type StepProofWorld = Pick<JobWorld, "api" | "records" | "now" | "zone">;

/** Whether a read shows what a step of its own was to do; undefined: none tells. */
export async function stepIsSo(
  { units, people }: Plan,
  unit: number,
  { api, records, now, zone }: StepProofWorld,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const { step, args = {}, p = -1 } = units[unit] ?? {};
  const operation = step && records.get(step.tool)?.operation;
  if (operation === undefined || operation.effect === "read") return undefined;
  const { id, login } = people[p] ?? {};
  const told = { ...args, ...(id !== undefined && { user_id: id, user_email: login }) };
  const byRoute = new Map<string, Operation>(
    [...records.values()].map((one) => [one.route, one.operation] as const),
  );
  const academyZone = zone.known()?.zone;
  const sent = { operation, told, began: now(), ...(academyZone !== undefined && { zone: academyZone }) };
  const { proven } = await lookOnce(sent, { api, records: byRoute }, signal);
  return proven && (proven.verified === "yes" ? true : proven.verified === "no" ? false : undefined);
}

/** Whether a second time leaves what the first left (contract §6). */
export function mayRepeat({ units }: Plan, unit: number, { records }: Pick<JobWorld, "records">): boolean {
  const { step } = units[unit] ?? {};
  const operation = step && records.get(step.tool)?.operation;
  if (operation === undefined || operation.effect === "read") return false;
  return (operation.effect === "change" || operation.effect === "remove") && operation.idempotent !== false;
}
