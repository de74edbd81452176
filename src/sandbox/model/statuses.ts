import { type Input, Refusal } from "../server/route.ts";
import type { Status } from "./tables.ts";

/** The five that may be set; `archived` is only ever read (skyprep-api §4.1). */
const SETTABLE: readonly Status[] = ["passed", "failed", "in-progress", "not-applicable", "not-started"];
const READABLE: readonly Status[] = [...SETTABLE, "archived"];

const oneOf = (known: readonly Status[], text: string, name: string): Status => {
  const status = known.find((one) => one === text);
  if (status === undefined) throw new Refusal(422, `Invalid ${name}: ${text}`);
  return status;
};

export const settableStatus = (input: Input): Status =>
  oneOf(SETTABLE, input.text("set_status"), "set_status");

export const statusFilter = (input: Input): ReadonlySet<Status> =>
  new Set(input.list("status").map((text) => oneOf(READABLE, text, "status")));
