import { filled } from "../../../pages/board.ts";
import type { MakePieces } from "../../../pages/pieces.ts";
import { writerFor } from "../../../pages/written.ts";

/** Days, `2026-11-30`, both included; `stood`: as things were at the end of the last. */
interface Days {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly stood?: boolean;
}

/** Of which days a board speaks: without it, numbers of last winter would be read as today's. */
export const timePieces =
  ({ from, until, stood = false }: Days): MakePieces =>
  ({ words: { about }, locale }) => {
    if (from === undefined && until === undefined) return {};
    const { day } = writerFor(locale);
    const sentence = stood
      ? about.stood
      : until === undefined
        ? about.since
        : from === undefined
          ? about.until
          : about.between;
    return { time: filled(sentence, { from: day(from ?? ""), until: day(until ?? "") }) };
  };
