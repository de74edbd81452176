/** How long the whole list is, as the wrapper says in which a part of it came. */
export interface ListExtent {
  /** Rows of the whole list. */
  readonly total?: number;
  /** More pages follow. */
  readonly follows?: true;
}

/** An answer that is JSON, once read. */
export interface JsonResponse extends ListExtent {
  readonly is: "json";
  readonly value: unknown;
  /** How long the answer was. */
  readonly bytes: number;
  /** The rows are not all of a list that is meant whole, and no more were to be had. */
  readonly isPart?: true;
}
