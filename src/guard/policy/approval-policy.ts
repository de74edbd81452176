import type { Kind } from "../../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { AgreedBy, Change } from "../../journal/line.ts";
import type { Approver } from "../channels/approval-channels.ts";
import type { Impact } from "../impact/assess-impact.ts";
import { targetsIn } from "../impact/subjects.ts";
import { type Budgets, overBudget, pairsUnasked, unaskedPairs } from "./consequence.ts";
import {
  type Approved,
  type Denied,
  nothing,
  type OperatorPolicy,
  personNeeded,
  refusal,
  type Write,
} from "./decision.ts";

/** Contract §2: who is asked. */
export type Confirm = "ask" | "human" | "unattended" | "off";

/** Kinds for which a code may stand in for a person (contract §5). */
export const codeAllowed: readonly Kind[] = ["removing", "many"];

export interface ApprovalSettings extends Budgets {
  readonly confirm: Confirm;
  /** False: no code stands in for a person. */
  readonly codes?: false | undefined;
  /** Left out: nobody set one. */
  readonly policy?: OperatorPolicy | undefined;
}

/** Whether a policy wants a person asked, whatever the settings say. */
const isAskedByPolicy = ({ asks, kind, wanted }: Impact, { policy }: ApprovalSettings): boolean =>
  wanted === true || (asks && policy?.asksKind(kind) === true);

/** Whether a person is asked about what is seen, under this setting. */
export const isAsked = (impact: Impact, settings: ApprovalSettings): boolean => {
  const { confirm } = settings;
  return (
    isAskedByPolicy(impact, settings) ||
    (impact.asks && confirm !== "off" && !(confirm === "unattended" && impact.kind === "many"))
  );
};

/** Why nobody even needs to be asked: it is over a budget, or nobody is there to say yes. */
export function blockedBy(
  impact: Impact,
  recent: readonly Change[],
  settings: ApprovalSettings,
): Denied | undefined {
  const over = overBudget(impact.weight, recent, settings);
  if (over !== undefined) return refusal(over, nothing);
  const { policy } = settings;
  if (policy && impact.asks && policy.refusesKind(impact.kind))
    return refusal(`The policy “${policy.name}” refuses what is ${impact.kind}. ${nothing}`, ofPolicy);
  const isUnattended = settings.confirm === "unattended";
  if (isUnattended && policy && isAskedByPolicy(impact, settings)) {
    return personNeeded(
      `The policy “${policy.name}” wants a person's yes for this, and SKYPREP_CONFIRM is set to unattended. ${nothing}`,
      "A person can do it in an assistant of theirs, or in SkyPrep's web admin.",
    );
  }
  if (impact.asks && isUnattended && impact.kind !== "many") {
    return personNeeded(
      `This needs a person's yes, and SKYPREP_CONFIRM is set to unattended. ${nothing}`,
      "A person can do it in an assistant of theirs, or in SkyPrep's web admin.",
    );
  }
  return undefined;
}

export const ofPolicy = "Whoever set this server up can change the policy.";

interface Agreement {
  readonly by: AgreedBy;
  readonly question?: string | undefined;
  readonly approver?: Approver | undefined;
}

/** The approval to send what is seen, once. */
export function approvalFor(
  impact: Impact,
  { by: agreed, question, approver }: Agreement,
  settings: ApprovalSettings,
): Approved {
  const { kind, weight } = impact;
  const unasked = kind === "many" && agreed === "nobody" && !impact.asks;
  return {
    go: true,
    agreed,
    ...(kind && { kind }),
    ...(question && { question }),
    ...(approver && { approver: approver.person }),
    ...(kind === "many" && { pairs: weight.pairs }),
    // Power may ride along in what is asked about as something stricter: the hour counts it all the same.
    ...(weight.grants > 0 && { pairs: weight.grants }),
    targets: impact.targets,
    ...(impact.image && { image: impact.image }),
    ...(impact.person && { person: impact.person }),
    allow: (latest) => {
      if (approver?.mayStill() === false) return approverGone;
      const over = overBudget(weight, latest, settings);
      if (over !== undefined) return over;
      return unasked && pairsUnasked(latest) + weight.pairs > unaskedPairs
        ? "Too many people were enrolled within the hour without anybody being asked. Call again: a person is asked."
        : undefined;
    },
  };
}

const approverGone = "Whoever agreed to it may not agree to it any more. Call again: a person is asked anew.";

/** Nothing in its arguments deserves a question: it is only written down, with what was there before. */
export const approvalUnasked = (
  { about }: WriteOperation,
  args: Write["args"],
  impact: Impact | undefined,
): Approved => ({
  go: true,
  agreed: "nobody",
  targets: impact?.targets ?? targetsIn(about, args),
  ...(impact?.image && { image: impact.image }),
  ...(impact?.person && { person: impact.person }),
  allow: () => undefined,
});
