import type { Finding } from "../../../tools/schema/consequence.ts";
import { type Digests, unread } from "../question/call-digest.ts";
import { type Asking, type Find, type Found, orSay } from "./findings/finding.ts";
import { balance, ends } from "./findings/lesser.ts";
import { enrollments, memberships, points, status, throughGroup } from "./findings/people.ts";
import { changes, link, permissions, powers } from "./findings/power.ts";
import { groupHolds, moves, owners, pathHolds, reach, registered, takers } from "./findings/training.ts";
import type { Stored } from "./subjects/seen.ts";

/** How each finding is read, and what is said to be missing where it cannot be. */
const findings: Readonly<Record<Finding, readonly [Find, string]>> = {
  enrollments: [enrollments, "progress"],
  memberships: [memberships, "group memberships"],
  points: [points, "points"],
  takers: [takers, "how many people take it"],
  status: [status, "how they stand"],
  "through-group": [throughGroup, "what came with the group"],
  "group-holds": [groupHolds, "what is in the group"],
  "path-holds": [pathHolds, "what is in the learning path"],
  registered: [registered, "who is registered"],
  owners: [owners, "whose they are"],
  moves: [moves, "what is moved"],
  changes: [changes, "what changes"],
  powers: [powers, "power-user rights"],
  permissions: [permissions, "manager permissions"],
  link: [link, "what it opens"],
  ends: [ends, "how long they have it now"],
  balance: [balance, "how many points they have"],
  reach: [reach, "how many people it reaches"],
};

/** Everything a consequence tells, in its order: facts first read, counts under one name each. */
export async function findAll(
  tells: readonly Finding[],
  asking: Asking,
): Promise<Required<Omit<Found, "stands" | "unread">> & { readonly stands: Digests }> {
  const goes: string[] = [];
  const facts: string[] = [];
  const counts: Record<string, number> = {};
  const stands: Record<string, unknown> = {};
  const stored: Stored[] = [];
  for (const name of tells) {
    const [find, what] = findings[name];
    const found = await orSay(find(asking), what);
    goes.push(...(found.goes ?? []));
    facts.push(...(found.facts ?? []));
    Object.assign(counts, found.counts);
    if (found.unread || found.stands) stands[partOf(name)] = found.unread ? unread : found.stands;
    stored.push(...(found.stored ?? []));
  }
  return { goes, facts, counts, stands, stored };
}

const partOf = (name: Finding) => `${name} stands`;

/** As where nothing that stands could be read. */
export const unreadStands = (tells: readonly Finding[]): Digests =>
  Object.fromEntries(tells.map((name) => [partOf(name), unread]));
