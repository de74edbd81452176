/** A pasted text as its letters were meant; or why it is no list at all, and what to do. */
export type ListLetters =
  | { readonly text: string; readonly notes: readonly string[]; readonly notWhole: readonly string[] }
  | { readonly refused: string };

/** Windows-1252 where other tables have control characters; U+0081 and the like are nothing there either. */
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
const c1 = /[\u0080-\u009f]/g;
const fence = /^[ \t]*(?:`{3,}|~{3,})[^\n`]*$/;
const hasAddress = /[^\s@]@[^\s@]/;
const path =
  /^["'“]?(?:(?:[a-z]:[\\/]|~?\/|\.{1,2}[\\/]|\\\\|file:\/\/|https?:\/\/)[^\n]*|[^\n,;\t|@]*\.(?:csv|tsv|txt|xlsx?|xlsm|ods|numbers|json|pdf|docx?))["'”]?$/i;

/** Undoes what happens to a list between a program that wrote it and us. */
export function lettersOf(given: string): ListLetters {
  const notes: string[] = [];
  const notWhole: string[] = [];
  let text = given;
  if (text.startsWith("PK\u0003\u0004")) return { refused: workbook };
  if (text.includes("\0")) {
    const wide = fromUtf16(text);
    if (wide === undefined) return { refused: workbook };
    text = wide;
    notes.push("It was read as UTF-16.");
  }
  text = text
    .replace(/^(?:\uFEFF|ï»¿)+/, "")
    .replace(/\u2028|\u2029|\u0085(?=\n|[\p{L}\p{N}"])|\r\n?/gu, "\n");
  if (c1.test(text)) {
    text = text.replace(c1, (one) => windows1252[one.charCodeAt(0) - 0x80] ?? one);
    notes.push("Its letters were read as Windows-1252.");
  }
  const bare = text.trim();
  if (bare === "") return { refused: "It is empty." };
  if (bare.length < 500 && path.test(bare) && !/[^\s@]+@[^\s@]+\.\w/.test(bare.split(/[\\/]/).at(-1) ?? "")) {
    return { refused: "It is the place of a file, not what the file says: open it and paste its rows." };
  }
  if (/^<(?:!doctype|html|\?xml|head|body|table)\b/i.test(bare)) {
    return { refused: "It is a web page, not a list: copy its table as text, or save it as CSV." };
  }
  if (isEscaped(bare)) {
    text = bare
      .replace(/^"(?=[\s\S]*"$)|(?<!\\)"$/g, "")
      .replace(/\\r\\n|\\n|\\r/g, "\n")
      .replaceAll("\\t", "\t")
      .replaceAll('\\"', '"');
    notes.push("Its written-out line breaks (\\n) were read as line breaks.");
  }
  if (/^[ \t]*(?:`{3,}|~{3,})/m.test(text)) {
    const inside = unfenced(text);
    text = inside.text;
    notWhole.push(...inside.notWhole);
  }
  return { text, notes, notWhole };
}

const workbook = "It is a binary file, not text: save it as CSV first.";

/** No line breaks of its own, and some that somebody wrote out; a backslash in a name is not one. */
const isEscaped = (text: string): boolean =>
  !text.includes("\n") && /\S\\r?\\?n\S/.test(text) && /\\n/.test(text);

/** Every other character a NUL: two bytes for one letter. Undefined where it is something else. */
function fromUtf16(text: string): string | undefined {
  const body = text.replace(/^(?:ÿþ|þÿ|\uFFFD\uFFFD|\uFEFF|\uFFFE)/, "");
  let [even, odd] = [0, 0];
  for (let at = 0; at < body.length; at++) {
    if (body.charCodeAt(at) === 0) at % 2 === 0 ? even++ : odd++;
  }
  if (Math.max(even, odd) < body.length * 0.2 || Math.min(even, odd) > body.length * 0.02) return undefined;
  const low = odd >= even ? 0 : 1;
  if (/[^\0-\u00ff]/.test(body)) return body.replaceAll("\0", "");
  const parts: string[] = [];
  for (let at = 0; at + 1 < body.length; at += 2) {
    const [a, b] = [body.charCodeAt(at), body.charCodeAt(at + 1)];
    parts.push(String.fromCharCode(low === 0 ? a | (b << 8) : (a << 8) | b));
  }
  return parts.join("").replace(/^\uFEFF/, "");
}

/** Only what stands in fenced blocks, every line where it was, so that rows keep their numbers. */
function unfenced(text: string): { text: string; notWhole: string[] } {
  const notWhole: string[] = [];
  let inside = false;
  let outside = 0;
  const lines = text.split("\n");
  const opened = lines.some((line) => fence.test(line));
  if (!opened) return { text, notWhole };
  const kept = lines.map((line) => {
    if (fence.test(line)) {
      inside = !inside;
      return "";
    }
    if (inside) return line;
    if (hasAddress.test(line)) outside += 1;
    return "";
  });
  if (inside) notWhole.push("the block opened by ``` is never closed: it may have been cut");
  if (outside > 0) notWhole.push(`${outside} lines with addresses stand outside the block and were not read`);
  return { text: kept.join("\n"), notWhole };
}
