import { compareMoments, type DayOrder, momentIn } from "./moment.ts";

/** What cells are held against. */
export interface CellCondition {
  readonly holds: (cell: string) => boolean;
  /** Compares with numbers or days, which a cell may not hold: then it says so. */
  readonly compares?: { readonly what: "number" | "day"; readonly reads: (cell: string) => boolean };
}

/** A cell without what makes no difference: case, and how much space. */
export const foldCell = (value: string): string =>
  value.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();

export const whatWorks =
  "What works: a whole value (passed), one of several (passed | failed), <, <=, > or >= with a number or a day (<2026-08-31, >=80), two of them (>=2026-08-01 and <2026-09-01), != with a value, empty, not empty.";

/**
 * A value that some cell has is that value, whatever it looks like; else it may compare, or ask for nothing at all.
 * `cells`: all of the column.
 */
export function conditionOf(
  text: string,
  cells: readonly string[],
): CellCondition | { readonly wrong: string } {
  const folded = foldCell(text);
  const there = new Set(cells.map(foldCell));
  const is = (value: string): CellCondition => ({ holds: (cell) => foldCell(cell) === value });
  if (there.has(folded) || folded === "") return is(folded);
  if (/^(?:is )?(?:empty|blank|null)$|^==?\s*(?:""|'')?$/.test(folded)) return is("");
  if (
    /^(?:is )?(?:not|non)[- ]?(?:empty|blank|null)$|^(?:!=|<>|≠)\s*(?:""|''|empty|blank|null)?$/.test(folded)
  )
    return { holds: (cell) => foldCell(cell) !== "" };
  const comparisons = comparisonsIn(folded);
  if (comparisons !== undefined) return allOf(comparisons, cells);
  const several = partsOf(folded);
  if (several.length > 1 && several.every((one) => there.has(one) || isDay(one)))
    return oneOf(several, "=", cells);
  if (/^[<>=!~≤≥≠/]|[*%]$|^[*%]|^(?:contains|like|starts with|ends with|in|matches|regex)\b/.test(folded))
    return { wrong: `“${short(text)}” cannot be asked for.` };
  // A cell of that day may have a time too.
  return isDay(folded) && cells.some(isDay)
    ? comparingDays({ operator: "=", operand: folded }, cells)
    : is(folded);
}

/** A day may hold a comma. */
const partsOf = (text: string): string[] =>
  text.split(text.includes("|") ? /\s*\|\|?\s*/ : /\s*,\s*(?:or\s+)?|\s+or\s+/).filter(Boolean);

/** `=` takes any of them, `!=` none of them. */
function oneOf(
  values: readonly string[],
  operator: "=" | "!=",
  cells: readonly string[],
): CellCondition | { readonly wrong: string } {
  const all: CellCondition[] = [];
  for (const operand of values) {
    const condition = comparing({ operator, operand }, cells);
    if ("wrong" in condition) return condition;
    all.push(condition);
  }
  return {
    holds: (cell) =>
      operator === "=" ? all.some(({ holds }) => holds(cell)) : all.every(({ holds }) => holds(cell)),
  };
}

type Operator = "<" | "<=" | ">" | ">=" | "!=" | "=";
interface Comparison {
  readonly operator: Operator;
  readonly operand: string;
}

const signs: Readonly<Record<string, Operator>> = {
  "<": "<",
  "<=": "<=",
  "=<": "<=",
  "≤": "<=",
  ">": ">",
  ">=": ">=",
  "=>": ">=",
  "≥": ">=",
  "!=": "!=",
  "<>": "!=",
  "≠": "!=",
  "=": "=",
  "==": "=",
};
const sign = "<=|=<|>=|=>|!=|<>|==|<|>|=|≤|≥|≠";
const one = new RegExp(`(${sign})\\s*([^<>=≤≥≠!]+?)\\s*(?:(?:,|;|&&?|\\band\\b)\\s*)?(?=${sign}|$)`, "y");

const said: readonly (readonly [RegExp, Operator])[] = [
  [/^(?:on or before|no later than|until|up to|by|at most|not after)\s+(.+)$/, "<="],
  [/^(?:on or after|no earlier than|since|from|at least|not before)\s+(.+)$/, ">="],
  [/^(?:before|earlier than|older than|less than|under|below)\s+(.+)$/, "<"],
  [/^(?:after|later than|newer than|more than|over|above)\s+(.+)$/, ">"],
];
const range = /^(?:between\s+)?(.+?)\s*(?:\.\.+|\s(?:to|and|–|until)\s)\s*(.+)$/;

/** Undefined where it compares nothing. */
function comparisonsIn(text: string): readonly Comparison[] | undefined {
  const found: Comparison[] = [];
  one.lastIndex = 0;
  for (let at = 0; at < text.length; at = one.lastIndex) {
    const [, operator = "", operand = ""] = one.exec(text) ?? [];
    const known = signs[operator];
    if (known === undefined) break;
    found.push({ operator: known, operand: operand.trim() });
    if (one.lastIndex >= text.length) return found;
  }
  for (const [words, operator] of said) {
    const operand = words.exec(text)?.[1];
    if (operand !== undefined && isComparable(operand)) return [{ operator, operand }];
  }
  const [, from, to] = range.exec(text) ?? [];
  if (from === undefined || to === undefined || !isComparable(from) || !isComparable(to)) return undefined;
  return [
    { operator: ">=", operand: from },
    { operator: "<=", operand: to },
  ];
}

const orders: readonly DayOrder[] = ["month", "day"];
const isDay = (text: string): boolean => orders.some((order) => momentIn(text, order) !== undefined);
const isComparable = (text: string): boolean => numberIn(text) !== undefined || isDay(text);

/** 85, 85 %, $1,200.50, 85,5. */
export function numberIn(text: string): number | undefined {
  const bare = text
    .trim()
    .replace(/^([-+]?)\s*[$€£]\s?/, "$1")
    .replace(/\s?[%€]$/, "");
  if (/^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(bare)) return Number(bare.replaceAll(",", ""));
  if (/^[-+]?(?:\d+(?:\.\d+)?|\.\d+)$/.test(bare)) return Number(bare);
  return /^[-+]?\d+,\d{1,2}$/.test(bare) ? Number(bare.replace(",", ".")) : undefined;
}

function allOf(
  comparisons: readonly Comparison[],
  cells: readonly string[],
): CellCondition | { readonly wrong: string } {
  const all: CellCondition[] = [];
  for (const comparison of comparisons) {
    const condition = comparing(comparison, cells);
    if ("wrong" in condition) return condition;
    all.push(condition);
  }
  const compares = all.find((one) => one.compares)?.compares;
  return { holds: (cell) => all.every(({ holds }) => holds(cell)), ...(compares && { compares }) };
}

function comparing(
  { operator, operand }: Comparison,
  cells: readonly string[],
): CellCondition | { readonly wrong: string } {
  const filled = cells.filter((cell) => cell.trim() !== "");
  const test = tests[operator];
  const number = numberIn(operand);
  const isText = operator === "=" || operator === "!=";
  if (isText) {
    const there = new Set(filled.map(foldCell));
    const parts = there.has(operand) ? [] : partsOf(operand);
    const isList =
      parts.every((one) => there.has(one)) ||
      (number === undefined && !isDay(operand) && parts.some((one) => there.has(one)));
    if (parts.length > 1 && isList) return oneOf(parts, operator, cells);
  }
  if (number !== undefined && filled.some((cell) => numberIn(cell) !== undefined)) {
    const reads = (cell: string) => numberIn(cell) !== undefined;
    const holds = (cell: string) => {
      const own = numberIn(cell);
      return own === undefined ? operator === "!=" : test(own - number);
    };
    return { holds, ...(!isText && { compares: { what: "number", reads } }) };
  }
  if (isDay(operand) && filled.some(isDay)) return comparingDays({ operator, operand }, filled);
  if (isText) {
    const value = operand.replace(/^(["'])(.*)\1$/, "$2");
    return { holds: (cell) => (foldCell(cell) === value) === (operator === "=") };
  }
  if (number === undefined && !isDay(operand))
    return { wrong: `“${operator}${short(operand)}” names no number and no day.` };
  if (filled.length === 0) return { holds: () => false };
  const kind = number === undefined ? "days" : "numbers";
  const some = [...new Set(filled)].slice(0, 3).map((cell) => `“${short(cell)}”`);
  return {
    wrong: `“${operator}${short(operand)}” compares ${kind}, and the column holds none (${some.join(", ")}).`,
  };
}

/** 03/04/2026 is read as the other cells tell; where they do not, both ways, and it must make no difference. */
function comparingDays(
  { operator, operand }: Comparison,
  cells: readonly string[],
): CellCondition | { readonly wrong: string } {
  const test = tests[operator];
  const able = orders.filter((order) => momentIn(operand, order) !== undefined);
  const most = (order: DayOrder) => cells.filter((cell) => momentIn(cell, order) !== undefined).length;
  const best = Math.max(...able.map(most));
  const [first, second] = able
    .filter((order) => most(order) === best)
    .map((order): CellCondition => {
      const asked = momentIn(operand, order);
      const reads = (cell: string) => momentIn(cell, order) !== undefined;
      const holds = (cell: string) => {
        const own = momentIn(cell, order);
        return own === undefined || asked === undefined
          ? operator === "!="
          : test(compareMoments(own, asked));
      };
      const isText = operator === "=" || operator === "!=";
      return { holds, ...(!isText && { compares: { what: "day", reads } }) };
    });
  if (first === undefined)
    return { wrong: `“${short(operand)}” is no day that the column's can be compared with.` };
  const unsure = second && cells.find((cell) => first.holds(cell) !== second.holds(cell));
  return unsure === undefined
    ? first
    : { wrong: `Whether “${short(unsure)}” has the day or the month first cannot be told from this column.` };
}

const tests: Readonly<Record<Operator, (difference: number) => boolean>> = {
  "<": (n) => n < 0,
  "<=": (n) => n <= 0,
  ">": (n) => n > 0,
  ">=": (n) => n >= 0,
  "=": (n) => n === 0,
  "!=": (n) => n !== 0,
};

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
