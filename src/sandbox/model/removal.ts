import { dropProgress, progressOf, syncPerson } from "./enrollment.ts";
import type { Course, Group, Person } from "./tables.ts";
import type { World } from "./world.ts";

function deleteWhere<K, V>(table: Map<K, V>, goes: (row: V) => boolean): void {
  for (const [key, row] of table) if (goes(row)) table.delete(key);
}

const without = (ids: readonly number[], gone: number) => ids.filter((id) => id !== gone);

/** The person and all that was theirs; payments stay, as books must. */
export function removePerson(world: World, person: Person): void {
  const { id } = person;
  const theirs = ({ user_id }: { user_id: number }) => user_id === id;
  for (const row of progressOf(world, id)) world.progress.delete(row.id);
  for (const group of world.groups.values()) group.members.delete(id);
  for (const dataset of world.datasets.values())
    dataset.users.static_id_list = without(dataset.users.static_id_list, id);
  for (const slot of world.timeslots.values())
    if (slot.primary_instructor_user_id === id) slot.primary_instructor_user_id = null;
  deleteWhere(world.registrations, theirs);
  deleteWhere(world.managerships, theirs);
  deleteWhere(world.powerUsers, theirs);
  deleteWhere(world.points, theirs);
  deleteWhere(world.skillPoints, theirs);
  deleteWhere(world.loginKeys, theirs);
  world.enrollments.delete(id);
  world.people.delete(id);
  world.deleted.set(id, { person, at: world.now() });
}

/** The course, every record of it, and its place in groups, paths, the catalogue and datasets. */
export function removeCourse(world: World, { id }: Course): void {
  for (const row of [...world.progress.values()]) if (row.course_id === id) dropProgress(world, row.id);
  for (const direct of world.enrollments.values()) direct.delete(id);
  for (const group of world.groups.values()) group.courses.delete(id);
  for (const dataset of world.datasets.values())
    dataset.courses.static_id_list = without(dataset.courses.static_id_list, id);
  for (const person of world.people.values()) if (person.last_course_id === id) person.last_course_id = null;
  deleteWhere(world.courseKeys, (key) => key.course_id === id);
  world.catalog.delete(`course:${id}`);
  world.courses.delete(id);
}

/** Everybody who has something through a group or path: its members, and those of the groups a path is given to. */
export function reachOf(world: World, group: Group): Set<number> {
  const reach = new Set(group.members);
  if (group.type === "learning_path")
    for (const other of world.groups.values())
      if (other.paths.has(group.id)) for (const id of other.members) reach.add(id);
  return reach;
}

/** An entry shown to one group only goes with that group: left in, it would be shown to all. */
function leaveCatalog(world: World, group: number): void {
  for (const [key, entry] of world.catalog)
    if (entry.user_group_ids.delete(group) && entry.user_group_ids.size === 0) world.catalog.delete(key);
}

/** A user group or learning path, and what its people had only through it. */
export function removeGroup(world: World, group: Group): void {
  const reach = reachOf(world, group);
  world.groups.delete(group.id);
  for (const other of world.groups.values()) {
    other.paths.delete(group.id);
    if (other.parent_id === group.id) other.parent_id = null;
  }
  deleteWhere(world.managerships, (row) => row.user_group_id === group.id);
  for (const dataset of world.datasets.values()) dataset.user_groups = without(dataset.user_groups, group.id);
  if (group.type === "learning_path") world.catalog.delete(`learning_path:${group.id}`);
  else leaveCatalog(world, group.id);
  for (const id of reach) syncPerson(world, id);
}
