import { filled, type HeadlineNumber } from "../../pages/board.ts";
import { tableOf } from "../../pages/cells.ts";
import type { MakePieces } from "../../pages/pieces.ts";
import { countOf, type Mark, type OpenedPlan, type PlanState } from "../shared/plan.ts";
import { leftTable, planInWords } from "../shared/plan-pieces.ts";
import { columns, outcomesOf } from "./outcomes.ts";

/** What became of a plan, person by person: first of all those it did not work for. */
export const outcomePieces =
  ({ name, plan, state }: Omit<OpenedPlan, "revision">, resource?: string): MakePieces =>
  ({ words, most }) => {
    const all = outcomesOf(plan, state);
    const isOpen = ({ mark }: { readonly mark: Mark }) => mark === "!" || mark === "?" || mark === ".";
    const rows = [...all.filter(isOpen), ...all.filter((one) => !isOpen(one))];
    const numbers: readonly (readonly [Mark, string, HeadlineNumber["tone"]?])[] = [
      ["+", words.outcomes.done, "good"],
      ["=", words.outcomes.already],
      ["!", words.outcomes.failed, "bad"],
      ["?", words.outcomes.unknown, "bad"],
      [".", words.outcomes["not tried"], "soon"],
    ];
    return {
      title: filled(words.titles.plan, { what: name }),
      about: planInWords(plan, asPlanned(state)),
      aboutIn: "en",
      numbers: numbers.map(([mark, label, tone]) => ({
        label,
        value: countOf(state, mark),
        ...(tone && { tone }),
      })),
      tables: [
        {
          ...tableOf(
            words.plan.outcomes,
            columns,
            rows.slice(0, most).map(({ mark: _, ...one }) => one),
            { words, total: rows.length },
          ),
          ...(resource !== undefined && { resource }),
        },
        ...leftTable(plan.left, words, most),
      ],
    };
  };

/** As it stood before anything was sent. */
const asPlanned = ({ marks }: PlanState): PlanState => ({ marks: marks.replace(/[+!?]/g, "."), why: {} });
