import type { Group } from "../model/tables.ts";
import type { World } from "../model/world.ts";
import { iso } from "./dates.ts";

function fullName(group: Group, world: World): string {
  const names = [group.name];
  const seen = new Set([group.id]);
  let parent = group.parent_id;
  while (parent !== null && !seen.has(parent)) {
    seen.add(parent);
    const above = world.groups.get(parent);
    if (!above) break;
    names.unshift(above.name);
    parent = above.parent_id;
  }
  return names.join(" / ");
}

/** A user group or a learning path: 10 keys; `user_group_id` is the parent's. */
export function groupView(group: Group, world: World): Record<string, unknown> {
  return {
    id: group.id,
    name: group.name,
    full_name: fullName(group, world),
    user_group_id: group.parent_id,
    created_at: iso(group.created_at),
    updated_at: iso(group.updated_at),
    description: group.description,
    user_group_type: group.type,
    category: group.category,
    force_order: group.force_order,
  };
}
