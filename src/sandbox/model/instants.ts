import { type Input, Refusal } from "../server/route.ts";
import { atWall } from "./calendar.ts";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ZONELESS = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;
const ZONED = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
const WORDS = /^[A-Za-z]{3,9} \d{1,2}, \d{4}$/;

/** What names no zone is read in the account's. */
const read = (text: string, edge: "start" | "end"): number => {
  if (ZONED.test(text)) return Date.parse(text.replace(" ", "T"));
  if (DAY.test(text)) return atWall(Date.parse(`${text}T${edge === "start" ? "00:00:00" : "23:59:59.999"}Z`));
  if (ZONELESS.test(text)) return atWall(Date.parse(`${text.replace(" ", "T")}Z`));
  if (WORDS.test(text))
    return atWall(Date.parse(`${text} ${edge === "start" ? "00:00:00" : "23:59:59"} GMT`));
  return Number.NaN;
};

/**
 * A date a request carries, in the forms skyprep-api §3.4 has seen; a bare day means its first
 * or, with `end`, its last instant. Anything else is a 422.
 */
export const instantIn = (
  input: Input,
  name: string,
  edge: "start" | "end" = "start",
): number | undefined => {
  const text = input.optional(name)?.trim();
  if (text === undefined || text === "") return undefined;

  const instant = read(text, edge);
  if (Number.isNaN(instant)) throw new Refusal(422, `Invalid date: ${name}`);
  return instant;
};

/** What `start_date` and `end_date`, as far as they are given, ask of a row. */
export const within = <T>(input: Input, at: (row: T) => number): ((row: T) => boolean)[] => {
  const from = instantIn(input, "start_date");
  const to = instantIn(input, "end_date", "end");
  return [
    ...(from === undefined ? [] : [(row: T) => at(row) >= from]),
    ...(to === undefined ? [] : [(row: T) => at(row) <= to]),
  ];
};
