/**
 * Whether what was typed is the phrase that was asked for: trimmed, accents composed alike (NFC), upper and
 * lower case the same. A phrase of nothing is never met.
 */
export function samePhrase(typed: string, phrase: string): boolean {
  const wanted = plain(phrase);
  return wanted !== "" && plain(typed) === wanted;
}

// Lowering can take a composed letter apart again, hence NFC after it too.
const plain = (text: string): string => text.normalize("NFC").toLowerCase().normalize("NFC").trim();
