import type { Job } from "../shared/people-desk.ts";
import type { Academy } from "../shared/plan-academy.ts";

/** Manager of a group, power user, member of two groups. */
export const jordan: Job = ["offboard_person", { person: "jordan@example.com" }];

export const stateOf = ({ world }: Academy, id: number) => {
  const person = world.people.get(id);
  const of = (rows: Iterable<{ user_id: number }>) =>
    [...rows].filter(({ user_id }) => user_id === id).length;
  return {
    role: person?.role,
    ends:
      person?.access_end_date === null
        ? null
        : new Date(person?.access_end_date ?? 0).toISOString().slice(0, 10),
    groups: [...world.groups.values()].filter(({ members }) => members.has(id)).map((group) => group.id),
    manages: of(world.managerships.values()),
    powers: of(world.powerUsers.values()),
  };
};
