/** `a,b`, `a, b`, or `name[]=a&name[]=b`. */
export type ListSpelling = "commas" | "blanks" | "brackets";

/** How SkyPrep wants several values, as far as it has shown; kept for the process. */
export interface ListSpellings {
  /** Undefined: it has not shown it. */
  known(): ListSpelling | undefined;
  works(how: ListSpelling): void;
  /** The last that was not refused: a success of a write is no proof that all of a list was read. */
  tried(): ListSpelling | undefined;
  taken(how: ListSpelling): void;
}

export function createListSpellings(): ListSpellings {
  let how: ListSpelling | undefined;
  let last: ListSpelling | undefined;
  return {
    tried: () => last,
    taken(one) {
      last = one;
    },
    known: () => how,
    works(one) {
      how = one;
    },
  };
}
