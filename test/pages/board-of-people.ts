import type { Board } from "../../src/pages/board.ts";
import { speaking } from "../../src/pages/language.ts";

/** A board with everything on it, and so many people. */
export function boardOfPeople(people: number, language = "en"): Board {
  const { locale, words } = speaking(language);
  const { figures, columns, keys, titles, about, controls } = words;
  const months = Array.from({ length: 13 }, (_, n) => {
    const at = new Date(Date.UTC(2025, 10 + n));
    return { label: at.toISOString().slice(0, 7), value: (n * 37) % 101 };
  });
  return {
    kind: "training",
    title: titles.trainingBy.replace("{what}", columns.group),
    about: about.everyone,
    locale,
    asOf: about.asOf.replace("{when}", "2026-11-30"),
    pretend: about.pretend,
    numbers: [
      { label: figures.people, value: people },
      { label: figures.rate, value: 71.3, unit: "percent", tone: "good" },
      { label: figures.overdue, value: 1234, tone: "bad" },
      { label: figures.expired, value: 0, tone: "bad" },
      { label: figures.due.replace("{days}", "30"), value: 12, tone: "soon" },
    ],
    charts: [
      {
        is: "bars",
        title: figures.overdue,
        tone: "bad",
        bars: [
          "Sales Team",
          "Операции",
          "مبيعات",
          "A group with a name so long that no screen is wide enough for it",
        ].map((label, n) => ({
          label,
          value: 40 - 9 * n,
          drill: { tool: "training_status" as const, arguments: { group: label, show: "overdue" } },
        })),
        more: 3,
      },
      { is: "columns", title: figures.passed, bars: months, more: 0 },
    ],
    tables: [
      {
        title: figures.people,
        columns: [
          { label: columns.user_id, is: "id" },
          { label: columns.name, is: "text" },
          { label: columns.login, is: "text" },
          { label: columns.deadline, is: "day" },
          { label: columns.days_late, is: "number" },
        ],
        rows: Array.from({ length: people }, (_, n) => [
          1_000 + n,
          `Zoë Kéller ${n}`,
          `zoe${n}@example.com`,
          `2026-0${1 + (n % 9)}-17`,
          n % 11 === 10 ? "" : (n * 7) % 90,
        ]),
        total: people,
        totals: [[keys.all, "", "", "", 33]],
      },
    ],
    texts: [],
    notes: ["Who belongs to several is counted in each."],
    words: controls,
  };
}
