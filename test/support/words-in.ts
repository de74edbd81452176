const plain = (word: string) => word.replace(/[^\w\s]/g, "\\$&");

/**
 * Which of these stand in a text as words of their own, upper case or lower. A text with tokens, seals or random names
 * in it holds any three letters sooner or later, so none of those may be looked for as they are.
 */
export const wordsIn = (text: string, words: readonly string[]): string[] =>
  words.filter((word) => new RegExp(`(?<![\\w-])${plain(word)}(?![\\w-])`, "i").test(text));
