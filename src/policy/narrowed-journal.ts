import type { Change, Journal, Target } from "../journal/line.ts";
import type { Policy } from "./policy.ts";
import { isWithin, type PolicyScope, type Scopes } from "./scope.ts";
import type { Dimension, Tie } from "./ties.ts";

const dimensions: Readonly<Record<string, Dimension>> = {
  person: "person",
  course: "course",
  group: "group",
  "learning path": "path",
};

/**
 * The changes of a policy's own agents, as far as everybody and everything they are about is still theirs to see.
 * Budgets, and what was done within the hour, go by all changes, as everywhere.
 */
export function narrowedJournal(policy: Policy, scopes: Scopes | undefined, journal: Journal): Journal {
  const isSeen = (change: Change, scope: PolicyScope | undefined): boolean =>
    change.intent.policy === policy.name &&
    (scope === undefined || change.intent.targets.every((target) => isOwn(target, scope)));
  async function seen(all: readonly Change[]): Promise<Change[]> {
    const scope = await scopes?.current(new AbortController().signal);
    return all.filter((change) => isSeen(change, scope));
  }
  return {
    ...journal,
    changes: async (account) => seen(await journal.changes(account)),
    ofRun: async (run) => seen(await journal.ofRun(run)),
  };
}

function isOwn({ kind, id, login }: Target, scope: PolicyScope): boolean {
  const of = dimensions[kind];
  if (of === undefined) return true;
  const tie: Tie = id === undefined ? { of, as: "login", is: login ?? "" } : { of, as: "id", is: String(id) };
  return isWithin(scope, tie);
}
