const pageCharacters = 30_000;
/** Contract §4, with room for the last line. */
const pageBytes = 39_500;

export interface TextPage {
  readonly text: string;
  /** Where the next page begins; left out: this is the last. */
  readonly next?: number;
}

/** A page of a long text from a character on, whole lines where that costs less than half of it; undefined past the end. */
export function textPage(text: string, offset: number): TextPage | undefined {
  if (offset > 0 && offset >= text.length) return undefined;
  const start = insidePair(text, offset) ? offset - 1 : offset;
  let end = Math.min(start + pageCharacters, text.length);
  for (let bytes = size(text, start, end); bytes > pageBytes; bytes = size(text, start, end)) {
    end = start + Math.floor(((end - start) * pageBytes) / bytes);
  }
  if (end >= text.length) return { text: text.slice(start) };
  const line = text.lastIndexOf("\n", end - 1) + 1;
  if (line > start + (end - start) / 2) end = line;
  else if (insidePair(text, end)) end -= 1;
  return { text: text.slice(start, end), next: end };
}

const size = (text: string, start: number, end: number) => Buffer.byteLength(text.slice(start, end));

/** Whether a character of two halves would be cut there. */
const insidePair = (text: string, at: number): boolean =>
  /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(at));
