import type { Academies } from "./academies.ts";
import type { Grants } from "./grants.ts";
import type { IdentitySettings } from "./identity/identity.ts";

export interface TeamSettings {
  readonly academies: Academies;
  readonly grants: Grants;
  /** Null: there is none. */
  readonly identity: IdentitySettings | null;
}

/** What each file says well and all of them together cannot mean: a sentence each, for whoever runs the server. */
export function strayIn({ academies, grants, identity }: TeamSettings): string[] {
  const people = [...[...grants.people.values()].flat(), ...grants.groups.flatMap((one) => one.academies)];
  const named = [...people, ...[...grants.clients.values()].flat()].map(({ academy }) => academy);
  const unknown = (names: Iterable<string>) => [...new Set(names)].filter((name) => !academies.has(name));
  return [
    ...unknown(named).map(
      (name) => `grants.json: there is no academy ${name}, so what is granted there is nothing.`,
    ),
    ...unknown(identity?.audiences.keys() ?? []).map(
      (name) => `identity.json: audiences: there is no academy ${name}.`,
    ),
    ...[...academies.values()].flatMap(({ name, approvals }) =>
      approvals.fourEyes && !people.some((one) => one.academy === name && one.scopes.includes("approve"))
        ? [`${name}: four-eyes, and grants.json gives nobody approve there: no question will be answered.`]
        : [],
    ),
  ];
}
