import type { Sightings } from "../sightings.ts";

/** `a,b`, `a, b`, or `name[]=a&name[]=b`. */
export type ListSpelling = "commas" | "blanks" | "brackets";

/** How SkyPrep wants several values, as far as it has shown; kept for the process. */
export interface ListSpellings {
  /** Undefined: it has not shown it. */
  known(): ListSpelling | undefined;
  /** What was seen to be read whole; the first that was stays. */
  works(how: ListSpelling): void;
  /** The last that was not refused: a success of a write is no proof that all of a list was read. */
  tried(): ListSpelling | undefined;
  taken(how: ListSpelling): void;
}

export function createListSpellings(sightings: Pick<Sightings, "holds" | "differs">): ListSpellings {
  let known: ListSpelling | undefined;
  let last: ListSpelling | undefined;
  return {
    known: () => known,
    works(how) {
      known ??= how;
      if (known === "commas") sightings.holds("lists-by-comma");
      else sightings.differs("lists-by-comma", known);
    },
    tried: () => last,
    taken(how) {
      last = how;
    },
  };
}
