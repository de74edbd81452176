import type { Learnt } from "./learnt.ts";

/** What a probe saw of filters, as far as no answer since has shown otherwise. For reads alone: never for whom a write reaches. */
export interface SeenFilters {
  /** It leaves out all other rows. */
  isTrusted(route: string, name: string): boolean;
  /** It leaves out none. */
  isIgnored(route: string, name: string): boolean;
  /** So many reads with a trusted filter cost no more calls than the whole list, or far fewer rows. */
  isWorth(route: string, name: string, reads: number): boolean;
}

/** A list of more rows than these is long: one read less of it is worth a call that brings a single row. */
const long = 1_000;
/** A list in pages has two of them at least. */
const fewestPages = 2;

export function createSeenFilters(learnt: Pick<Learnt, "of">): SeenFilters {
  const isTrusted = (route: string, name: string) => learnt.of(route).trusted?.includes(name) === true;
  return {
    isTrusted,
    isIgnored: (route, name) => learnt.of(route).ignored?.includes(name) === true,
    isWorth(route, name, reads) {
      const { pages } = learnt.of(route);
      if (pages === undefined || !isTrusted(route, name)) return false;
      return pages.is === "paged" ? reads <= fewestPages : reads === 1 && pages.rows >= long;
    },
  };
}
