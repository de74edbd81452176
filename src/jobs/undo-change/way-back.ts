import type { WriteOperation } from "../../../tools/schema/operation.ts";
import { principalOfCall } from "../../access/principal.ts";
import { toolName } from "../../catalogue/catalogue.ts";
import {
  type Followed,
  type NoWay,
  planBack,
  type Undoing,
  type UndoPlan,
} from "../../guard/undo-plan/plan.ts";
import { leftInWords } from "../../guard/undo-plan/promise.ts";
import type { Change } from "../../journal/line.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { cleanText } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { alternativesTo } from "./alternatives.ts";

export interface WayBack {
  readonly undoing: Undoing;
  readonly plan: UndoPlan;
  readonly operation: WriteOperation;
}

/** How a change is put back, out of what was kept of before; or why it cannot be, in sentences. Reads nothing of SkyPrep. */
export async function wayBack(
  { seq, intent, outcome }: Change,
  { records, journal }: Pick<JobWorld, "records" | "journal">,
): Promise<WayBack | { readonly not: readonly string[]; readonly soBefore?: true }> {
  const found = records.get(intent.tool);
  if (found === undefined || found.operation.effect === "read")
    return { not: [`${intent.tool} cannot be undone from here.`] };
  const operation = found.operation as WriteOperation;
  const image = intent.before
    ? ((await journal.image(seq)) as Record<string, unknown> | undefined)
    : undefined;
  const { undo } = operation;
  if ("no" in undo) {
    const calls = alternativesTo(intent.tool, image);
    return {
      not: [
        `Change ${seq} (${intent.tool}) cannot be undone. ${undo.no}`,
        ...(undo.instead ? [undo.instead] : []),
        ...(calls.length > 0 ? ["Something like it can be made anew, without the progress:", ...calls] : []),
      ],
    };
  }
  const undoing: Undoing = {
    operation,
    way: undo,
    given: intent.arguments,
    targets: intent.targets,
    image,
    made: outcome?.is === "done" ? outcome.made : undefined,
  };
  const plan = planBack(undoing);
  if (!("why" in plan)) return { undoing, plan, operation };
  return {
    not: [`Change ${seq} was not undone; nothing was sent.`, noWay(plan)],
    ...(soBefore.has(plan.why) && { soBefore: true }),
  };
}

const soBefore: ReadonlySet<NoWay["why"]> = new Set(["so-before", "there-already", "not-there"]);

/** A certificate that seems to be of today is worth a person's look. */
export const isDated = (follows: readonly Followed[]): boolean =>
  follows.some(({ field }) => /^(completion_date|expiration_date|completed_at)$/.test(field));

function noWay({ why, left = [], many, with: route }: NoWay): string {
  switch (why) {
    case "not-kept":
      return "What was there before was not kept, or no longer is (SKYPREP_KEEP_DAYS): it cannot be put back from here.";
    case "so-before":
    case "there-already":
    case "not-there":
      return "It was so before that change already: there is nothing to undo.";
    case "several":
      return `It was about ${many}: undo them one by one with ${toolName(route)}.`;
    case "no-number":
      return `SkyPrep did not say which number the new one has: find it, then use ${toolName(route)}.`;
    default:
      return `It cannot be put back: ${leftInWords(left)}.`;
  }
}

/** `records` is by tool; ways back are written by route. */
export const named = ({ read, records }: JobWorld) => ({
  read,
  records: new Map([...records.values()].map((one) => [one.route, one])),
});

/** Whose a change is, where one server serves several persons and it is not the caller's: it is theirs alone to undo. */
export function notTheirs({ intent: { person } }: Change): string | undefined {
  const caller = principalOfCall()?.person;
  if (caller === undefined || person === caller) return undefined;
  return person === undefined ? "somebody who is not known" : cleanText(person);
}

export function notToUndo(change: Change): Reply | undefined {
  const { seq, outcome, undoneBy } = change;
  const whose = notTheirs(change);
  if (whose !== undefined)
    return refuse(
      `Change ${seq} was made by ${whose}, and is theirs alone to undo. Nothing was sent.`,
      "Ask them, or do the opposite with the tool for it.",
    );
  if (undoneBy !== undefined) return refuse(`Change ${seq} was undone already, by change ${undoneBy}.`);
  if (outcome?.is === "failed") return refuse(`Change ${seq} was not done, so there is nothing to undo.`);
  if (outcome?.is !== "done") {
    return refuse(
      `Whether change ${seq} was done is not known.`,
      "Look with a read; if it was, do the opposite with the tool for it.",
    );
  }
  return undefined;
}
