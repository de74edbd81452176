import { parseAst } from "vitest/node";
import { plain } from "./mutants.ts";
import { isNode, type Node, walk } from "./operators.ts";

/** Code that runs, or does not, as a whole. */
export interface Block {
  readonly start: number;
  readonly end: number;
  /** The same however far it moves within its file: what stands before it, inside what, and which of several alike. */
  readonly key: string;
  /** What notes that it ran, put in at `at`, and what closes that. */
  readonly open: { readonly at: number; readonly by: (hit: string) => string };
  readonly close?: { readonly at: number; readonly by: string };
}

type Found = Omit<Block, "key"> & { readonly head: string };

/** So much of what stands before a block tells it apart; those alike are counted. */
const mostHead = 160;

export function blocksOf(file: string, source: string): Block[] {
  const found: Found[] = [];
  const lineOf = (at: number) => source.lastIndexOf("\n", at - 1) + 1;
  /** A body in braces, or one that gets them. */
  const body = (inner: unknown, owner: Node, word = ""): void => {
    if (!isNode(inner)) return;
    const { start, end } = inner;
    const head = word + source.slice(lineOf(owner.start), word === "" ? start : owner.start);
    if (inner.type === "BlockStatement")
      found.push({ start, end, head, open: { at: start + 1, by: (hit) => `${hit};` } });
    else {
      const open = { at: start, by: (hit: string) => `{${hit};` };
      found.push({ start, end, head, open, close: { at: end, by: "}" } });
    }
  };
  walk(parseAst(source, { lang: "ts" }), (node) => {
    const { type, start, end } = node;
    if (/^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type)) {
      const inner = node.body;
      if (!isNode(inner)) return;
      // A default of its arguments is evaluated where it is.
      const whole = { start, end, head: source.slice(lineOf(start), inner.start) };
      if (inner.type === "BlockStatement")
        found.push({ ...whole, open: { at: inner.start + 1, by: (hit) => `${hit};` } });
      else {
        const open = { at: inner.start, by: (hit: string) => `(${hit},(` };
        found.push({ ...whole, open, close: { at: inner.end, by: "))" } });
      }
    } else if (type === "IfStatement") {
      const { test, consequent, alternate } = node;
      body(consequent, node);
      if (isNode(alternate) && alternate.type !== "IfStatement" && isNode(test))
        body(alternate, node, `else of ${source.slice(test.start, test.end)} `);
    } else if (/^(?:For|ForIn|ForOf|While|DoWhile)Statement$/.test(type)) body(node.body, node);
    else if (type === "TryStatement") {
      body(node.block, node);
      body(node.finalizer, node, "finally ");
    } else if (type === "CatchClause") body(node.body, node);
    else if (type === "SwitchCase") {
      const { consequent } = node;
      const [first, last] = Array.isArray(consequent) ? [consequent[0], consequent.at(-1)] : [];
      if (!isNode(first) || !isNode(last)) return;
      const head = source.slice(start, first.start);
      const open = { at: first.start, by: (hit: string) => `${hit};` };
      found.push({ start: first.start, end: last.end, head, open });
    }
  });
  return named(file, found);
}

function named(file: string, found: readonly Found[]): Block[] {
  const alike = new Map<string, number>();
  // The outer first, so that the last that holds a place is its innermost.
  const sorted = found
    .map((one) => ({ ...one, head: plain(one.head).slice(0, mostHead) }))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  return sorted.map(({ head, ...block }) => {
    const outer = innermost(sorted, block.start, ({ start, end }) => start < block.start && block.end <= end);
    const own = `${file}: ${outer === undefined ? "" : `${outer.head} › `}${head}`;
    const nth = (alike.get(own) ?? 0) + 1;
    alike.set(own, nth);
    return { ...block, key: nth === 1 ? own : `${own} (${nth})` };
  });
}

function innermost<T extends { readonly start: number; readonly end: number }>(
  blocks: readonly T[],
  at: number,
  also: (block: T) => boolean = () => true,
): T | undefined {
  return blocks.findLast((block) => block.start <= at && at < block.end && also(block));
}

/** The innermost block that a place is in; undefined: it runs when the file is loaded. */
export const blockAt = (blocks: readonly Block[], at: number): Block | undefined => innermost(blocks, at);

/** The same program, which tells `__hit`, where there is one, the number of each block that runs. */
export function instrumented(
  source: string,
  blocks: readonly Block[],
  numberOf: (block: Block) => number,
): string {
  const parts = blocks.flatMap((block, index) => {
    const { open, close } = block;
    return [
      { at: open.at, by: open.by(`globalThis.__hit?.(${numberOf(block)})`), rank: index },
      // What ends at a place ends before another begins, the inner first.
      ...(close === undefined ? [] : [{ ...close, rank: -1 - index }]),
    ];
  });
  let left = "";
  let at = 0;
  for (const part of parts.sort((a, b) => a.at - b.at || a.rank - b.rank)) {
    left += source.slice(at, part.at) + part.by;
    at = part.at;
  }
  return left + source.slice(at);
}
