import { keyboarded } from "./typed.ts";

/** Letters without case or accents, and without what is not drawn, and any hyphen is a hyphen. */
export const fold = (text: string): string => {
  const lower = text.toLowerCase();
  return /^[\x20-\x7e]*$/.test(lower)
    ? lower
    : keyboarded(lower)
        .normalize("NFD")
        .replace(/\p{Mn}/gu, "")
        .normalize("NFC");
};
