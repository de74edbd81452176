import type { Kind } from "../../../tools/schema/answer.ts";
import type { AcademyZone } from "../../academy/time-zone.ts";
import type { Tool } from "../../catalogue/catalogue.ts";
import type { View } from "../../reply/records.ts";
import type { Api } from "../../skyprep/api.ts";
import type { KeptLists } from "../../state/kept-lists.ts";
import type { Args } from "../check/check.ts";

export interface ListWorld {
  readonly api: Api;
  readonly kept: KeptLists<readonly unknown[]>;
  readonly view: View;
  readonly zone: Pick<AcademyZone, "known">;
  /** What a cursor is good for: this account. */
  readonly account: string;
  readonly now: () => number;
}

/** One page asked for. */
export interface ListRequest {
  readonly tool: Tool;
  readonly kind: Kind;
  readonly asked: Args;
  readonly form: string;
  readonly call: string;
  readonly limit: number;
  readonly search: string | undefined;
  readonly at: { readonly offset: number; readonly mark: string } | undefined;
  readonly columns: readonly string[] | undefined;
}
