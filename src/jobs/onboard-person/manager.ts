import { managerRights } from "../../academy/manager-rights.ts";
import { numberIn, type Reads, type Row } from "../../academy/reads.ts";
import { statusWords } from "../../text/english.ts";
import { targetInWords } from "../shared/name-targets.ts";
import type { Someone } from "../shared/people-index.ts";
import type { PlanTarget } from "../shared/plan.ts";
import { already, type JobStep, type StepOutcome } from "../steps/run-steps.ts";

export interface ManagerAssignment {
  readonly manager: Someone;
  /** The groups that were asked for. */
  readonly groups: readonly PlanTarget[];
  /** The one who is managed, where they are here already. */
  readonly person: Someone | undefined;
}

/** In SkyPrep somebody is managed through a group: what makes this one their manager. @throws Unread */
export async function managing(
  { manager, groups, person }: ManagerAssignment,
  reads: Reads,
): Promise<{ readonly jobStep: JobStep } | { readonly already: StepOutcome } | { readonly wrong: string }> {
  const called = `person ${manager.id}`;
  const before: readonly Row[] =
    person === undefined
      ? []
      : await reads.rows("get_user_group_enrollments_for_user", { user_id: person.id });
  const ids = new Set([...groups.map(({ id }) => id), ...before.map((row) => numberIn(row))]);
  for (const id of ids) {
    if (typeof (await managerRights(reads.one, manager.id, id)) === "object") {
      return { already: already(`manager ${manager.id} ${manager.name}`, `manages group ${id}`) };
    }
  }
  const [group, ...more] = groups;
  if (group === undefined || more.length > 0) {
    return {
      wrong: `Which group ${called} should manage is not plain: name one group, or use assign_manager_to_user_group.`,
    };
  }
  if (manager.row.role !== "manager") {
    return {
      wrong: `The manager, ${called}, has the role ${statusWords(manager.row.role)}: it must be manager before they can be given a group (update_user).`,
    };
  }
  return {
    jobStep: {
      step: {
        tool: "assign_manager_to_user_group",
        args: { user_id: manager.id, user_group_id: group.id },
      },
      things: [
        { what: `manager ${manager.id} ${manager.name}`, done: `manages ${targetInWords(group)} now` },
      ],
    },
  };
}
