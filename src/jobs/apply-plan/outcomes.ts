import { cleanText } from "../../text/english.ts";
import { type Mark, markOf, type Plan, type PlanState, type Unit, verifiedOf } from "../shared/plan.ts";

const done: Readonly<Record<Exclude<Unit["do"], "step">, string>> = {
  enroll: "enrolled",
  create: "created",
  change: "changed",
  leave: "access ended",
  register: "registered",
  reset: "reset",
};
const others: Readonly<Record<Exclude<Mark, "+">, string>> = {
  ".": "not tried",
  "=": "already",
  "!": "failed",
  "?": "unknown",
};

/** What became of one unit, in words. */
export interface PersonOutcome {
  readonly login: string;
  readonly name: string;
  readonly what: string;
  readonly outcome: string;
  readonly verified?: string;
  readonly why?: string;
}

/** Unit by unit, in the plan's order. */
export function outcomesOf(plan: Plan, state: PlanState): (PersonOutcome & { readonly mark: Mark })[] {
  return plan.units.map((unit, n) => {
    const { login = "", name = "" } = plan.people[unit.p] ?? {};
    const target = unit.t === undefined ? undefined : plan.targets[unit.t];
    const mark = markOf(state, n);
    const why = state.why[n];
    const verified = verifiedOf(state, n);
    return {
      login: cleanText(login),
      name,
      what: unit.step?.what ?? (target ? `${target.kind} ${target.id} ${target.name}` : unit.do),
      outcome: mark === "+" ? doneOf(unit) : others[mark],
      ...(verified !== undefined && { verified: verified === "partly" ? "in part" : verified }),
      ...(why !== undefined && { why }),
      mark,
    };
  });
}

const doneOf = ({ do: what, step }: Unit): string => (what === "step" ? (step?.done ?? "done") : done[what]);

export const columns = ["login", "name", "what", "outcome", "verified", "why"] as const;
