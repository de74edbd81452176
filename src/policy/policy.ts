import type { Effect } from "../../tools/schema/operation.ts";
import type { PolicyTool } from "../catalogue/toolsets.ts";

/** What limits count. */
export const counted = ["enrollments", "access_ends", "mails", "calls"] as const;
export type Counted = (typeof counted)[number];

export type LimitedAmounts = Readonly<Partial<Record<Counted, number | undefined>>>;

/** What an operator wrote (src/policy/policy-file.ts says what each key means). */
export interface PolicyRules {
  readonly tools?: { readonly allow?: readonly string[]; readonly deny?: readonly string[] };
  readonly effects?: readonly Effect[];
  /** Numbers, or names exactly as they are. */
  readonly courses?: readonly (number | string)[];
  readonly groups?: readonly (number | string)[];
  readonly paths?: readonly (number | string)[];
  readonly people?: { readonly in_groups: readonly (number | string)[] };
  readonly limits?: { readonly per_hour?: LimitedAmounts; readonly per_day?: LimitedAmounts };
  readonly ask?: readonly string[];
  readonly refuse?: readonly string[];
  readonly personal_fields?: boolean;
}

export interface Policy {
  /** The file's own name, without its ending: what replies, the journal and limits call it. */
  readonly name: string;
  /** Of its rules: what is kept under one policy is not seen under another. */
  readonly digest: string;
  readonly rules: PolicyRules;
  /** Whether this tool is listed and can be called. */
  readonly offers: (tool: PolicyTool) => boolean;
  /** Whether it can be a step of a job that is offered. */
  readonly permits: (tool: PolicyTool) => boolean;
  /** By its name, section or effect; by kind, only the guard can tell. */
  readonly asks: (tool: PolicyTool) => boolean;
  readonly refuses: (tool: PolicyTool) => boolean;
  readonly asksKind: (kind: string | undefined) => boolean;
  readonly refusesKind: (kind: string | undefined) => boolean;
  readonly perHour: LimitedAmounts;
  readonly perDay: LimitedAmounts;
}

/** Whether it narrows whom or what is seen. */
export const narrowsReading = ({ rules }: Policy): boolean =>
  [rules.courses, rules.groups, rules.paths, rules.people].some((one) => one !== undefined);
