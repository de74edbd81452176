/** What an answer's wrapper told of the list that it holds a part of. */
export interface ListTold {
  /** Rows of the whole list. */
  readonly total?: number;
  /** More pages follow. */
  readonly follows?: true;
}
