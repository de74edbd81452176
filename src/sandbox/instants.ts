import { type Input, Refusal } from "./route.ts";

/** The account's offset, as in every date of the page's samples. */
const OFFSET = "-04:00";
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ZONELESS = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;
const ZONED = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
const WORDS = /^[A-Za-z]{3,9} \d{1,2}, \d{4}$/;

const spelledOut = (text: string, edge: "start" | "end"): string | undefined => {
  if (DAY.test(text)) return edge === "start" ? `${text}T00:00:00${OFFSET}` : `${text}T23:59:59.999${OFFSET}`;
  if (ZONELESS.test(text)) return `${text.replace(" ", "T")}${OFFSET}`;
  if (ZONED.test(text)) return text.replace(" ", "T");
  if (WORDS.test(text)) return `${text} ${edge === "start" ? "00:00:00" : "23:59:59"} GMT${OFFSET}`;
  return undefined;
};

/**
 * A date a request carries, in the forms facts.md §3.4 has seen; a bare day means its first
 * or, with `end`, its last instant. Anything else is a 422.
 */
export const instantIn = (
  input: Input,
  name: string,
  edge: "start" | "end" = "start",
): number | undefined => {
  const text = input.optional(name)?.trim();
  if (text === undefined || text === "") return undefined;

  const instant = Date.parse(spelledOut(text, edge) ?? "");
  if (Number.isNaN(instant)) throw new Refusal(422, `Invalid date: ${name}`);
  return instant;
};
