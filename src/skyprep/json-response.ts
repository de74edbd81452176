/** An answer that is JSON, once read. */
export interface JsonResponse {
  readonly is: "json";
  readonly value: unknown;
  /** How long the answer was. */
  readonly bytes: number;
  /** Beside a list: how many rows there are in all. */
  readonly total?: number;
  /** Beside a list: that more rows follow. */
  readonly follows?: boolean;
  /** The rows are not all of a list that is meant whole, and no more were to be had. */
  readonly isPart?: true;
}
