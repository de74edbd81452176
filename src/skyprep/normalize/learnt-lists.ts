/** `a,b`, `a, b`, or `name[]=a&name[]=b`. */
export type ListSpelling = "commas" | "blanks" | "brackets";

/** How SkyPrep wants several values, as far as it has shown; kept for the process. */
export interface ListSpellings {
  /** Undefined: it has not shown it. */
  known(): ListSpelling | undefined;
  works(how: ListSpelling): void;
}

export function createListSpellings(): ListSpellings {
  let how: ListSpelling | undefined;
  return {
    known: () => how,
    works(one) {
      how = one;
    },
  };
}
