import { nearestTo } from "../../text/nearest.ts";

/** What was typed cannot be meant so; nothing was called. Never repeats a value: somebody may have pasted a key. */
export class WrongUse extends Error {}

/** “; did you mean --user-id or --user-ids?”; nothing where nothing is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearestTo(word, known);
  return near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
}

/** A name as it was typed, where it can be a name at all. */
export const asTyped = (word: string): string => (/^[\w.-]{1,64}$/.test(word) ? `“${word}” ` : "That ");
