import type { CatalogEntry } from "./office.ts";
import type { World } from "./world.ts";

/** What a person finds in the catalogue: entries for everybody, and those for a group they are in. */
export function visibleTo(world: World, userId: number): CatalogEntry[] {
  return [...world.catalog.values()].filter(({ user_group_ids: groups }) => {
    if (groups.size === 0) return true;
    return [...groups].some((id) => world.groups.get(id)?.members.has(userId));
  });
}
