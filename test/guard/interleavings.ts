import fc from "fast-check";

/** How a call can be asked about. */
export type Way = "form" | "suspends" | "mute";
/** What comes back. */
export type Say = "yes" | "wrong" | "no" | "cancelled" | "failed";
export interface Removal {
  readonly tool: number;
  readonly course: number;
}
/** Of two processes that share a state folder, the one in which it happens. */
export type Step = { readonly hold: boolean; readonly at: number } & (
  | ({ readonly do: "call"; readonly way: Way } & Removal)
  /** `slow`: whoever says it has read the question. */
  | { readonly do: "say"; readonly which: number; readonly say: Say; readonly slow: boolean }
  | ({
      readonly do: "return";
      readonly which: number;
      readonly say: Say;
      readonly own: boolean;
      readonly slow: boolean;
    } & Removal)
  | ({
      readonly do: "code";
      readonly which: number;
      readonly own: boolean;
      readonly right: boolean;
    } & Removal)
  | { readonly do: "cancel"; readonly which: number }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "change"; readonly course: number; readonly to: number }
  | { readonly do: "restart"; readonly confirm: "ask" | "human" }
  /** Somebody puts back what stood in the state folder so many steps ago. */
  | { readonly do: "put back"; readonly steps: number }
);

const index = fc.nat(7);
const removal = { tool: fc.nat(1), course: fc.integer({ min: 1, max: 2 }) };
const hold = fc.boolean();
const at = fc.nat(1);
const say = fc.constantFrom<Say>("yes", "yes", "yes", "yes", "wrong", "no", "cancelled", "failed");
const mostly = fc.constantFrom(true, true, true, false);
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("call" as const),
      hold,
      at,
      way: fc.constantFrom<Way>("form", "suspends", "mute", "mute"),
      ...removal,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("say" as const), hold, at, which: index, say, slow: hold }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("return" as const),
      hold,
      at,
      which: index,
      say,
      own: mostly,
      slow: hold,
      ...removal,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("code" as const),
      hold,
      at,
      which: index,
      own: mostly,
      right: mostly,
      ...removal,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), hold, at, which: index }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      hold,
      at,
      ms: fc.constantFrom(1_000, 40_000, 300_000, 600_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("change" as const),
      hold,
      at,
      course: removal.course,
      to: fc.nat(2),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("restart" as const),
      hold,
      at,
      confirm: fc.constantFrom("ask" as const, "ask" as const, "ask" as const, "human" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("put back" as const),
      hold,
      at,
      steps: fc.integer({ min: 1, max: 6 }),
    }),
  },
);
