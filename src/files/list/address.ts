/** What can be drawn nowhere, or only turns the direction of what follows. */
const invisible = /[\p{Cf}\p{Co}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const hyphens = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g;
const apostrophes = /[\u2018\u2019\u201b\u02bc\u2032\u00b4\uff07]/g;
const plain = /^[!-~]*$/;

/** An address somewhere in a text; the domain may be of one word. */
const anywhere = /[^\s@<>()[\]{}",;:|\\“”„«»]+@[^\s@<>()[\]{}",;:|\\“”„«»/&+=]*[\p{L}\p{N}]/gu;

export const isAddress = (text: string): boolean =>
  /^[^\s@<>()[\]",;:|]+@[^\s@<>()[\]",;:|]*[^\s@<>()[\]",;:|.]$/.test(text);

/** A login without what a mail program, a directory or a hand puts around it. */
export function cleanLogin(text: string): string {
  let login = text.trim();
  if (!plain.test(login)) {
    login = login
      .normalize("NFKC")
      .replace(invisible, "")
      .replace(hyphens, "-")
      .replace(apostrophes, "'")
      .replace(/\s+/g, " ")
      .trim();
  }
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

/** The addresses in a text, each once, as they would sign in. */
export function addressesIn(text: string): string[] {
  if (!/[@＠]/.test(text)) return [];
  const shown = plain.test(text) ? text : text.normalize("NFKC").replace(invisible, "");
  const found = shown.match(anywhere) ?? [];
  return [
    ...new Map(
      found
        .map(cleanLogin)
        .filter(isAddress)
        .map((one) => [one.toLowerCase(), one] as const),
    ).values(),
  ];
}

/** Everything of a text that is no address, without the marks around them. */
export const besideAddresses = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(invisible, "")
    .replace(anywhere, " ")
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
