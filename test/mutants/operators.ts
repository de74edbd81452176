import { parseAst } from "vitest/node";

/** One small change of a source text. */
export interface Change {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  /** What stands in its place. */
  readonly by: string;
}

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** The text from one place to another: what stands in parentheses keeps them. */
type Reader = (start: number, end: number) => string;

type Propose = (node: Node, text: Reader) => readonly (readonly [kind: string, by: string])[];

const flipped: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["===", ["!=="]],
  ["!==", ["==="]],
  ["<", ["<=", ">="]],
  ["<=", ["<", ">"]],
  [">", [">=", "<="]],
  [">=", [">", "<"]],
  ["+", ["-"]],
  ["-", ["+"]],
  ["*", ["/"]],
  ["/", ["*"]],
  ["&&", ["||"]],
  ["||", ["&&"]],
]);

const none: ReturnType<Propose> = [];

const binary: Propose = ({ start, end, left, right, operator }, text) => {
  if (!isNode(left) || !isNode(right)) return none;
  if (operator === "??") {
    return [
      ["default left out", text(left.start, left.end)],
      ["default always", text(right.start, right.end)],
    ];
  }
  const between = text(left.end, right.start);
  return (flipped.get(operator) ?? []).map(
    (other) =>
      [
        `${operator} to ${other}`,
        text(start, left.end) + between.replace(String(operator), other) + text(right.start, end),
      ] as const,
  );
};

/** What a call does to a value on its way: left out, the value goes on as it was. */
const passing =
  /^(?:filter|slice|trim|toLowerCase|normalize|replace|replaceAll|catch|finally|toSorted|sort)$/;
const swapped: ReadonlyMap<string, string> = new Map([
  ["some", "every"],
  ["every", "some"],
  ["max", "min"],
  ["min", "max"],
]);

const call: Propose = ({ start, end, callee }, text) => {
  if (!isNode(callee) || callee.type !== "MemberExpression") return none;
  const { property } = callee;
  if (!isNode(property) || property.type !== "Identifier") return none;
  const name = String(property.name);
  const before = text(start, property.start);
  const other = swapped.get(name);
  if (other !== undefined) return [[`${name} to ${other}`, before + other + text(property.end, end)]];
  return passing.test(name) ? [[`${name} left out`, before.replace(/\s*\??\.\s*$/, "")]] : none;
};

/** What stands alone as a statement is done for its effect. */
const statement: Propose = ({ expression }) =>
  isNode(expression) && /^(?:Call|Await|Assignment|Update|Unary)Expression$/.test(expression.type)
    ? [["statement removed", ";"]]
    : none;

const literal: Propose = ({ value }) => {
  if (typeof value === "boolean") return [["flag turned", String(!value)]];
  // A millisecond more or less is no limit anybody meets.
  if (typeof value === "number")
    return value < 1_000 ? [["one more", `${value + 1}`]] : [["twice", `${2 * value}`]];
  return none;
};

const proposals: Readonly<Record<string, Propose | undefined>> = {
  BinaryExpression: binary,
  LogicalExpression: binary,
  CallExpression: call,
  ExpressionStatement: statement,
  ThrowStatement: () => [["throw removed", ";"]],
  UnaryExpression: ({ operator, start, end }, text) =>
    operator === "!" ? [["! left out", text(start + 1, end)]] : none,
  Literal: literal,
  ArrayExpression: ({ elements }) =>
    Array.isArray(elements) && elements.length > 0 ? [["list emptied", "[]"]] : none,
  SpreadElement: ({ argument }) =>
    isNode(argument) && argument.type === "LogicalExpression" ? [["part left out", "...{}"]] : none,
  ReturnStatement: ({ argument }) =>
    isNode(argument) && !/Literal$/.test(argument.type) ? [["nothing returned", "return undefined;"]] : none,
};

/** Every change of a source that these operators make; whether it type-checks is not asked. */
export function changesIn(source: string): Change[] {
  const text: Reader = (start, end) => source.slice(start, end);
  const changes: Change[] = [];
  const add = (kind: string, node: Node, by: string) => {
    if (text(node.start, node.end) !== by) changes.push({ kind, start: node.start, end: node.end, by });
  };
  walk(parseAst(source, { lang: "ts" }), (node, within) => {
    // An index says where, not how many.
    if (within.at(-1)?.type === "MemberExpression" && node.type === "Literal") return;
    for (const [kind, by] of proposals[node.type]?.(node, text) ?? []) {
      // What stands inside a larger expression keeps its place in it.
      const whole = /^(?:Binary|Logical)Expression$/.test(node.type) && / /.test(by) ? `(${by})` : by;
      add(kind, node, whole);
    }
    const { test } = node;
    if (/^(?:If|While)Statement$|^ConditionalExpression$/.test(node.type) && isNode(test))
      for (const by of ["true", "false"]) add(`condition ${by}`, test, by);
    // A string that is compared with decides something; any other is words.
    if (node.type === "Literal" && typeof node.value === "string" && node.value !== "" && decides(within))
      add("string emptied", node, '""');
  });
  return changes;
}

const decides = (within: readonly Node[]): boolean => {
  const parent = within.at(-1);
  return parent?.type === "BinaryExpression" || parent?.type === "SwitchCase";
};

/** Types and imports do nothing. */
const still = /^(?:TS(?!As|NonNull|Satisfies)\w+|ImportDeclaration|ExportAllDeclaration)$/;

export function walk(tree: unknown, visit: (node: Node, within: readonly Node[]) => void): void {
  const go = (value: unknown, within: readonly Node[]): void => {
    if (Array.isArray(value)) for (const one of value) go(one, within);
    else if (isNode(value)) {
      if (still.test(value.type)) return;
      visit(value, within);
      const inside = [...within, value];
      for (const [name, one] of Object.entries(value)) {
        // A name is no value, and a type says nothing when it runs.
        if (name === "typeAnnotation" || name === "key" || name === "typeArguments") continue;
        go(one, inside);
      }
    }
  };
  go(tree, []);
}

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && "start" in value;
