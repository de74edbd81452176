/** How the letters of a text came; left out: as they should, in UTF-8. */
export type Letters = "windows-1252" | "utf-16" | "damaged";

export interface Decoded {
  readonly text: string;
  readonly letters?: Letters;
}

/** The letters of a report, which may have been through a program of another age: never fails. */
export function lettersIn(body: Uint8Array): Decoded {
  const [first, second] = body;
  if (first === 0xff && second === 0xfe) return { text: decoded(body, "utf-16le"), letters: "utf-16" };
  if (first === 0xfe && second === 0xff) return { text: decoded(body, "utf-16be"), letters: "utf-16" };
  const text = decoded(body, "utf-8");
  if (!text.includes("\ufffd")) return { text };
  // Where more letters than not are UTF-8, some are merely broken.
  const [broken = [], beyond = []] = [/\ufffd/g, /[^\p{ASCII}\ufffd]/gu].map(
    (some) => text.match(some) ?? [],
  );
  if (beyond.length > broken.length || isWhole(body)) return { text, letters: "damaged" };
  return { text: fromWindows(body), letters: "windows-1252" };
}

/** What Windows-1252 has where Latin-1 has control characters. Some versions of Node take the one for the other. */
const windows = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
const fromWindows = (body: Uint8Array): string =>
  decoded(body, "windows-1252").replace(
    /[\u0080-\u009f]/g,
    (one) => windows[one.charCodeAt(0) - 0x80] ?? one,
  );

const decoded = (body: Uint8Array, as: string): string => new TextDecoder(as).decode(body);

/** Whether it is UTF-8 throughout: its broken letters came so. */
function isWhole(body: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(body);
    return true;
  } catch {
    return false;
  }
}
