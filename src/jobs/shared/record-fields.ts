import type { Row } from "../../academy/reads.ts";
import { clean } from "../../reply/records.ts";

/** The first of these fields that has a number a record can have. */
export function idIn(row: Row, ...names: string[]): number | undefined {
  const id = Number(names.map((name) => row[name]).find((one) => one !== undefined && one !== null));
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

const longest = 80;

/** Text that people wrote, cleaned and cut; empty where there is none. */
export function textAt(row: Row, name: string): string {
  const value = row[name];
  return typeof value === "string" ? String(clean(value)).slice(0, longest) : "";
}
