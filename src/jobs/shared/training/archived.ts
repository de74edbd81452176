import type { Filter } from "./change-pagination.ts";

/**
 * What has to be read besides, where archived records are apart: all of them, or of a part of the statuses those that
 * left it since it was read.
 */
export const archivedOf = (need: Filter, begun: number | undefined): Filter => ({
  ...need,
  statuses: "archived",
  ...(need.statuses !== undefined && {
    since: need.since ?? (begun === undefined ? undefined : Math.floor(begun / 1000)),
  }),
});

/** Whether what is kept of `filter` holds what is needed, also where archived records are apart. */
export const holdsArchived = (filter: Filter, need: Filter): boolean =>
  need.statuses !== "archived" || filter.statuses === "archived";
