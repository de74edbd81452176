import type { World } from "./world.ts";

/** Whether a row is wanted: it meets all that was asked for or, in an academy of such manners, any of it. */
export const meeting =
  <T>({ lists }: World, tests: readonly ((row: T) => boolean)[]) =>
  (row: T): boolean =>
    lists.filters === "any" && tests.length > 0
      ? tests.some((test) => test(row))
      : tests.every((test) => test(row));
