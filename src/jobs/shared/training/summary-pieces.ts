import { filled } from "../../../pages/board.ts";
import { barsOf } from "../../../pages/charts-of.ts";
import type { MakePieces } from "../../../pages/pieces.ts";
import { rounded } from "../../../text/english.ts";
import { statusCall } from "./drill.ts";
import type { TrainingNumbers } from "./gathered.ts";

/** The same as large numbers; what could not be read is in none of them, and the text says so. */
export const headlineOf =
  (
    numbers: TrainingNumbers,
    told: {
      readonly days: number;
      readonly open: boolean;
      readonly passed: boolean;
      readonly rate: number | undefined;
    },
  ): MakePieces =>
  ({ words: { figures } }) => {
    const days = String(told.days);
    const { rate } = told;
    return {
      numbers: [
        { label: figures.people, value: numbers.people },
        { label: figures.records, value: numbers.records },
        ...(rate === undefined
          ? []
          : [{ label: figures.rate, value: rounded(rate) * 100, unit: "percent" as const }]),
        ...(told.open
          ? [
              { label: figures.overdue, value: numbers.overdue, tone: "bad" as const },
              { label: filled(figures.due, { days }), value: numbers.due, tone: "soon" as const },
            ]
          : []),
        ...(told.passed
          ? [
              { label: filled(figures.expiring, { days }), value: numbers.expiring, tone: "soon" as const },
              { label: figures.expired, value: numbers.expired, tone: "bad" as const },
            ]
          : []),
      ],
    };
  };

/** All courses in which something is overdue; `asked`: what the same call says besides. */
export const overdueByCourse =
  (
    counts: ReadonlyMap<number, number>,
    nameOf: (course: number) => string | undefined,
    asked: Readonly<Record<string, unknown>>,
  ): MakePieces =>
  ({ words: { columns, figures }, most }) => {
    const all = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    const drill = (_: string, at: number) =>
      statusCall({ ...asked, course: String(all[at]?.[0]), show: "overdue" });
    const called = all.map(([id, n]) => [`${id} ${nameOf(id) ?? ""}`.trim(), n] as const);
    return {
      charts: [barsOf(figures.overdue, called, { tone: "bad", drill })],
      tables: [
        {
          title: columns.course,
          columns: [
            { label: columns.course_id, is: "id" },
            { label: columns.course, is: "text" },
            { label: figures.overdue, is: "number" },
          ],
          rows: all.slice(0, most).map(([id, n]) => [id, nameOf(id) ?? "", n]),
          total: all.length,
        },
      ],
    };
  };
