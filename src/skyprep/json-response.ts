import type { ListTold } from "./list-told.ts";

/** An answer that is JSON, once read. */
export interface JsonResponse extends ListTold {
  readonly is: "json";
  readonly value: unknown;
  /** How long the answer was. */
  readonly bytes: number;
  /** The rows are not all of a list that is meant whole, and no more were to be had. */
  readonly isPart?: true;
}
