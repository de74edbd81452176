import { decodeHTMLStrict } from "entities/decode";
import { cleanValue } from "./address.ts";
import type { PersonField } from "./header-names.ts";
import { isSheetError, isWordForNothing } from "./nobody.ts";
import { monthIn } from "./standing.ts";

/** Takes off again what our own kept files, Excel and SkyPrep's CSV put around a value. */
export function unwrapped(cell: string): string {
  if (plain.test(cell)) return cell;
  let value = cleanValue(cell.replace(/_x00(?:0[9ad]|a0)_/gi, " "));
  value = /^="([^"]*)"$/.exec(value)?.[1] ?? value;
  for (let n = 0; n < 3 && /&(?:#x?[\da-f]+|[a-z]+\d?);/i.test(value); n++) {
    value = cleanValue(decodeHTMLStrict(value));
  }
  // As files/csv.ts guards what a spreadsheet would run; and Excel's own mark of text.
  return /^'[=+\-@\t\r＝＋－＠\d]/.test(value) ? value.slice(1) : value;
}

/** Nothing to take off, and nothing to doubt: most cells. */
const plain = /^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$/;
const words = /^[A-Za-z]+(?: [A-Za-z]+)*$/;
const numbersOnly: ReadonlySet<PersonField> = new Set(["card_no", "zip", "phone", "cell", "work_phone"]);
const names: ReadonlySet<PersonField> = new Set(["first_name", "last_name", "name"]);
const scientific = /^[+-]?\d(?:[.,]\d+)?E[+-]?\d+$/i;
const monthDay =
  /^(?:(\d{1,2})[-. /]{1,2}(\p{L}{3,9})\.?|(\p{L}{3,9})\.?[-. /]{1,2}(\d{1,2}))(?:[-. /]\d{2,4})?$/u;
/** What a lookup shows of an empty cell, and of a question. */
const noWord =
  /^(?:0(?:[.,]0+)?|TRUE|FALSE|WAHR|FALSCH|VRAI|FAUX|VERDADERO|FALSO|VERO|VERDADEIRO|WAAR|ONWAAR)$/i;
/** Our own replies' words for what they do not show among them. */
const masked =
  /^[([]?(?:personal|left out|redacted|masked|hidden|withheld|gdpr)[)\]]?$|\*{2,}|[•█▇■]{2,}|^x{3,}$/i;
const escapes =
  /\\u[\da-f]{4}|\\x[\da-f]{2}|%[c-e][\da-f]%[89ab][\da-f]|=[c-e][\da-f]=[89ab][\da-f]|=\?utf-8\?/i;
const anyDay = /^(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d)(?:[ T]\d\d?:\d\d.*)?$/;
const mojibake =
  /Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|[ÂÃÄÅ][\u00a0-\u00bf]|â€|Ð[\u0080-\u00bf]|ï¿½|Ã$/;

/** Why a cell cannot be meant as it stands, whatever SkyPrep has; undefined where nothing speaks against it. */
export function damageIn(field: PersonField, value: string): string | undefined {
  if (words.test(value) && !noWord.test(value) && !masked.test(value))
    return isWordForNothing(value) ? "a word for nothing" : undefined;
  if (isSheetError(value)) return "a spreadsheet's error";
  if (isWordForNothing(value)) return "a word for nothing";
  if (!/^ca_/.test(field) && noWord.test(value))
    return "a spreadsheet's 0, true or false in place of a value";
  if (masked.test(value)) return "it is masked";
  if (escapes.test(value)) return "letters written as codes";
  if (/<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>/i.test(value)) return "marks of a web page";
  if (value.includes("\uFFFD") || mojibake.test(value))
    return "broken letters (saved in another encoding than it was read in)";
  if (/^=/.test(value) || /^@\w+\(/.test(value)) return "a formula, not its result";
  if (scientific.test(value)) return "a number in scientific form, as a spreadsheet shows it";
  if (numbersOnly.has(field) && /^\d+[.,]0+$/.test(value)) return "a number that a spreadsheet gave decimals";
  if (numbersOnly.has(field) && /^\d{15,}0$/.test(value))
    return "a number that may have lost its last digits";
  if (numbersOnly.has(field) && /^(?:[$€£]\s?-?\d[\d.,\s]*|-?\d[\d.,\s]*\s?[€£%])$/.test(value))
    return "a number that a spreadsheet dressed as money or a share";
  if ((field === "phone" || field === "cell" || field === "work_phone") && /^-\d+(?:[.,]\d+)?$/.test(value))
    return "a sum that a spreadsheet made of it";
  if (field === "date_of_birth" && /^\d{5}(?:\.\d+)?$/.test(value)) return "a day as a spreadsheet counts it";
  if (field !== "date_of_birth" && isMonthDay(value)) return "a day that a spreadsheet made of it";
  if (numbersOnly.has(field) && anyDay.test(value)) return "a day that a spreadsheet made of it";
  if (names.has(field)) {
    if (/\?/.test(value)) return "broken letters (a question mark in a name)";
    if (/\p{L}[*†‡#]$/u.test(value)) return "a mark stands behind it";
    if (/@/.test(value)) return "an address in place of a name";
    if (/^[\d.,\s/-]+$/.test(value)) return "a number in place of a name";
    if (/(?:…|\.\.\.)$/.test(value)) return "it is cut";
  } else if (/\p{L}\?\p{L}|\?{2,}\p{L}|\p{L}\?{2,}/u.test(value) && !/^https?:/i.test(value)) {
    return "broken letters (question marks in a word)";
  }
  if (/(?:…|\.{3})$/.test(value)) return "it is cut";
  return undefined;
}

function isMonthDay(value: string): boolean {
  const [, , a, b] = monthDay.exec(value) ?? [];
  const month = a ?? b;
  return month !== undefined && monthIn(month) !== undefined;
}

const fold = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[ßẞ]/g, "ss")
    .replace(/[\u2018\u2019\u201b\u02bc\u2032\u00b4`]/g, "'")
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();

const digits = (text: string): string => text.replace(/\D/g, "");
const unaccented = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "");
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** What a value is against the one that is known: the same written otherwise, damaged, or another. */
export type Against = { readonly is: "same" | "other" } | { readonly is: "damaged"; readonly why: string };

export function against(known: string, value: string): Against {
  const good = known.trim();
  if (good === value || good.normalize("NFC") === value.normalize("NFC")) return { is: "same" };
  if (good === "") return { is: "other" };
  if (sameWithOtherMarks(good, value)) return { is: "same" };
  if (/^\d+$/.test(good) && value.replace(/^#\s*|\s+/g, "") === good) return { is: "same" };
  const why =
    lostZeros(good, value) ??
    lostLetters(good, value) ??
    lostNumber(good, value) ??
    becameDay(good, value) ??
    cut(good, value);
  return why === undefined ? { is: "other" } : { is: "damaged", why };
}

/** What programs make of a letter that they cannot write. */
const lostLetter = "(?:\\?{1,3}|[^\\0-\\x7f]{2,4}|[^\\0-\\x7f\\p{L}]|)";

/** Blanks, apostrophes, hyphens; or all in capitals, as some programs print. */
function sameWithOtherMarks(good: string, value: string): boolean {
  const marks = (text: string) =>
    text
      .normalize("NFKC")
      .replace(/[\u2018\u2019\u201b\u02bc\u2032\u00b4`]/g, "'")
      .replace(/[\u201c\u201d\u201e\u201f]/g, '"')
      .replace(/[\u2010-\u2015\u2212]/g, "-")
      .replace(/\s+/g, " ")
      .trim();
  const [a, b] = [marks(good), marks(value)];
  if (a === b) return true;
  const oneCase = b === b.toUpperCase() || b === b.toLowerCase();
  return oneCase && a.toLowerCase() === b.toLowerCase();
}

/** 2,134 is 2134. */
const ungrouped = (value: string): string =>
  /^\d{1,3}(?:[.,'’\s]\d{3})+$/.test(value) ? value.replace(/\D/g, "") : value;

function lostZeros(good: string, value: string): string | undefined {
  if (!/^\d[\d.,\s-]*$/.test(value) || !/\d/.test(good)) return undefined;
  const [a, b] = [good.replace(/\s/g, ""), ungrouped(value).replace(/[.,]0+$/, "")];
  return /^0\d/.test(a) && a.replace(/^0+/, "") === b.replace(/^0+/, "")
    ? "its leading zeros are gone"
    : undefined;
}

function lostLetters(good: string, value: string): string | undefined {
  if (/^[\x20-\x7e]*$/.test(good)) return undefined;
  if (unaccented(good) === value || fold(good) === fold(value)) {
    return /[^\x20-\x7e]/.test(value) ? undefined : "its accents are gone";
  }
  const shape = [...good].map((one) =>
    one === " " ? "\\s*" : /[\x20-\x7e]/.test(one) ? escaped(one) : lostLetter,
  );
  const lost = new RegExp(`^${shape.join("")}$`, "u");
  return lost.test(value) || otherLetters(good, value) ? "broken letters: some are gone" : undefined;
}

/** CafŽ for Café: the same plain letters, and others for those that are not. */
function otherLetters(good: string, value: string): boolean {
  const [a, b] = [[...good.normalize("NFC")], [...value.normalize("NFC")]];
  const off = a.flatMap((one, at) => (one === b[at] ? [] : [[one, b[at] ?? ""] as const]));
  return (
    a.length === b.length &&
    off.length > 0 &&
    off.every(([one, other]) => /[^\0-\x7f]/.test(one) && /[^\0-\x7f]/.test(other)) &&
    off.some(([one, other]) => unaccented(one).toLowerCase() !== unaccented(other).toLowerCase()) &&
    a.length > off.length
  );
}

function lostNumber(good: string, value: string): string | undefined {
  const [a, b] = [digits(good), digits(value)];
  if (a.length < 4) return undefined;
  if (/^\d+$/.test(good) && ungrouped(value) === good && value !== good)
    return "a spreadsheet grouped its digits";
  if (a === b && /^\+/.test(good) && /^\d[\d\s]*$/.test(value)) return "its + is gone";
  if (/^\d+(?:[.,]0+)?$/.test(value) && /\D/.test(good) && !/\p{L}/u.test(good)) {
    const whole = value.replace(/[.,]0+$/, "");
    if (a === whole || a.replace(/^0+/, "") === whole) return "a spreadsheet made a number of it";
  }
  return /^\d{15,}$/.test(b) &&
    a.length === b.length &&
    a.slice(0, 15) === b.slice(0, 15) &&
    /^0+$/.test(b.slice(15))
    ? "its last digits are gone"
    : undefined;
}

/** `3-12` became the 12th of March. */
const becameDay = (good: string, value: string): string | undefined =>
  (/^\d{1,4}[-/. ]\d{1,4}(?:[-/. ]\d{1,4})?$/.test(good) || /^\p{L}{3,9}[- ]?\d{1,2}$/u.test(good)) &&
  (isMonthDay(value) || anyDay.test(value) || /^\d{5}$/.test(value)) &&
  !anyDay.test(good)
    ? "a day that a spreadsheet made of it"
    : undefined;

const cut = (good: string, value: string): string | undefined =>
  value.length >= 20 && good.startsWith(value)
    ? "it is cut"
    : /^\p{L}\.?$/u.test(value) &&
        good.length > 2 &&
        good.toLowerCase().startsWith(value[0]?.toLowerCase() ?? "-")
      ? "an initial in place of the whole"
      : undefined;
