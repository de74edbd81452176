import { addressesIn, keyboarded, withoutAddresses } from "../../text/typed.ts";

export { addressesIn };

const plain = /^[!-~]*$/;

export const isAddress = (text: string): boolean =>
  /^[^\s@<>()[\]",;:|]+@[^\s@<>()[\]",;:|]*[^\s@<>()[\]",;:|.]$/.test(text);

/** A login without what a mail program, a directory or a hand puts around it. */
export function cleanLogin(text: string): string {
  let login = text.trim();
  if (!plain.test(login)) login = keyboarded(login.normalize("NFKC"));
  login = login.replace(/^(?:mailto|smtp|e-?mail)\s*:\s*/i, "").replace(/\?subject=.*$/i, "");
  for (let before = ""; before !== login; ) {
    before = login;
    login = login
      .replace(/^[<"“”„«»*_]+/, "")
      .replace(/[>"“”«»,;:*]+$/, "")
      .replace(/^([([{'`])(.*)[)\]}'`]$/, "$2")
      .trim();
    if (login.includes("@")) login = login.replace(/^[.([{'`/&+=]+/, "").replace(/[.!?)\]}'`_]+$/, "");
  }
  return login;
}

/** Everything of a text that is no address, without the marks around them. */
export const besideAddresses = (text: string): string =>
  withoutAddresses(text)
    .replace(/\b(?:mailto|smtp)\s*:/gi, " ")
    .replace(/[<>()[\]{}"“”„«»|;]+/g, " ")
    .replace(/\s+/g, " ")
    .replace(/^[\s,:.*•·–—-]+|[\s,:*•·–—-]+$/g, "");

/** A value as it was meant: composed, nothing unseen, single blanks, no quotes all around. */
export function cleanValue(text: string): string {
  const trimmed = text.trim();
  if (/^[!-~]+(?: [!-~]+)*$/.test(trimmed) && !/^["'].*["']$/.test(trimmed)) return trimmed;
  return trimmed
    .normalize("NFC")
    .replace(
      /[\p{Cf}\p{Cc}\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/gu,
      (one, at: number, whole: string) =>
        one === "\n" || one === "\t"
          ? one
          : (one === "\u200c" || one === "\u200d") &&
              !/[\x20-\x7e]/.test(`${whole[at - 1] ?? " "}${whole[at + 1] ?? " "}`)
            ? one
            : "",
    )
    .replace(/[^\S\n]+/g, " ")
    .replace(/^(["“„«])(.*)(["”“»])$/s, "$2")
    .replace(/^'([^']*)'$/, "$1")
    .trim();
}
