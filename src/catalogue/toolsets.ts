import type { Effect } from "../../tools/schema/operation.ts";
import type { Confirm } from "../guard/policy/approval-policy.ts";
import type { Renamed } from "./former-names.ts";

/** What settings offer. */
export interface Offer {
  readonly sections: readonly string[] | undefined;
  readonly readOnly: boolean;
  readonly confirm: Confirm;
  /** False: no code is ever given, as over HTTP, where nobody is known to sit beside a person. */
  readonly codes?: false;
  /** What an operator leaves in; left out: nobody set a policy. */
  readonly policy?: OfferPolicy | undefined;
}

/** Whether a code may stand in for a person: not under a policy, whose agent nobody watches. */
export const givesCodes = ({
  confirm,
  codes,
  policy,
}: Pick<Offer, "confirm" | "codes" | "policy">): boolean =>
  confirm === "ask" && codes !== false && policy === undefined;

/** A tool as far as a policy tells tools apart. */
export interface PolicyTool extends Renamed {
  readonly name: string;
  readonly section: string;
  readonly effect: Effect;
}

export interface OfferPolicy {
  readonly name: string;
  /** Whether this tool is listed and can be called. */
  readonly offers: (tool: PolicyTool) => boolean;
  /** Whether it can be a step of a job that is offered. */
  readonly permits: (tool: PolicyTool) => boolean;
}

/** The section of the three tools that reach every operation; naming it offers the jobs and the reads most used, too. */
export const essentials = "essentials";
/** The section of whole jobs. */
export const jobs = "jobs";

/** Asked most in an administrator's week; the other operations are found by words. Lists of people: the job `find`. */
const reads: ReadonlySet<string> = new Set([
  "get_program",
  "get_user",
  "get_user_courses",
  "get_courses",
  "get_course",
  "get_user_group",
]);

type Sections = Offer["sections"];

/** Whether settings list this tool. */
export function isChosen(sections: Sections, section: string, name: string): boolean {
  // Where every operation is a tool of its own, nothing needs reaching.
  if (sections === undefined) return section !== essentials;
  return sections.includes(section) || (reachesAll(sections) && (section === jobs || reads.has(name)));
}

/** Whether every operation can be called, listed or not. */
export const reachesAll = (sections: Sections): boolean => sections?.includes(essentials) ?? false;
