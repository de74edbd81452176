import { isDeepStrictEqual } from "node:util";
import { beginning, innerFault, seal, textOf } from "./chain.ts";
import { type Draft, lineOf, parseEntry } from "./entry.ts";

const anyPlace = { seq: 1, at: new Date(0).toISOString(), prev: beginning.hash, salt: "" };

/**
 * Whether a line, once it is written, says to whoever reads it exactly what was handed in. One that does not would
 * stand in no list and count in no budget, and the chain would still be whole.
 */
export function readsBack(draft: Draft): boolean {
  const text = textOf(seal(draft, anyPlace));
  const entry = parseEntry(text);
  const line = entry && innerFault(entry, text) === undefined ? lineOf(entry) : undefined;
  if (line === undefined) return false;
  const { seq: _, at: __, ...said } = line;
  return isDeepStrictEqual(said, JSON.parse(JSON.stringify(draft)));
}
