import type { DrillDown, HeadlineNumber } from "../../pages/board.ts";
import { tableOf } from "../../pages/cells.ts";
import { barsOf } from "../../pages/charts-of.ts";
import type { MakePieces } from "../../pages/pieces.ts";
import type { PageWords } from "../../pages/words/page-words.ts";
import { type Holder, type Power, powers } from "./holders.ts";

/** As `access_review` calls them. */
export type ReviewKind = "admin" | "content_manager" | "manager" | "power_user" | "odd";

interface ReviewLooked {
  /** Of the whole academy, by what they may do; who has several powers is in each. */
  readonly counts: Readonly<Record<Power, number>>;
  readonly odd: number;
  readonly asked: { readonly kind: ReviewKind | undefined; readonly person: string | undefined };
  /** Their name, where one person is asked about. */
  readonly one: string | undefined;
  /** What is known of everybody who is meant: of those on other pages of the reply less may be. */
  readonly rows: () => readonly Readonly<Record<string, unknown>>[];
  readonly total: number;
  /** What of them the text has. */
  readonly shown: readonly Readonly<Record<string, unknown>>[];
  readonly cursor: string | undefined;
}

/** How many have each power, and everybody who is meant: all of them on a page, in a chat as many as the text has. */
export const reviewPieces =
  ({ counts, odd, asked: { kind, person }, one, rows, total, shown, cursor }: ReviewLooked): MakePieces =>
  ({ words, most, isLive }) => {
    const { access } = words;
    const meant = one ?? (kind === undefined ? words.about.everyone : access[labels[kind]]);
    const there = powers.filter((power) => counts[power] > 0);
    const next: DrillDown | undefined =
      cursor === undefined
        ? undefined
        : {
            tool: "access_review",
            arguments: { ...(kind && { kind }), ...(person !== undefined && { person }), cursor },
          };
    return {
      about: meant,
      numbers: [
        ...numbered.map((power) => ({ label: access[power], value: counts[power] })),
        { label: access.odd, value: odd, tone: "soon" } satisfies HeadlineNumber,
      ],
      charts: [
        barsOf(
          words.columns.is,
          there.map((power) => [access[power], counts[power]] as const),
          { drill: (_, at) => drillTo(there[at]) },
        ),
      ],
      tables: [
        {
          ...tableOf(meant, inTable, isLive ? shown : rows().slice(0, most), { words, total }),
          ...(isLive && next && { next }),
        },
      ],
    };
  };

/** What matters first: the rest of a wide table is scrolled to. */
const inTable = ["name", "is", "odd", "last_sign_in", "manages", "over", "login", "id"];

const numbered = ["admin", "content manager", "manager", "power user"] as const satisfies Power[];
const labels = {
  admin: "admin",
  content_manager: "content manager",
  manager: "manager",
  power_user: "power user",
  odd: "odd",
} as const satisfies Readonly<Record<ReviewKind, keyof PageWords["access"]>>;

/** Whoever has another role cannot be asked for. */
const drillTo = (power: Power | undefined): DrillDown | undefined =>
  power === undefined || power === "other"
    ? undefined
    : { tool: "access_review", arguments: { kind: power.replace(" ", "_") } };

/** Of everybody, by power. */
export const countedBy = (all: readonly Holder[]): Readonly<Record<Power, number>> => {
  const of = (power: Power) => all.filter(({ is }) => is.includes(power)).length;
  return {
    admin: of("admin"),
    "content manager": of("content manager"),
    manager: of("manager"),
    "power user": of("power user"),
    other: of("other"),
  };
};
