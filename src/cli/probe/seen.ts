import type { AssumptionId, VariantOf } from "../../skyprep/assumptions.ts";

/** What was seen of one assumption; `otherwise`: it is refuted, in a way that none of its variants names. */
export type ProbeFinding<Id extends AssumptionId = AssumptionId> = "holds" | "otherwise" | VariantOf<Id>;
/** ProbeLeft out: nothing was seen of it. */
export type Verdicts = { readonly [Id in AssumptionId]?: ProbeFinding<Id> | undefined };
