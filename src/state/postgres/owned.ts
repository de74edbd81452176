import { principalOfCall } from "../../access/principal.ts";
import type { OfAcademy } from "./texts.ts";

/** What one person keeps, under one policy: nobody else finds it. */
export const ownedBy = ({ academy }: OfAcademy, owner: string): readonly string[] => {
  const principal = principalOfCall();
  return [academy, owner, principal?.person ?? "", principal?.policy ?? ""];
};

export const isOwned = "academy = $1 and owner = $2 and person = $3 and policy = $4";

const aWeek = "interval '7 days'";
export const isFresh = `created_at > skyprep.clock() - ${aWeek}`;

/** Whoever else sweeps at the same time is left to it. */
export const sweepOf = (table: "plans" | "exports"): string =>
  `delete from skyprep.${table} where ctid in (
     select ctid from skyprep.${table} where created_at <= skyprep.clock() - ${aWeek} limit 500 for update skip locked)`;
