import type {
  Bar,
  Board,
  BoardColumn,
  BoardTable,
  Chart,
  Controls,
  DrillDown,
  HeadlineNumber,
  Locale,
} from "../board.ts";
import { isRecord } from "./is-record.ts";

/** What came of a call, as it is looked at. */
export type SeenReply =
  | { readonly is: "board"; readonly board: Board }
  /** The reply's own words, where a host handed on no board. */
  | { readonly is: "text"; readonly text: string };

/** Undefined: there is nothing in it. */
export function seenIn(result: unknown): SeenReply | undefined {
  if (!isRecord(result)) return undefined;
  const board = isRecord(result._meta) ? result._meta["skyprep/board"] : undefined;
  if (isBoard(board)) return { is: "board", board };
  const text = (Array.isArray(result.content) ? result.content : [])
    .flatMap((part: unknown) =>
      isRecord(part) && part.type === "text" && typeof part.text === "string" ? [part.text] : [],
    )
    .join("\n");
  return text === "" ? undefined : { is: "text", text };
}

type Is = (value: unknown) => boolean;
/** A check for each field, so that none is forgotten. */
type Fields<T> = Readonly<Record<keyof T, Is>>;

const text: Is = (value) => typeof value === "string";
const number: Is = (value) => typeof value === "number" && Number.isFinite(value);
const cell: Is = (value) => text(value) || number(value);
const oneOf =
  (...all: readonly unknown[]): Is =>
  (value) =>
    all.includes(value);
const maybe =
  (is: Is): Is =>
  (value) =>
    value === undefined || is(value);
const listOf =
  (is: Is): Is =>
  (value) =>
    Array.isArray(value) && value.every(is);
const shape =
  <T>(fields: Fields<T>): Is =>
  (value) =>
    isRecord(value) && Object.entries<Is>(fields).every(([name, is]) => is(value[name]));

const language: Is = (value) => {
  try {
    return typeof value === "string" && Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
};
const tone = maybe(oneOf("bad", "soon", "good"));
const unit = maybe(oneOf("percent"));
const drill = shape<DrillDown>({ tool: text, arguments: isRecord });
const bar = shape<Bar>({ label: text, value: number, drill: maybe(drill) });
const chart = shape<Chart>({
  is: oneOf("bars", "columns"),
  title: text,
  unit,
  tone,
  bars: listOf(bar),
  more: number,
});
// A kind that is not known is written as it stands.
const column = shape<BoardColumn>({ label: text, is: text });
const rows = listOf(listOf(cell));
const table = shape<BoardTable>({
  title: text,
  columns: listOf(column),
  rows,
  total: number,
  shaded: maybe(oneOf(true)),
  totals: maybe(rows),
  next: maybe(drill),
  resource: maybe(text),
});
const locale = shape<Locale>({ language, words: language, direction: oneOf("ltr", "rtl") });
const words = shape<Controls>({
  search: text,
  shown: text,
  nothing: text,
  sortBy: text,
  more: text,
  moreRows: text,
  back: text,
  loading: text,
  failed: text,
  openPlan: text,
  made: text,
});
/** Around the title, where there are any. */
const sentences = {
  asOf: maybe(text),
  pretend: maybe(text),
  aboutIn: maybe(text),
  notDone: maybe(text),
  time: maybe(text),
};
const board = shape<Board>({
  ...sentences,
  kind: text,
  title: text,
  about: text,
  locale,
  numbers: listOf(shape<HeadlineNumber>({ label: text, value: number, unit, tone })),
  charts: listOf(chart),
  tables: listOf(table),
  texts: listOf(shape<Board["texts"][number]>({ heading: text, text })),
  notes: listOf(text),
  words,
});

/** To the last cell: half a board would be drawn as if it were whole. */
const isBoard = (value: unknown): value is Board => board(value);
